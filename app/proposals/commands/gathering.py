"""The datasets that a proposal asks for, and the people who work on it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import dataset_by_reference, datasets_by_references
from app.foundation.errors import Invalid, NotFound
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.organizations.addresses import clean_address
from app.organizations.models import Organization, Person
from app.organizations.queries import held_by, person_by_email
from app.proposals.commands.accepting import ask_member
from app.proposals.commands.acting import NOT_THERE, items_of, locked, permitted, record_act, record_event
from app.proposals.commands.drafting import MOST_DATASETS
from app.proposals.models import Decision, Proposal, ProposalItem, TeamMember
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event

MOST_PEOPLE = 40
LONGEST_NAME = 120
LONGEST_ORGANIZATION = 160


def add_dataset(session: Session, actor: Actor, reference: str, dataset: str, now: datetime) -> Dataset:
    """Ask for one more dataset. One that is in the proposal already stays in it once.

    Raises:
        NotFound: the actor may not know of the dataset.
        Invalid: it is not open to proposals, or the proposal names the most that it can.
    """
    proposal = locked(session, reference)
    permitted(session, Action.EDIT_PROPOSAL, actor, proposal)
    chosen = dataset_by_reference(session, actor, dataset)
    items = items_of(session, proposal)
    if any(item.dataset_id == chosen.id for item in items):
        return chosen
    if not datasets_by_references(session, actor, [chosen.reference], offered_only=True):
        raise Invalid(N_("This dataset is not open to proposals now. Choose another one."), field="datasets")
    if len(items) >= MOST_DATASETS:
        raise Invalid(N_("A proposal can name 20 datasets. Remove one first, or write a second proposal."), "datasets")
    session.add(ProposalItem(proposal_id=proposal.id, dataset_id=chosen.id))
    proposal.updated_at = now
    session.flush()
    record_event(session, Event.PROPOSAL_EDITED, actor, proposal, now, {"title": "", "added_dataset": chosen.reference})
    return chosen


def remove_dataset(session: Session, actor: Actor, reference: str, dataset: str, now: datetime) -> Dataset:
    """Ask for one dataset less.

    Raises:
        NotFound: the proposal does not name it.
        Invalid: its data partner has decided on it once, so that it stays in the record.
    """
    proposal = locked(session, reference)
    permitted(session, Action.EDIT_PROPOSAL, actor, proposal)
    item = next((each for each in items_of(session, proposal) if each.dataset.reference == dataset.upper()), None)
    if item is None:
        raise NotFound(NOT_THERE)
    if session.scalar(select(Decision.id).where(Decision.item_id == item.id).limit(1)) is not None:
        raise Invalid(
            N_(
                "Its data partner has decided on this dataset, so it stays in the record. Copy the proposal to leave it out."
            ),
            field="datasets",
        )
    removed = item.dataset
    session.delete(item)
    proposal.updated_at = now
    session.flush()
    facts = {"title": "", "removed_dataset": removed.reference}
    record_event(session, Event.PROPOSAL_EDITED, actor, proposal, now, {**facts})
    return removed


def add_team_member(
    session: Session, actor: Actor, reference: str, name: str, email: str, organization: str, now: datetime
) -> TeamMember:
    """Name somebody who will handle the data, and ask them by mail to accept the terms for themselves.

    Who is of the proposing organization reads and writes with the team at once; who is of another one, once they accepted.

    Raises:
        Invalid: name or address is missing, is none, or is on the team already; or the team is as large as it can be.
    """
    proposal = locked(session, reference)
    permitted(session, Action.CHANGE_TEAM, actor, proposal)
    called, address = _name(name), clean_address(clean_line(email))
    team = list(session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id)))
    if any(member.email.lower() == address for member in team):
        raise Invalid(N_("This address is on the team already. Each person is named once."), field="email")
    if len(team) >= MOST_PEOPLE:
        raise Invalid(N_("A team has up to 40 people. Remove somebody first."), field="email")
    person = person_by_email(session, address)
    member = TeamMember(
        proposal_id=proposal.id,
        person_id=person.id if person else None,
        name=called,
        email=address,
        organization_name=clean_line(organization)[:LONGEST_ORGANIZATION] or _organization_of(session, person),
        added_at=now,
    )
    session.add(member)
    _team_changed(session, actor, proposal, now)
    ask_member(session, actor, proposal, member, now)
    return member


def place_on_team(
    session: Session, actor: Actor, reference: str, name: str, email: str, organization: str, now: datetime
) -> TeamMember:
    """Ask somebody who joins a grant of the proposal to accept the terms for themselves; who has a place already keeps it.

    Until they accept, they are handed nothing. Whoever calls this has made sure that the actor may let them join.
    """
    proposal, address = locked(session, reference), clean_line(email).lower()
    known = select(TeamMember).where(TeamMember.proposal_id == proposal.id, TeamMember.email == address)
    member = session.scalar(known)
    if member is None:
        person = person_by_email(session, address)
        member = TeamMember(
            proposal_id=proposal.id,
            person_id=person.id if person else None,
            name=name,
            email=address,
            organization_name=clean_line(organization)[:LONGEST_ORGANIZATION] or _organization_of(session, person),
            added_at=now,
        )
        session.add(member)
        session.flush()
        ask_member(session, actor, proposal, member, now)
    return member


def remove_team_member(session: Session, actor: Actor, reference: str, member_id: int, now: datetime) -> TeamMember:
    """Take somebody off the team. The lead stays.

    Raises:
        NotFound: there is no such person on the team.
        Invalid: it is the lead.
    """
    proposal = locked(session, reference)
    permitted(session, Action.CHANGE_TEAM, actor, proposal)
    member = session.get(TeamMember, member_id)
    if member is None or member.proposal_id != proposal.id:
        raise NotFound(NOT_THERE)
    if member.is_lead:
        raise Invalid(N_("The lead stays on the team: somebody must answer for the proposal."), field="team")
    session.delete(member)
    _team_changed(session, actor, proposal, now)
    return member


def link_team(session: Session, proposal: Proposal) -> None:
    """Tie people who were named before they had an account to the account that they have by now."""
    unknown = select(TeamMember).where(TeamMember.proposal_id == proposal.id, TeamMember.person_id.is_(None))
    for member in session.scalars(unknown).all():
        person = person_by_email(session, member.email)
        member.person_id = person.id if person else None
    session.flush()


def _team_changed(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> None:
    proposal.updated_at = now
    session.flush()
    link_team(session, proposal)
    record_act(session, Action.CHANGE_TEAM, actor, proposal, now, {"title": ""})


def _name(name: str) -> str:
    called = clean_line(name)
    if not called:
        raise Invalid(N_("Enter the name of the person."), field="name")
    if len(called) > LONGEST_NAME:
        raise Invalid(N_("Shorten the name to 120 characters."), field="name")
    return called


def _organization_of(session: Session, person: Person | None) -> str:
    held = sorted(each.organization_id for each in held_by(session, person.id)) if person else []
    return session.get_one(Organization, held[0]).name if held else ""
