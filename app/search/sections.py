"""What search adds to a dataset's page: where to go on from here, to datasets that are like it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.around import Place, Section
from app.catalog.models import Dataset
from app.rules.actors import Actor
from app.search.queries import similar


def _similar(session: Session, viewer: Actor, row: Dataset, _now: datetime) -> Mapping[str, object] | None:
    rows = similar(session, viewer, row)
    return {"rows": rows} if rows else None


SECTIONS = (Section(Place.END, "search/similar.html", _similar),)
