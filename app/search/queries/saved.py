"""Reading saved searches: one's own, those that are to be looked into, and what is new for one of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import Brief
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.rules.actors import Actor
from app.rules.listings import OFFERED
from app.rules.mail import Cadence
from app.search.models import FoundListing, SavedSearch
from app.search.queries.asking import SearchRequest, Sort
from app.search.queries.search import search

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
# So many new listings are told of in one look; the page of the search has the rest.
MOST_TOLD = 100
# A listing may be found a little after it was listed: the index follows.
LATE = timedelta(hours=1)
_AT_ONCE = 200


def saved_by(session: Session, viewer: Actor) -> Sequence[SavedSearch]:
    """The viewer's own saved searches, the newest first."""
    own = select(SavedSearch).where(SavedSearch.person_id == viewer.person_id)
    return session.scalars(own.order_by(SavedSearch.id.desc())).all()


def own_search(session: Session, viewer: Actor, search_id: int) -> SavedSearch:
    """One of the viewer's own saved searches; raises NotFound."""
    row = session.get(SavedSearch, search_id)
    if row is None or row.person_id != viewer.person_id:
        raise NotFound(NOT_THERE)
    return row


def to_look_into(session: Session, now: datetime) -> Sequence[SavedSearch]:
    """Saved searches whose time has come, each locked until the transaction ends; another worker takes others."""
    due = select(SavedSearch).where(SavedSearch.cadence != Cadence.OFF, SavedSearch.look_at <= now)
    return session.scalars(due.order_by(SavedSearch.look_at).limit(_AT_ONCE).with_for_update(skip_locked=True)).all()


def last_listed(session: Session) -> datetime | None:
    """When the newest listing was listed: nothing can be new since then."""
    return session.scalar(select(func.max(Dataset.listed_at)).where(Dataset.state.in_(OFFERED)))


def new_listings(session: Session, reader: Actor, saved: SavedSearch, asked: SearchRequest) -> list[Brief]:
    """What the search finds that was listed since the last look and was not told yet.

    Args:
        reader: the person of the search, with what they hold at this moment.
        asked: what the saved search asks for.
    """
    found = search(session, reader, followed(asked, MOST_TOLD))
    since = max(saved.created_at, saved.since - LATE)
    new = [hit.dataset for hit in found.hits if _is_after(hit.dataset, since)]
    told = select(FoundListing.dataset_id).where(
        FoundListing.saved_search_id == saved.id, FoundListing.dataset_id.in_([row.id for row in new])
    )
    known = set(session.scalars(told))
    return [row for row in new if row.id not in known]


def followed(asked: SearchRequest, most: int) -> SearchRequest:
    """The search as feeds and saved searches follow it: the newest of what has all of its words."""
    return replace(asked, sort=Sort.NEWEST, page=1, page_size=most, has_all=True)


def _is_after(row: Brief, since: datetime) -> bool:
    return row.listed_at is not None and row.listed_at > since
