"""Hand-overs for those who have to do with them, and whether one gives a right at a moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.changes.standing import subgrant_standing
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.commands.acting import NOT_THERE
from app.grants.models import Grant, SubGrant
from app.grants.queries.verification import sub_status_of
from app.letters.verdict import Issued
from app.proposals.models import Proposal
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import Wait, progress
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine
from app.rules.visibility import sees
from app.rules.workflow import Machine, SubGrantState


@dataclass(frozen=True)
class SeenSubGrant:
    """A hand-over, its grant, what the viewer may do with it, and whether it gives a right now."""

    row: SubGrant
    grant: Grant
    may: frozenset[Action]
    status: Issued


def subgrants_under(session: Session, grant: Grant) -> list[SubGrant]:
    """The hand-overs that stand under a grant now."""
    return list(session.scalars(select(SubGrant).where(SubGrant.grant_id == grant.id).order_by(SubGrant.id)))


def subgrant_seen_by(session: Session, viewer: Actor, number: str, now: datetime) -> SeenSubGrant:
    """One hand-over; raises NotFound for those who have no business with its grant."""
    row = subgrant_by_number(session, number)
    roles = subgrant_standing(session, viewer, row.grant)
    if not sees(roles, Machine.SUBGRANT, row.state):
        raise NotFound(NOT_THERE)
    may = allowed(roles, Machine.SUBGRANT, row.state)
    return SeenSubGrant(row, row.grant, may, sub_status_of(row, row.grant, now))


def subgrant_by_number(session: Session, number: str) -> SubGrant:
    """One hand-over with its grant and parties, whoever asks; raises NotFound."""
    above = joinedload(SubGrant.grant)
    wanted = select(SubGrant).where(SubGrant.number == number)
    row = session.scalar(
        wanted.options(
            above.joinedload(Grant.member), above.joinedload(Grant.data_partner), joinedload(SubGrant.letter)
        )
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Hand-overs that wait for the viewer's signature, and those whose recipient the viewer waits for."""
    keys = _keys(or_(_to_sign(viewer), _awaited(viewer)))
    found = select(SubGrant).where(SubGrant.id.in_(keys)).options(joinedload(SubGrant.grant)).order_by(SubGrant.id)
    return [_row(each, viewer, now) for each in session.scalars(found)]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there is any such row for the viewer."""
    return _keys(or_(_to_sign(viewer), _awaited(viewer))).exists()


def count(viewer: Actor, _now: datetime) -> ScalarSelect[int]:
    """How many of these rows are the viewer's own."""
    mine = _keys(_to_sign(viewer))
    return mine.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()


def _keys(condition: ColumnElement[bool]) -> Select[int]:
    return (
        select(SubGrant.id)
        .join(Grant, Grant.id == SubGrant.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .where(condition)
    )


def _to_sign(viewer: Actor) -> ColumnElement[bool]:
    signing = viewer.organizations_with(Role.SIGNATORY)
    return and_(SubGrant.state == SubGrantState.TO_SIGN, Grant.member_id.in_(signing))


def _awaited(viewer: Actor) -> ColumnElement[bool]:
    leads = and_(Proposal.lead_id == viewer.person_id, Grant.member_id.in_(viewer.organization_ids))
    return and_(SubGrant.state.in_((SubGrantState.TO_SIGN, SubGrantState.OFFERED)), leads)


def _row(each: SubGrant, viewer: Actor, now: datetime) -> Row:
    clock = progress(Wait.SIGNATURE, each.state_since, now)
    is_mine = each.state is SubGrantState.TO_SIGN and Role.SIGNATORY in viewer.roles_at(each.grant.member_id)
    sentences = {
        SubGrantState.TO_SIGN: N_("Your signatory signs a hand-over"),
        SubGrantState.OFFERED: N_("The recipient answers a hand-over"),
    }
    return Row(
        group=mine(clock.is_over) if is_mine else Group.OTHERS,
        sentence=N_("Sign a hand-over of data") if is_mine else sentences[each.state],
        facts=(),
        lines=(f"{each.grant.title} · {each.number}", each.organization_name),
        initials=viewer.initials,
        tone="a" if is_mine else "c",
        endpoint="changes.subgrant",
        values=(("number", each.number),),
        button=N_("Read and sign") if is_mine else "",
        due=clock.due,
        clock=clock,
    )
