"""Filling a listing from an export of this product: each field as it was, and nothing opened wider than its new home does."""

from datetime import datetime

from app.catalog.commands.writing import set_countries, set_themes
from app.catalog.models import Dataset, DatasetCondition
from app.catalog.terms import refusals
from app.exchange.foreign import Described
from app.exchange.foreign.own import OF_SAMPLE, Own, narrower
from app.foundation.errors import Invalid


def fill_own(dataset: Dataset, row: Described, own: Own, now: datetime) -> None:
    """Write what the export says. A sample that looks as if it named persons is left as the listing has it.

    Raises:
        Invalid: a condition goes beyond the agreement that is signed here.
    """
    for finding in refusals(own.conditions):
        raise Invalid(str(finding.sentence), finding.parameter)
    dataset.title, dataset.description, dataset.release = row.title, row.description, row.release
    dataset.coverage_start, dataset.coverage_end = row.coverage_start, row.coverage_end
    dataset.foreign, dataset.content_hash, dataset.updated_at = own.carried, row.content_hash, now
    dataset.visibility = narrower(dataset.visibility, own.visibility)
    left = OF_SAMPLE if own.persons else ()
    for column, value in own.columns.items():
        if column not in left:
            setattr(dataset, column, value)
    set_countries(dataset, own.countries)
    set_themes(dataset, own.themes)
    kept = {one.parameter: one for one in dataset.conditions}
    for name, value in own.conditions.items():
        kept.setdefault(name, DatasetCondition(parameter=name)).value = {"value": value}
    dataset.conditions = [kept[name] for name in sorted(own.conditions)]
