"""What a listing must say before it is checked, what would help its readers, and what to mend next.

Each answer brings points, 100 in all, in one of five dimensions: those by which Europe's data portal judges descriptions of
datasets (data.europa.eu, metadata quality assessment: findability, accessibility, interoperability, reusability, contextuality).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.catalog.answers import Page
from app.catalog.models import Dataset
from app.foundation.words import N_
from app.rules.vocabulary import Frequency, Visibility

LONGEST_TITLE = 80
LONGEST_SUMMARY = 200
SHORTEST_DESCRIPTION = 100
# A required answer brings more than one that only helps.
REQUIRED_POINTS = 4

Check = Callable[[Dataset], bool]


class Dimension(StrEnum):
    """What an answer is good for."""

    FINDABLE = "findable"
    ACCESSIBLE = "accessible"
    INTEROPERABLE = "interoperable"
    REUSABLE = "reusable"
    CONTEXTUAL = "contextual"


_D = Dimension
DIMENSIONS: dict[Dimension, tuple[str, str]] = {
    _D.FINDABLE: (N_("Findable"), N_("People find it by words, theme, place and time.")),
    _D.ACCESSIBLE: (N_("Accessible"), N_("They know how the data is reached and whom to ask.")),
    _D.INTEROPERABLE: (N_("Interoperable"), N_("They know its columns before they see it.")),
    _D.REUSABLE: (N_("Reusable"), N_("They know what it may be used for, and what it is not good for.")),
    _D.CONTEXTUAL: (N_("In context"), N_("They know how it came about, how large and how fresh it is.")),
}


@dataclass(frozen=True)
class Requirement:
    """One answer: its field, its page, its dimension and points, and the sentence that says how to mend it."""

    field: str
    page: Page
    dimension: Dimension
    points: int
    name: str
    remedy: str
    is_met: Check


@dataclass(frozen=True)
class Score:
    """How far a listing is in one dimension, and what is missing there, what brings most first."""

    dimension: Dimension
    points: int
    most: int
    gaps: tuple[Requirement, ...]

    @property
    def percent(self) -> int:
        """Of the points that are there to have."""
        return 100 * self.points // self.most


@dataclass(frozen=True)
class Completeness:
    """How far a listing is. `next_fix` is None when nothing is left to do."""

    met: int
    required: int
    percent: int
    next_fix: Requirement | None
    scores: tuple[Score, ...]
    # The required answers that are not there.
    lacking: tuple[Requirement, ...] = ()


def _has(field: str) -> Check:
    return lambda dataset: bool(getattr(dataset, field))


def _condition(parameter: str) -> Check:
    return lambda d: any(row.parameter == parameter and row.value.get("value") for row in d.conditions)


def _each_column(key: str) -> Check:
    return lambda d: bool(d.dictionary) and all(str(column.get(key, "")) for column in d.dictionary)


def _must(
    field: str, page: Page, dimension: Dimension, name: str, remedy: str, check: Check | None = None
) -> Requirement:
    return Requirement(field, page, dimension, REQUIRED_POINTS, name, remedy, check or _has(field))


def _helps(
    points: int, field: str, page: Page, dimension: Dimension, name: str, remedy: str, check: Check | None = None
) -> Requirement:
    return Requirement(field, page, dimension, points, name, remedy, check or _has(field))


_WHAT, _WHERE, _ACCESS, _TERMS = Page.WHAT, Page.WHERE, Page.ACCESS, Page.TERMS

REQUIRED: tuple[Requirement, ...] = (
    _must("title", _WHAT, _D.FINDABLE, N_("Title"), N_("Give the dataset a title of up to 80 characters.")),
    _must("summary", _WHAT, _D.FINDABLE, N_("One sentence"), N_("Say in one sentence what, where and when.")),
    _must("description", _WHAT, _D.CONTEXTUAL, N_("Description"), N_("Describe how the data comes about and what it shows.")),
    _must("themes", _WHAT, _D.FINDABLE, N_("Themes"), N_("Choose at least one theme.")),
    _must("keywords", _WHAT, _D.FINDABLE, N_("Keywords"), N_("Give at least one keyword that people would search for.")),
    _must("not_good_for", _WHAT, _D.REUSABLE, N_("Not good for"), N_("Name at least one limit: what is the data not good for?")),
    _must("countries", _WHERE, _D.FINDABLE, N_("Countries"), N_("Choose the countries, or the whole world.")),
    _must("coverage_start", _WHERE, _D.FINDABLE, N_("First day"), N_("Give the day on which the data begins.")),
    _must("unit", _WHERE, _D.INTEROPERABLE, N_("Finest unit"), N_("Say what one row stands for, such as a city block and hour.")),
    _must(
        "frequency", _WHERE, _D.CONTEXTUAL, N_("Refreshed"), N_("Choose how often the data is refreshed."),
        lambda d: d.frequency is not Frequency.UNKNOWN,
    ),
    _must("contact", _WHERE, _D.ACCESSIBLE, N_("Contact"), N_("Give a mail or web address for questions about the data.")),
    _must("access_mode", _ACCESS, _D.ACCESSIBLE, N_("Way of access"), N_("Choose how the data is reached.")),
    _must("sensitivity", _ACCESS, _D.REUSABLE, N_("Sensitivity"), N_("Choose the sensitivity class.")),
    _must(
        "permitted_purposes", _TERMS, _D.REUSABLE, N_("Permitted purposes"), N_("Choose the purposes that the data may serve."),
        _condition("permitted_purposes"),
    ),
)  # fmt: skip

# Asked of a listing that is shown to the organizations it names: with none named nobody would ever find it.
NAMED = _must(
    "admitted", _ACCESS, _D.FINDABLE, N_("Organizations that see it"),
    N_("Name at least one organization: this listing is shown only to those you name."), lambda d: bool(d.admitted),
)  # fmt: skip

# Worth having: what is left of the 100 points.
HELPFUL: tuple[Requirement, ...] = (
    _helps(7, "dictionary", _WHAT, _D.INTEROPERABLE, N_("Data dictionary"), N_("List the columns: paste the header line.")),
    _helps(
        5, "meanings", _WHAT, _D.INTEROPERABLE, N_("Meaning of each column"), N_("Say what each column means, in a few words."),
        _each_column("meaning"),
    ),
    _helps(3, "types", _WHAT, _D.INTEROPERABLE, N_("Type of each"), N_("Say what each column holds."), _each_column("type")),
    _helps(
        5, "profile", _WHAT, _D.INTEROPERABLE, N_("Shape of the columns"),
        N_("Upload a safe sample: it becomes a small picture of each column."),
    ),
    _helps(5, "sample", _WHAT, _D.ACCESSIBLE, N_("Sample"), N_("Show a few safe or made-up rows of the data.")),
    _helps(5, "delivery_steps", _ACCESS, _D.ACCESSIBLE, N_("Delivery"), N_("Say in which steps the data arrives.")),
    _helps(4, "good_for", _WHAT, _D.REUSABLE, N_("Good for"), N_("Name what the data is good for.")),
    _helps(2, "size", _WHERE, _D.CONTEXTUAL, N_("Size"), N_("Say how large it is, in rows.")),
    _helps(2, "languages", _WHERE, _D.CONTEXTUAL, N_("Languages"), N_("Name the languages of the notes.")),
    _helps(2, "release", _WHERE, _D.CONTEXTUAL, N_("Release"), N_("Name the release, such as 2026-10.")),
    _helps(
        2, "description", _WHAT, _D.CONTEXTUAL, N_("Longer description"),
        N_("Describe it in at least 100 characters: how it comes about, and what changed over time."),
        lambda d: len(d.description) >= SHORTEST_DESCRIPTION,
    ),
    _helps(
        2, "title", _WHAT, _D.FINDABLE, N_("Shorter title"),
        N_("Shorten the title to 80 characters, so that it can be read in a list."), lambda d: len(d.title) <= LONGEST_TITLE,
    ),
)  # fmt: skip


def missing(dataset: Dataset) -> list[Requirement]:
    """The required answers that are not there, in the order of the pages."""
    return [requirement for requirement in _required(dataset) if not requirement.is_met(dataset)]


def missing_on(dataset: Dataset, page: Page) -> list[Requirement]:
    """The same for one page."""
    return [requirement for requirement in missing(dataset) if requirement.page is page]


def completeness(dataset: Dataset) -> Completeness:
    """How far the listing is, in all and in each dimension, and what to mend next."""
    lacking = missing(dataset)
    helpful = _best_first(one for one in HELPFUL if not one.is_met(dataset))
    gaps = [*lacking, *helpful]
    required = _required(dataset)
    asked = (*required, *HELPFUL)
    most = sum(one.points for one in asked)
    percent = 100 * (most - sum(one.points for one in gaps)) // most
    scores = tuple(_score(dimension, asked, gaps) for dimension in Dimension)
    return Completeness(
        len(required) - len(lacking), len(required), percent, next(iter(gaps), None), scores, tuple(lacking)
    )


def _required(dataset: Dataset) -> tuple[Requirement, ...]:
    """What this listing must say; `admitted` must be loaded."""
    if dataset.visibility is not Visibility.NAMED:
        return REQUIRED
    before_terms = sum(one.page is not _TERMS for one in REQUIRED)
    return (*REQUIRED[:before_terms], NAMED, *REQUIRED[before_terms:])


def _score(dimension: Dimension, asked: Iterable[Requirement], gaps: Iterable[Requirement]) -> Score:
    most = sum(one.points for one in asked if one.dimension is dimension)
    here = tuple(one for one in gaps if one.dimension is dimension)
    return Score(dimension, most - sum(one.points for one in here), most, here)


def _best_first(requirements: Iterable[Requirement]) -> list[Requirement]:
    return sorted(requirements, key=lambda one: -one.points)
