"""Who may act on use proposals and on the items inside them."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

TEAM = (R.PROJECT_LEAD, R.TEAM_MEMBER)
_DECIDES = who(R.DATASET_STEWARD, bar=(R.CONFLICTED,))
_INTAKE = who(R.OFFICER, bar=(R.CONFLICTED,))
# Who reads a proposal for a step of its pipeline; in which step they act is `pipelines.ACTS_OF_STEP`.
_COMMITTEE = (R.REVIEWER, R.CHAIR)
_READERS = (R.ETHICS_REVIEWER, R.LEGAL_REVIEWER)
_READS = who(*_READERS, R.SYSTEM, bar=(R.CONFLICTED,))

ROWS: dict[A, Permission] = {
    # proposal
    A.EDIT_PROPOSAL: who(*TEAM),
    A.CHANGE_TEAM: who(R.PROJECT_LEAD),
    A.SEND_PROPOSAL: who(R.PROJECT_LEAD),
    A.RESEND_PROPOSAL: who(R.PROJECT_LEAD),
    A.WITHDRAW_PROPOSAL: who(R.PROJECT_LEAD),
    A.END_PROPOSAL: who(R.SYSTEM),
    A.PASS_INTAKE: _INTAKE,
    A.CLOSE_AT_INTAKE: _INTAKE,
    A.REQUEST_CHANGES: who(R.OFFICER, R.DATASET_STEWARD, R.CHAIR, *_READERS, bar=(R.CONFLICTED,)),
    A.PARK_PROPOSAL: who(R.SYSTEM, R.OFFICER),
    A.COMMENT_ON_PROPOSAL: who(*TEAM, R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_COMMITTEE, *_READERS),
    # At an answer, for whoever reviews it; of a step's reviewers those whose step it has reached: `pipelines.ONCE_REACHED`.
    A.SUGGEST_EDIT: who(R.DATASET_STEWARD, R.OFFICER, *_COMMITTEE, *_READERS, bar=(R.CONFLICTED,)),
    A.COMMENT_INTERNALLY: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_COMMITTEE, *_READERS, bar=(R.CONFLICTED,)),
    A.REMIND_ON_PROPOSAL: who(*TEAM, R.OFFICER),
    # Who of several colleagues does it: for those alone who could act on it themselves.
    A.TAKE_PROPOSAL: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_READERS, bar=(R.CONFLICTED,)),
    A.HAND_ON_PROPOSAL: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_READERS, bar=(R.CONFLICTED,)),
    A.RETURN_TO_REVIEW: who(R.SYSTEM),
    A.REROUTE_PROPOSAL: who(R.SYSTEM),
    A.COMPLETE_DECISIONS: who(R.SYSTEM),
    A.REOPEN_DECISIONS: who(R.SYSTEM),
    A.ASK_FOR_NEW_DAYS: who(R.SYSTEM),
    A.ISSUE_GRANTS: who(R.DIRECTOR, bar=(R.CONFLICTED, R.APPROVER)),
    # the steps of a pipeline: the system passes or ends by the outcome of a vote
    A.PASS_STEP: _READS,
    A.DECLINE_IN_STEP: _READS,
    A.CAST_VOTE: who(*_COMMITTEE, bar=(R.CONFLICTED,)),
    A.CLOSE_VOTE: who(R.CHAIR, bar=(R.CONFLICTED,)),
    A.LOOK_AGAIN: who(R.CHAIR, bar=(R.CONFLICTED,)),
    # of these the one who did it, in their own role or in the place of another
    A.UNDO_REQUEST_AT_INTAKE: who(R.OFFICER, R.DIRECTOR, bar=(R.CONFLICTED,)),
    A.UNDO_REQUEST: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_COMMITTEE, *_READERS, bar=(R.CONFLICTED,)),
    A.UNDO_ONE_REQUEST: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_COMMITTEE, *_READERS, bar=(R.CONFLICTED,)),
    A.REOPEN_INTAKE: who(R.OFFICER, R.DIRECTOR, bar=(R.CONFLICTED,)),
    A.REOPEN_STEP: who(R.OFFICER, R.DIRECTOR, *_READERS, bar=(R.CONFLICTED,)),
    A.REOPEN_VOTE: who(R.OFFICER, R.DIRECTOR, *_COMMITTEE, bar=(R.CONFLICTED,)),
    # conflicts of interest: everyone declares their own, a director lifts another's
    A.DECLARE_CONFLICT: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, *_COMMITTEE, *_READERS),
    A.LIFT_CONFLICT: who(R.DIRECTOR, bar=(R.CONFLICTED,)),
    # item: a data partner decides on its own datasets, and on no others
    A.APPROVE_ITEM: _DECIDES,
    A.APPROVE_ITEM_WITH_CONDITIONS: _DECIDES,
    A.NOT_APPROVE_ITEM: _DECIDES,
    A.APPROVE_ITEM_BY_RULE: who(R.SYSTEM),
    A.UNDO_DECISION: _DECIDES,
    A.VOID_DECISION: who(R.SYSTEM),
    A.CLOSE_ITEM: who(R.SYSTEM),
    A.REVISE_DECISION: _DECIDES,
}
