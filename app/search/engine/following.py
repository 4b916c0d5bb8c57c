"""How the index follows the database: by the changes of listings, in their order; anew where there is no other way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tantivy import Document

from app.catalog import uses
from app.catalog.models import Dataset, ListingChange
from app.foundation import clock
from app.foundation.installation import installation
from app.rules.listings import OFFERED
from app.search.engine.document import document
from app.search.engine.listings import offered
from app.search.engine.schema import FORM
from app.search.engine.shelf import Shelf, shelf_of
from app.search.engine.snapshot import Broken, Held, Snapshot

log = structlog.get_logger()
# A search catches up so many changes itself, or builds an index of so few listings; the worker does what is more.
_SMALL_REST, _SMALL_CATALOG = 1000, 3000
_PATIENCE = 5.0
_LAST_CHANGE = select(func.max(ListingChange.__table__.c.seq))


def up_to_date(session: Session) -> tuple[Snapshot, bool]:
    """The index with every change that this session sees, and whether it is behind all the same.

    It is behind where the worker has to build it, or where it cannot be written. Rows are read under the viewer's rights
    in any case, so that an index that is behind shows nothing that it should not.
    """
    shelf, seen = shelf_of(session), last_change(session)
    held = _current(shelf)
    if held is not None and is_current(held.held, seen):
        return held, False
    if not _is_too_much(session, held, seen):
        try:
            follow(session, shelf)
        except (Broken, OSError) as error:
            log.error("search_index_broken", error=repr(error))
        held = _current(shelf)
    if held is None:
        return _nothing(), True
    return held, not is_current(held.held, seen)


def follow(
    session: Session,
    shelf: Shelf,
    patience: float = _PATIENCE,
    *,
    anew: bool = False,
    is_fresh: bool = False,
    told: Callable[[int], None] | None = None,
) -> bool:
    """Bring the index to what the session sees; False where another process kept the right to write.

    Args:
        anew: build it from the beginning, whatever is there.
        is_fresh: the session has read nothing yet, so an index that holds more than the database was left over from
            before the database was restored.
        told: is called with the number of listings after each part.

    Raises:
        Broken, OSError: it cannot be written.
    """
    with shelf.writing(patience) as is_ours:
        if not is_ours:
            return False
        held = _current(shelf)
        seen = last_change(session)
        this_year, database = clock.now().year, database_of(session)
        fits = held is not None and (held.held.form, held.held.year, held.held.database) == (FORM, this_year, database)
        left_over = held is not None and is_fresh and held.held.position > seen
        changed = _changed_since(session, held.held.position) if held else []
        if held is None or anew or not fits or left_over or len(changed) > max(_SMALL_REST, held.held.documents):
            fresh = Held("", FORM, seen, this_year, database, 0)
            shelf.replace(documents(session, this_year, told=told), fresh)
        elif held.held.position < seen:
            rest = documents(session, this_year, changed, told)
            shelf.change(map(str, changed), rest, replace(held.held, position=seen, turn=held.held.turn + 1))
    return True


def index_state(session: Session) -> tuple[str, bool]:
    """What the index of this machine is like, in words, and whether that is as it should be."""
    try:
        held = shelf_of(session).current()
    except Broken as error:
        return f"cannot be read: {error}", False
    if held is None:
        listed = session.scalar(select(func.count()).select_from(Dataset).where(Dataset.state.in_(OFFERED))) or 0
        return ("is made with the first search", True) if listed <= _SMALL_CATALOG else ("is not there", False)
    behind = last_change(session) - held.held.position
    fits = (held.held.form, held.held.database) == (FORM, database_of(session))
    if not fits or behind < 0:
        return "belongs to another database or an older version", False
    if behind > _SMALL_REST:
        return f"is {behind} changes behind", False
    return f"holds {held.searcher.num_docs} datasets", True


def is_current(held: Held, seen: int) -> bool:
    """Whether an index holds every change up to one. One that holds more was written by somebody who saw more."""
    return held.position >= seen and held.form == FORM and held.year == clock.now().year


def last_change(session: Session) -> int:
    """The number of the last change of a listing that this session sees."""
    return session.scalar(_LAST_CHANGE) or 0


def database_of(session: Session) -> str:
    """What tells this database from another one, of which the index may be left over."""
    row = installation(session)
    return row.created_at.isoformat() if row else ""


def documents(
    session: Session,
    this_year: int,
    only: Sequence[int] | None = None,
    told: Callable[[int], None] | None = None,
) -> Iterator[Document]:
    """Every listing that can be found, or those of some; in parts, so that no catalog is held whole."""
    for part in offered(session, only):
        waits = uses.provider().waits(session, [listing.id for listing in part])
        for listing in part:
            yield document(listing, waits.get(listing.id), this_year)
        if told is not None:
            told(len(part))


def _changed_since(session: Session, position: int) -> list[int]:
    changed = select(ListingChange.dataset_id).where(ListingChange.seq > position).distinct()
    return sorted(session.scalars(changed))


def _is_too_much(session: Session, held: Snapshot | None, seen: int) -> bool:
    """Whether nobody should wait for it. A position tells how many changes there are; how many listings is counted."""
    if held is not None and held.held.form == FORM and held.held.year == clock.now().year:
        return seen - held.held.position > _SMALL_REST
    counted = select(func.count()).select_from(Dataset).where(Dataset.state.in_(OFFERED))
    return (session.scalar(counted) or 0) > _SMALL_CATALOG


def _current(shelf: Shelf) -> Snapshot | None:
    try:
        return shelf.current()
    except Broken as error:
        log.error("search_index_broken", error=repr(error))
        shelf.discard()
        return None


def _nothing() -> Snapshot:
    """An index of nothing, for as long as the worker has not built one."""
    empty = Shelf()
    empty.replace([], Held("", FORM, 0, clock.now().year, "", 0))
    made = empty.current()
    if made is None:
        raise LookupError("an index in memory could not be made")
    return made
