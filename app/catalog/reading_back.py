"""A listing's answers read back into the values of its pages, so that some of them can be changed and the rest kept."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from app.catalog.answers import Access, Answers, What, Where
from app.catalog.models import Dataset


def what_of(dataset: Dataset) -> What:
    """Page 1 as it stands; dictionary and sample are left alone by it."""
    return What(
        title=dataset.title,
        summary=dataset.summary,
        description=dataset.description,
        publisher=dataset.publisher,
        themes=tuple(row.theme for row in dataset.themes),
        keywords=tuple(dataset.keywords),
        good_for=tuple(dataset.good_for),
        not_good_for=tuple(dataset.not_good_for),
    )


def where_of(dataset: Dataset) -> Where:
    """Page 2 as it stands."""
    return Where(
        countries=tuple(row.country for row in dataset.countries),
        coverage_start=dataset.coverage_start,
        coverage_end=dataset.coverage_end,
        spatial_resolution=dataset.spatial_resolution,
        unit=dataset.unit,
        size=dataset.size,
        frequency=dataset.frequency,
        languages=tuple(dataset.languages),
        contact=dataset.contact,
        release=dataset.release,
        landing_page=dataset.landing_page,
        license_text=dataset.license_text,
    )


def access_of(dataset: Dataset) -> Access:
    """Page 3 as it stands."""
    return Access(
        access_mode=dataset.access_mode,
        sensitivity=dataset.sensitivity,
        delivery_steps=dataset.delivery_steps,
        visibility=dataset.visibility,
        admitted=frozenset(row.organization_id for row in dataset.admitted),
        extra_questions=tuple(dataset.extra_questions),
    )


READ_BACK: Mapping[type, Callable[[Dataset], What | Where | Access]] = {
    What: what_of, Where: where_of, Access: access_of,
}  # fmt: skip


def said_in(answers: Answers) -> dict[str, Any]:
    """Those of the answers that say something else than where nobody answered."""
    silent = type(answers)()
    return {
        one.name: getattr(answers, one.name)
        for one in fields(answers)
        if getattr(answers, one.name) != getattr(silent, one.name)
    }
