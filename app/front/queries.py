"""The few numbers and names that the start page shows to everybody, in a fixed number of statements.

They are counts of public things, the same for every visitor; a number that is not there yet is None and is not shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from app.catalog import queries as catalog
from app.catalog.models import Dataset
from app.catalog.standing import admitted_to, known_to
from app.catalog.uses import Wait
from app.figures.queries.answers import typical, typical_of_all, typical_of_partners
from app.figures.queries.spread import Spread
from app.grants.models import Grant, GrantDataset
from app.organizations.models import Organization
from app.proposals.asked import still_offered
from app.proposals.models import Proposal
from app.proposals.queries.cases import is_open
from app.proposals.step_models import VersionDataset
from app.rules.actors import NOBODY
from app.rules.listings import OFFERED
from app.rules.workflow import GrantState, ProposalState

NEWEST = 3
_OWNERS = select(Dataset.id, Dataset.organization_id).where(Dataset.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class Partner:
    """An organization that lends data, and how many datasets."""

    name: str
    slug: str
    datasets: int


@dataclass(frozen=True)
class Flow:
    """What became of all proposals that were ever sent."""

    sent: int
    granted: int
    in_force: int
    ended_without: int
    under_way: int


@dataclass(frozen=True)
class Start:
    """Everything on the start page."""

    datasets: int
    newest: list[Dataset]
    partners: list[Partner]
    countries: dict[str, int]
    grants: int
    wait: Wait | None
    flow: Flow


def start_page(session: Session) -> Start:
    """What anybody may see, counted now."""
    return Start(
        datasets=catalog.offered_count(session, NOBODY),
        newest=catalog.newest(session, NOBODY, NEWEST),
        partners=_partners(session),
        countries=catalog.countries_covered(session, NOBODY),
        grants=_count_grants(session),
        wait=typical_wait(session),
        flow=_flow(session),
    )


def typical_wait(session: Session) -> Wait | None:
    """The working days that data partners used for their answers; None below three answers."""
    known = typical_of_all(session)
    return as_wait(known) if known else None


def waits_on(session: Session, dataset_ids: Iterable[int]) -> dict[int, Wait]:
    """The same for each of these datasets; below three answers its data partner's, on all that everyone may know of.

    Those with fewer than three of either are left out.
    """
    asked = set(dataset_ids)
    waits = {dataset_id: as_wait(known) for dataset_id, known in typical(session, asked).items()}
    owners = dict(session.execute(_OWNERS, {"ids": sorted(asked - waits.keys())}).all())
    partners = typical_of_partners(session, set(owners.values()), known_to(NOBODY)) if owners else {}
    theirs = {owner: replace(as_wait(known), is_partners=True) for owner, known in partners.items()}
    return waits | {dataset_id: theirs[owner] for dataset_id, owner in owners.items() if owner in theirs}


def uses_so_far(session: Session, dataset_ids: Iterable[int]) -> dict[int, int]:
    """How many grants each of these datasets has had; those without any are left out."""
    return {row[0]: row[1] for row in session.execute(_USES, {"ids": sorted(set(dataset_ids))})}


def in_force_on(session: Session, dataset_id: int) -> int:
    """How many grants on the dataset are in force."""
    statement = (
        select(func.count())
        .select_from(GrantDataset)
        .join(Grant, Grant.id == GrantDataset.grant_id)
        .where(Grant.state == GrantState.ACTIVE, GrantDataset.dataset_id == dataset_id)
    )
    return session.scalar(statement) or 0


def grants_in_force_on(session: Session, dataset_id: int) -> list[Grant]:
    """Those grants with their members, the first to end first."""
    on_it = select(GrantDataset.grant_id).where(GrantDataset.dataset_id == dataset_id)
    in_force = select(Grant).where(Grant.state == GrantState.ACTIVE, Grant.id.in_(on_it))
    return list(session.scalars(in_force.options(selectinload(Grant.member)).order_by(Grant.ends_on, Grant.id)))


def open_proposals_for(session: Session, dataset_id: int) -> int:
    """How many open proposals that were shown to the data partner ask for the dataset, as they were sent last.

    One that goes on without it, because its data partner had left, is none of them.
    """
    asking = (
        select(func.count(Proposal.id.distinct()))
        .join(VersionDataset, VersionDataset.proposal_version_id == Proposal.current_version_id)
        .where(VersionDataset.dataset_id == dataset_id, Proposal.offered_at.is_not(None), is_open(), still_offered())
    )
    return session.scalar(asking) or 0


def as_wait(known: Spread) -> Wait:
    """A spread as the catalog shows it."""
    return Wait(ceil(known.median), known.low, known.high, known.count)


def _partners(session: Session) -> list[Partner]:
    number = func.count().label("number")
    statement = (
        select(Organization.name, Organization.slug, number)
        .join(Dataset, Dataset.organization_id == Organization.id)
        .where(Dataset.state.in_(OFFERED), admitted_to(NOBODY))
        .group_by(Organization.name, Organization.slug)
        .order_by(number.desc(), Organization.name)
    )
    return [Partner(name, slug, count) for name, slug, count in session.execute(statement)]


# A grant counts from the moment that its letter is sealed.
_ISSUED = frozenset(GrantState) - {GrantState.AWAITING_SIGNATURE}
_USES = (
    select(GrantDataset.dataset_id, func.count())
    .join(Grant, Grant.id == GrantDataset.grant_id)
    .where(Grant.state.in_(_ISSUED), GrantDataset.dataset_id.in_(bindparam("ids", expanding=True)))
    .group_by(GrantDataset.dataset_id)
)


def _count_grants(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Grant).where(Grant.state.in_(_ISSUED))) or 0


# Sent, and nothing more will come of it, unless a grant was issued before.
_OVER = frozenset({ProposalState.NOT_TAKEN_UP, ProposalState.WITHDRAWN, ProposalState.ENDED, ProposalState.PARKED})


def _flow(session: Session) -> Flow:
    granted = select(Grant.proposal_id).where(Grant.state.in_(_ISSUED))
    active = select(Grant.proposal_id).where(Grant.state == GrantState.ACTIVE)
    was_sent = Proposal.sent_at.is_not(None)
    is_granted, is_active = Proposal.id.in_(granted), Proposal.id.in_(active)
    is_over = ~is_granted & (Proposal.state.in_(_OVER) | Proposal.ended_at.is_not(None))
    counts = session.execute(
        select(
            func.count(),
            func.count().filter(is_granted),
            func.count().filter(is_active),
            func.count().filter(is_over),
        )
        .select_from(Proposal)
        .where(was_sent)
    ).one()
    sent, with_grant, in_force, over = (int(count) for count in counts)
    return Flow(sent, with_grant, in_force, over, sent - with_grant - over)
