"""The four pages on which a listing is written, as plain values, and the fields that each of them fills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.foundation.words import N_
from app.rules.vocabulary import AccessMode, Frequency, Sensitivity, Visibility


class Page(StrEnum):
    """The pages in the order in which they are written."""

    WHAT = "what"
    WHERE = "where"
    ACCESS = "access"
    TERMS = "terms"


PAGES: dict[Page, str] = {
    Page.WHAT: N_("What it is"),
    Page.WHERE: N_("Where and when"),
    Page.ACCESS: N_("How it is reached"),
    Page.TERMS: N_("What is promised"),
}


@dataclass(frozen=True)
class Column:
    """One row of the data dictionary."""

    name: str
    meaning: str = ""
    type: str = ""
    unit: str = ""
    # Which values there are, and the code that stands for a missing one.
    values: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Sample:
    """A few safe or synthetic rows, as they are shown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_synthetic: bool = False


class ShownRows(StrEnum):
    """Which rows of an uploaded sample everyone sees. Whatever is chosen, no other row of the file is kept."""

    MADE_UP = "made_up"
    FIRST = "first"
    NONE = "none"


@dataclass(frozen=True)
class What:
    """Page 1. A `dictionary` or `sample` of None leaves the one that is there."""

    title: str = ""
    summary: str = ""
    description: str = ""
    publisher: str = ""
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    good_for: tuple[str, ...] = ()
    not_good_for: tuple[str, ...] = ()
    dictionary: tuple[Column, ...] | None = None
    sample: Sample | None = None


@dataclass(frozen=True)
class Where:
    """Page 2. No `coverage_end` means that the data still grows."""

    countries: tuple[str, ...] = ()
    coverage_start: date | None = None
    coverage_end: date | None = None
    spatial_resolution: str = ""
    unit: str = ""
    size: str = ""
    frequency: Frequency = Frequency.UNKNOWN
    languages: tuple[str, ...] = ()
    contact: str = ""
    release: str = ""
    landing_page: str = ""
    license_text: str = ""


@dataclass(frozen=True)
class Access:
    """Page 3. The collaborative type follows from the access mode."""

    access_mode: AccessMode | None = None
    sensitivity: Sensitivity | None = None
    delivery_steps: str = ""
    visibility: Visibility = Visibility.PUBLIC
    admitted: frozenset[int] = frozenset()
    extra_questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """Page 4: values for parameters of the agreement's clauses, as plain JSON values; None leaves a parameter unset."""

    conditions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """A release of the data: what it is called, the day it came, what is new, and the period that it covers."""

    label: str
    released_on: date | None
    notes: str = ""
    covers_from: date | None = None
    covers_to: date | None = None


Answers = What | Where | Access | Terms

PAGE_OF: dict[type, Page] = {What: Page.WHAT, Where: Page.WHERE, Access: Page.ACCESS, Terms: Page.TERMS}
