"""Reminding by date of what waits for somebody: at 50, 80 and 100 % of the time, and once more at 150 %, each once."""

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.organizations.naming import Awaited
from app.organizations.reminders import Timed, WaitReminder
from app.rules.calendar import reminder_share

T = TypeVar("T")
_Key = tuple[str, str, int]


def remind_each(
    session: Session,
    waits: Collection[Timed],
    lock: Callable[[Timed], T | None],
    note: Callable[[T, JSONObject], None],
) -> int:
    """Remind of each wait whose next share has come. Returns of how many.

    Args:
        lock: the thing with its row locked; None where it waits for nobody any more.
        note: lets the act pass and records it, with `percent`, the day `due`, and the days `over`.
    """
    known = _known(session, waits)
    count = 0
    # Looked at without a lock first: on most runs there is nothing to do.
    for wait in [each for each in waits if _share(each, known.get(_key(each.awaited)))]:
        thing = lock(wait)
        row = _known(session, [wait]).get(_key(wait.awaited))
        share = _share(wait, row)
        if thing is None or not share:
            continue
        if row is None:
            row = WaitReminder(
                thing=wait.awaited.thing, ref=wait.awaited.ref, organization_id=wait.awaited.organization_id
            )
            session.add(row)
        row.since, row.percent = wait.since, share
        note(thing, {"percent": share, "due": wait.clock.due.isoformat(), "over": wait.clock.over})
        count += 1
    return count


def _share(wait: Timed, row: WaitReminder | None) -> int:
    return reminder_share(wait.clock.percent, row.percent if row is not None and row.since == wait.since else None)


def _key(awaited: Awaited) -> _Key:
    return awaited.thing, awaited.ref, awaited.organization_id


def _known(session: Session, waits: Collection[Timed]) -> dict[_Key, WaitReminder]:
    if not waits:
        return {}
    things = {wait.awaited.thing for wait in waits}
    found = select(WaitReminder).where(
        WaitReminder.thing.in_(things), WaitReminder.ref.in_({wait.awaited.ref for wait in waits})
    )
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {(row.thing, row.ref, row.organization_id): row for row in rows}
