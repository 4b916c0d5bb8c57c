"""Who may act on the consortium as a whole."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

ROWS: dict[A, Permission] = {
    # the consortium
    A.VIEW_HISTORY: who(R.OFFICER, R.DIRECTOR, R.AUDITOR),
    A.VIEW_OUTBOX: who(R.OFFICER, R.DIRECTOR, R.AUDITOR, R.OPERATOR),
    A.RETRY_MESSAGE: who(R.OFFICER, R.OPERATOR),
    A.SET_CHANGE_RULES: who(R.DATASET_STEWARD),
    A.RUN_DRILL: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, R.AUDITOR),
    A.ADD_ORGANIZATION: who(R.OFFICER, R.DIRECTOR, R.OPERATOR),
    A.VIEW_PIPELINES: who(R.OFFICER, R.DIRECTOR, R.AUDITOR, R.ETHICS_REVIEWER, R.LEGAL_REVIEWER),
    A.DECLARE_CRISIS: who(R.DIRECTOR),
    A.END_CRISIS: who(R.DIRECTOR),
}
