"""The one source of "now". Commands take the moment as an argument; only their callers ask here."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment in UTC, to the microsecond."""
    return datetime.now(UTC)
