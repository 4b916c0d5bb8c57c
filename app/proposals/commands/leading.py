"""Changing who leads a proposal, while somebody must: by asking the next one, or at once where the last one left.

The lead of a proposal is the lead of its grants: they read it from here.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.foundation.text import clean
from app.foundation.words import N_
from app.organizations.models import Organization, Person
from app.organizations.queries import held_by
from app.proposals.commands.accepting import take_place
from app.proposals.commands.acting import NOT_THERE, locked, record_event
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.leading import could_lead, handover_standing, lead_is_there, lead_standing, open_handover
from app.proposals.standing import standing
from app.proposals.team_models import Handover
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.events import Event
from app.rules.permissions import may, permit
from app.rules.visibility import sees
from app.rules.workflow import HandoverState, Machine, transition

LONGEST_WORDS = 1000
_NOT_YOURS = N_(
    "The lead and the organization's focal points can change the lead; the secretariat, where there are none."
)
_CANNOT_LEAD = N_("Choose somebody of the proposing organization who works on projects or is its focal point.")


def offer_lead(session: Session, actor: Actor, reference: str, person_id: int, words: str, now: datetime) -> Handover:
    """Ask somebody of the proposing organization to take the lead; until they accept, the present lead leads on.

    Raises:
        NotFound, NotAllowed, WrongState: this is for the lead and the organization's focal point, or for an officer where
            the organization has none, until the proposal has ended.
        Invalid: the person cannot lead, or somebody is asked already.
    """
    proposal = locked(session, reference)
    _permit(session, Action.OFFER_LEAD, actor, proposal)
    person = _candidate(session, proposal, person_id, now)
    if open_handover(session, proposal.id) is not None:
        raise Invalid(N_("Somebody is asked already. Take that request back first."), "person")
    if not lead_is_there(session, proposal):
        raise Invalid(N_("The lead has left, so nobody has to be asked: name the new one."), "person")
    row = Handover(
        proposal_id=proposal.id,
        from_id=proposal.lead_id,
        to_id=person.id,
        asked_by_id=actor.person_id,
        asked_at=now,
        words=clean(words)[:LONGEST_WORDS],
    )
    session.add(row)
    session.flush()
    facts: JSONObject = {"title": proposal.title, "to": person.name, "to_id": person.id, "words": row.words}
    record_event(session, Event.LEAD_OFFERED, actor, proposal, now, facts)
    return row


def accept_lead(session: Session, actor: Actor, reference: str, now: datetime) -> Proposal:
    """Take the lead that one was asked to take, and accept the terms for oneself with it.

    Raises:
        NotFound: nobody asked the actor.
        WrongState: it was answered or taken back already.
        Invalid: the actor can lead nothing there any more.
    """
    proposal, row = _answer(session, actor, reference, Action.ACCEPT_LEAD, now)
    person = _candidate(session, proposal, row.to_id, now)
    before = _set_lead(session, proposal, person, now)
    take_place(session, actor, proposal, now)
    _changed(session, actor, proposal, before, person, now, how="accepted")
    return proposal


def decline_lead(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> Proposal:
    """Do not take the lead; the one who asked is told. Raises as `accept_lead` does."""
    proposal, row = _answer(session, actor, reference, Action.DECLINE_LEAD, now)
    row.words = clean(words)[:LONGEST_WORDS]
    session.flush()
    facts: JSONObject = {"title": proposal.title, "to": actor.name, "words": row.words, "asked_by_id": row.asked_by_id}
    record_event(session, Event.LEAD_DECLINED, actor, proposal, now, facts)
    return proposal


def take_back_lead(session: Session, actor: Actor, reference: str, now: datetime) -> Proposal:
    """Take the request back before it is answered."""
    proposal, row = _answer(session, actor, reference, Action.TAKE_BACK_LEAD, now)
    facts: JSONObject = {"title": proposal.title, "to_id": row.to_id}
    record_event(session, Event.LEAD_TAKEN_BACK, actor, proposal, now, facts)
    return proposal


def appoint_lead(session: Session, actor: Actor, reference: str, person_id: int, now: datetime) -> Proposal:
    """Name a new lead at once, where the last one has left the organization or can no longer sign in.

    Raises:
        NotFound, NotAllowed, WrongState: as `offer_lead`, and not for a lead.
        Invalid: the person cannot lead, or the present lead is still there: ask instead.
    """
    proposal = locked(session, reference)
    _permit(session, Action.APPOINT_LEAD, actor, proposal)
    if lead_is_there(session, proposal):
        raise Invalid(N_("The lead is still there. Ask somebody to take over: it counts once they accept."), "person")
    person = _candidate(session, proposal, person_id, now)
    _end_request(session, proposal, now)
    before = _set_lead(session, proposal, person, now)
    _changed(session, actor, proposal, before, person, now, how="appointed")
    return proposal


def hand_on_lead(session: Session, actor: Actor, reference: str, person_id: int, now: datetime) -> Proposal:
    """Give the lead on because the present one is leaving, by whoever sees to the leaving; part of that one step.

    Raises:
        WrongState: the proposal has ended.
        Invalid: the person cannot lead.
    """
    proposal = locked(session, reference)
    permit(Action.APPOINT_LEAD, frozenset(SYSTEM.extra), Machine.PROPOSAL, proposal.state)
    person = _candidate(session, proposal, person_id, now)
    _end_request(session, proposal, now)
    before = _set_lead(session, proposal, person, now)
    if all(held.organization_id == proposal.organization_id for held in held_by(session, before.id)):
        own = (TeamMember.proposal_id == proposal.id) & (TeamMember.person_id == before.id)
        session.execute(delete(TeamMember).where(own))  # nothing else gives them a place on the team
    _changed(session, actor, proposal, before, person, now, how="leaving")
    return proposal


def _permit(session: Session, action: Action, actor: Actor, proposal: Proposal) -> None:
    """A draft whose lead left is known to the focal point for this alone (`lead_standing`), and to nobody else."""
    roles = lead_standing(session, actor, proposal)
    known = sees(standing(session, actor, proposal), Machine.PROPOSAL, proposal.state)
    if known and not may(roles, action):
        raise NotAllowed(_NOT_YOURS)
    if not known and may(roles, action) and proposal.state in transition(action).sources:
        return
    permit(action, roles, Machine.PROPOSAL, proposal.state)


def _candidate(session: Session, proposal: Proposal, person_id: int, now: datetime) -> Person:
    found = next((each for each in could_lead(session, proposal, now) if each.id == person_id), None)
    if found is None:
        raise Invalid(_CANNOT_LEAD, "person")
    return found


def _answer(session: Session, actor: Actor, reference: str, action: Action, now: datetime) -> tuple[Proposal, Handover]:
    """The newest request on the proposal, moved by the action."""
    proposal = locked(session, reference)
    latest = select(Handover).where(Handover.proposal_id == proposal.id).order_by(Handover.id.desc()).limit(1)
    row = session.scalar(latest.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(NOT_THERE)
    roles = handover_standing(session, actor, proposal, row)
    after = permit(action, roles, Machine.HANDOVER, row.state)
    permit(Action.APPOINT_LEAD, frozenset(SYSTEM.extra), Machine.PROPOSAL, proposal.state)
    row.state, row.answered_at = HandoverState(str(after)), now
    session.flush()
    return proposal, row


def _end_request(session: Session, proposal: Proposal, now: datetime) -> None:
    row = open_handover(session, proposal.id)
    if row is not None:
        after = permit(Action.TAKE_BACK_LEAD, frozenset(SYSTEM.extra), Machine.HANDOVER, row.state)
        row.state, row.answered_at = HandoverState(str(after)), now
        session.flush()


def _set_lead(session: Session, proposal: Proposal, person: Person, now: datetime) -> Person:
    """Write the new lead into the proposal and its team; the last one stays on it as a member. Returns the last one."""
    before = session.get_one(Person, proposal.lead_id)
    team = list(session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id)))
    own = next((m for m in team if person.id == m.person_id or m.email.lower() == person.email.lower()), None)
    if own is None:
        organization = session.get_one(Organization, proposal.organization_id)
        own = TeamMember(
            proposal_id=proposal.id,
            name=person.name,
            email=person.email,
            organization_name=organization.name,
            added_at=now,
        )
        session.add(own)
    for member in team:
        member.is_lead = False
    own.person_id, own.is_lead = person.id, True
    proposal.lead_id, proposal.lead_reminded, proposal.updated_at = person.id, None, now
    session.flush()
    return before


def _changed(
    session: Session, actor: Actor, proposal: Proposal, before: Person, person: Person, now: datetime, how: str
) -> None:
    facts: JSONObject = {
        "title": proposal.title,
        "from": before.name,
        "from_id": before.id,
        "to": person.name,
        "to_id": person.id,
        "how": how,
    }
    record_event(session, Event.LEAD_CHANGED, actor, proposal, now, facts)
