"""Rows of harvest sources whose last reading found something to look at. One person is named for each."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.catalog.standing import steward_of
from app.exchange.models import HarvestRun
from app.exchange.queries.harvests import awaited, some_wait, waiting_runs, waits_since
from app.foundation.words import N_
from app.organizations.calendars import calendars
from app.organizations.naming import Name, named_for
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Calendar, Wait, progress
from app.rules.ladder import Named
from app.rules.tasks import Group, Row, mine


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What was found at the sources of the viewer's organizations, and what the viewer sees to as nobody looks at it."""
    runs = waiting_runs(session, viewer)
    if not runs:
        return []
    days = calendars(session, {run.source.organization for run in runs})
    names = named_for(session, [awaited(run.source) for run in runs])
    found = [
        _row(run, viewer, names.get(("harvest", run.source.reference, run.source.organization_id)), days, now)
        for run in runs
    ]
    return [row for row in found if row is not None]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether anything was found for those who list, or see to it."""
    return some_wait(viewer)


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _row(
    run: HarvestRun, viewer: Actor, named: Named[Name] | None, days: dict[int, Calendar], now: datetime
) -> Row | None:
    """The row of those who list; the secretariat has one only once it is asked to step in."""
    source = run.source
    since = waits_since(run)
    clock = progress(Wait.FOUND_CHANGES, since, now, calendar=days[source.organization_id])
    is_yours = named is None or viewer.person_id in {name.person_id for name in named.asked(clock.percent)}
    is_own = source.organization_id in steward_of(viewer)
    if not (is_yours or is_own):
        return None
    person = named.at(clock.percent).name if named else ""
    return Row(
        group=mine(clock.is_over) if is_yours else Group.OTHERS,
        sentence=_sentence(is_yours=is_yours, is_own=is_own),
        facts=() if is_yours else (("name", person),),
        lines=(f"{source.name} · {source.reference}", source.organization.name),
        initials=initials_of(source.organization.name),
        tone="b",
        endpoint="exchange.found",
        values=(("reference", source.reference), ("run_id", str(run.id))),
        button=(N_("Look at them") if is_own else N_("See to it")) if is_yours else "",
        due=clock.due,
        clock=clock,
        since=since,
    )


def _sentence(*, is_yours: bool, is_own: bool) -> str:
    if not is_yours:
        return N_("%(name)s looks at changes from a catalog")
    return N_("Look at changes from a catalog") if is_own else N_("See to changes from a catalog that nobody looks at")
