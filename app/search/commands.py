"""Keeping searches: saved, renamed, looked into and thrown away by the person whose they are."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed
from app.foundation.hashing import content_hash
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.rules.actors import Actor
from app.rules.mail import Cadence
from app.rules.mail_hours import Hours, after_quiet, next_morning
from app.search.addresses import written
from app.search.models import FoundListing, SavedSearch
from app.search.queries import SearchRequest
from app.search.queries.asking import cleaned
from app.search.queries.saved import own_search

LONGEST_NAME = 120
MOST_SAVED = 50
# How long after one look the next one comes, for those who want to know at once.
OFTEN = timedelta(minutes=5)


def save(
    session: Session, actor: Actor, asked: SearchRequest, name: str, cadence: Cadence, hours: Hours, now: datetime
) -> SavedSearch:
    """Keep a search. One that the person keeps already gets the new name and rhythm.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: no name, or more searches than one person keeps.
    """
    if actor.person_id is None:
        raise NotAllowed(N_("Sign in to keep a search. Without an account, follow it by its feed."))
    question = written(cleaned(asked))
    own = select(SavedSearch).where(SavedSearch.person_id == actor.person_id)
    row = session.scalar(own.where(SavedSearch.question_hash == content_hash([question])))
    if row is None:
        if (session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST_SAVED:
            raise Invalid(N_("You keep 50 searches. Remove one to keep another."), field="name")
        row = SavedSearch(
            person_id=actor.person_id,
            question=question,
            question_hash=content_hash([question]),
            created_at=now,
            since=now,
        )
        session.add(row)
    _set(row, name, cadence, hours, now)
    session.flush()
    return row


def change(
    session: Session, actor: Actor, search_id: int, name: str, cadence: Cadence, hours: Hours, now: datetime
) -> SavedSearch:
    """Give a saved search another name or rhythm; raises NotFound where it is not the person's own."""
    row = own_search(session, actor, search_id)
    _set(row, name, cadence, hours, now)
    return row


def remove(session: Session, actor: Actor, search_id: int) -> None:
    """Throw a saved search away; raises NotFound where it is not the person's own."""
    session.delete(own_search(session, actor, search_id))


def looked(session: Session, row: SavedSearch, found: Iterable[int], now: datetime) -> None:
    """Note which listings the person is told of, and that everything up to now was looked at."""
    session.add_all(FoundListing(saved_search_id=row.id, dataset_id=key, found_at=now) for key in found)
    row.since = now
    session.flush()


def next_look(cadence: Cadence, hours: Hours, now: datetime) -> datetime:
    """When a search of this rhythm is looked into next, never in the person's quiet hours."""
    if cadence in (Cadence.DAILY, Cadence.WEEKLY):
        return after_quiet(next_morning(now, hours, weekly=cadence is Cadence.WEEKLY), hours)
    return after_quiet(now + OFTEN, hours)


def _set(row: SavedSearch, name: str, cadence: Cadence, hours: Hours, now: datetime) -> None:
    called = clean_line(name)
    if not called:
        raise Invalid(N_("Enter a name for the search, like Mobility in Colombia."), field="name")
    if len(called) > LONGEST_NAME:
        raise Invalid(N_("Shorten the name to 120 characters or fewer."), field="name")
    if row.cadence is Cadence.OFF and cadence is not Cadence.OFF:
        row.since = now  # what was listed while nobody wanted to know is no news any more
    row.name, row.cadence, row.look_at = called, cadence, next_look(cadence, hours, now)
