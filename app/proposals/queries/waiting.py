"""The proposals that a person has to do with now: their turn, or waiting on others; and how many wait for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.catalog.models import Dataset
from app.organizations.models import Membership, Person
from app.proposals.models import Proposal, ProposalItem
from app.proposals.queries.cases import Listed, names_data_of, on_team, turns_for, visible_to
from app.proposals.queries.clock import progress_of
from app.rules.actors import Actor
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT, Progress
from app.rules.roles import Role
from app.rules.turns import OPEN_STATES, expected

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_OF_SECRETARIAT = (Role.OFFICER, Role.DIRECTOR)
_MOST = 300


def waiting(session: Session, viewer: Actor, now: datetime) -> list[Listed]:
    """The open proposals that the viewer acts on or waits for, the longest waiting first, in a fixed number of statements."""
    found = session.scalars(_concerning(viewer).options(joinedload(Proposal.organization))).all()
    answers = turns_for(session, viewer, found, now)
    return [
        Listed(row, row.organization.name, answers[row.id], answers[row.id].waits_for(viewer.person_id))
        for row in found
    ]


def waiting_count(session: Session, viewer: Actor, now: datetime) -> int:
    """How many proposals wait for the viewer by a date: as many as `waiting` says are theirs, drafts and parked ones aside."""
    found = [row for row in session.scalars(_concerning(viewer)) if row.waiting_since is not None]
    deciding = [row.id for row in found if expected(row.state, row.step).role is Role.DATASET_STEWARD]
    partners = _undecided(session, deciding) if deciding else {}
    return sum(_is_mine(row, viewer, partners.get(row.id, ()), now) for row in found)


@dataclass(frozen=True)
class _Partner:
    """A data partner with something left to decide, and whom it has for that."""

    id: int
    has_steward: bool
    has_deputy: bool


def _concerning(viewer: Actor) -> Select[Proposal]:
    return (
        select(Proposal)
        .where(visible_to(viewer), Proposal.state.in_(OPEN_STATES), Proposal.ended_at.is_(None), _acts_on(viewer))
        .order_by(Proposal.waiting_since.is_(None), Proposal.waiting_since, Proposal.id)
        .limit(_MOST)
    )


def _acts_on(viewer: Actor) -> ColumnElement[bool]:
    """Colleagues may read a proposal; only its team, its data partners' stewards and the secretariat have to do with it."""
    if viewer.person_id is None:
        return false()
    ways = [on_team(viewer)]
    deciding_for = viewer.organizations_with(*_STEWARDS)
    if deciding_for:
        ways.append(names_data_of(deciding_for))
    if viewer.organizations_with(*_OF_SECRETARIAT):
        ways.append(Proposal.waiting_since.is_not(None))
    return or_(*ways)


def _is_mine(row: Proposal, viewer: Actor, partners: Sequence[_Partner], now: datetime) -> bool:
    wanted, clock = expected(row.state, row.step), progress_of(row, now)
    is_officer = bool(viewer.organizations_with(Role.OFFICER))
    if wanted.role is Role.PROJECT_LEAD and row.lead_id == viewer.person_id:
        return True
    if wanted.role in _OF_SECRETARIAT:
        return bool(viewer.organizations_with(wanted.role))
    if is_officer and (_is_late(clock) or any(not each.has_steward and not each.has_deputy for each in partners)):
        return True
    return any(_decides(each, viewer, clock) for each in partners)


def _decides(partner: _Partner, viewer: Actor, clock: Progress | None) -> bool:
    if partner.id in viewer.organizations_with(Role.STEWARD):
        return True
    joins = not partner.has_steward or (clock is not None and clock.percent >= DEPUTY_JOINS_AT)
    return joins and partner.id in viewer.organizations_with(Role.DEPUTY)


def _is_late(clock: Progress | None) -> bool:
    return clock is not None and clock.percent >= SECRETARIAT_JOINS_AT


def _undecided(session: Session, proposal_ids: Collection[int]) -> dict[int, list[_Partner]]:
    statement = (
        select(
            ProposalItem.proposal_id,
            Dataset.organization_id,
            _has(Role.STEWARD).label("has_steward"),
            _has(Role.DEPUTY).label("has_deputy"),
        )
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .where(ProposalItem.proposal_id.in_(proposal_ids), ProposalItem.decision_id.is_(None))
        .distinct()
    )
    found: dict[int, list[_Partner]] = {}
    for proposal_id, partner_id, has_steward, has_deputy in session.execute(statement):
        found.setdefault(proposal_id, []).append(_Partner(partner_id, bool(has_steward), bool(has_deputy)))
    return found


def _has(role: Role) -> ColumnElement[bool]:
    return exists().where(
        and_(
            Membership.organization_id == Dataset.organization_id,
            Membership.role == role,
            Membership.ended_at.is_(None),
            Person.id == Membership.person_id,
            Person.active,
        )
    )
