"""Whether a colleague has dealt with what a stale link or mail leads to: who, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.history.models import HistoryEvent
from app.organizations.models import Membership, Organization, Person
from app.proposals.models import Proposal
from app.proposals.queries.undoing import moments_taken_back
from app.rules.actors import Actor
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.roles import Role

_DECIDING, _CHECKING = frozenset({Role.STEWARD, Role.DEPUTY}), frozenset({Role.OFFICER})
_ISSUING, _CLOSING = frozenset({Role.DIRECTOR}), frozenset({Role.CHAIR})
_ETHICS, _LEGAL = frozenset({Role.ETHICS_REVIEWER}), frozenset({Role.LEGAL_REVIEWER})
# What ends a wait of those who review, and the roles whose holders do it in each other's place.
_ENDS: Mapping[Event, tuple[frozenset[Role], ...]] = {
    Event.INTAKE_PASSED: (_CHECKING,),
    Event.CLOSED_AT_INTAKE: (_CHECKING,),
    Event.CHANGES_REQUESTED: (_CHECKING, _DECIDING, _CLOSING, _ETHICS, _LEGAL),
    Event.ITEM_APPROVED: (_DECIDING,),
    Event.ITEM_APPROVED_WITH_CONDITIONS: (_DECIDING,),
    Event.ITEM_NOT_APPROVED: (_DECIDING,),
    Event.GRANTS_ISSUED: (_ISSUING,),
    Event.STEP_PASSED: (_ETHICS, _LEGAL),
    Event.DECLINED_IN_STEP: (_ETHICS, _LEGAL),
    Event.VOTE_CLOSED: (_CLOSING,),
}
_ACTING = frozenset[Role]().union(*(each for roles in _ENDS.values() for each in roles))
_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Handled:
    """What a colleague did lately: its name untranslated, who, and when."""

    name: str
    by: str
    at: datetime


def handled_by_colleague(session: Session, viewer: Actor, proposal: Proposal, now: datetime) -> Handled | None:
    """The last act in two weeks that the viewer could have done as well, where it was a colleague of the same organization
    and role who did it; None where it was the viewer, or nobody.
    """
    acting_for = viewer.organizations_with(*_ACTING)
    if not acting_for:
        return None
    taken_back = moments_taken_back().subquery()
    statement = (
        select(HistoryEvent.seq, HistoryEvent.type, HistoryEvent.at, Person, Organization.id, Membership.role)
        .join(Person, Person.pid == HistoryEvent.actor_pid)
        .join(Organization, Organization.slug == HistoryEvent.acting_for)
        # A role that has ended since counts: it may be the one in which it was done.
        .join(Membership, (Membership.person_id == Person.id) & (Membership.organization_id == Organization.id))
        .where(
            HistoryEvent.thing == "proposal",
            HistoryEvent.thing_ref == proposal.reference,
            HistoryEvent.type.in_([event.value for event in _ENDS]),
            HistoryEvent.at > now - _WITHIN,
            Organization.id.in_(acting_for),
            HistoryEvent.at.not_in(select(taken_back.c.at).where(taken_back.c.reference == proposal.reference)),
        )
        .order_by(HistoryEvent.seq.desc())
    )
    for _seq, kind, at, person, organization_id, role in session.execute(statement):
        own = viewer.roles_at(organization_id)
        if any(role in roles and own & roles for roles in _ENDS[Event(kind)]):
            return None if person.id == viewer.person_id else Handled(EVENT_NAMES[Event(kind)], person.name, at)
    return None
