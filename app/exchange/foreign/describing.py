"""One entry of a foreign catalog becomes the fields of a listing, or a refusal that says how to mend it.

Nothing is lost on the way: what has no field of its own, or was changed to fit one, is carried along as it came.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.exchange.foreign.periods import period_of, rhythm_of
from app.exchange.foreign.places import countries_of
from app.exchange.foreign.texts import address, all_texts, first_sentence, one_text, without_markup
from app.exchange.foreign.themes import guessed_themes
from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash, sha256_hex
from app.foundation.text import clean, clean_line, fold
from app.foundation.words import N_
from app.readers import Entry
from app.rules.vocabulary import Frequency

LONGEST_IDENTIFIER = 500
LONGEST_SUMMARY = 200
SHORTENED = 120
_MOST_KEYWORDS = 200

# The terms that fields are made from, by their plain names; the first that is there counts.
_TERMS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "label"),
    "description": ("description", "notes", "abstract", "comment"),
    "identifier": ("identifier",),
    "publisher": ("publisher", "creator", "provider", "organization"),
    "keyword": ("keyword", "keywords", "tags", "subject"),
    "theme": ("theme", "themes", "superTheme", "groups", "category"),
    "spatial": ("spatial", "spatialCoverage", "countries", "coverage"),
    "temporal": ("temporal", "temporalCoverage"),
    "frequency": ("accrualPeriodicity", "frequency"),
    "language": ("language", "inLanguage"),
    "contact": ("contactPoint", "contact", "maintainer"),
    "license": ("license", "rights", "accessRights", "conditionsOfAccess"),
    "landing": ("landingPage", "url", "page", "homepage"),
    "release": ("version", "hasVersion", "versionInfo"),
    "resolution": ("spatialResolutionInMeters",),
}


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
    foreign: JSONObject
    content_hash: str


@dataclass(frozen=True)
class Refused:
    """One entry that cannot be taken: where, which field, what stands there, what is wrong, and how to mend it."""

    row: int
    field: str
    value: str
    problem: str
    remedy: str


def described(entries: Iterable[Entry]) -> Iterator[Described | Refused]:
    """Each entry in its order, described or refused. An identifier that comes a second time is refused."""
    seen: dict[str, int] = {}
    for entry in entries:
        found = _read(entry)
        if isinstance(found, Described):
            first = seen.setdefault(found.identifier, found.row)
            if first != found.row:
                problem = f"row {first} has the same identifier"
                yield Refused(
                    found.row,
                    "identifier",
                    found.identifier,
                    problem,
                    N_("Give each dataset an identifier of its own."),
                )
                continue
        yield found


def _read(entry: Entry) -> Described | Refused:
    if entry.data is None:
        return Refused(entry.row, "", "", entry.problem, N_("Mend this row, or take it out."))
    refused = _refused_text(entry.row, entry.data, "title") or _refused_text(entry.row, entry.data, "description")
    if refused:
        return refused
    title = clean_line(one_text(_held(entry.data, "title")) or "")
    if not title:
        return Refused(entry.row, "title", "", "there is no title", N_("Give the dataset a title."))
    identifier = _identifier(entry.data, title)
    if len(identifier) > LONGEST_IDENTIFIER:
        problem = f"the identifier has {len(identifier)} characters"
        return Refused(entry.row, "identifier", _short(identifier), problem, N_("Shorten it to 500 characters."))
    return _described(entry.row, entry.data, title, identifier)


def _described(row: int, data: Mapping[str, object], title: str, identifier: str) -> Described:
    description = without_markup(clean(one_text(_held(data, "description")) or ""))
    keywords = tuple(all_texts(_held(data, "keyword")))[:_MOST_KEYWORDS] if _held(data, "keyword") else ()
    codes = all_texts(_held(data, "theme")) if _held(data, "theme") else []
    start, end = period_of(_held(data, "temporal"))
    fields: dict[str, object] = {
        "title": title, "description": description, "identifier": identifier, "keyword": list(keywords),
        "landingPage": _link(_held(data, "landing")),
    }  # fmt: skip
    return Described(
        row=row,
        identifier=identifier,
        title=title,
        description=description,
        summary=first_sentence(description, LONGEST_SUMMARY),
        publisher=clean_line(one_text(_held(data, "publisher")) or "")[:300],
        keywords=keywords,
        themes=guessed_themes(codes, [*keywords, *codes], title),
        countries=countries_of(_held(data, "spatial")),
        coverage_start=start,
        coverage_end=end,
        frequency=rhythm_of(_held(data, "frequency")),
        languages=_languages(_held(data, "language")),
        contact=_contact(_held(data, "contact")),
        license_text=clean_line(one_text(_held(data, "license")) or address(_held(data, "license"))),
        landing_page=str(fields["landingPage"]),
        release=clean_line(one_text(_held(data, "release")) or "")[:100],
        spatial_resolution=_meters(_held(data, "resolution")),
        foreign={name: value for name, value in data.items() if fields.get(name) != value},
        content_hash=content_hash(dict(data)),
    )


def _refused_text(row: int, data: Mapping[str, object], term: str) -> Refused | None:
    """A refusal where a text is something else: guessing what a number or a truth value means would be inventing."""
    value = _held(data, term)
    if value is None or value == "" or one_text(value) is not None or value in ([], {}):
        return None
    kind = {bool: "yes or no", int: "a number", list: "a list without text", dict: "an object without text"}
    return Refused(
        row, term, _short(str(value)), f"the {term} is {kind.get(type(value), 'no text')}", f"Write the {term} as text."
    )


def _held(data: Mapping[str, object], field: str) -> object:
    return next((data[name] for name in _TERMS[field] if data.get(name) not in (None, "", [], {})), None)


def _identifier(data: Mapping[str, object], title: str) -> str:
    """The publisher's identifier; without one the dataset's address, and without that its title."""
    given = data.get("identifier")
    items = given if isinstance(given, list) else [given]
    for item in items:
        text = clean_line(str(item)) if isinstance(item, int) and not isinstance(item, bool) else one_text(item)
        if text or address(item):
            return clean_line(text or address(item))
    own = data.get("@id") or data.get("id")
    if isinstance(own, str) and own and not own.startswith("_:"):
        return clean_line(own)
    words = fold(title)
    return f"title:{words if len(words) <= SHORTENED else sha256_hex(words.encode())}"


def _link(value: object) -> str:
    found = address(value)
    return found if found.startswith(("http://", "https://")) else ""


def _contact(value: object) -> str:
    name, mail = one_text(value) or "", address(value).removeprefix("mailto:")
    both = f"{name} <{mail}>" if name and "@" in mail and name.removeprefix("mailto:") != mail else mail or name
    return clean_line(both.replace("mailto:", ""))[:300]


def _languages(value: object) -> tuple[str, ...]:
    words = [address(item) or one_text(item) or "" for item in (value if isinstance(value, list) else [value])]
    codes = [word.rstrip("/").rsplit("/", 1)[-1].lower()[:20] for word in words if word]
    return tuple(dict.fromkeys(_two_letters(code) for code in codes))


def _two_letters(code: str) -> str:
    known = {"eng": "en", "spa": "es", "por": "pt", "fra": "fr", "fre": "fr", "ara": "ar", "deu": "de", "ger": "de"}
    return known.get(code, code)


def _meters(value: object) -> str:
    text = one_text(value) or (str(value) if isinstance(value, int) and not isinstance(value, bool) else "")
    return f"{clean_line(text)[:30]} m" if text else ""


def _short(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= SHORTENED else f"{line[: SHORTENED - 1]}…"
