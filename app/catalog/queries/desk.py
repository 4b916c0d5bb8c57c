"""What stewards and officers work from."""

from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.catalog.standing import known_to, steward_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.workflow import ListingState

_ORDER = (ListingState.DRAFT, ListingState.IN_CHECK, ListingState.PAUSED, ListingState.LISTED, ListingState.WITHDRAWN)


def listings_in_check(session: Session, viewer: Actor) -> list[Dataset]:
    """The listings that wait for this viewer's check, longest wait first; none for those who do not check."""
    if not may(viewer.consortium_roles, Action.PUBLISH_LISTING):
        return []
    wanted = whole().where(Dataset.state == ListingState.IN_CHECK, known_to(viewer))
    own = steward_of(viewer)
    rows = session.scalars(wanted.order_by(Dataset.state_since, Dataset.id))
    return [row for row in rows if row.organization_id not in own]


def listings_of(session: Session, viewer: Actor, state: ListingState | None = None, limit: int = 500) -> list[Dataset]:
    """The listings of the organizations for which the viewer writes, newest change first."""
    wanted = whole().where(Dataset.organization_id.in_(steward_of(viewer)))
    if state is not None:
        wanted = wanted.where(Dataset.state == state)
    return list(session.scalars(wanted.order_by(Dataset.updated_at.desc(), Dataset.id.desc()).limit(limit)))


def drafts_returned(session: Session, viewer: Actor) -> list[Dataset]:
    """The viewer's drafts that came back from the check with a message."""
    wanted = whole().where(
        Dataset.organization_id.in_(steward_of(viewer)),
        Dataset.state == ListingState.DRAFT,
        Dataset.state_reason.is_not(None),
    )
    return list(session.scalars(wanted.order_by(Dataset.state_since)))
