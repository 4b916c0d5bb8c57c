"""What the rows of the inbox that hang on a grant share: whom one may concern, and the rows of those who are named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.delivery.models import Delivery
from app.grants.models import Duty, Grant
from app.grants.queries.turn_rows import Way, row_of_turn
from app.grants.queries.turns import Waiting, turns
from app.incidents.models import Incident
from app.organizations.models import Membership, Person
from app.outputs.models import Output
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.roles import Role
from app.rules.tasks import Row

STEWARDS = (Role.STEWARD, Role.DEPUTY)
OFFICE = (Role.OFFICER, Role.DIRECTOR)


def parties() -> tuple[_AbstractLoad, ...]:
    """What a row needs of a grant."""
    return joinedload(Grant.data_partner), joinedload(Grant.member), joinedload(Grant.proposal), defer(Grant.record)


def of_grant(model: type[Delivery | Duty | Output | Incident], condition: ColumnElement[bool]) -> Select[int]:
    """The keys of the things of this kind of which this holds; `condition` may speak of their grants."""
    return select(model.id).join(Grant, Grant.id == model.grant_id).where(condition)


def leads(viewer: Actor) -> ColumnElement[bool]:
    """Grants whose project lead the viewer is, while of the member."""
    is_lead = exists().where(Proposal.id == Grant.proposal_id, Proposal.lead_id == viewer.person_id)
    return and_(is_lead, Grant.member_id.in_(viewer.organization_ids))


def has_no_lead() -> ColumnElement[bool]:
    """Grants whose project lead has left the member."""
    return ~exists().where(
        Proposal.id == Grant.proposal_id,
        Person.id == Proposal.lead_id,
        Person.active,
        Membership.person_id == Person.id,
        Membership.organization_id == Grant.member_id,
        Membership.ended_at.is_(None),
    )


def gives(viewer: Actor) -> ColumnElement[bool]:
    """Grants of a data partner for which the viewer answers; who is too close to the member is told by `turns` alone."""
    giving = viewer.organizations_with(*STEWARDS)
    return Grant.data_partner_id.in_(giving) if giving else false()


def joins(viewer: Actor) -> ColumnElement[bool]:
    """Grants on which the viewer may come to be asked later: as the member's focal point, or in the secretariat."""
    if viewer.organizations_with(*OFFICE):
        return true()
    members = viewer.organizations_with(Role.FOCAL_POINT)
    return Grant.member_id.in_(members) if members else false()


def concerns(viewer: Actor) -> ColumnElement[bool]:
    """Grants on which anything may wait for the viewer, or the viewer for others."""
    return or_(leads(viewer), gives(viewer), joins(viewer))


@dataclass(frozen=True)
class Waits:
    """One thing that waits: whom for, in which words, where, and what a colleague takes it by."""

    grant: Grant
    wait: Waiting | None
    way: Way
    values: tuple[tuple[str, str], ...]
    take: tuple[str, str] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    # Whether the data partner waits for it as the project lead does.
    partner_awaits: bool = False


def rows_of(session: Session, viewer: Actor, now: datetime, things: Iterable[Waits]) -> list[Row | None]:
    """The viewer's row of each of these; None for those that do not concern the viewer. A fixed number of statements."""
    found = list(things)
    asked = turns(session, (each.wait for each in found), now)
    giving = viewer.organizations_with(*STEWARDS)
    return [
        row_of_turn(
            each.grant,
            asked[each.wait.ref],
            viewer,
            each.way,
            each.values,
            take=each.take,
            facts=each.facts,
            awaits=each.partner_awaits and each.grant.data_partner_id in giving,
        )
        if each.wait
        else None
        for each in found
    ]
