"""What exchange adds to a dataset's page: links for programs in its head, its other forms and how to cite it at its end."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalog.around import Place, Section
from app.catalog.models import Dataset
from app.exchange.exports.forms import FORMS
from app.exchange.exports.schema_org import schema_org
from app.exchange.foreign.keeping import is_placed_by_title
from app.exchange.routes.exporting import address_of, site
from app.rules.actors import Actor


def _forms(_session: Session, _viewer: Actor, row: Dataset, _now: datetime) -> Mapping[str, object]:
    forms = [(form, address) for form in FORMS.values() if (address := address_of(row, form))]
    return {
        "forms": [pair for pair in forms if not pair[0].is_citation],
        "citations": [pair for pair in forms if pair[0].is_citation],
        "is_placed_by_title": is_placed_by_title(row),
    }


def _head(session: Session, viewer: Actor, row: Dataset, now: datetime) -> Mapping[str, object]:
    return {**_forms(session, viewer, row, now), "described": schema_org(row, site())}


SECTIONS = (
    Section(Place.HEAD, "exchange/on_dataset_head.html", _head),
    Section(Place.END, "exchange/on_dataset.html", _forms),
)
