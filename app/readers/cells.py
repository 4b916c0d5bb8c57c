"""What a sheet of a workbook says besides its values, from its own XML: formulas without a value, merged cells, hidden rows."""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import IO, TYPE_CHECKING

from app.foundation.words import N_
from app.readers.entries import Note

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_FORMULAS = 5000
_MOST_MERGED = 20_000
_MOST_NAMED = 10
# So many columns are read of a sheet.
MOST_COLUMNS = 300
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"})
# What a damaged, cut off or encrypted part of the archive raises.
_BROKEN = (
    KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
NO_VALUE = N_(
    "Open the workbook in a spreadsheet and save it again, so that the results are in it; or write the value itself."
)


@dataclass
class Sides:
    """Of one sheet, formulas that hold no value, merged cells, hidden rows. Rows and columns count from 1."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    # By the first row and the first column of each: its last column and its last row.
    merged: dict[int, dict[int, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    hidden: list[int] = field(default_factory=list)

    def across(self, row: int, cells: Sequence[str]) -> list[str]:
        """A row in which a value stands in each column that its cell covers, as a header has it."""
        spread = list(cells)
        for first, (last, _until) in self.merged.get(row, {}).items():
            spread += [""] * (min(last, MOST_COLUMNS) - len(spread))
            for place in range(first, min(last, MOST_COLUMNS)):
                spread[place] = spread[place] or spread[first - 1]
        return spread

    def notes_on(self, row: int, cells: Sequence[str], header: Sequence[str]) -> tuple[Note, ...]:
        """The cells of a row that hold nothing that could be read: a formula without a value, or an error."""
        notes = []
        for place, name in enumerate(header, 1):
            cell, text = f"{letters(place)}{row}", cells[place - 1] if place <= len(cells) else ""
            if (formula := self.formulas.get((row, place))) is not None:
                notes.append(Note(name, f"={formula}", f"cell {cell} holds a formula without its value", NO_VALUE))
            elif text in _ERRORS:
                notes.append(
                    Note(
                        name,
                        text,
                        f"the formula in cell {cell} ends in an error",
                        N_("Mend the formula, or write the value itself."),
                    )
                )
        return tuple(notes)

    def about_rows(self) -> list[Note]:
        """What is to be said of its rows as a whole."""
        if not self.hidden:
            return []
        named = ", ".join(map(str, self.hidden[:_MOST_NAMED])) + (", …" if len(self.hidden) > _MOST_NAMED else "")
        count = len(self.hidden)
        rows = "one hidden row of the sheet is" if count == 1 else f"{count} hidden rows of the sheet are"
        problem = f"{rows} read like the others"
        return [Note("row", named, problem, N_("Take out of the sheet what is not meant to be listed."))]


class Downward:
    """Gives each row the values of merged cells that begin in a row above it."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._held: dict[int, tuple[int, str]] = {}

    def filled(self, row: int, cells: Sequence[str]) -> list[str]:
        """The cells of the next row with anything in it, filled. Rows come in their order."""
        out = list(cells)
        for place, (until, text) in list(self._held.items()):
            if row > until:
                del self._held[place]
            elif text:
                out += [""] * (place - len(out))
                out[place - 1] = out[place - 1] or text
        for first, (_last, until) in self._sides.merged.get(row, {}).items():
            if until > row and first <= len(out):
                self._held[first] = (until, out[first - 1])
        return out


def is_error(text: str) -> bool:
    """Whether a cell holds the name of an error in place of a value."""
    return text in _ERRORS


def sides_of(file: IO[bytes], name: str) -> Sides:
    """The same of the sheet of this name; nothing where its XML is not found or breaks off: reading its values then says so."""
    sides, library = Sides(), _library()
    try:
        with zipfile.ZipFile(file) as archive:
            path = _path_of(archive, name, library)
            if path is None:
                return sides
            with archive.open(path) as part:
                _gather(sides, library.iterparse(part, events=("start", "end"), forbid_dtd=True))
    except (*_BROKEN, library.ParseError):
        return sides
    finally:
        file.seek(0)
    return sides


def letters(column: int) -> str:
    """A column as spreadsheets name it: A, B, … AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _library() -> ModuleType:
    """The parser, loaded at its first use, which only a workbook needs."""
    return import_module("defusedxml.ElementTree")


def _path_of(archive: zipfile.ZipFile, name: str, library: ModuleType) -> str | None:
    book = library.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    links = library.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    named = (sheet.get(f"{_RELATED}id") for sheet in book.iter(f"{_MAIN}sheet") if sheet.get("name") == name)
    wanted = next(named, None)
    target = next((link.get("Target", "") for link in links if wanted and link.get("Id") == wanted), None)
    if target is None:
        return None
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _gather(sides: Sides, steps: "Iterator[tuple[str, Element]]") -> None:
    around: list[Element] = []
    number, ranges, in_row = 0, 0, False
    for event, element in steps:
        tag = element.tag.removeprefix(_MAIN)
        if event == "start":
            around.append(element)
            in_row = in_row or tag == "row"
            continue
        around.pop()
        if tag == "row":
            said = element.get("r", "")
            number, in_row = int(said) if said.isdecimal() else number + 1, False
            _take_row(sides, number, element)
        elif tag == "mergeCell":
            ranges += 1
            if ranges > _MOST_MERGED:
                return  # they stand behind all rows
            _take_merged(sides, element.get("ref", ""))
        if around and not in_row:
            around[-1].clear()  # a sheet is never held whole


def _take_row(sides: Sides, number: int, row: "Element") -> None:
    if row.get("hidden") in ("1", "true") and len(row):
        sides.hidden.append(number)
    for place, cell in enumerate(row, 1):
        formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
        if formula is None or (value is not None and value.text) or len(sides.formulas) >= _MOST_FORMULAS:
            continue
        at = _CELL.fullmatch(cell.get("r", ""))
        sides.formulas[(number, _column(at[1]) if at else place)] = formula.text or ""


def _take_merged(sides: Sides, ref: str) -> None:
    first, _colon, last = ref.partition(":")
    start, end = _CELL.fullmatch(first), _CELL.fullmatch(last)
    if start and end and _column(start[1]) <= MOST_COLUMNS:
        sides.merged[int(start[2])].setdefault(_column(start[1]), (_column(end[1]), int(end[2])))


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
