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

# Words of a listing that are looked for in the others.
_TELLING = 12
_TITLE, _KEYWORDS = 3.0, 2.0


def similar(session: Session, viewer: Actor, dataset: Dataset, limit: int = 3) -> list[Brief]:
    """The datasets most like this one, best first; never itself, and only what the viewer would find."""
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
    return [one.dataset_id for one in found]
