"""Who may act on grants."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

TEAM = (R.PROJECT_LEAD, R.TEAM_MEMBER)

ROWS: dict[A, Permission] = {
    # grant
    A.READ_LETTER: who(
        *TEAM,
        R.COLLEAGUE,
        R.OWN_FOCAL_POINT,
        R.OWN_SIGNATORY,
        R.DATASET_STEWARD,
        R.OFFICER,
        R.DIRECTOR,
        R.AUDITOR,
        R.OPERATOR,
    ),
    A.SEAL_GRANT: who(R.SYSTEM),
    # whoever also belongs to the member neither stops a grant nor lets it go on
    A.SUSPEND_GRANT: who(R.SYSTEM, R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, bar=(R.CONFLICTED,)),
    A.LIFT_SUSPENSION: who(R.DATASET_STEWARD, R.DIRECTOR, bar=(R.CONFLICTED,)),
    A.REVOKE_GRANT: who(R.SYSTEM, R.DATASET_STEWARD, R.DIRECTOR, R.OPERATOR, bar=(R.CONFLICTED,)),
    A.SHORTEN_GRANT: who(R.SYSTEM),
    A.EXPIRE_GRANT: who(R.SYSTEM),
    A.REPLACE_GRANT: who(R.SYSTEM),
    A.ASK_FOR_CHANGE: who(R.PROJECT_LEAD),
    A.HAND_OVER_DATA: who(R.PROJECT_LEAD),
    A.ASK_TO_CLOSE: who(R.PROJECT_LEAD),
    A.CLOSE_GRANT: who(R.DATASET_STEWARD, R.OFFICER, bar=(R.CONFLICTED,)),
    A.REMIND_OF_CLOSE_OUT: who(R.SYSTEM),
    A.REMIND_OF_SUSPENSION: who(R.SYSTEM),
    # change: the team asks, the secretariat checks, the data partner decides on its own grants, the director issues
    A.CHECK_CHANGE: who(R.OFFICER, bar=(R.CONFLICTED,)),
    A.GIVE_BACK_CHANGE: who(R.OFFICER, bar=(R.CONFLICTED,)),
    A.FORWARD_CHANGE: who(R.SYSTEM),
    A.APPROVE_CHANGE: who(R.DATASET_STEWARD, bar=(R.CONFLICTED,)),
    A.NOT_APPROVE_CHANGE: who(R.DATASET_STEWARD, bar=(R.CONFLICTED,)),
    A.UNDO_CHANGE_DECISION: who(R.DATASET_STEWARD, bar=(R.CONFLICTED,)),
    A.WAVE_CHANGE_THROUGH: who(R.SYSTEM),
    A.NOTE_CHANGE: who(R.SYSTEM),
    A.ISSUE_CHANGE: who(R.DIRECTOR, bar=(R.CONFLICTED, R.APPROVER)),
    A.WITHDRAW_CHANGE: who(R.PROJECT_LEAD),
    A.LAPSE_CHANGE: who(R.SYSTEM),
    A.END_CHANGE: who(R.SYSTEM),
    A.REMIND_OF_CHANGE: who(R.SYSTEM),
    # hand-over: the member's signatory signs, whoever holds the link answers, either party can end it
    A.SIGN_SUBGRANT: who(R.OWN_SIGNATORY),
    A.ACCEPT_SUBGRANT: who(R.RECIPIENT),
    A.DECLINE_SUBGRANT: who(R.RECIPIENT),
    A.WITHDRAW_SUBGRANT: who(R.PROJECT_LEAD, R.OWN_SIGNATORY, R.OWN_FOCAL_POINT),
    A.SEAL_SUBGRANT: who(R.SYSTEM),
    A.CARRY_SUBGRANT: who(R.SYSTEM),
    A.SHORTEN_SUBGRANT: who(R.SYSTEM),
    A.END_SUBGRANT: who(R.SYSTEM, R.PROJECT_LEAD, R.OWN_SIGNATORY, R.OWN_FOCAL_POINT, R.DATASET_STEWARD, R.DIRECTOR),
    A.REMIND_OF_SUBGRANT: who(R.SYSTEM),
}
