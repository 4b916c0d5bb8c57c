"""How much of an output's wait is used."""

from datetime import UTC, datetime

from app.outputs.models import Output
from app.rules.workflow import OutputState


def share_used(row: Output, now: datetime) -> int:
    """The share of the running wait that is used, in percent; 0 where nobody is waited for."""
    if row.answer_by is None:
        return 0
    whole = (row.answer_by - row.state_since).total_seconds()
    return int((now - row.state_since).total_seconds() * 100 / whole) if whole > 0 else 100


def is_delayed(row: Output, now: datetime) -> bool:
    """Whether the data partner asked to wait with publication, and that time still runs (clause 17.6)."""
    if row.state is not OutputState.CLEARED or row.delayed_until is None:
        return False
    return row.delayed_until > now.astimezone(UTC).date()


def is_late(row: Output, now: datetime) -> bool:
    """Whether the wait is over."""
    return row.answer_by is not None and row.answer_by < now
