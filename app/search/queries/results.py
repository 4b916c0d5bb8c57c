"""Everything that a search finds, for files: all keys at once, the rows part by part."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import uses
from app.catalog.standing import audiences_of
from app.catalog.uses import Wait
from app.foundation import clock
from app.rules.actors import Actor
from app.search.engine.following import up_to_date
from app.search.engine.listings import offered
from app.search.engine.shelf import mended
from app.search.engine.snapshot import whole
from app.search.engine.values import Facet, facet_values
from app.search.engine.view import View
from app.search.queries.asking import Names, SearchRequest, cleaned
from app.search.queries.planning import plan
from app.search.queries.reading import read
from app.search.queries.search import order_of

# Rows that are read at once.
PART = 500


@dataclass(frozen=True)
class Result:
    """What a search finds, by key, in the order of its pages. `is_behind`: the index is being made, so there may be more."""

    keys: Sequence[int]
    is_behind: bool = False

    def parts(self) -> Iterator[list[int]]:
        """The keys, so many at a time."""
        for start in range(0, len(self.keys), PART):
            yield list(self.keys[start : start + PART])


@dataclass(frozen=True)
class Standing:
    """What a listing has of each facet, as the list counts it, and how long answers on it took."""

    facets: Mapping[Facet, Sequence[str]]
    wait: Wait | None


def standings(session: Session, keys: Collection[int]) -> dict[int, Standing]:
    """By key, of listings that their reader may find: whoever asks has looked the keys up under the reader's rights."""
    this_year = clock.now().year
    waits = uses.provider().waits(session, keys)
    return {
        one.id: Standing(facet_values(one, waits.get(one.id), this_year), waits.get(one.id))
        for part in offered(session, list(keys))
        for one in part
    }


def result(session: Session, viewer: Actor, request: SearchRequest, names: Names | None = None) -> Result:
    """Everything that `search` shows on its pages, eight bytes for each. Whoever reads the rows asks for the viewer's rights."""
    return mended(session, lambda: _result(session, viewer, cleaned(request), names or Names()))


def _result(session: Session, viewer: Actor, request: SearchRequest, names: Names) -> Result:
    snapshot, is_behind = up_to_date(session)
    view = View(snapshot, audiences_of(viewer))
    with whole():
        made = plan(view, read(request.text, names, request.as_text), request.text)
        order = order_of(made, request)
        query = made.cheap(view, request.facets) if order else made.ranked(view, request.facets)
        return Result(view.every(query, order), is_behind)
