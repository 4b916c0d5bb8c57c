"""Changing what people hold in an organization, removing them from it, and ending their sessions."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.commands.acting import about, locked_organization, permit_roles
from app.organizations.commands.invitations import checked_roles
from app.organizations.commands.tokens import revoke_tokens_of
from app.organizations.commands.vouching import end_card_of_leaver
from app.organizations.models import Invitation, Membership, Organization, Person
from app.organizations.queries import NOT_THERE, held_by, person_by_email
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.roles import NEEDED, ROLE_NAMES, STANDS_IN, Role
from app.rules.workflow import Machine


def change_roles(
    session: Session, actor: Actor, organization_id: int, person_id: int, roles: Collection[Role], now: datetime
) -> Person:
    """Let a person hold exactly these roles in the organization from now on.

    Raises:
        Invalid: no role is left, a role cannot be held here, or the last focal point would lose it.
        NotFound, NotAllowed: this is for the organization's focal point and the secretariat.
    """
    organization = locked_organization(session, actor, organization_id, Action.CHANGE_ROLES)
    person, current = _member(session, organization, person_id)
    wanted = set(checked_roles(organization, roles))
    before = [row.role for row in current]
    if wanted == set(before):
        return person
    permit_roles(actor, organization, wanted ^ set(before))
    _keep_one(session, organization, person, set(before) - wanted)
    for row in current:
        if row.role not in wanted:
            row.ended_at = now
    session.add_all(
        Membership(
            person_id=person.id, organization_id=organization.id, role=role, since=now, granted_by_id=actor.person_id
        )
        for role in wanted - set(before)
    )
    session.flush()
    facts: dict[str, object] = {
        "person": person.name,
        "person_id": person.id,
        "roles": [role.value for role in Role if role in wanted],
        "before": [role.value for role in Role if role in before],
    }
    record(session, Event.ROLES_CHANGED, actor, about(actor, organization), now, facts)
    return person


def remove_person(
    session: Session,
    actor: Actor,
    organization_id: int,
    person_id: int,
    now: datetime,
    open_work: Sequence[str] = (),
    waits: Sequence[str] = (),
) -> Person:
    """End everything that a person holds in the organization. The rights are gone with the next request.

    Args:
        open_work: what still waits for the person there, in words; nothing is left without somebody whose it is.
        waits: what is asked of others from now on, as `around().passing_from` knows it; they are told.

    Raises:
        Invalid: the last one with a role that the organization needs cannot leave, or work was not handed on.
        NotFound, NotAllowed: this is for the organization's focal point, the secretariat, and the person.
    """
    action = Action.LEAVE_ORGANIZATION if actor.person_id == person_id else Action.REMOVE_PERSON
    organization = locked_organization(session, actor, organization_id, action)
    person, current = _member(session, organization, person_id)
    _keep_one(session, organization, person, {row.role for row in current})
    if open_work:
        raise Invalid(N_("Say who takes on each of these: ") + "; ".join(open_work) + ".")
    for row in current:
        row.ended_at = now
    _withdraw_invitations_of(session, organization, person, now)
    end_card_of_leaver(session, organization.id, person.id, now)
    revoke_tokens_of(session, person.id, now)
    if not held_by(session, person.id):
        end_sessions(session, person)
    before = [row.role.value for row in current]
    facts: dict[str, object] = {"person": person.name, "person_id": person.id, "before": before, "waits": list(waits)}
    record(session, Event.PERSON_REMOVED, actor, about(actor, organization), now, facts)
    return person


def _withdraw_invitations_of(session: Session, organization: Organization, person: Person, now: datetime) -> None:
    """Who leaves lets nobody in afterwards."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.organization_id == organization.id,
            Invitation.invited_by_id == person.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    session.flush()


def end_sessions(session: Session, person: Person) -> None:
    """End every session of a person everywhere, with the next request that it makes."""
    person.fs_uniquifier = uuid.uuid4().hex
    session.flush()


def reset_second_factor(session: Session, actor: Actor, email: str, now: datetime) -> Person:
    """Remove the second step of somebody who lost the device and the recovery codes; a new one is set up at the next sign-in.

    Raises:
        NotAllowed: this is for the operator.
        NotFound: nobody has this address.
    """
    permit(Action.RESET_SECOND_FACTOR, actor.consortium_roles, Machine.ORGANIZATION)
    person = person_by_email(session, email)
    if person is None:
        raise NotFound(N_("Nobody has an account with this address."))
    person.tf_primary_method = person.tf_totp_secret = person.mf_recovery_codes = None
    end_sessions(session, person)
    record(session, Event.SECOND_FACTOR_RESET, actor, Subject("person", str(person.pid)), now, {"person": person.name})
    enqueue(session, "account.mail", {"template": "second_factor_changed", "email": person.email}, now, about="account")
    return person


def _member(session: Session, organization: Organization, person_id: int) -> tuple[Person, list[Membership]]:
    statement = select(Membership).where(
        Membership.organization_id == organization.id, Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    current = list(session.scalars(statement.order_by(Membership.id)))
    if not current:
        raise NotFound(NOT_THERE)
    return session.get_one(Person, person_id), current


def _keep_one(session: Session, organization: Organization, person: Person, lost: Collection[Role]) -> None:
    """Refuse to take a role from the last one who holds it, or who could stand in for it, where work would stop."""
    for needed in sorted(NEEDED[organization.kind] & set(lost)):
        others = {needed, STANDS_IN.get(needed, needed)}
        another = session.scalar(
            select(Membership.id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.organization_id == organization.id,
                Membership.role.in_(others),
                Membership.ended_at.is_(None),
                Membership.person_id != person.id,
                Person.active,
            )
            .limit(1)
        )
        if another is None:
            message = N_("%(name)s is the last one with this role: %(role)s. Give it to somebody else first.")
            raise Invalid(message % {"name": person.name, "role": ROLE_NAMES[needed].lower()}, "roles")
