"""Each of a team accepts the terms for themselves, or declines. Sending waits for nobody; access to data does."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.commands.invitations import add_person
from app.organizations.models import Organization, Person
from app.organizations.queries import held_by, person_by_email
from app.outbox.commands import enqueue
from app.proposals.commands.acting import NOT_THERE, locked
from app.proposals.models import Proposal, ProposalVersion, TeamMember
from app.proposals.queries.team import member_standing, own_place, place_by_token, terms_of
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.permissions import permit
from app.rules.workflow import Machine, MemberState, is_possible, transition

LINK_VALID = timedelta(days=30)
LONGEST_WORDS = 1000
_OVER = N_("This proposal has ended, so there is nothing to answer any more.")


def accept_terms(session: Session, actor: Actor, reference: str, now: datetime) -> TeamMember:
    """Accept the duties of authorized users for oneself; the version and hash of the agreement's text are kept.

    Raises:
        NotFound: the actor has no place on this team.
        WrongState: it was answered already.
        Invalid: the proposal has ended.
    """
    proposal, member = _own(session, actor, reference)
    _move(Action.ACCEPT_TERMS, actor, proposal, member)
    terms = terms_of(session, proposal, now)
    _accepted(session, actor, member, terms.version, terms.hash, now)
    _record(session, Action.ACCEPT_TERMS, actor, proposal, member, now)
    return member


def decline_terms(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> TeamMember:
    """Say no, or leave the team after having said yes. The lead is told and decides what follows; raises as `accept_terms`."""
    proposal, member = _own(session, actor, reference)
    _move(Action.DECLINE_TERMS, actor, proposal, member)
    member.person_id, member.answered_at, member.words = actor.person_id, now, clean(words)[:LONGEST_WORDS]
    member.token_hash = member.token_expires_at = None
    _record(session, Action.DECLINE_TERMS, actor, proposal, member, now)
    return member


def invite_member_again(session: Session, actor: Actor, reference: str, member_id: int, now: datetime) -> TeamMember:
    """Ask somebody of the team once more to accept the terms, with a new link; for the lead.

    Raises:
        NotFound: there is no such person on the team, or the actor may not know of it.
        WrongState: the person has accepted already.
    """
    proposal = locked(session, reference)
    member = session.get(TeamMember, member_id, populate_existing=True)
    if member is None or member.proposal_id != proposal.id:
        raise NotFound(NOT_THERE)
    _move(Action.INVITE_MEMBER_AGAIN, actor, proposal, member)
    member.answered_at, member.words = None, ""
    ask_member(session, actor, proposal, member, now)
    _record(session, Action.INVITE_MEMBER_AGAIN, actor, proposal, member, now)
    return member


def ask_member(session: Session, actor: Actor, proposal: Proposal, member: TeamMember, now: datetime) -> None:
    """Ask somebody to accept the terms: their clock begins."""
    member.asked_at, member.reminded = now, None
    _send_link(session, proposal, member, {"inviter": actor.name}, now)


def remind_member(session: Session, proposal: Proposal, member: TeamMember, due: str, over: int, now: datetime) -> None:
    """Ask once more, within the same time: the mail says by which day, and how many days that is past."""
    _send_link(session, proposal, member, {"due": due, "over": over}, now)


def _send_link(session: Session, proposal: Proposal, member: TeamMember, facts: JSONObject, now: datetime) -> None:
    """Send the mail with the link, known only now; where the person has an account, it leads to signing in."""
    token = secrets.token_urlsafe(32)
    member.token_hash, member.token_expires_at = sha256_hex(token.encode()), now + LINK_VALID
    session.flush()
    # Not a reaction to an event: the token must not stand in the history.
    payload: JSONObject = {"member": member.id, "token": token, **facts}
    enqueue(session, "team.invite", payload, now, about=proposal.reference)


def join_with_new_account(
    session: Session, token: str, name: str, password_hash: str | None, now: datetime
) -> tuple[Person, Proposal]:
    """Begin an account for somebody who was named by an address that nobody has yet. It gives no right in any organization.

    Raises:
        NotFound, WrongState: the link is none, or has ended.
        NotAllowed: the address has an account: sign in with it.
        Invalid: name or password are missing.
    """
    place = place_by_token(session, token, now)
    if person_by_email(session, place.member.email) is not None:
        raise NotAllowed(N_("This address has an account. Sign in with it, then open the link again."))
    person = add_person(session, place.member.email, name, password_hash, now)
    same = select(TeamMember).where(TeamMember.person_id.is_(None), TeamMember.email == person.email)
    for member in session.scalars(same).all():
        member.person_id = person.id
    place.member.token_hash = place.member.token_expires_at = None
    session.flush()
    return person, place.proposal


def lead_accepts(session: Session, actor: Actor, proposal: Proposal, version: ProposalVersion, now: datetime) -> None:
    """Whoever sends declares it for the organization and accepts the terms for themselves; that it was sent records both.

    Where the text has changed since others accepted it, they are asked again.
    """
    for member in session.scalars(select(TeamMember).where(TeamMember.proposal_id == proposal.id)).all():
        if member.person_id == actor.person_id:
            if member.agreement_hash != version.agreement_hash or member.state is not MemberState.ACCEPTED:
                member.state = MemberState.ACCEPTED
                _accepted(session, actor, member, version.agreement_version, version.agreement_hash, now)
        elif member.state is MemberState.ACCEPTED and member.agreement_hash != version.agreement_hash:
            _move(Action.ASK_FOR_TERMS_AGAIN, SYSTEM, proposal, member)
            member.answered_at = None
            ask_member(session, actor, proposal, member, now)
            _record(session, Action.ASK_FOR_TERMS_AGAIN, SYSTEM, proposal, member, now)
    session.flush()


def take_place(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Accept the terms together with the lead: the event of the new lead records both."""
    terms = terms_of(session, proposal, now)
    statement = select(TeamMember).where(TeamMember.proposal_id == proposal.id, TeamMember.person_id == actor.person_id)
    for member in session.scalars(statement).all():
        member.state = MemberState.ACCEPTED
        _accepted(session, actor, member, terms.version, terms.hash, now)


def _accepted(session: Session, actor: Actor, member: TeamMember, version: str, digest: str, now: datetime) -> None:
    member.person_id, member.answered_at, member.words = actor.person_id, now, ""
    member.agreement_version, member.agreement_hash = version, digest
    member.token_hash = member.token_expires_at = None
    session.flush()


def _own(session: Session, actor: Actor, reference: str) -> tuple[Proposal, TeamMember]:
    if actor.person_id is None:
        raise NotFound(NOT_THERE)
    proposal = locked(session, reference)
    statement = select(TeamMember).where(TeamMember.proposal_id == proposal.id, own_place(actor))
    member = session.scalars(statement.execution_options(populate_existing=True)).first()
    if member is None:
        raise NotFound(NOT_THERE)
    if not is_possible(Action.APPOINT_LEAD, proposal.state):
        raise Invalid(_OVER)
    return proposal, member


def _move(action: Action, actor: Actor, proposal: Proposal, member: TeamMember) -> None:
    roles = member_standing(actor, proposal, member)
    after = permit(action, roles, Machine.TEAM_MEMBER, member.state)
    if after is not None:
        member.state = MemberState(after)


def _record(
    session: Session, action: Action, actor: Actor, proposal: Proposal, member: TeamMember, now: datetime
) -> None:
    session.flush()
    event = transition(action).event
    own = sorted(held.organization_id for held in held_by(session, actor.person_id)) if actor.person_id else []
    organization = session.get(Organization, own[0]) if own else None
    facts: JSONObject = {
        "title": proposal.title,
        "member": member.id,
        "person": member.name,
        "person_id": member.person_id,
        "words": member.words,
    }
    subject = Subject(
        "proposal",
        proposal.reference,
        acting_for=organization.slug if organization else None,
        agreement_version=member.agreement_version,
        agreement_hash=member.agreement_hash,
    )
    if event is not None:
        record(session, event, actor, subject, now, facts)
