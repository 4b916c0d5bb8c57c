"""Changes for those who have to do with them: one with what the viewer may do, those of a grant, and those that wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, cast, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from app.agreements.binding import left, offers_nothing_new
from app.changes.models import GrantChange
from app.changes.queries.waits import turn_of
from app.changes.standing import change_standing
from app.foundation.errors import NotFound
from app.grants.commands.acting import NOT_THERE
from app.grants.models import Grant
from app.grants.queries.turns import Turn
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import MOVES_THE_END
from app.rules.permissions import allowed
from app.rules.roles import Capacity
from app.rules.visibility import sees
from app.rules.workflow import OPEN_CHANGES, Machine


@dataclass(frozen=True)
class SeenChange:
    """A change, its grant, what the viewer may do with it now, and whose turn it is."""

    change: GrantChange
    grant: Grant
    may: frozenset[Action]
    turn: Turn | None


@dataclass(frozen=True)
class Link:
    """One grant of a chain."""

    number: str
    kind: str
    issued_at: datetime


def change_seen_by(session: Session, viewer: Actor, reference: str, now: datetime) -> SeenChange:
    """One change with all that its page shows; raises NotFound for those who have no business with it."""
    change = session.scalar(_whole().where(GrantChange.reference == reference))
    if change is None:
        raise NotFound(NOT_THERE)
    roles = change_standing(session, viewer, change.grant, change)
    if not sees(roles, Machine.CHANGE, change.state):
        raise NotFound(NOT_THERE)
    may = allowed(roles, Machine.CHANGE, change.state)
    return SeenChange(change, change.grant, may, turn_of(session, change, change.grant, now))


def changes_of(session: Session, grant: Grant) -> list[GrantChange]:
    """The changes of one grant, the newest first, for those who may see the grant."""
    return list(session.scalars(_whole().where(GrantChange.grant_id == grant.id).order_by(GrantChange.id.desc())))


def end_is_to_move() -> ColumnElement[bool]:
    """The grants whose last day is being talked about: a change on its way would move it, and both sides are there to agree."""
    kinds = cast(GrantChange.kinds, String)
    says = or_(*(kinds.contains(f'"{kind.value}"') for kind in sorted(MOVES_THE_END)))
    return (
        exists().where(GrantChange.grant_id == Grant.id, GrantChange.state.in_(OPEN_CHANGES), says) & ~side_has_left()
    )


def side_has_left() -> ColumnElement[bool]:
    """The grants that can be neither changed nor renewed any more, because a side of them has left the common agreement."""
    return or_(left(Grant.data_partner_id, Capacity.DATA_PARTNER), left(Grant.member_id, Capacity.MEMBER))


def nothing_follows() -> ColumnElement[bool]:
    """Those, and the grants of a data partner that has given notice: they run on, and none is renewed (clause 19.7)."""
    return or_(side_has_left(), offers_nothing_new(Grant.data_partner_id))


def chain_of(session: Session, grant: Grant) -> list[Grant]:
    """The grant with those before and after it, the oldest first. What was revoked before its seal is not in it."""
    related = select(Grant).where(
        Grant.proposal_id == grant.proposal_id, Grant.data_partner_id == grant.data_partner_id
    )
    rows = list(session.scalars(related.order_by(Grant.id)))
    return [each for each in rows if each.id == grant.id or each.sealed_at is not None]


def partner_by_slug(session: Session, viewer_ids: frozenset[int], slug: str) -> Organization:
    """A data partner that one of these organizations is; raises NotFound for every other."""
    row = session.scalar(select(Organization).where(Organization.slug == slug))
    if row is None or row.id not in viewer_ids:
        raise NotFound(NOT_THERE)
    return row


def _whole() -> Select[GrantChange]:
    parties = joinedload(GrantChange.grant)
    return select(GrantChange).options(
        parties.joinedload(Grant.data_partner),
        parties.joinedload(Grant.member),
        joinedload(GrantChange.asked_by),
        joinedload(GrantChange.decided_by),
        joinedload(GrantChange.successor),
    )
