"""Datasets like another one, among those that a viewer may find: by their words first, then by theme, place and grain."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy.orm import Session
from tantivy import Occur, Query

from app.catalog.models import Dataset
from app.catalog.queries import Brief, briefs
from app.catalog.standing import audiences_of
from app.rules.actors import Actor
from app.search.engine import ranking, schema
from app.search.engine.following import up_to_date
from app.search.engine.shelf import mended
from app.search.engine.snapshot import whole
from app.search.engine.values import Facet, granularity_of
from app.search.engine.view import View
from app.search.language.stopwords import ASKING

# Of what a listing would gain that has all of the words and hardly any others, so much has one that is like it, what it has in
# common beside them included. Both are parts of a whole, so that the bound means the same among 30 listings and 30,000
# (decision 0083 tells what it was held against).
LEAST = 0.2
# What it adds to have all of the themes, one of the countries, or the grain, as a part of the same; less of what many have.
_THEMES, _COUNTRY, _GRAIN = 0.15, 0.03, 0.03
# Words of a listing that are looked for in the others, and of how many those are chosen that any other has.
_TELLING, _ASKED = 12, 24
_TITLE, _KEYWORDS = 3.0, 2.0


def similar(session: Session, viewer: Actor, dataset: Dataset, limit: int = 3) -> list[Brief]:
    """The datasets most like this one, best first; never itself, only what the viewer would find, and nothing that is unlike.

    Its themes and countries must be loaded.
    """
    keys = mended(session, lambda: _keys(session, viewer, dataset, limit))
    rows = briefs(session, viewer, keys)
    return [rows[key] for key in keys if key in rows]


def _keys(session: Session, viewer: Actor, dataset: Dataset, limit: int) -> list[int]:
    snapshot, _ = up_to_date(session)
    view = View(snapshot, audiences_of(viewer))
    itself = (Occur.MustNot, view.one_of(schema.KEY, {str(dataset.id)}))
    with whole():
        terms = _shared(view, dataset, itself)
        most = ranking.most_of(view, terms)
        scored = ranking.any_of(ranking.scores(view, terms, ranking.KEYWORDS))
        beside = [(Occur.Should, query) for query in _beside(view, dataset, most)]
        found, _ = view.best(view.within({}, (Occur.Must, scored), *beside, itself), 0, limit)
    return [one.dataset_id for one in found if one.score >= LEAST * most]


def _shared(view: View, dataset: Dataset, itself: tuple[Occur, Query]) -> list[ranking.Term]:
    """The words that tell the listing from others and that some other has: what nobody shares makes nobody less alike."""
    texts = (
        (_TITLE, dataset.title),
        (_KEYWORDS, " ; ".join(dataset.keywords)),
        (1.0, dataset.summary),
        (1.0, dataset.description),
    )
    terms = ranking.telling(view, texts, ASKING, _ASKED)
    shared = (term for term in terms if view.count(_but(itself, ranking.found_by(view, term))))
    return list(islice(shared, _TELLING))


def _but(itself: tuple[Occur, Query], found: Query | None) -> Query:
    return Query.boolean_query([itself, (Occur.Must, found or Query.empty_query())])


def _beside(view: View, dataset: Dataset, most: float) -> Iterator[Query]:
    """What one that has the same theme, place or grain has more of; what every listing has adds nothing."""
    themes = dataset.theme_codes
    grain = granularity_of(f"{dataset.spatial_resolution} {dataset.unit}")
    alike = [
        *((Facet.THEME, [theme], _THEMES / len(themes)) for theme in themes),
        (Facet.COUNTRY, dataset.country_codes, _COUNTRY),
        (Facet.GRANULARITY, [grain.value] if grain else [], _GRAIN),
    ]
    for facet, values, part in alike:
        having = view.count(view.has(facet, values)) if values else 0
        if having:
            yield view.one_of(facet.value, values, round(part * most * (1 - having / view.size)))
