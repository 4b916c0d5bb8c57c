"""Whether a colleague has dealt with what a stale link or mail leads to: who, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.history.models import HistoryEvent
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.roles import Role

# What ends a wait of those who review.
_ENDS = (
    Event.INTAKE_PASSED,
    Event.CLOSED_AT_INTAKE,
    Event.CHANGES_REQUESTED,
    Event.ITEM_APPROVED,
    Event.ITEM_APPROVED_WITH_CONDITIONS,
    Event.ITEM_NOT_APPROVED,
    Event.GRANTS_ISSUED,
    Event.STEP_PASSED,
    Event.DECLINED_IN_STEP,
    Event.VOTE_CLOSED,
)
_WITHIN = timedelta(days=14)
_ACTING = (
    Role.STEWARD,
    Role.DEPUTY,
    Role.OFFICER,
    Role.DIRECTOR,
    Role.CHAIR,
    Role.ETHICS_REVIEWER,
    Role.LEGAL_REVIEWER,
)


@dataclass(frozen=True)
class Handled:
    """What a colleague did lately: its name untranslated, who, and when."""

    name: str
    by: str
    at: datetime


def handled_by_colleague(session: Session, viewer: Actor, proposal: Proposal, now: datetime) -> Handled | None:
    """The last act of a colleague of the viewer's own organization in two weeks; None where the viewer could not have acted."""
    acting_for = viewer.organizations_with(*_ACTING)
    if not acting_for:
        return None
    statement = (
        select(HistoryEvent.type, HistoryEvent.at, Person.name, Person.id)
        .join(Person, Person.pid == HistoryEvent.actor_pid)
        .join(Organization, Organization.slug == HistoryEvent.acting_for)
        .where(
            HistoryEvent.thing == "proposal",
            HistoryEvent.thing_ref == proposal.reference,
            HistoryEvent.type.in_([event.value for event in _ENDS]),
            HistoryEvent.at > now - _WITHIN,
            Organization.id.in_(acting_for),
        )
        .order_by(HistoryEvent.seq.desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    if row is None or row.id == viewer.person_id:
        return None
    return Handled(EVENT_NAMES[Event(row.type)], row.name, row.at)
