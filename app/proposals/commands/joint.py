"""Joint proposals: naming further members as co-applicants, and what their own focal points say to it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound
from app.foundation.text import clean
from app.foundation.words import N_
from app.organizations.models import Organization
from app.organizations.queries import organization_by_slug
from app.proposals.commands.acting import NOT_THERE, current_version, locked, permitted, record_event
from app.proposals.models import Proposal
from app.proposals.queries.joint import (
    co_applicant_standing,
    co_applicants_of,
    people_of_co_applicant,
    withdrawn_from_version,
)
from app.proposals.team_models import CoApplicant
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.roles import CAPACITIES, Capacity
from app.rules.workflow import CoApplicantState, Machine, is_possible

MOST = 10
LONGEST_WORDS = 2000


def name_co_applicant(session: Session, actor: Actor, reference: str, slug: str, now: datetime) -> CoApplicant:
    """Name a further member that stands behind the proposal; its focal points are told and may say no.

    Raises:
        Invalid: it is no member, proposes itself, is named already, or the most are named.
        NotFound, NotAllowed, WrongState: this is for the lead, while the team can be changed.
    """
    proposal = locked(session, reference)
    permitted(session, Action.CHANGE_TEAM, actor, proposal)
    organization = organization_by_slug(session, slug)
    named = co_applicants_of(session, proposal.id, withdrawn=True)
    if Capacity.MEMBER not in CAPACITIES[organization.kind]:
        raise Invalid(N_("Only members propose uses. Choose one from the list."), "co_applicant")
    if organization.id == proposal.organization_id:
        raise Invalid(N_("Your own organization leads the proposal. Choose another one."), "co_applicant")
    if any(row.organization_id == organization.id for row in named):
        raise Invalid(N_("This organization is named already."), "co_applicant")
    if len(named) >= MOST:
        raise Invalid(N_("A proposal can name 10 co-applicants. Take one out first."), "co_applicant")
    row = CoApplicant(proposal_id=proposal.id, organization_id=organization.id, named_at=now)
    session.add(row)
    _changed(session, Event.CO_APPLICANT_NAMED, actor, proposal, row, now)
    return row


def remove_co_applicant(session: Session, actor: Actor, reference: str, slug: str, now: datetime) -> Organization:
    """Take a co-applicant out, before the proposal is sent or while its changes are asked for; its people stay on the team."""
    proposal = locked(session, reference)
    permitted(session, Action.CHANGE_TEAM, actor, proposal)
    row = _row(session, proposal, slug)
    organization = session.get_one(Organization, row.organization_id)
    session.delete(row)
    proposal.updated_at = now
    session.flush()
    facts: JSONObject = {"title": proposal.title, "removed_co_applicant": organization.slug}
    record_event(session, Event.TEAM_CHANGED, actor, proposal, now, facts)
    return organization


def confirm_co_applicant(session: Session, actor: Actor, reference: str, slug: str, now: datetime) -> CoApplicant:
    """Say for one's organization that it stands behind the proposal; for its own focal point."""
    proposal = locked(session, reference)
    row = _row(session, proposal, slug)
    _move(session, Action.CONFIRM_CO_APPLICANT, actor, proposal, row)
    row.answered_at, row.answered_by_id, row.words = now, actor.person_id, ""
    _changed(session, Event.CO_APPLICANT_CONFIRMED, actor, proposal, row, now)
    return row


def withdraw_co_applicant(
    session: Session, actor: Actor, reference: str, slug: str, words: str, now: datetime
) -> CoApplicant:
    """Take one's organization, and its people, out of a joint proposal; at any time while somebody leads it.

    What was sent still names it: at the intake check that is sent back first, and no grant names it afterwards.

    Raises:
        NotFound: the proposal does not name the organization, or the actor may not know of it.
        Invalid: no reason was given.
    """
    proposal = locked(session, reference)
    row = _row(session, proposal, slug)
    after = _permitted(session, Action.WITHDRAW_CO_APPLICANT, actor, proposal, row)
    said = clean(words)[:LONGEST_WORDS]
    if not said:
        raise Invalid(N_("Say why: the lead reads this, and decides how to go on."), "words")
    row.state = after
    row.answered_at, row.answered_by_id, row.words = now, actor.person_id, said
    leaving = people_of_co_applicant(session, row, proposal)
    names = [member.name for member in leaving]
    for member in leaving:
        session.delete(member)
    _changed(session, Event.CO_APPLICANT_WITHDREW, actor, proposal, row, now, {"people": names, "words": said})
    return row


def name_co_applicant_again(session: Session, actor: Actor, reference: str, slug: str, now: datetime) -> CoApplicant:
    """Ask an organization that withdrew once more; for the lead, while the team can be changed."""
    proposal = locked(session, reference)
    permitted(session, Action.CHANGE_TEAM, actor, proposal)
    row = _row(session, proposal, slug)
    _move(session, Action.NAME_CO_APPLICANT_AGAIN, actor, proposal, row)
    row.named_at, row.reminded, row.answered_at, row.answered_by_id = now, None, None, None
    _changed(session, Event.CO_APPLICANT_NAMED, actor, proposal, row, now)
    return row


def copy_co_applicants(session: Session, actor: Actor, original: Proposal, copy: Proposal, now: datetime) -> None:
    """The same organizations behind a copy, each asked anew."""
    for known in co_applicants_of(session, original.id):
        row = CoApplicant(proposal_id=copy.id, organization_id=known.organization_id, named_at=now)
        session.add(row)
        _changed(session, Event.CO_APPLICANT_NAMED, actor, copy, row, now)


def refuse_withdrawn(session: Session, proposal: Proposal) -> None:
    """Let nothing pass the intake check that names an organization which has withdrawn since.

    Raises:
        Invalid: one has; the message names it.
    """
    version = current_version(session, proposal)
    gone = withdrawn_from_version(session, proposal, version.content) if version else []
    if gone:
        message = N_("%(name)s has withdrawn from this proposal. Ask for changes, so that it is sent again without it.")
        raise Invalid(message % {"name": gone[0].name})


def _row(session: Session, proposal: Proposal, slug: str) -> CoApplicant:
    rows = co_applicants_of(session, proposal.id, withdrawn=True)
    found = next((row for row in rows if row.organization.slug == slug), None)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _move(session: Session, action: Action, actor: Actor, proposal: Proposal, row: CoApplicant) -> None:
    row.state = _permitted(session, action, actor, proposal, row)


def _permitted(
    session: Session, action: Action, actor: Actor, proposal: Proposal, row: CoApplicant
) -> CoApplicantState:
    """The state after the act; raises as `permit` does, and Invalid where the proposal has ended."""
    roles = co_applicant_standing(session, actor, row, proposal)
    after = permit(action, roles, Machine.CO_APPLICANT, row.state)
    if not is_possible(Action.APPOINT_LEAD, proposal.state):
        raise Invalid(N_("This proposal has ended, so there is nothing to answer any more."))
    return row.state if after is None else CoApplicantState(after)


def _changed(
    session: Session,
    event: Event,
    actor: Actor,
    proposal: Proposal,
    row: CoApplicant,
    now: datetime,
    facts: JSONObject | None = None,
) -> None:
    if is_possible(Action.EDIT_PROPOSAL, proposal.state):
        proposal.updated_at = now
    session.flush()
    organization = session.get_one(Organization, row.organization_id)
    told: JSONObject = {"title": proposal.title, "organization": organization.name, "slug": organization.slug}
    record_event(session, event, actor, proposal, now, {**told, **(facts or {})})
