"""Inviting people: a link that works once, for fourteen days, of which only the hash is kept."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.addresses import clean_address
from app.organizations.commands.acting import about, locked_organization, permit_roles
from app.organizations.models import Invitation, Membership, Organization, Person
from app.organizations.queries import NOT_THERE, held_by, person_by_email
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.roles import HELD_ROLES, Role

VALID = timedelta(days=14)
LONGEST_NAME = 120
USED = N_("This invitation was accepted already. Sign in with the address that it was sent to.")
ENDED = N_("This invitation has ended. Ask the person who sent it for a new one.")


@dataclass(frozen=True)
class Invited:
    """An invitation with its token, which is known only now: afterwards there is just its hash."""

    invitation: Invitation
    token: str

    @property
    def path(self) -> str:
        """The address of the page on which it is accepted."""
        return f"/invitation/{self.token}"


def invite(
    session: Session,
    actor: Actor,
    organization_id: int,
    name: str,
    email: str,
    roles: Collection[Role],
    now: datetime,
) -> Invited:
    """Invite a person to hold roles in an organization; the mail with the link is sent by the worker.

    Raises:
        Invalid: the name, address or roles cannot be taken, or the person is there or invited already.
        NotFound, NotAllowed: this is for the organization's focal point and the secretariat.
    """
    organization = locked_organization(session, actor, organization_id, Action.INVITE_PERSON)
    name, address = checked_name(name), clean_address(email)
    chosen = checked_roles(organization, roles)
    permit_roles(actor, organization, chosen)
    _refuse_known(session, organization, address)
    invitation = Invitation(
        organization_id=organization.id,
        email=address,
        name=name,
        roles=[role.value for role in chosen],
        invited_by_id=actor.person_id,
        created_at=now,
    )
    return _sent(session, actor, organization, invitation, now)


def resend_invitation(session: Session, actor: Actor, invitation_id: int, now: datetime) -> Invited:
    """Send an invitation again, with a new link; the one before it no longer works."""
    organization, invitation = _locked(session, actor, invitation_id)
    _refuse_closed(invitation)
    return _sent(session, actor, organization, invitation, now)


def withdraw_invitation(session: Session, actor: Actor, invitation_id: int, now: datetime) -> Invitation:
    """End an invitation before it is accepted."""
    organization, invitation = _locked(session, actor, invitation_id)
    _refuse_closed(invitation)
    invitation.withdrawn_at = now
    record(session, Event.INVITATION_WITHDRAWN, actor, about(actor, organization), now, {"person": invitation.name})
    return invitation


def open_invitation(session: Session, token: str, now: datetime, lock: bool = False) -> Invitation:
    """The invitation behind a token.

    Raises:
        NotFound: there is none.
        WrongState: it was accepted or withdrawn, or its time is over; the message says what to do.
    """
    statement = select(Invitation).where(Invitation.token_hash == sha256_hex(token.encode("utf-8", "replace")))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    invitation = session.scalar(statement)
    if invitation is None:
        raise NotFound(NOT_THERE)
    _refuse_closed(invitation)
    if invitation.expires_at <= now:
        raise WrongState(ENDED)
    return invitation


def accept_invitation(
    session: Session, actor: Actor, token: str, name: str, password_hash: str | None, now: datetime
) -> Person:
    """Take up the roles of an invitation, once. A person who is not known yet begins here, with name and password.

    Args:
        actor: whoever is signed in; somebody who is known already accepts as themselves.
        password_hash: for a new person; None for one who is signed in.

    Raises:
        NotAllowed: the address belongs to somebody who is not signed in.
        Invalid: a new person gave no name.
        NotFound, WrongState: see `open_invitation`.
    """
    invitation = open_invitation(session, token, now, lock=True)
    organization = session.get_one(Organization, invitation.organization_id)
    person = person_by_email(session, invitation.email)
    if person is not None and person.id != actor.person_id:
        raise NotAllowed(N_("Sign in with the address that the invitation was sent to, then open its link again."))
    if person is None:
        person = add_person(session, invitation.email, name, password_hash, now)
    _give(session, person, organization, [Role(role) for role in invitation.roles], invitation.invited_by_id, now)
    invitation.accepted_at, invitation.accepted_by_id = now, person.id
    session.flush()
    by = Actor(person.id, person.pid, person.name, person.email, held_by(session, person.id), "invitation")
    facts: dict[str, object] = {"person": person.name, "roles": list(invitation.roles)}
    record(
        session,
        Event.INVITATION_ACCEPTED,
        by,
        Subject("organization", organization.slug, organization.slug),
        now,
        facts,
    )
    return person


def checked_name(name: str) -> str:
    """A person's name on one line, of 1 to 120 characters; raises Invalid."""
    name = clean_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(N_("Give the full name, in up to 120 characters."), "name")
    return name


def checked_roles(organization: Organization, roles: Collection[Role]) -> list[Role]:
    """Roles that can be held in the organization, at least one; raises Invalid."""
    if not roles:
        raise Invalid(N_("Choose at least one role."), "roles")
    if not set(roles) <= HELD_ROLES[organization.kind]:
        raise Invalid(N_("One of these roles cannot be held in this organization. Choose from the list."), "roles")
    return [role for role in Role if role in roles]


def _refuse_known(session: Session, organization: Organization, address: str) -> None:
    person = person_by_email(session, address)
    if person is not None and any(h.organization_id == organization.id for h in held_by(session, person.id)):
        raise Invalid(
            N_("This person is in the organization already. Change the roles in the list of people."), "email"
        )
    waiting = session.scalar(
        select(Invitation.id).where(
            Invitation.organization_id == organization.id,
            Invitation.email == address,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
    )
    if waiting is not None:
        raise Invalid(N_("An invitation to this address is open. Send it again from the list below."), "email")


def _sent(session: Session, actor: Actor, organization: Organization, invitation: Invitation, now: datetime) -> Invited:
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = sha256_hex(token.encode()), now + VALID
    session.add(invitation)
    session.flush()
    facts: dict[str, object] = {"person": invitation.name, "roles": list(invitation.roles)}
    record(session, Event.PERSON_INVITED, actor, about(actor, organization), now, facts)
    # Not a reaction to the event: the token must not stand in the history.
    payload: dict[str, object] = {"invitation": invitation.id, "token": token, "inviter": actor.name}
    enqueue(session, "invitation.write", payload, now, about=organization.slug)
    return Invited(invitation, token)


def _locked(session: Session, actor: Actor, invitation_id: int) -> tuple[Organization, Invitation]:
    found = session.get(Invitation, invitation_id)
    if found is None:
        raise NotFound(NOT_THERE)
    organization = locked_organization(session, actor, found.organization_id, Action.INVITE_PERSON)
    invitation = session.get_one(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    return organization, invitation


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise WrongState(USED)
    if invitation.withdrawn_at is not None:
        raise WrongState(ENDED)


def add_person(session: Session, email: str, name: str, password_hash: str | None, now: datetime) -> Person:
    """Begin the account of somebody whose address is known to be theirs, since a link that was sent there was opened.

    Raises:
        Invalid: name or password are missing.
    """
    called = checked_name(name)
    if not password_hash:
        raise Invalid(N_("Choose a password."), "password")
    address = email.strip().lower()
    person = Person(email=address, name=called, password=password_hash, active=True, confirmed_at=now, created_at=now)
    session.add(person)
    session.flush()
    return person


def _give(
    session: Session,
    person: Person,
    organization: Organization,
    roles: Collection[Role],
    granted_by_id: int | None,
    now: datetime,
) -> None:
    held = {h.role for h in held_by(session, person.id) if h.organization_id == organization.id}
    session.add_all(
        Membership(
            person_id=person.id, organization_id=organization.id, role=role, since=now, granted_by_id=granted_by_id
        )
        for role in roles
        if role not in held
    )
    session.flush()
