"""Who may act on a data partner's harvest sources: its own stewards; by date the system reads, and notes what it found."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

_WRITES = who(R.DATASET_STEWARD)
_BY_DATE = who(R.SYSTEM)

ROWS: dict[A, Permission] = {
    A.START_HARVEST: _WRITES,
    A.EDIT_HARVEST: _WRITES,
    A.RUN_HARVEST: _WRITES,
    A.TAKE_FOUND: _WRITES,
    A.LEAVE_FOUND: _WRITES,
    A.PAUSE_HARVEST: _WRITES,
    A.RESUME_HARVEST: _WRITES,
    A.END_HARVEST: who(R.DATASET_STEWARD, R.SYSTEM),
    A.NOTE_FOUND: _BY_DATE,
    A.FAIL_HARVEST: _BY_DATE,
    A.RECOVER_HARVEST: _BY_DATE,
    A.REMIND_OF_FOUND: _BY_DATE,
}
