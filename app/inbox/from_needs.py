"""Rows of data needs that wait for the secretariat's first answer."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, false
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.needs.models import DataNeed
from app.needs.queries import awaited, waiting_for_secretariat
from app.organizations.calendars import secretariat_calendar
from app.organizations.naming import Name, named_for
from app.organizations.queries import secretariat
from app.rules.actions import Action
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress, Wait, progress
from app.rules.ladder import Named
from app.rules.permissions import may
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import NeedState


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """What the secretariat's people answer next."""
    needs = waiting_for_secretariat(session) if may(viewer.consortium_roles, Action.ANSWER_NEED) else []
    if not needs:
        return []
    days, office = secretariat_calendar(session), secretariat(session).id
    names = named_for(session, [awaited(row, office) for row in needs])
    return [
        _row(
            row,
            viewer,
            names.get(("need", row.reference, office)),
            progress(Wait.NEED_ANSWER, row.created_at, now, calendar=days),
        )
        for row in needs
    ]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether any need waits for those who hold the viewer's roles."""
    if not may(viewer.consortium_roles, Action.ANSWER_NEED):
        return false()
    return exists().where((DataNeed.state == NeedState.OPEN) & DataNeed.answered_at.is_(None))


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _row(need: DataNeed, viewer: Actor, named: Named[Name] | None, clock: Progress) -> Row:
    is_yours = named is None or viewer.person_id in {name.person_id for name in named.asked(clock.percent)}
    person = named.at(clock.percent).name if named else ""
    return Row(
        group=mine(clock.is_over) if is_yours else Group.OTHERS,
        sentence=N_("Answer a data need") if is_yours else N_("%(name)s answers a data need"),
        facts=() if is_yours else (("name", person),),
        lines=(f"{need.question} · {need.reference}", need.organization.name),
        initials=initials_of(need.organization.name),
        tone="a",
        endpoint="needs.show",
        values=(("reference", need.reference),),
        button=N_("Read and answer") if is_yours else "",
        due=clock.due,
        clock=clock,
    )
