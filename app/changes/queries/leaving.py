"""What follows when a side leaves the common agreement, at its notice and on its day: counted, and named for who may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from app.agreements.models import Accession
from app.catalog.models import Dataset
from app.changes.models import GrantChange
from app.changes.queries.drill_lines import deleted_by
from app.grants.models import Grant, SubGrant
from app.grants.record import from_json
from app.grants.standing import seen_by
from app.proposals.models import Proposal, ProposalItem
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import GRANTS_ANEW
from app.rules.roles import Capacity, Role
from app.rules.stopping import runs_on_until
from app.rules.visibility import visible_states
from app.rules.workflow import LIVE_GRANTS, OPEN_CHANGES, ListingState, Machine, SubGrantState, transition

NAMED = 50
_LISTED = (ListingState.IN_CHECK, ListingState.LISTED, ListingState.PAUSED)
_HANDED = (SubGrantState.TO_SIGN, SubGrantState.OFFERED, SubGrantState.ACCEPTED, SubGrantState.ACTIVE)
_READS_ALL = frozenset({Role.OFFICER, Role.DIRECTOR, Role.AUDITOR})


@dataclass(frozen=True)
class GrantLine:
    """A running grant, whose other side it is with, its last day then, and by when its data is deleted."""

    number: str
    title: str
    other: str
    ends_on: date
    last: date
    delete_by: date


@dataclass(frozen=True)
class Named:
    """How many there are, and the first of them, reference and title, where the viewer may know of them."""

    count: int
    rows: tuple[tuple[str, str], ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Follows:
    """What would follow, or follows. `changes` of its grants lapse; `handed` under them end with them."""

    listings: Named
    proposals: Named
    grants: tuple[GrantLine, ...]
    changes: Named
    handed: int


def what_follows(session: Session, viewer: Actor, row: Accession, leaves_on: date, now: datetime) -> Follows:
    """What follows if this side leaves on a day. For whoever may see the accession: its own people, and the secretariat."""
    is_member = row.capacity is Capacity.MEMBER
    of_side = (Grant.member_id if is_member else Grant.data_partner_id) == row.organization_id
    wanted = (
        select(Grant).where(of_side, Grant.state.in_(LIVE_GRANTS), seen_by(viewer)).order_by(Grant.ends_on, Grant.id)
    )
    grants = session.scalars(wanted.options(joinedload(Grant.member), joinedload(Grant.data_partner))).unique().all()
    day = max(leaves_on, now.astimezone(UTC).date())
    return Follows(
        Named(0, ()) if is_member else _listings(session, row),
        _proposals(session, viewer, row),
        tuple(_line(grant, day, is_member=is_member) for grant in grants),
        _changes(session, grants, every=is_member),
        _handed_over(session, grants),
    )


def _line(grant: Grant, day: date, *, is_member: bool) -> GrantLine:
    last = min(day, grant.ends_on) if is_member else runs_on_until(day, grant.ends_on)
    other = grant.data_partner if is_member else grant.member
    return GrantLine(
        grant.number, grant.title, other.name, grant.ends_on, last, deleted_by(from_json(grant.record).datasets, last)
    )


def _listings(session: Session, row: Accession) -> Named:
    theirs = and_(Dataset.organization_id == row.organization_id, Dataset.state.in_(_LISTED))
    count = session.scalar(select(func.count()).select_from(Dataset).where(theirs)) or 0
    found = session.execute(select(Dataset.reference, Dataset.title).where(theirs).order_by(Dataset.title).limit(NAMED))
    return Named(count, tuple((reference, title) for reference, title in found))


def _proposals(session: Session, viewer: Actor, row: Accession) -> Named:
    """A member's own on their way; a data partner's reviews of others, once they were before it: by title for who reads them."""
    is_member = row.capacity is Capacity.MEMBER
    which = _own(row) if is_member else _asking(row)
    count = session.scalar(select(func.count()).select_from(Proposal).where(which)) or 0
    reads = viewer.roles_at(row.organization_id) & {Role.STEWARD, Role.DEPUTY} or viewer.consortium_roles & _READS_ALL
    if not (is_member or reads):
        return Named(count, ())
    found = session.execute(select(Proposal.reference, Proposal.title).where(which).order_by(Proposal.id).limit(NAMED))
    return Named(count, tuple((reference, title) for reference, title in found))


def _on_its_way() -> ColumnElement[bool]:
    return and_(Proposal.state.in_(transition(Action.END_PROPOSAL).sources), Proposal.ended_at.is_(None))


def _own(row: Accession) -> ColumnElement[bool]:
    return and_(_on_its_way(), Proposal.organization_id == row.organization_id)


def _asking(row: Accession) -> ColumnElement[bool]:
    asked = exists().where(
        ProposalItem.proposal_id == Proposal.id,
        ProposalItem.state.in_(transition(Action.CLOSE_ITEM).sources),
        Dataset.id == ProposalItem.dataset_id,
        Dataset.organization_id == row.organization_id,
    )
    return and_(_on_its_way(), Proposal.state.in_(visible_states(Machine.PROPOSAL, Role.DATASET_STEWARD)), asked)


def _changes(session: Session, grants: Sequence[Grant], *, every: bool) -> Named:
    keys = [grant.id for grant in grants]
    wanted = select(GrantChange).where(GrantChange.grant_id.in_(keys), GrantChange.state.in_(OPEN_CHANGES))
    found = [
        each
        for each in session.scalars(wanted.order_by(GrantChange.id))
        if every or GRANTS_ANEW.intersection(each.kinds)
    ]
    titles = {grant.id: grant.title for grant in grants}
    return Named(len(found), tuple((each.reference, titles[each.grant_id]) for each in found[:NAMED]))


def _handed_over(session: Session, grants: Sequence[Grant]) -> int:
    under = SubGrant.grant_id.in_([grant.id for grant in grants])
    counted = select(func.count()).select_from(SubGrant).where(under, SubGrant.state.in_(_HANDED))
    return session.scalar(counted) or 0
