"""Everything that a search finds, for files: all keys at once, the rows part by part."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog.standing import audiences_of
from app.rules.actors import Actor
from app.search.engine.document import Standing
from app.search.engine.following import up_to_date
from app.search.engine.shelf import mended
from app.search.engine.snapshot import whole
from app.search.engine.view import View
from app.search.queries.asking import Names, SearchRequest, cleaned
from app.search.queries.planning import plan
from app.search.queries.reading import read
from app.search.queries.search import order_of

# Rows that are read at once.
PART = 500


@dataclass(frozen=True)
class Result:
    """What a search finds, by key, in the order of its pages. `is_behind`: the index is being made, so there may be more.

    `view`: the index as it was then; a file says of facets what its page says.
    """

    keys: Sequence[int]
    view: View
    is_behind: bool = False

    def parts(self) -> Iterator[list[int]]:
        """The keys, so many at a time."""
        for start in range(0, len(self.keys), PART):
            yield list(self.keys[start : start + PART])

    def standings(self, keys: Collection[int]) -> dict[int, Standing]:
        """What some of them have of each facet, by key."""
        return _standings(self.view, keys)


def standings(session: Session, viewer: Actor, keys: Collection[int]) -> dict[int, Standing]:
    """What listings have of each facet, by key; only of those that the viewer may find."""
    return mended(session, lambda: _standings(View(up_to_date(session)[0], audiences_of(viewer)), keys))


def _standings(view: View, keys: Collection[int]) -> dict[int, Standing]:
    with whole():
        return view.standings(keys)


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
        return Result(view.every(query, order), view, is_behind)
