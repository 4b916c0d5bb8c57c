"""Who may act on a data partner's standing consents: its own stewards, and nobody in their place."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

_WRITES = who(R.DATASET_STEWARD)

ROWS: dict[A, Permission] = {
    A.START_CONSENT: _WRITES,
    A.EDIT_CONSENT: _WRITES,
    A.SIMULATE_CONSENT: _WRITES,
    A.SWITCH_ON_CONSENT: _WRITES,
    # Whoever sees that a rule does harm can stop it; only the data partner can start it.
    A.SWITCH_OFF_CONSENT: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR),
    A.GIVE_UP_CONSENT: _WRITES,
}
