"""The search index follows by itself: what a search does not catch up at once, the worker does within a minute.

Some of what it holds of a listing changes elsewhere: how long answers take, and what its data partner is called.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.commands.acts import touch
from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.history.queries import Happening
from app.organizations.models import Organization
from app.reactions.work import Chore, Reaction, Work, Writing
from app.rules.actors import NOBODY
from app.rules.events import Event
from app.search.engine.following import follow
from app.search.engine.shelf import shelf_of

# Somebody else who writes the index does the same work, so nobody needs to wait for long.
_PATIENCE = 1.0


def follow_listings(work: Work, _writing: Writing) -> None:
    """Bring this machine's index to the newest change, or build it where there is none."""
    with work.reading() as session:
        follow(session, shelf_of(session), _PATIENCE, is_fresh=True)


def measure_its_wait_again(session: Session, happening: Happening, _work: Work) -> None:
    """A dataset was decided on, so its typical wait may be another one, and that of its data partner, which others show."""
    decided = Dataset.reference == str(happening.facts.get("dataset", ""))
    owner = select(Dataset.organization_id).where(decided, known_to(NOBODY)).scalar_subquery()
    touch(session, select(Dataset.id).where(decided | (Dataset.organization_id == owner)))


def read_its_listings_anew(session: Session, happening: Happening, _work: Work) -> None:
    """An organization's details or its calendar changed: listings are found by its name, waits are counted in its days."""
    owner = select(Organization.id).where(Organization.slug == happening.ref).scalar_subquery()
    touch(session, select(Dataset.id).where(Dataset.organization_id == owner))


_DECIDED = (
    Event.ITEM_APPROVED, Event.ITEM_APPROVED_WITH_CONDITIONS, Event.ITEM_NOT_APPROVED, Event.DECISION_UNDONE,
    Event.ITEM_APPROVED_BY_RULE, Event.DECISION_VOIDED, Event.DECISION_REVISED,
)  # fmt: skip
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    **dict.fromkeys(_DECIDED, (measure_its_wait_again,)),
    Event.ORGANIZATION_EDITED: (read_its_listings_anew,),
    Event.CLOSED_DAYS_CHANGED: (read_its_listings_anew,),
}
CHORES: tuple[Chore, ...] = (follow_listings,)
