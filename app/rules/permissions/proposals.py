"""Who may act on use proposals and on the items inside them."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

TEAM = (R.PROJECT_LEAD, R.TEAM_MEMBER)
_DECIDES = who(R.DATASET_STEWARD, bar=(R.CONFLICTED,))
_INTAKE = who(R.OFFICER, bar=(R.CONFLICTED,))

ROWS: dict[A, Permission] = {
    # proposal
    A.EDIT_PROPOSAL: who(*TEAM),
    A.CHANGE_TEAM: who(R.PROJECT_LEAD),
    A.SEND_PROPOSAL: who(R.PROJECT_LEAD),
    A.RESEND_PROPOSAL: who(R.PROJECT_LEAD),
    A.WITHDRAW_PROPOSAL: who(R.PROJECT_LEAD),
    A.PASS_INTAKE: _INTAKE,
    A.CLOSE_AT_INTAKE: _INTAKE,
    A.REQUEST_CHANGES: who(R.OFFICER, R.DATASET_STEWARD, bar=(R.CONFLICTED,)),
    A.PARK_PROPOSAL: who(R.SYSTEM, R.OFFICER),
    A.COMMENT_ON_PROPOSAL: who(*TEAM, R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR),
    A.COMMENT_INTERNALLY: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, bar=(R.CONFLICTED,)),
    A.REMIND_ON_PROPOSAL: who(*TEAM, R.OFFICER),
    A.RETURN_TO_REVIEW: who(R.SYSTEM),
    A.COMPLETE_DECISIONS: who(R.SYSTEM),
    A.REOPEN_DECISIONS: who(R.SYSTEM),
    A.ISSUE_GRANTS: who(R.DIRECTOR, bar=(R.CONFLICTED, R.APPROVER)),
    # item: a data partner decides on its own datasets, and on no others
    A.APPROVE_ITEM: _DECIDES,
    A.APPROVE_ITEM_WITH_CONDITIONS: _DECIDES,
    A.NOT_APPROVE_ITEM: _DECIDES,
    A.APPROVE_ITEM_BY_RULE: who(R.SYSTEM),
    A.UNDO_DECISION: _DECIDES,
    A.VOID_DECISION: who(R.SYSTEM),
}
