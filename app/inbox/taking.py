"""One of several colleagues takes what waits for their organization: a change, a reading, an output, an incident, a listing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.catalog.commands.acts import locked as locked_listing
from app.catalog.standing import standing as listing_standing
from app.changes.commands.acting import locked as locked_change
from app.changes.standing import change_standing
from app.duties.commands.acting import locked as locked_duty
from app.foundation.errors import NotFound, WrongState
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.sides import sides
from app.history.commands import Subject, record
from app.incidents.commands import locked as locked_incident
from app.incidents.queries.standing import incident_roles
from app.organizations.assignments import assign
from app.organizations.models import Organization
from app.organizations.queries import secretariat
from app.outputs.commands.acting import locked as locked_output
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.taking import ACTS_FOR, TAKEN, Side
from app.rules.visibility import sees
from app.rules.workflow import Machine

_NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_NOT_YOURS = N_("Somebody else is waited for now. Its page says who.")


@dataclass(frozen=True)
class Case:
    """One thing that waits, under lock: what the actor is towards it, and the data partner that it is about.

    `seen` is the thing whose visibility decides, with its state: a duty is seen with its grant. `about` is what the history
    calls it.
    """

    state: StrEnum
    roles: frozenset[Role]
    data_partner_id: int
    seen: tuple[Machine, StrEnum]
    about: tuple[str, str]


def take_case(session: Session, actor: Actor, thing: str, ref: str, now: datetime) -> None:
    """Put one's own name on it; it leaves the inboxes of one's colleagues until the next step.

    Raises:
        NotFound: there is no such thing, or the actor may not know of it.
        WrongState: the actor could not end what is waited for now.
    """
    if thing not in _CASES or actor.person_id is None:
        raise NotFound(_NOT_THERE)
    machine = Machine(thing)
    case = _CASES[machine](session, actor, ref)
    if not sees(case.roles, *case.seen):
        raise NotFound(_NOT_THERE)
    organization_id = _acting_for(session, actor, machine, case)
    if organization_id is None:
        raise WrongState(_NOT_YOURS)
    assign(session, thing, ref, organization_id, actor.person_id, actor.person_id, now)
    slug = session.get_one(Organization, organization_id).slug
    record(session, Event.CASE_TAKEN, actor, Subject(*case.about, acting_for=slug), now)


def _acting_for(session: Session, actor: Actor, machine: Machine, case: Case) -> int | None:
    """The organization whose wait the actor could end now; None where there is none."""
    acts = allowed(case.roles, machine, case.state)
    of_side = {Side.DATA_PARTNER: case.data_partner_id, Side.SECRETARIAT: secretariat(session).id}
    for side, ending in TAKEN[machine].get(case.state, {}).items():
        if ending in acts and of_side[side] in actor.organizations_with(*ACTS_FOR[side]):
            return of_side[side]
    return None


def _change(session: Session, actor: Actor, ref: str) -> Case:
    grant, row = locked_change(session, ref)
    roles = change_standing(session, actor, grant, row)
    return Case(row.state, roles, grant.data_partner_id, (Machine.CHANGE, row.state), ("change", ref))


def _duty(session: Session, actor: Actor, ref: str) -> Case:
    number, _, key = ref.partition(":")
    if not key.isascii() or not key.isdigit() or len(key) > _LONGEST_KEY:
        raise NotFound(_NOT_THERE)
    grant, row = locked_duty(session, number, int(key))
    return Case(row.state, sides(session, actor, grant), grant.data_partner_id, _with(grant), ("grant", number))


def _output(session: Session, actor: Actor, ref: str) -> Case:
    grant, row = locked_output(session, ref)
    roles = sides(session, actor, grant)
    return Case(row.state, roles, grant.data_partner_id, (Machine.OUTPUT, row.state), ("output", ref))


def _incident(session: Session, actor: Actor, ref: str) -> Case:
    grant, row = locked_incident(session, ref)
    roles = incident_roles(session, actor, grant, row)
    return Case(row.state, roles, grant.data_partner_id, (Machine.INCIDENT, row.state), ("incident", ref))


def _listing(session: Session, actor: Actor, ref: str) -> Case:
    row = locked_listing(session, ref)
    roles = listing_standing(actor, row)
    return Case(row.state, roles, row.organization_id, (Machine.LISTING, row.state), ("listing", ref))


def _with(grant: Grant) -> tuple[Machine, StrEnum]:
    return Machine.GRANT, grant.state


_LONGEST_KEY = 18
_CASES: Mapping[str, Callable[[Session, Actor, str], Case]] = {
    Machine.CHANGE: _change,
    Machine.DUTY: _duty,
    Machine.OUTPUT: _output,
    Machine.INCIDENT: _incident,
    Machine.LISTING: _listing,
}
