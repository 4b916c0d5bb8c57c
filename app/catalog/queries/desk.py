"""What stewards and officers work from."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.catalog.standing import known_to, steward_of
from app.organizations.naming import Awaited
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.roles import Role
from app.rules.workflow import ListingState

DESK_PAGE = 50


def listings_in_check(session: Session, viewer: Actor) -> list[Dataset]:
    """The listings that wait for this viewer's check, longest wait first; none for those who do not check."""
    if not may(viewer.consortium_roles, Action.PUBLISH_LISTING):
        return []
    wanted = whole().where(Dataset.state == ListingState.IN_CHECK, known_to(viewer))
    rows = session.scalars(wanted.order_by(Dataset.state_since, Dataset.id))
    return [row for row in rows if row.organization_id not in viewer.organization_ids]


def checking(dataset: Dataset, office: int) -> Awaited:
    """Who of the secretariat, the organization `office`, checks a listing."""
    barred = frozenset({dataset.organization_id})
    return Awaited("listing", dataset.reference, office, (Role.OFFICER,), substitutes=(Role.DIRECTOR,), barred=barred)


def listings_of(session: Session, viewer: Actor, state: ListingState | None = None, limit: int = 500) -> list[Dataset]:
    """The listings of the organizations for which the viewer writes, newest change first."""
    wanted = whole().where(Dataset.organization_id.in_(steward_of(viewer)))
    if state is not None:
        wanted = wanted.where(Dataset.state == state)
    return list(session.scalars(wanted.order_by(Dataset.updated_at.desc(), Dataset.id.desc()).limit(limit)))


@dataclass(frozen=True)
class DeskPage:
    """One page of the desk: the listings of a state, and how many there are of each."""

    rows: tuple[Dataset, ...]
    counts: dict[ListingState, int]
    pages: int
    number: int


def desk_page(session: Session, viewer: Actor, state: ListingState | None, number: int) -> DeskPage:
    """What they list for whom the viewer writes, newest change first, a page at a time; a number too high gives the last."""
    own = Dataset.organization_id.in_(steward_of(viewer))
    counted = session.execute(select(Dataset.state, func.count()).where(own).group_by(Dataset.state))
    counts = dict(counted.all())
    wanted = whole().where(own) if state is None else whole().where(own, Dataset.state == state)
    ordered = wanted.order_by(Dataset.updated_at.desc(), Dataset.id.desc())
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    pages = -(-total // DESK_PAGE)
    shown = max(min(number, pages), 1)
    rows = session.scalars(ordered.limit(DESK_PAGE).offset((shown - 1) * DESK_PAGE))
    return DeskPage(tuple(rows), counts, pages, shown)


def drafts_returned(session: Session, viewer: Actor) -> list[Dataset]:
    """The viewer's drafts that came back from the check with a message."""
    wanted = whole().where(
        Dataset.organization_id.in_(steward_of(viewer)),
        Dataset.state == ListingState.DRAFT,
        Dataset.state_reason.is_not(None),
    )
    return list(session.scalars(wanted.order_by(Dataset.state_since)))
