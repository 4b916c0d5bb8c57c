"""How a row stood: some of its columns as plain values that JSON carries, and put back as they were."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.foundation.base import Base, JSONObject


def kept(row: Base, plain: Sequence[str], moments: Sequence[str]) -> JSONObject:
    """The values of these columns now; `moments` are those that hold a time."""
    found: JSONObject = {name: getattr(row, name) for name in plain}
    times = {name: getattr(row, name) for name in moments}
    return found | {name: at and at.isoformat() for name, at in times.items()}


def put_back(row: Base, plain: Sequence[str], moments: Sequence[str], before: Mapping[str, object]) -> None:
    """The columns as they were kept."""
    for name in plain:
        setattr(row, name, before[name])
    for name in moments:
        at = before[name]
        setattr(row, name, datetime.fromisoformat(str(at)) if at else None)
