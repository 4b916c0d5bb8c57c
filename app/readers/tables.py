"""Reads a catalog from a table with a header. Delimiter and encoding are found out."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from app.foundation.text import clean, fold
from app.foundation.words import N_
from app.readers.entries import Entry, Unreadable

_DELIMITERS = ",;\t|"
_LONGEST_FIELD = 16 * 1024 * 1024
_PROBE = 64 * 1024

# Headers that are known, in the languages of the product, by the plain name of the term that they stand for.
_HEADERS: dict[str, tuple[str, ...]] = {
    "identifier": ("identifier", "id", "identificador", "identifiant", "dataset id", "uuid"),
    "title": ("title", "name", "titulo", "titre", "nombre", "nome", "nom", "dataset", "dataset title"),
    "description": ("description", "descripcion", "descricao", "notes", "abstract", "resumen", "resumo", "resume"),
    "publisher": ("publisher", "organization", "organisation", "publicador", "editor", "editeur", "organizacion"),
    "keyword": ("keywords", "keyword", "tags", "palabras clave", "palavras chave", "mots cles", "etiquetas"),
    "theme": ("theme", "themes", "tema", "temas", "categories", "category"),
    "spatial": ("countries", "country", "spatial", "paises", "pais", "pays", "geography", "location"),
    "temporal": ("temporal", "period", "periodo", "periode", "date range"),
    "accrualPeriodicity": (
        "frequency",
        "accrualperiodicity",
        "frecuencia",
        "frequencia",
        "frequence",
        "update frequency",
    ),
    "language": ("language", "languages", "idioma", "lingua", "langue"),
    "contactPoint": ("contact", "contactpoint", "contacto", "contato", "maintainer"),
    "license": ("license", "licence", "licencia", "licenca", "rights", "terms"),
    "landingPage": ("landingpage", "landing page", "url", "link", "homepage", "pagina"),
    "version": ("version", "release"),
    "formats": ("formats", "format", "formatos", "formato"),
}
_NAMES = {header: name for name, headers in _HEADERS.items() for header in headers}
# What one cell may hold several of.
LISTS = frozenset({"keyword", "theme", "spatial", "language", "formats"})


def read_table(file: IO[bytes]) -> Iterator[Entry]:
    """One entry per line below the header.

    Raises:
        Unreadable: there is no header with a title column, or the file is no text.
    """
    text = _text(file)
    csv.field_size_limit(_LONGEST_FIELD)
    delimiter, header = _header(text)
    text.seek(0)
    rows = csv.reader(text, delimiter=delimiter)
    next(rows)
    return _entries(rows, header)


def known_headers() -> str:
    """The columns that are read, for people."""
    return ", ".join(headers[0] for headers in _HEADERS.values())


def split_list(cell: str) -> list[str]:
    """The values of a cell that holds several: between semicolons, bars or else commas."""
    mark = next((mark for mark in ";|" if mark in cell), ",")
    return [part.strip() for part in cell.split(mark) if part.strip()]


def read_header(line: str) -> list[str]:
    """The column names of a pasted header line, whatever parts them."""
    rows = [row for row in csv.reader(line.splitlines()[:1], delimiter=_likely(line)) if row]
    return [clean(cell) for cell in rows[0] if clean(cell)] if rows else []


def read_rows(data: bytes, most: int) -> list[list[str]]:
    """The header and first rows of a small CSV file, cell by cell.

    Raises:
        Unreadable: it is no text, or no table.
    """
    text = _text(io.BytesIO(data))
    csv.field_size_limit(_LONGEST_FIELD)
    start = text.read(_PROBE)
    text.seek(0)
    try:
        rows = [row for row, _ in zip(csv.reader(text, delimiter=_likely(start)), range(most + 1), strict=False)]
    except csv.Error as error:
        raise Unreadable(
            N_("The file cannot be read as a table."), N_("Save it as CSV with one header line.")
        ) from error
    return [[clean(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _likely(text: str) -> str:
    line = next(iter(text.splitlines()), "")
    return max(_DELIMITERS, key=line.count)


def _text(file: IO[bytes]) -> io.StringIO:
    data = file.read()
    if b"\x00" in data[:_PROBE]:
        raise Unreadable(N_("The file is no text."), N_("Save the catalog as CSV in UTF-8, or as DCAT."))
    try:
        return io.StringIO(data.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        # What spreadsheets write by default on Windows; every byte of it is some character.
        return io.StringIO(data.decode("cp1252", "replace"), newline="")


def _header(text: io.StringIO) -> tuple[str, list[str | None]]:
    start = text.read(_PROBE)
    best: tuple[int, str, list[str | None]] = (0, ",", [])
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        header = [_NAMES.get(fold(cell)) for cell in cells]
        known = len({name for name in header if name})
        if known > best[0]:
            best = (known, delimiter, header)
    if "title" not in best[2]:
        raise Unreadable(
            N_("The first line has no column “title”."),
            f"Name the columns in the first line. These are read: {known_headers()}.",
        )
    return best[1], best[2]


def _entries(rows: Iterator[list[str]], header: Sequence[str | None]) -> Iterator[Entry]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"Line {number} cannot be read: {error}.", N_("Mend the quotes in this line.")) from error
        if any(cell.strip() for cell in cells):
            yield _entry(number, cells, header)


def _entry(number: int, cells: Sequence[str], header: Sequence[str | None]) -> Entry:
    if len(cells) > len(header):
        return Entry(number, None, f"has {len(cells)} values where the header has {len(header)}")
    data: dict[str, object] = {}
    for place, (name, cell) in enumerate(zip(header, cells, strict=False)):
        value = clean(cell)
        if not value:
            continue
        key = name if name and name not in data else f"column {place + 1}"
        data[key] = split_list(value) if key in LISTS else value
    return Entry(number, data)
