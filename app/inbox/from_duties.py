"""Rows of what a member owes under a grant, near its day: for the project lead, and for those who join when it is overdue."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.duties.queries import wait_of
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.grants.queries.turn_rows import Way
from app.inbox.at_grants import Waits, has_no_lead, joins, leads, of_grant, parties, rows_of
from app.rules.actors import Actor
from app.rules.duties import BINDING
from app.rules.tasks import Row
from app.rules.workflow import OWED

# Duties are shown from a month before their day, until they are done.
_DUTY_DAYS = 30
_WAY = Way(sentence="%(duty)s", button=N_("Open the duty"), theirs="", awaited="", endpoint="duties.show")


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """The duties that are open and near their day."""
    near = select(Duty, Grant).join(Grant, Grant.id == Duty.grant_id).where(_due_soon(viewer, now))
    found = session.execute(near.options(*parties()).order_by(Duty.due_on, Duty.id))
    things = (
        Waits(
            grant,
            wait_of(grant, duty),
            _WAY,
            (("number", grant.number), ("duty_id", str(duty.id))),
            facts=(("duty", duty.sentence),),
        )
        for duty, grant in found
    )
    return [row for row in rows_of(session, viewer, now, things) if row is not None]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there may be any."""
    return of_grant(Duty, _due_soon(viewer, now)).exists()


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _due_soon(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    today = now.date()
    return and_(
        Duty.state.in_(OWED),
        Duty.due_on <= today + timedelta(days=_DUTY_DAYS),
        Grant.state.in_(BINDING),
        or_(leads(viewer), and_(joins(viewer), or_(Duty.due_on < today, has_no_lead()))),
    )
