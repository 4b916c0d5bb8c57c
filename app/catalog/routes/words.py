"""What templates say of a dataset: its address, places, years, rhythm, and the tone of its way of access."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from flask import current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.catalog.completeness import DIMENSIONS, Dimension, Requirement
from app.catalog.goals import goals as goals_of_listing
from app.catalog.models import Dataset, DatasetRelease
from app.catalog.queries import Brief, Listed
from app.catalog.terms import effective_terms
from app.foundation.clock import now
from app.foundation.text import slugify
from app.rules.goals import GOALS
from app.rules.licenses import license_of
from app.rules.vocabulary import (
    ACCESS_MODES,
    COLLABORATIVE_TYPES,
    FREQUENCIES,
    SENSITIVITIES,
    THEMES,
    WORLD,
    CollaborativeType,
    Frequency,
    Theme,
)
from app.web.answers import told
from app.web.words import country_name, day

_REFERENCE = re.compile(r"(?P<reference>[A-Za-z]{2}-[A-Za-z]?\d{1,12})(?:-(?P<slug>.*))?")
_SHOWN = 3


def reference_in(text: str) -> tuple[str, str | None]:
    """The reference in an address, in capitals, and the slug behind it; a text that is none gives itself."""
    found = _REFERENCE.fullmatch(text)
    return (found["reference"].upper(), found["slug"]) if found else (text, None)


def slugged(dataset: Dataset | Brief | Listed) -> str:
    """What stands in the dataset's address: its reference and, for readers, its title."""
    slug = slugify(dataset.title)
    return f"{dataset.reference}-{slug}" if slug else dataset.reference


def address(dataset: Dataset | Brief | Listed) -> str:
    """The path of the dataset's page."""
    return url_for("catalog.dataset", reference=slugged(dataset))


def public_address(dataset: Dataset | Brief | Listed) -> str:
    """The whole address under which people reach the page."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + address(dataset)


def mode_name(dataset: Dataset | Brief) -> str:
    """The way of access in words."""
    return told(ACCESS_MODES[dataset.access_mode]) if dataset.access_mode else ""


def mode_tone(dataset: Dataset | Brief) -> str:
    """Green where anybody may reach it directly, teal where a decision comes first."""
    return "green" if dataset.collaborative_type is CollaborativeType.PUBLIC_INTEREST else "teal"


def countries(dataset: Dataset | Brief) -> list[str]:
    """The countries by code, without the whole world."""
    return [code for code in dataset.country_codes if code != WORLD]


def covers_world(dataset: Dataset | Brief) -> bool:
    """Whether the data is for the whole world."""
    return WORLD in dataset.country_codes


def places(dataset: Dataset | Brief) -> str:
    """The countries in words, a few of many."""
    if covers_world(dataset):
        return _("Whole world")
    names = sorted(map(country_name, countries(dataset)))
    if len(names) > _SHOWN + 1:
        return _("%(countries)s and %(num)s more", countries=", ".join(names[:_SHOWN]), num=len(names) - _SHOWN)
    return ", ".join(names)


def years(dataset: Dataset | Brief) -> str:
    """The years covered; one without an end still grows."""
    start, end = dataset.coverage_start, dataset.coverage_end
    if start and end:
        return (
            str(start.year) if start.year == end.year else _("%(first)s to %(last)s", first=start.year, last=end.year)
        )
    if start:
        return _("since %(year)s", year=start.year)
    return _("until %(year)s", year=end.year) if end else ""


def rhythm(dataset: Dataset | Brief) -> str:
    """How often it is refreshed; nothing where that is not known."""
    return "" if dataset.frequency is Frequency.UNKNOWN else told(FREQUENCIES[dataset.frequency])


def refreshed(dataset: Dataset, releases: Sequence[DatasetRelease]) -> str:
    """How often it is refreshed, and when it was last, as far as releases tell."""
    often = rhythm(dataset)
    if not releases:
        return often
    last = day(releases[0].released_on)
    return _("%(often)s, last %(day)s", often=often, day=last) if often else last


def theme_names(dataset: Dataset | Brief) -> list[str]:
    """The themes in words."""
    return [told(THEMES[Theme(code)]) for code in dataset.theme_codes if code in set(Theme)]


def goals(dataset: Dataset) -> list[tuple[str, str]]:
    """The goals in words, each with where the datasets of that goal are."""
    return [(told(GOALS[goal]), url_for("search.index", goal=goal)) for goal in goals_of_listing(dataset)]


def language_names(codes: Iterable[str]) -> str:
    """Languages in words, in the reader's language; a code that is none as it is."""
    locale = get_locale()
    names = [(locale.languages.get(code.split("-")[0]) if locale else None) or code for code in codes]
    return ", ".join(name[:1].upper() + name[1:] for name in names)


def sensitivity(dataset: Dataset) -> str:
    """The sensitivity class in words."""
    return told(SENSITIVITIES[dataset.sensitivity]) if dataset.sensitivity else ""


def collaboration(dataset: Dataset) -> str:
    """The type of collaboration in words."""
    return told(COLLABORATIVE_TYPES[dataset.collaborative_type]) if dataset.collaborative_type else ""


def license_address(dataset: Dataset) -> str:
    """Where the license of the source stands, if its terms are one that is known by its SPDX id; otherwise nothing."""
    known = license_of(dataset.license_text)
    return known.address if known else ""


def license_name(dataset: Dataset) -> str:
    """The license of the source by its name and SPDX id, or the terms in the words of the source."""
    known = license_of(dataset.license_text)
    return f"{known.name} ({dataset.license_text})" if known else dataset.license_text


def smallest_cell(dataset: Dataset) -> str:
    """The fewest units that a published number may stand for, as the terms of any use have it."""
    value = effective_terms(dataset).value("k_min")
    return "" if value is None else _("%(num)s, in what is published", num=value)


def citation(dataset: Dataset, link: str) -> str:
    """How to name the dataset in a text."""
    year = (dataset.listed_at or dataset.created_at).year
    release = f", {dataset.release}" if dataset.release else ""
    who = dataset.publisher or dataset.organization.name
    return f"{who} ({year}). {dataset.title}{release}. {dataset.reference}. {link}"


def today() -> date:
    """This day, for data that still grows."""
    return now().date()


def chips(dataset: Dataset | Brief) -> list[str]:
    """The few facts of a row."""
    return [
        text
        for text in (years(dataset), places(dataset), dataset.unit or dataset.spatial_resolution, rhythm(dataset))
        if text
    ]


# Answers that are given on a page of their own.
_ELSEWHERE = {
    "dictionary": "catalog.edit_dictionary",
    "meanings": "catalog.edit_dictionary",
    "types": "catalog.edit_dictionary",
    "sample": "catalog.edit_sample",
    "profile": "catalog.edit_sample",
}


def mending(dataset: Dataset, requirement: Requirement) -> str:
    """Where an answer that is missing is given."""
    if requirement.field in _ELSEWHERE:
        return url_for(_ELSEWHERE[requirement.field], reference=dataset.reference)
    page = url_for("catalog.write", reference=dataset.reference, page_key=requirement.page.value, mend=1)
    return f"{page}#{requirement.field}"


def dimension(one: Dimension) -> tuple[str, str]:
    """A dimension of completeness in words, and what it means."""
    name, meaning = DIMENSIONS[one]
    return told(name), told(meaning)
