"""A dataset as schema.org describes one, for search engines, and on that ground as Croissant, for tools that load records.

Croissant 1.0: docs.mlcommons.org/croissant/docs/croissant-spec.html. Nobody can download the data itself without a grant, so
its file is the page where access begins, and the dataset counts as live: a file without a checksum is allowed there.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from babel import Locale

from app.catalog.models import Dataset
from app.exchange.exports.citations import bibtex
from app.exchange.exports.dcat import is_open, license_address
from app.exchange.exports.nodes import OWN_TERMS
from app.exchange.exports.site import Site
from app.foundation.words import N_
from app.rules.listings import CLOSED, STATE_TAGS
from app.rules.vocabulary import ACCESS_MODES, THEMES, WORLD, Theme

JSONObject = dict[str, object]

CROISSANT = "http://mlcommons.org/croissant/1.0"
# Search engines read descriptions of 50 to 5000 characters.
_LONGEST_DESCRIPTION = 5000
_FILE, _ROWS = "data", "rows"
# Kinds of values, by the words that dictionaries use for them.
_KINDS: tuple[tuple[str, str], ...] = (
    (r"date ?time|timestamp|moment", "sc:DateTime"),
    (r"date|day", "sc:Date"),
    (r"bool|yes.no|true.false|flag", "sc:Boolean"),
    (r"int|count|whole|year|number of", "sc:Integer"),
    (r"float|double|decimal|numeric|number|real|percent|share|degrees|tonnes|meters|seconds|km|%", "sc:Float"),
    (r"url|uri|link|address on the web", "sc:URL"),
)
# A column in the words of its data partner: what Croissant has no term for would be lost on the way back.
COLUMN_TERM = "onepact:dictionaryColumn"
RELEASE_TERM = "onepact:release"
# A release that is a number or a day: 3, v1.2, 2026-10, 2026/10/01.
_RELEASE = re.compile(r"[vV]?(\d{1,9})(?:[./-](\d{1,9}))?(?:[./-](\d{1,9}))?")
# The context of the specification, shortened to the terms that are used here.
_CONTEXT: JSONObject = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "isLiveDataset": "cr:isLiveDataset",
    "onepact": OWN_TERMS,
    COLUMN_TERM: {"@type": "@json"},
    "recordSet": "cr:recordSet",
    "source": "cr:source",
}
ACCESS_WORDS = N_("By use proposal: each use is decided by the data partner and granted in writing.")


def schema_org(row: Dataset, site: Site) -> JSONObject:
    """The dataset for search engines; what is not said is left out."""
    return {"@context": "https://schema.org/", "@type": "Dataset", **_said(row, site)}


def schema_org_text(row: Dataset, site: Site) -> str:
    """The same as a document."""
    return json.dumps(schema_org(row, site), ensure_ascii=False, indent=1) + "\n"


def croissant(row: Dataset, site: Site) -> JSONObject:
    """The dataset with its dictionary as a set of records."""
    reached = ACCESS_MODES[row.access_mode] if row.access_mode else ""
    file = {
        "@type": "cr:FileObject",
        "@id": _FILE,
        "name": _FILE,
        "description": f"{reached}. {_access(row)}".removeprefix(". "),
        "contentUrl": site.dataset(row),
        "encodingFormat": "application/octet-stream",
    }
    said = {name: value for name, value in _said(row, site).items() if name not in ("variableMeasured", "version")}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        **said,
        **_version(row.release),
        "citeAs": bibtex(row, site).strip(),
        "conformsTo": CROISSANT,
        "isLiveDataset": True,
        "distribution": [file],
        "recordSet": [_records(row)],
    }


def _version(release: str) -> JSONObject:
    """The release as the specification asks for it, MAJOR.MINOR.PATCH, and in the data partner's words where these are others.

    A release in words has no such number: none is made up for it.
    """
    found = _RELEASE.fullmatch(release.strip())
    version = ".".join(str(int(part or 0)) for part in found.groups()) if found else ""
    said = {"version": version, RELEASE_TERM: release if release != version else ""}
    return {name: value for name, value in said.items() if value}


def croissant_text(row: Dataset, site: Site) -> str:
    """The same as a document."""
    return json.dumps(croissant(row, site), ensure_ascii=False, indent=1) + "\n"


def _said(row: Dataset, site: Site) -> JSONObject:
    own = row.organization
    publisher = row.publisher or own.name
    said: JSONObject = {
        "@id": site.dataset(row),
        "name": row.title or row.reference,
        "description": _description(row),
        "url": site.dataset(row),
        "identifier": [text for text in (row.reference, row.identifier) if text],
        "license": license_address(row) or f"{site.root}/agreement",
        "creator": {"@type": "Organization", "name": publisher},
        "publisher": {"@type": "Organization", "name": own.name, "url": site.organization(own)},
        "keywords": [*row.keywords, *(THEMES[Theme(one.theme)] for one in row.themes if one.theme in set(Theme))],
        "datePublished": _day(row.listed_at),
        "dateModified": _day(row.updated_at),
        "version": row.release,
        "inLanguage": list(row.languages),
        "temporalCoverage": _period(row),
        "spatialCoverage": [_place(one.country) for one in row.countries],
        "variableMeasured": [_variable(column) for column in row.dictionary],
        "sameAs": row.landing_page,
        "creativeWorkStatus": STATE_TAGS[row.state][0] if not is_open(row) else "",
        "isAccessibleForFree": is_open(row) or None,
        "conditionsOfAccess": _access(row),
        "usageInfo": row.license_text if not license_address(row) else "",
        "includedInDataCatalog": _catalog(site) if is_open(row) else None,
    }
    return {name: value for name, value in said.items() if value not in ("", None, [], {})}


def _catalog(site: Site) -> JSONObject:
    return {"@type": "DataCatalog", "name": site.consortium, "url": site.catalog}


def _access(row: Dataset) -> str:
    return CLOSED.get(row.state, ACCESS_WORDS)


def _description(row: Dataset) -> str:
    text = row.description or row.summary or row.title or row.reference
    if len(text) < 50 and row.summary and row.summary != text:
        text = f"{row.summary}\n\n{text}"
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1].rsplit(None, 1)[0] + "…"


def _period(row: Dataset) -> str:
    start, end = row.coverage_start, row.coverage_end
    if not start and not end:
        return ""
    return f"{start.isoformat() if start else '..'}/{end.isoformat() if end else '..'}"


def _place(code: str) -> JSONObject:
    name = "World" if code == WORLD else str(Locale("en").territories.get(code, code))
    place: JSONObject = {"@type": "Place", "name": name}
    return place if code == WORLD else {**place, "address": {"@type": "PostalAddress", "addressCountry": code}}


def _variable(column: Mapping[str, object]) -> JSONObject:
    said = {
        "name": column.get("name"),
        "description": ". ".join((*_words(column, "meaning"), *_which_values(column))),
        "unitText": column.get("unit"),
    }
    return {"@type": "PropertyValue", **{name: value for name, value in said.items() if value}}


def _records(row: Dataset) -> JSONObject:
    records: JSONObject = {
        "@type": "cr:RecordSet",
        "@id": _ROWS,
        "name": _ROWS,
        "description": row.unit or row.summary or row.title,
        "field": [_field(column, number) for number, column in enumerate(row.dictionary, 1)],
    }
    examples = _examples(row)
    return {**records, "examples": examples} if examples else records


def _field(column: Mapping[str, object], number: int) -> JSONObject:
    name, kind = str(column.get("name") or f"column {number}"), str(column.get("type") or "")
    words = [str(column.get("meaning") or name), *_words(column, "unit", "Unit: "), *_which_values(column)]
    return {
        "@type": "cr:Field",
        "@id": f"{_ROWS}/{number}-{_identifier(name)}",
        "name": name,
        "description": ". ".join(words),
        "dataType": next((sc for words, sc in _KINDS if re.search(words, kind.lower())), "sc:Text"),
        "source": {"fileObject": {"@id": _FILE}, "extract": {"column": name}},
        COLUMN_TERM: dict(column),
    }


def _which_values(column: Mapping[str, object]) -> list[str]:
    return [*_words(column, "values", "Values: "), *_words(column, "missing", "Missing: ")]


def _words(column: Mapping[str, object], name: str, before: str = "") -> list[str]:
    return [f"{before}{column[name]}"] if column.get(name) else []


def _identifier(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")


def _examples(row: Dataset) -> list[JSONObject]:
    sample = row.sample or {}
    heads, rows = sample.get("heads"), sample.get("rows")
    if not isinstance(heads, list) or not isinstance(rows, list):
        return []
    return [dict(zip(map(str, heads), _cells(cells), strict=False)) for cells in rows]


def _cells(cells: object) -> Iterable[object]:
    return cells if isinstance(cells, list) else ()


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
