"""What is said once of a whole catalog: what is wrong with its own properties, and which properties its datasets lack."""

from collections.abc import Iterator, Mapping
from itertools import islice

from app.exchange.foreign.files import NO_ADDRESS, no_address
from app.exchange.foreign.properties import Properties, objects
from app.exchange.foreign.refused import CATALOG, SAID_ONCE, Refused
from app.exchange.foreign.remarks import NO_DATE, READABLE, not_a_date
from app.exchange.foreign.terms import TERMS
from app.exchange.foreign.texts import address, one_text
from app.exchange.foreign.values import no_languages, shortened
from app.foundation.words import N_
from app.readers import Entry, Format
from app.readers.entries import TABLE_NOTES, UNREAD_SHEETS
from app.readers.parts import PART

_LACKING = {
    "description": N_("Describe each dataset: without a description it cannot be listed."),
    "publisher": N_("Name the publisher of each dataset."),
    "themes": N_("Give each dataset a theme, so that it is found by it."),
    "frequency": N_("Say how often the data change, such as R/P1M."),
    "contact": N_("Name whom to write to about each dataset."),
    "license": N_("Name the license, by its SPDX id or its address."),
}
_TERMS = {field: TERMS[Format.DCAT][field] for field in _LACKING}
_TITLES, _PLACES = ("title", "name"), ("accessURL", "downloadURL", "accessService")
_MOST_OF_CATALOG = 20
_OF_FILES = {"distribution title", "accessURL"}
# What makes a document a catalog that speaks of itself.
_SAYS_SO = ("title", "description", "publisher")


class Once:
    """Remembers what was said of a catalog, so that what all of its datasets lack is one remark.

    Only a DCAT catalog that speaks of itself is held to what DCAT-AP asks for: a bare list of datasets claims nothing.
    """

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._catalog: Mapping[str, object] | None = None
        self._speaks = False

    def about(self, entry: Entry, fields: Mapping[str, object]) -> list[Refused]:
        """What is to be said before the remarks about this entry."""
        said: list[Refused] = []
        if entry.catalog is not self._catalog:  # all entries of a catalog have the same
            self._catalog = entry.catalog
            around = Properties(Entry(CATALOG, entry.catalog, names=entry.names))
            self._speaks = entry.format is Format.DCAT and any(around.get(term) for term in _SAYS_SO)
            said += _about_reading(entry.catalog)
            said += islice(_about_catalog(around), _MOST_OF_CATALOG) if self._speaks else _about_sheets(entry.catalog)
        return [*said, *self._about_dataset(entry, fields)] if self._speaks else said

    def _about_dataset(self, entry: Entry, fields: Mapping[str, object]) -> Iterator[Refused]:
        lacking = [field for field in _LACKING if not fields[field] and field not in self._said]
        if not lacking and self._said >= _OF_FILES:
            return
        own = Properties(entry)
        for field in lacking:
            if own.find(_TERMS[field]) is None and self._is_new(field):
                yield Refused(entry.row, field, "", SAID_ONCE, _LACKING[field])
        for file in objects(own.get("distribution")):
            if not any(file.get(name) for name in _TITLES) and self._is_new("distribution title"):
                yield Refused(entry.row, "distribution title", "", SAID_ONCE, N_("Give each file a title."))
            if not any(file.get(name) for name in _PLACES) and self._is_new("accessURL"):
                yield Refused(entry.row, "accessURL", "", SAID_ONCE, N_("Say for each file where it is found."))

    def _is_new(self, what: str) -> bool:
        is_new = what not in self._said
        self._said.add(what)
        return is_new


def _about_reading(catalog: Mapping[str, object]) -> Iterator[Refused]:
    if part := catalog.get(PART):
        remedy = N_(
            "Ask for all of it at once, or import the other pages as well. What is missing is not taken for gone."
        )
        yield _catalog("catalog", str(part), "this is only a part of the catalog", remedy)
    notes = catalog.get(TABLE_NOTES)
    for note in notes if isinstance(notes, list) else ():
        yield _catalog(note.field, note.value, note.problem, note.remedy)


def _about_sheets(catalog: Mapping[str, object]) -> Iterator[Refused]:
    if unread := catalog.get(UNREAD_SHEETS):
        remedy = N_("Bring the catalog as DCAT to keep them.")
        yield _catalog("distribution", str(unread), "the files on another sheet are not read", remedy)


def _about_catalog(around: Properties) -> Iterator[Refused]:
    for term in ("title", "description"):
        value = around.get(term)
        if value is None:
            yield _catalog(term, "", "the catalog has none", N_("Add it: DCAT-AP asks for it."))
        elif one_text(value) is None:
            yield _catalog(term, str(value), "this is no text", N_("Write it as text."))
    yield from _about_publisher(around.get("publisher"))
    for term in ("issued", "modified"):
        if said := not_a_date(around.get(term)):
            yield _catalog(term, said, *NO_DATE)
    for term in ("homepage", "superThemeTaxonomy"):
        if said := no_address(around.get(term)):
            yield _catalog(term, said, *NO_ADDRESS)
    for word in no_languages(around.get("language") or ""):
        yield _catalog("language", word, *READABLE["languages"])
    yield from _about_themes(around.get("themeTaxonomy"))


def _about_publisher(value: object) -> Iterator[Refused]:
    remedy = N_("Name the publisher as text, or as an object with a name.")
    if value is None:
        yield _catalog("publisher", "", "the catalog has none", remedy)
    elif isinstance(value, list) and len(value) > 1 and all(isinstance(one, str) for one in value):
        yield _catalog("publisher", ", ".join(map(str, value)), "these are several texts", remedy)
    elif not one_text(value) and not address(value):
        yield _catalog("publisher", str(value), "the publisher has no name", remedy)


def _about_themes(value: object) -> Iterator[Refused]:
    seen: set[str] = set()
    for theme in objects(value):
        name = str(theme.get("id") or theme.get("@id") or "")
        if name and name in seen:
            yield _catalog("themeTaxonomy", name, "two themes have this id", N_("Give each theme an id of its own."))
        seen.add(name)


def _catalog(field: str, value: str, problem: str, remedy: str) -> Refused:
    return Refused(CATALOG, field, shortened(value), problem, remedy)
