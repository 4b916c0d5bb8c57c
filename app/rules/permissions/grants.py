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
    A.SUSPEND_GRANT: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR),
    A.LIFT_SUSPENSION: who(R.DATASET_STEWARD, R.DIRECTOR),
    A.REVOKE_GRANT: who(R.DATASET_STEWARD, R.DIRECTOR, R.OPERATOR),
    A.EXPIRE_GRANT: who(R.SYSTEM),
    A.CLOSE_GRANT: who(R.PROJECT_LEAD, R.OFFICER),
}
