"""Who may settle a suggested edit. A steward or officer counts here only for the organization that made it, and a reviewer of
a step only where it is their own.
"""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

ROWS: dict[A, Permission] = {
    # the team answers; who made it takes it back, or a colleague who stands in
    A.ACCEPT_SUGGESTION: who(R.PROJECT_LEAD, R.TEAM_MEMBER),
    A.DECLINE_SUGGESTION: who(R.PROJECT_LEAD, R.TEAM_MEMBER),
    A.WITHDRAW_SUGGESTION: who(
        R.DATASET_STEWARD,
        R.OFFICER,
        R.REVIEWER,
        R.CHAIR,
        R.ETHICS_REVIEWER,
        R.LEGAL_REVIEWER,
        bar=(R.CONFLICTED,),
    ),
    A.OUTDATE_SUGGESTION: who(R.SYSTEM),
}
