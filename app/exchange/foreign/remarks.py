"""Values that no field could be made of, or only half of one: the dataset is taken, and this says what to mend."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from app.exchange.foreign.files import MOST_ALIKE, file_remarks
from app.exchange.foreign.periods import days_said, period_of
from app.exchange.foreign.places import no_countries
from app.exchange.foreign.properties import Found, Properties, objects
from app.exchange.foreign.refused import Refused
from app.exchange.foreign.texts import address, one_text
from app.exchange.foreign.values import no_languages, shortened
from app.foundation.text import fold
from app.foundation.words import N_
from app.readers.entries import local_name

# What a value of each field must look like, where something stands there that gives nothing.
READABLE: dict[str, tuple[str, str]] = {
    "publisher": ("the publisher has no name", N_("Name the publisher as text, or as an object with a name.")),
    "keywords": ("there is no word in it", N_("Give the keywords as a list of texts.")),
    "countries": (
        "no country is named in it",
        N_("Write the country's name or its ISO 3166 code; part several by semicolons."),
    ),
    "coverage": ("this is no period", N_("Write it as 2015-01-01/2015-12-31.")),
    "frequency": (
        "this is no known rhythm",
        N_("Write daily, weekly, monthly, quarterly, annual, irregular, or R/P1M."),
    ),
    "languages": ("this is no language", N_("Write codes such as en or es.")),
    "contact": ("there is no name and no address in it", N_("Give a name, an e-mail address, or both.")),
    "landing_page": ("this is no web address", N_("Begin it with https://.")),
    "license": ("there is no text in it", N_("Give the license as an SPDX id, an address or text.")),
}
# Where countries may stand among other things that are none: their absence is nothing to mend.
_NOT_OF_PLACES = ("groups", "coverage")
_UNSAID = frozenset({"unknown", "other", "unspecified", "specified", "a", "na", "none", "provided", "needed"})
_DATES = ("issued", "modified", "created", "dateModified", "datePublished")
_IS_DATE = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?([T ].*)?(/P.*)?|R/P.*")
NO_DATE = ("this is no date", N_("Write it as 2015-12-31."))
_IS_MARKED = re.compile(r"^[;:/|,]|[;:/|,]$")
_IS_MAIL = re.compile(r"(mailto:)?[^@\s,;]+@[^@\s,;]+")


def remarks(
    row: int, properties: Properties, found: Mapping[str, Found], fields: Mapping[str, object]
) -> Iterator[Refused]:
    """Everything about one row, in the order of the fields."""
    yield from _unread(row, found, fields)
    yield from _half_read(row, found, fields)
    for name in _DATES:
        if said := not_a_date(properties.get(name)):
            yield Refused(row, name, shortened(said), *NO_DATE)
    for term, field in (("contactPoint", "contact"), ("publisher", "publisher")):
        for person in objects(properties.get(term)):
            held = person.get("hasEmail") or person.get("mbox")
            mail = one_text(held) or address(held)
            if mail and not _IS_MAIL.fullmatch(mail.strip()):
                yield Refused(row, field, shortened(mail), "this is not one e-mail address", N_("Give one address."))
    yield from islice(_marked(row, properties), MOST_ALIKE)
    yield from file_remarks(row, properties.get("distribution"))


def not_a_date(value: object) -> str:
    """What stands where a day should, if it is none."""
    said = one_text(value) or ""
    return said if said and not _IS_DATE.fullmatch(said.strip()) else ""


def _marked(row: int, properties: Properties) -> Iterator[Refused]:
    """Keywords with the marks of a list around them, which nobody would search for."""
    held = properties.get("keyword", "keywords")
    for word in held if isinstance(held, list) else []:
        if isinstance(word, str) and _IS_MARKED.search(word.strip()):
            problem = "this keyword begins or ends with a mark"
            yield Refused(row, "keywords", shortened(word), problem, N_("Write the word alone."))


def _unread(row: int, found: Mapping[str, Found], fields: Mapping[str, object]) -> Iterator[Refused]:
    for field, (problem, remedy) in READABLE.items():
        one = found.get(field)
        if one is None or fields[field] or field == "countries":
            continue
        said = _said(field, one.value)
        if not said and not one.name:  # a shape without a word in it, such as two days that are both left out
            continue
        if fold(said).rsplit(" ", 1)[-1] not in _UNSAID:
            yield Refused(row, field, shortened(said or str(one.value)), problem, remedy)


def _said(field: str, value: object) -> str:
    return days_said(value) if field == "coverage" else one_text(value) or address(value)


def _half_read(row: int, found: Mapping[str, Found], fields: Mapping[str, object]) -> Iterator[Refused]:
    """A period of which not all could be read, or not beyond doubt; words among countries and languages that are none."""
    one = found.get("coverage")
    problem = period_of(one.value).problem if one and fields["coverage"] else ""
    if one and problem:
        yield Refused(row, "coverage", shortened(days_said(one.value)), problem, READABLE["coverage"][1])
    yield from _no_countries(row, found)
    spoken = found.get("languages")
    for word in no_languages(spoken.value) if spoken and fields["languages"] else ():
        if fold(word) not in _UNSAID:
            yield Refused(row, "languages", shortened(word), *READABLE["languages"])


def _no_countries(row: int, found: Mapping[str, Found]) -> Iterator[Refused]:
    """Places that are read for no country, one by one: of several the others are kept."""
    one = found.get("countries")
    if one is None or fold(local_name(one.name)) in _NOT_OF_PLACES:
        return
    for word in islice(no_countries(one.value), MOST_ALIKE):
        if fold(word) not in _UNSAID:
            yield Refused(row, "countries", shortened(word), *READABLE["countries"])
