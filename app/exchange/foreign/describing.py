"""One entry of a foreign catalog becomes the fields of a listing, or a refusal that says how to mend it.

Nothing is lost on the way: what has no field of its own, or says more than a field holds, is carried along (`keeping.Kept`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.exchange.foreign.dictionaries import dictionary_of
from app.exchange.foreign.keeping import Fuller, Kept, coverage, is_said, mark
from app.exchange.foreign.once import Once
from app.exchange.foreign.own import Own, own_of
from app.exchange.foreign.periods import period_of, rhythm_of
from app.exchange.foreign.places import countries_of
from app.exchange.foreign.properties import Found, Properties
from app.exchange.foreign.refused import Refused
from app.exchange.foreign.remarks import remarks
from app.exchange.foreign.shapes import shaped
from app.exchange.foreign.terms import TERMS
from app.exchange.foreign.texts import address, all_texts, first_sentence, one_text, without_links, without_markup
from app.exchange.foreign.themes import guessed_themes
from app.exchange.foreign.titles import country_in
from app.exchange.foreign.values import (
    SHORTENED,
    contact,
    languages,
    license_text,
    meters,
    release,
    shortened,
    web_address,
)
from app.foundation.base import JSONObject
from app.foundation.hashing import sha256_hex
from app.foundation.text import clean, clean_line, fold
from app.foundation.words import N_
from app.readers import Entry, Format
from app.readers.entries import Columns
from app.rules.vocabulary import Frequency

LONGEST_IDENTIFIER = 500
LONGEST_TITLE = 500  # as the form of a listing has it
LONGEST_SUMMARY = 200
_MOST_KEYWORDS = 200


@dataclass(frozen=True)
class Described:
    """One dataset as a foreign catalog describes it, in the fields of a listing."""

    row: int
    identifier: str
    title: str
    description: str
    summary: str
    publisher: str
    keywords: tuple[str, ...]
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    coverage_start: date | None
    coverage_end: date | None
    frequency: Frequency
    languages: tuple[str, ...]
    contact: str
    license_text: str
    landing_page: str
    release: str
    spatial_resolution: str
    dictionary: tuple[JSONObject, ...]
    foreign: JSONObject
    content_hash: str
    # The country that the title names, where the catalog says no place.
    placed: tuple[str, ...] = ()
    # Values that no field could be made of: the row is taken, and they are carried along.
    remarks: tuple[Refused, ...] = ()
    # Of an entry that a catalog of this product wrote: what goes beyond the fields above, and counts before them.
    own: Own | None = None

    @property
    def fields(self) -> dict[str, object]:
        """What was read, as `keeping` compares it; an unknown rhythm is nothing that was read."""
        return {
            "identifier": self.identifier,
            "title": self.title,
            "description": self.description,
            "publisher": self.publisher,
            "keywords": list(self.keywords),
            "themes": list(self.themes),
            "countries": list(self.countries),
            "coverage": coverage(self.coverage_start, self.coverage_end),
            "frequency": "" if self.frequency is Frequency.UNKNOWN else self.frequency.value,
            "languages": list(self.languages),
            "contact": self.contact,
            "license": self.license_text,
            "landing_page": self.landing_page,
            "release": self.release,
            "spatial_resolution": self.spatial_resolution,
            "dictionary": list(self.dictionary),
        }

    @property
    def may_be_unsaid(self) -> dict[str, object]:
        """Columns of a listing of which a catalog may say nothing, and later nothing any more."""
        return {
            "description": self.description,
            "keywords": list(self.keywords),
            "coverage_start": self.coverage_start,
            "coverage_end": self.coverage_end,
            "frequency": self.frequency,
            "languages": list(self.languages),
            "license_text": self.license_text,
            "landing_page": self.landing_page,
            "release": self.release,
        }


def described(entries: Iterable[Entry]) -> Iterator[Described | Refused]:
    """Each entry in its order, described or refused. An identifier that comes a second time is refused."""
    seen: dict[str, int] = {}
    once = Once()
    for entry in entries:
        found = _read(entry)
        if isinstance(found, Described):
            first = seen.setdefault(found.identifier, found.row)
            if first != found.row:
                problem = f"row {first} has the same identifier"
                remedy = N_("Give each dataset an identifier of its own.")
                yield Refused(found.row, "identifier", shortened(found.identifier), problem, remedy)
                continue
            said = once.about(entry, found.fields) if entry.catalog and found.own is None else []
            noted = [
                Refused(entry.row, one.field, shortened(one.value), one.problem, one.remedy) for one in entry.notes
            ]
            if said or noted:
                found = replace(found, remarks=(*said, *noted, *found.remarks))
        yield found


def _read(entry: Entry) -> Described | Refused:
    if entry.data is None:
        remedy = entry.remedy or N_("Mend this row, or take it out.")
        return Refused(entry.row, entry.field, shortened(entry.value), entry.problem, remedy)
    properties = Properties(entry)
    found = _found(entry.format, properties)
    refused = _refused_text(entry.row, "title", found) or _refused_text(entry.row, "description", found)
    if refused:
        return refused
    own = own_of(entry)
    title = own.title if own else clean_line(one_text(_value(found, "title")) or "")
    if not title and (unread := next((note for note in entry.notes if "title" in _terms(entry, note.field)), None)):
        return Refused(entry.row, unread.field, shortened(unread.value), unread.problem, unread.remedy)
    if not title:
        return Refused(entry.row, "title", "", "there is no title", N_("Give the dataset a title."))
    if own is None and len(title) > LONGEST_TITLE:
        problem = f"the title has {len(title)} characters"
        return Refused(entry.row, "title", shortened(title), problem, N_("Shorten it to 500 characters."))
    identifier = _identifier(entry.data, found, title)
    if len(identifier) > LONGEST_IDENTIFIER:
        problem = f"the identifier has {len(identifier)} characters"
        return Refused(entry.row, "identifier", shortened(identifier), problem, N_("Shorten it to 500 characters."))
    read = _described(entry, properties, found, title, identifier)
    if own is None:
        return read
    said = _about_persons(entry.row, own)
    return replace(read, own=own, description=own.description, foreign=own.carried, placed=(), remarks=said)


def _about_persons(row: int, own: Own) -> tuple[Refused, ...]:
    if not own.persons:
        return ()
    problem = "these columns look as if they named persons: the sample stays as the listing here has it"
    remedy = N_("Bring the sample on the page of the listing, or send made-up rows.")
    return (Refused(row, "sample", shortened(", ".join(own.persons)), problem, remedy),)


def _terms(entry: Entry, column: str) -> set[str]:
    return {entry.names.of(column), *entry.names.others(column)}


def _found(format: Format, properties: Properties) -> dict[str, Found]:
    """What each field is read from."""
    by_terms = {field: found for field, terms in TERMS[format].items() if (found := properties.find(terms)) is not None}
    return by_terms | shaped(format, properties)


def _described(
    entry: Entry, properties: Properties, found: Mapping[str, Found], title: str, identifier: str
) -> Described:
    description = without_markup(clean(one_text(_value(found, "description")) or ""))
    keywords = tuple(all_texts(_value(found, "keywords")))[:_MOST_KEYWORDS]
    codes = all_texts(_value(found, "themes"))
    period = period_of(_value(found, "coverage"))
    read = Described(
        row=entry.row,
        identifier=identifier,
        title=title,
        description=description,
        summary=first_sentence(description, LONGEST_SUMMARY),
        publisher=without_links(clean_line(one_text(_value(found, "publisher")) or ""))[:300],
        keywords=keywords,
        themes=guessed_themes(codes, [*keywords, *codes], title),
        countries=countries_of(_value(found, "countries")),
        coverage_start=period.start,
        coverage_end=period.end,
        frequency=rhythm_of(_value(found, "frequency")),
        languages=languages(_value(found, "languages")),
        contact=contact(_value(found, "contact")),
        license_text=license_text(_value(found, "license")),
        landing_page=web_address(_value(found, "landing_page")),
        release=release(_value(found, "release")),
        spatial_resolution=meters(_value(found, "spatial_resolution")),
        dictionary=tuple(dictionary_of(_value(found, "dictionary"))),
        foreign={},
        placed=_placed(found, title),
        content_hash=_content_hash(entry),
    )
    fields = read.fields
    # The dataclass is frozen for those who receive it; what is carried along depends on what was read.
    object.__setattr__(read, "foreign", _kept(entry, found, read).to_json())
    object.__setattr__(read, "remarks", tuple(remarks(entry.row, properties, found, fields)))
    return read


def _placed(found: Mapping[str, Found], title: str) -> tuple[str, ...]:
    code = country_in(title) if _value(found, "countries") is None else None
    return (code,) if code else ()


def _kept(entry: Entry, found: Mapping[str, Found], row: Described) -> Kept:
    data, fields = entry.data or {}, row.fields
    exact, fuller = set(), {}
    for field, one in found.items():
        read = fields[field]
        if not one.name or not read:
            continue
        if data[one.name] == read:
            exact.add(one.name)
        else:
            fuller[field] = Fuller(one.name, data[one.name], read)
    told = exact | {held.name for held in fuller.values()}
    kept = {name: value for name, value in data.items() if name not in told}
    said = {column: mark(value) for column, value in row.may_be_unsaid.items() if is_said(value)}
    return Kept(entry.format.value, entry.names.context, kept, fuller, row.placed, said)


def _refused_text(row: int, field: str, found: Mapping[str, Found]) -> Refused | None:
    """A refusal where a text is something else: guessing what a number or a truth value means would be inventing."""
    value = _value(found, field)
    if value is None or one_text(value) is not None:
        return None
    kind = {
        bool: "yes or no", int: "a number", float: "a number", list: "a list without text", dict: "an object without text"
    }  # fmt: skip
    problem = f"the {field} is {kind.get(type(value), 'no text')}"
    return Refused(row, field, shortened(str(value)), problem, f"Write the {field} as text.")


def _value(found: Mapping[str, Found], field: str) -> object:
    one = found.get(field)
    return one.value if one else None


def _content_hash(entry: Entry) -> str:
    """Of everything that the row says and of how its names are read, whatever their order in the file."""
    columns = entry.names.terms if isinstance(entry.names, Columns) else None
    written = json.dumps([entry.format, columns, entry.data], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256_hex(written.encode())


def _identifier(data: Mapping[str, object], found: Mapping[str, Found], title: str) -> str:
    """The publisher's identifier; without one the dataset's address, and without that its title."""
    given = _value(found, "identifier")
    for item in given if isinstance(given, list) else [given]:
        is_number = isinstance(item, int | float) and not isinstance(item, bool)
        text = clean_line(str(item)) if is_number else one_text(item)
        if text or address(item):
            return clean_line(text or address(item))
    own = data.get("@id")
    if isinstance(own, str) and own and not own.startswith("_:"):
        return clean_line(own)
    words = fold(title)
    return f"title:{words if len(words) <= SHORTENED else sha256_hex(words.encode())}"
