"""What a listing must say before it is checked, what would help its readers, and what to mend next."""

from collections.abc import Callable
from dataclasses import dataclass

from app.catalog.answers import Page
from app.catalog.models import Dataset
from app.foundation.words import N_
from app.rules.vocabulary import Frequency

LONGEST_TITLE = 80
LONGEST_SUMMARY = 200
SHORTEST_DESCRIPTION = 100

Check = Callable[[Dataset], bool]


@dataclass(frozen=True)
class Requirement:
    """One answer that must be there: its field, its page, and the sentence that says how to mend it."""

    field: str
    page: Page
    name: str
    remedy: str
    is_met: Check


@dataclass(frozen=True)
class Completeness:
    """How far a listing is. `next_fix` is None when nothing is left to do."""

    met: int
    required: int
    percent: int
    next_fix: Requirement | None


def _has(dataset: Dataset, field: str) -> bool:
    return bool(getattr(dataset, field))


def _condition(dataset: Dataset, parameter: str) -> bool:
    return any(row.parameter == parameter and row.value.get("value") for row in dataset.conditions)


def _text(field: str, page: Page, name: str, remedy: str) -> Requirement:
    return Requirement(field, page, name, remedy, lambda dataset: _has(dataset, field))


REQUIRED: tuple[Requirement, ...] = (
    Requirement(
        "title",
        Page.WHAT,
        N_("Title"),
        N_("Give the dataset a title of up to 80 characters."),
        lambda d: len(d.title) > 0,
    ),
    _text("summary", Page.WHAT, N_("One sentence"), N_("Say in one sentence what, where and when.")),
    _text("description", Page.WHAT, N_("Description"), N_("Describe how the data comes about and what it shows.")),
    _text("themes", Page.WHAT, N_("Themes"), N_("Choose at least one theme.")),
    _text("keywords", Page.WHAT, N_("Keywords"), N_("Give at least one keyword that people would search for.")),
    _text("not_good_for", Page.WHAT, N_("Not good for"), N_("Name at least one limit: what is the data not good for?")),
    _text("countries", Page.WHERE, N_("Countries"), N_("Choose the countries, or the whole world.")),
    _text("coverage_start", Page.WHERE, N_("First day"), N_("Give the day on which the data begins.")),
    _text("unit", Page.WHERE, N_("Finest unit"), N_("Say what one row stands for, such as a city block and hour.")),
    Requirement(
        "frequency",
        Page.WHERE,
        N_("Refreshed"),
        N_("Choose how often the data is refreshed."),
        lambda d: d.frequency is not Frequency.UNKNOWN,
    ),
    _text("contact", Page.WHERE, N_("Contact"), N_("Give an address or a name for questions about the data.")),
    _text("access_mode", Page.ACCESS, N_("Way of access"), N_("Choose how the data is reached.")),
    _text("sensitivity", Page.ACCESS, N_("Sensitivity"), N_("Choose the sensitivity class.")),
    Requirement(
        "permitted_purposes",
        Page.TERMS,
        N_("Permitted purposes"),
        N_("Choose the purposes that the data may serve."),
        lambda d: _condition(d, "permitted_purposes"),
    ),
)

# Worth having, in the order in which it helps most.
HELPFUL: tuple[Requirement, ...] = (
    _text(
        "dictionary", Page.WHAT, N_("Data dictionary"), N_("Paste the header of your file: it becomes the dictionary.")
    ),
    _text(
        "sample",
        Page.WHAT,
        N_("Sample"),
        N_("Upload a few safe or synthetic rows, so that people see what they ask for."),
    ),
    _text("good_for", Page.WHAT, N_("Good for"), N_("Name what the data is good for.")),
    _text("delivery_steps", Page.ACCESS, N_("Delivery"), N_("Say in which steps the data arrives.")),
    _text("size", Page.WHERE, N_("Size"), N_("Say how large it is, in rows.")),
    _text("languages", Page.WHERE, N_("Languages"), N_("Name the languages of the notes.")),
    _text("release", Page.WHERE, N_("Release"), N_("Name the release, such as 2026-10.")),
    Requirement(
        "title",
        Page.WHAT,
        N_("Shorter title"),
        N_("Shorten the title to 80 characters, so that it can be read in a list."),
        lambda d: len(d.title) <= LONGEST_TITLE,
    ),
)


def missing(dataset: Dataset) -> list[Requirement]:
    """The required answers that are not there, in the order of the pages."""
    return [requirement for requirement in REQUIRED if not requirement.is_met(dataset)]


def missing_on(dataset: Dataset, page: Page) -> list[Requirement]:
    """The same for one page."""
    return [requirement for requirement in missing(dataset) if requirement.page is page]


def completeness(dataset: Dataset) -> Completeness:
    """How far the listing is, required answers counting double, and what to mend next."""
    lacking = missing(dataset)
    helpful = [requirement for requirement in HELPFUL if not requirement.is_met(dataset)]
    points = 2 * (len(REQUIRED) - len(lacking)) + len(HELPFUL) - len(helpful)
    percent = 100 * points // (2 * len(REQUIRED) + len(HELPFUL))
    return Completeness(len(REQUIRED) - len(lacking), len(REQUIRED), percent, next(iter([*lacking, *helpful]), None))
