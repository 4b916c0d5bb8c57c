"""What a listing says, by field, and the names of what has changed between two moments: what its page tells of changes."""

from collections.abc import Callable, Iterable

from app.catalog.models import Dataset
from app.foundation.words import N_

# The fields whose changes everyone reads who sees the page. Who sees it, and what is asked of proposers, is nobody else's.
FIELDS: dict[str, str] = {
    "title": N_("Title"),
    "summary": N_("One sentence"),
    "description": N_("Description"),
    "publisher": N_("Publisher"),
    "themes": N_("Themes"),
    "keywords": N_("Keywords"),
    "good_for": N_("Good for"),
    "not_good_for": N_("Not good for"),
    "dictionary": N_("Data dictionary"),
    "sample": N_("Sample"),
    "profile": N_("Shape of the columns"),
    "countries": N_("Countries"),
    "coverage_start": N_("First day"),
    "coverage_end": N_("Last day"),
    "spatial_resolution": N_("Finest area"),
    "unit": N_("Finest unit"),
    "size": N_("Size"),
    "frequency": N_("Refreshed"),
    "languages": N_("Languages"),
    "contact": N_("Contact"),
    "release": N_("Release"),
    "license_text": N_("Terms of the source"),
    "landing_page": N_("Page about the data elsewhere"),
    "access_mode": N_("Way of access"),
    "sensitivity": N_("Sensitivity"),
    "delivery_steps": N_("Delivery"),
    "conditions": N_("Conditions of use"),
}

Said = dict[str, object]

_JOINED: dict[str, Callable[[Dataset], object]] = {
    "themes": lambda d: sorted(row.theme for row in d.themes),
    "countries": lambda d: sorted(row.country for row in d.countries),
    "conditions": lambda d: sorted((row.parameter, repr(row.value.get("value"))) for row in d.conditions),
}


def said(dataset: Dataset) -> Said:
    """Everything that the listing says now."""
    return {name: _JOINED[name](dataset) if name in _JOINED else getattr(dataset, name) for name in FIELDS}


def changed(before: Said, after: Said) -> list[str]:
    """The fields that say something else than before."""
    return [name for name in FIELDS if before[name] != after[name]]


def field_names(fields: Iterable[str]) -> list[str]:
    """Those fields in words, untranslated, in the order of the table; what is not in it stays unsaid."""
    wanted = set(fields)
    return [words for name, words in FIELDS.items() if name in wanted]
