"""Datasets like another one, among those that a viewer may find."""

from sqlalchemy.orm import Session
from tantivy import Occur

from app.catalog.models import Dataset
from app.catalog.queries import Brief, briefs
from app.catalog.standing import audiences_of
from app.rules.actors import Actor
from app.search.engine import ranking, schema
from app.search.engine.following import up_to_date
from app.search.engine.shelf import mended
from app.search.engine.snapshot import whole
from app.search.engine.view import View
from app.search.language.stopwords import ASKING

# Of what a listing would gain that has all of those words and hardly any others, so much has one that is like it. Held
# against three neighbors of 600 listings of four real catalogs with 31,000: below are 2 % of them, unlike in most cases (the
# observing of liposomes beside a list of pigments, one model of the atmosphere beside a forecast of tides).
LEAST = 0.15
# Words of a listing that are looked for in the others.
_TELLING = 12
_TITLE, _KEYWORDS = 3.0, 2.0


def similar(session: Session, viewer: Actor, dataset: Dataset, limit: int = 3) -> list[Brief]:
    """The datasets most like this one, best first; never itself, only what the viewer would find, and nothing that is unlike."""
    keys = mended(session, lambda: _keys(session, viewer, dataset, limit))
    rows = briefs(session, viewer, keys)
    return [rows[key] for key in keys if key in rows]


def _keys(session: Session, viewer: Actor, dataset: Dataset, limit: int) -> list[int]:
    snapshot, _ = up_to_date(session)
    view = View(snapshot, audiences_of(viewer))
    texts = (
        (_TITLE, dataset.title),
        (_KEYWORDS, " ; ".join(dataset.keywords)),
        (1.0, dataset.summary),
        (1.0, dataset.description),
    )
    with whole():
        terms = ranking.telling(view, texts, ASKING, _TELLING)
        itself = (Occur.MustNot, view.one_of(schema.KEY, {str(dataset.id)}))
        scored = ranking.any_of(ranking.scores(view, terms, ranking.KEYWORDS))
        found, _ = view.best(view.within({}, (Occur.Must, scored), itself), 0, limit)
        least = LEAST * ranking.most_of(view, terms)
    return [one.dataset_id for one in found if one.score >= least]
