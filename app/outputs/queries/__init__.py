"""Everything that reads outputs."""

from app.outputs.queries.clock import is_delayed, is_late, share_used
from app.outputs.queries.outputs import (
    SeenOutput,
    cleared_by_hash,
    grant_for_outputs,
    output_seen_by,
    outputs_of,
    published_of,
)
from app.outputs.queries.terms import answer_day, answer_due, clearance_required, most_delay_days, silence_clears
from app.outputs.queries.waits import due_on, wait_of

__all__ = [
    "SeenOutput",
    "answer_day",
    "answer_due",
    "clearance_required",
    "cleared_by_hash",
    "due_on",
    "grant_for_outputs",
    "is_delayed",
    "is_late",
    "most_delay_days",
    "output_seen_by",
    "outputs_of",
    "published_of",
    "share_used",
    "silence_clears",
    "wait_of",
]
