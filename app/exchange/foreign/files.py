"""What is wrong with the files that a catalog lists for a dataset, and with the columns that it describes of them."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from app.exchange.foreign.dictionaries import LONGEST_NAME, fields_of
from app.exchange.foreign.properties import objects
from app.exchange.foreign.refused import Refused
from app.exchange.foreign.texts import address, one_text
from app.exchange.foreign.values import shortened
from app.foundation.words import N_

# So many are named of one dataset: who mends these sees the pattern.
MOST_ALIKE = 20
_ADDRESSES, _NAMES = ("accessURL", "downloadURL"), ("downloadURL", "fileName")
_LONGEST_FORMAT = 200
_AROUND_FORMAT = re.compile(r"^https?://.*/(?:media-types|file-type)/|;.*$")
_AROUND_PATH = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*|[?#].*$", re.IGNORECASE | re.DOTALL)
_ENDS = re.compile(r"\.[A-Za-z]{2,7}$")
_IS_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
NO_ADDRESS = ("this is no address", N_("Begin it with https://."))
# Endings that say what a file is; of others, such as .php or .zip, nobody knows what comes. Sheets are taken for one kind.
_KINDS = {
    **{f".{kind}": kind.upper() for kind in ("csv", "tsv", "pdf", "json", "parquet", "geojson", "kml")},
    ".xls": "Excel",
    ".xlsx": "Excel",
}
_MEDIA_TYPES = {
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
    "application/pdf": "PDF",
    "application/json": "JSON",
    "application/geo+json": "GEOJSON",
    "application/vnd.google-earth.kml+xml": "KML",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
}
_SAME = {frozenset({"JSON", "GEOJSON"})}


def file_remarks(row: int, files: object) -> Iterator[Refused]:
    """What is wrong with the files of one dataset, the first ones."""
    yield from islice(_about(row, files), MOST_ALIKE)


def _about(row: int, files: object) -> Iterator[Refused]:
    for file in objects(files):
        for name in _ADDRESSES:
            said = no_address(file.get(name))
            if said:
                yield Refused(row, name, shortened(said), *NO_ADDRESS)
        yield from _contradicting(row, file)
    for column in fields_of(files):
        yield from _about_column(row, column)


def no_address(value: object) -> str:
    """What stands where an address should, if it is none."""
    is_plain = isinstance(value, str) and _IS_ADDRESS.fullmatch(value)
    if is_plain or value in (None, "", [], {}):
        return ""
    held = address(value) or one_text(value) or ""
    return (held or str(value)) if not _IS_ADDRESS.fullmatch(held) else ""


def _contradicting(row: int, file: Mapping[str, object]) -> Iterator[Refused]:
    """A file whose name ends otherwise than its format says."""
    formats = (one_text(held) or address(held) for held in (file.get("format"), file.get("mediaType")))
    said = next((words for words in formats if words), "")
    kind = _kind_of(said)
    for name in _NAMES if kind else ():
        held = address(file.get(name))
        ending = _ending(held)
        other = _KINDS.get(ending, kind)
        if kind != other and frozenset({kind, other}) not in _SAME:
            problem = f"the format is {shortened(said)}, but the name of the file ends in {ending}"
            yield Refused(row, name, shortened(held), problem, N_("Say the format that the file has."))


def _kind_of(said: str) -> str:
    """What a format means: CSV, .csv, text/csv, or the address of one of these in a table of formats."""
    word = _AROUND_FORMAT.sub("", said.strip()[:_LONGEST_FORMAT].lower())
    return _MEDIA_TYPES.get(word) or _KINDS.get(f".{word.removeprefix('.')}", "")


def _ending(name: str) -> str:
    """How the name of a file ends, without what is asked of its server and without the server's own name."""
    found = _ENDS.search(_AROUND_PATH.sub("", name))
    return found[0].lower() if found else ""


def _about_column(row: int, column: object) -> Iterator[Refused]:
    if not isinstance(column, Mapping):
        if not isinstance(column, str):
            remedy = N_("Describe each column as an object with a name.")
            yield Refused(row, "dictionary", shortened(str(column)), "a column is no object with a name", remedy)
        return
    name = one_text(column.get("name") or column.get("title") or column.get("id")) or ""
    if len(name) > LONGEST_NAME:
        problem = f"the name of a column has {len(name)} characters and is cut"
        yield Refused(row, "dictionary", shortened(name), problem, N_("Shorten it to 200 characters."))
    meaning = column.get("description")
    if meaning not in (None, "", [], {}) and one_text(meaning) is None:
        problem = f"the description of the column “{shortened(name)}” is no text"
        yield Refused(row, "dictionary", shortened(str(meaning)), problem, N_("Write it as text."))
