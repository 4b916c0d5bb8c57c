"""One's own name, title and address, and a name that somebody in charge changes because it stands in signatures."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.history.models import HistoryEvent
from app.organizations.addresses import clean_address
from app.organizations.commands.acting import about, locked_organization
from app.organizations.commands.invitations import checked_name
from app.organizations.models import AddressChange, Membership, Person
from app.organizations.queries import NOT_THERE, person_by_email
from app.organizations.standing import standing
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import SIGNATURES, Event
from app.rules.permissions import permit
from app.rules.roles import Role
from app.rules.workflow import Machine

LONGEST_TITLE = 120
LINK_VALID = timedelta(days=2)
LINK_OVER = N_("This link has ended. Ask for a new one on the page of your account.")


def edit_person(session: Session, actor: Actor, name: str, job_title: str) -> Person:
    """Change one's own name and job title. Whoever has signed under a name asks a focal point to change it.

    Raises:
        NotFound: nobody is signed in.
        Invalid: the name or title cannot be taken, or the name stands in a signature.
    """
    person = _me(session, actor)
    title = clean_line(job_title)
    if len(title) > LONGEST_TITLE:
        raise Invalid(N_("Give the job title in up to 120 characters."), "job_title")
    called = checked_name(name)
    if called != person.name and has_signed(session, person):
        raise Invalid(
            N_("You have signed with this name, so it is evidence. A focal point of your organization can change it."),
            "name",
        )
    person.name, person.job_title = called, title
    session.flush()
    return person


def change_name(
    session: Session, actor: Actor, organization_id: int, person_id: int, name: str, now: datetime
) -> Person:
    """Change the name of somebody of the organization, in the history's sight; what was signed keeps the name it had.

    Raises:
        NotFound: the person is not of the organization, or the actor may not look inside it.
        NotAllowed: this is for its focal points and the secretariat, and never for one's own name.
        Invalid: the name cannot be taken.
    """
    organization = locked_organization(session, actor, organization_id, Action.VIEW_ORGANIZATION)
    held = select(Membership.id).where(
        Membership.organization_id == organization.id, Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    if session.scalar(held.limit(1)) is None:
        raise NotFound(NOT_THERE)
    own = {Role.CONFLICTED} if actor.person_id == person_id else set()
    permit(Action.CHANGE_NAME, standing(actor, organization) | own, Machine.ORGANIZATION)
    person = session.get_one(Person, person_id)
    called = checked_name(name)
    if called == person.name:
        return person
    facts: dict[str, object] = {"person_id": person.id, "before": person.name, "name": called}
    person.name = called
    session.flush()
    record(session, Event.PERSON_RENAMED, actor, about(actor, organization), now, facts)
    return person


def has_signed(session: Session, person: Person) -> bool:
    """Whether the person has signed, sent or decided something under the present name."""
    found = select(HistoryEvent.seq).where(
        HistoryEvent.actor_pid == person.pid, HistoryEvent.type.in_([event.value for event in SIGNATURES])
    )
    return session.scalar(found.limit(1)) is not None


def ask_for_address(session: Session, actor: Actor, email: str, now: datetime) -> AddressChange:
    """Ask for another e-mail address: it counts once the link that is sent there was opened. A newer request ends an older one.

    Raises:
        NotFound: nobody is signed in.
        Invalid: it is no address, or already the person's own.
    """
    person = _me(session, actor)
    address = clean_address(email)
    if address == person.email:
        raise Invalid(N_("This is your address already."), "email")
    _end_requests(session, person, now)
    token = secrets.token_urlsafe(32)
    row = AddressChange(
        person_id=person.id,
        email=address,
        token_hash=sha256_hex(token.encode()),
        asked_at=now,
        expires_at=now + LINK_VALID,
    )
    session.add(row)
    session.flush()
    # Who has the address already is not told to the one who asks: the link tells its reader.
    payload: dict[str, object] = {"change": row.id, "token": token}
    enqueue(session, "account.address", payload, now, about="account")
    return row


def confirm_address(session: Session, actor: Actor, token: str, now: datetime) -> Person:
    """Take the new address. The old one is told; sessions go on, since it is the same person who signs in.

    Raises:
        NotFound: there is no such request, or it is another person's.
        WrongState: it was used, has ended, or the address has an account meanwhile.
    """
    person = _me(session, actor)
    digest = sha256_hex(token.encode("utf-8", "replace"))
    row = session.scalar(select(AddressChange).where(AddressChange.token_hash == digest).with_for_update())
    if row is None or row.person_id != person.id:
        raise NotFound(NOT_THERE)
    if row.done_at is not None or row.expires_at <= now:
        raise WrongState(LINK_OVER)
    if person_by_email(session, row.email) is not None:
        raise WrongState(
            N_("An account with this address is there already. Sign in with it, or choose another address.")
        )
    before = person.email
    person.email, row.done_at = row.email, now
    session.flush()
    # No address stands in the history's facts: it is personal, and may be erased one day.
    record(session, Event.EMAIL_CHANGED, actor, Subject("person", str(person.pid)), now, {"person": person.name})
    payload: dict[str, object] = {"person": person.id, "before": before}
    enqueue(session, "account.address_changed", payload, now, about="account")
    return person


def _end_requests(session: Session, person: Person, now: datetime) -> None:
    open_ones = update(AddressChange).where(AddressChange.person_id == person.id, AddressChange.done_at.is_(None))
    session.execute(open_ones.values(expires_at=now))


def _me(session: Session, actor: Actor) -> Person:
    person = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise NotFound(NOT_THERE)
    return person
