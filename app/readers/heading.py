"""Finds the header of a table among its first rows: titles, notes and empty lines may stand above it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.foundation.text import clean_line
from app.foundation.words import N_
from app.readers.columns import guessed, known_in
from app.readers.entries import Layout, Note, Sheet, Unreadable

# So many rows with anything in them are looked at for the header.
MOST_LINES = 30
_LONGEST_HEADER = 200
_LONGEST_SHOWN = 120
_MOST_SHOWN = 12
# A first row with fewer filled cells than this share of a usual row is a title or a note.
_NARROW = 0.5
# A row of the header's width has at least this share of a usual row's filled cells.
_WIDE = 0.75


@dataclass(frozen=True)
class Line:
    """A row with anything in it near the top of a table, and its number in the file."""

    row: int
    cells: Sequence[str]

    @property
    def filled(self) -> list[str]:
        """What is in it."""
        return [text for cell in self.cells if (text := clean_line(cell))]


def header_of(lines: Sequence[Line], given: Collection[str], said: int = 0) -> Line:
    """The row with the names of the columns: the one that was said, else the likeliest.

    Args:
        given: names of columns of which something was said.
        said: the row of the file that holds the header; 0 to guess.

    Raises:
        Unreadable: there is nothing in the row that was said.
    """
    if said:
        found = next((line for line in lines if line.row == said), None)
        if found is None:
            rows = ", ".join(str(line.row) for line in lines)
            raise Unreadable(f"There is no header in row {said}.", f"These rows can be the header: {rows}.")
        return found
    return lines[_guessed(lines, given)]


def headers(cells: Sequence[object]) -> list[str]:
    """The names of the columns: each once, also where the header is empty or repeats one."""
    plain = [clean_line(str(cell if cell is not None else ""))[:_LONGEST_HEADER] for cell in cells]
    names: list[str] = []
    for place, name in enumerate(plain, 1):
        said = name or f"column {place}"
        while said in names or (said != name and said in plain):
            said = f"{said} ({place})"
        names.append(said)
    return names


def last_named(cells: Sequence[str]) -> int:
    """How many columns there are, up to the last that has a name."""
    return next((place for place in range(len(cells), 0, -1) if clean_line(cells[place - 1])), 0)


def layout_of(lines: Sequence[Line], header: Line, sheets: tuple[Sheet, ...] = (), sheet: str = "") -> Layout:
    """How the table stands in its file, for those who look whether it was read as it is meant."""
    shown = [line for line in lines if line.row <= header.row][-_MOST_SHOWN:]
    shown += [line for line in lines if line.row > header.row][: max(_MOST_SHOWN - len(shown), 2)]
    first = tuple((line.row, " · ".join(line.filled)[:_LONGEST_SHOWN]) for line in shown)
    return Layout(sheets, sheet, header.row, first)


def notes_on(lines: Sequence[Line], header: Line) -> list[Note]:
    """What is to be said of the rows above the header, and of names that stand there more than once."""
    above = [line for line in lines if line.row < header.row]
    notes: list[Note] = []
    if above:
        rows = f"rows {above[0].row} to {above[-1].row} stand" if len(above) > 1 else f"row {above[0].row} stands"
        holds = "hold" if len(above) > 1 else "holds"
        text = " / ".join(" · ".join(line.filled) for line in above)
        problem = f"{rows} above the header in row {header.row} and {holds} no dataset"
        notes.append(
            Note("header", text, problem, N_("Nothing has to be done, unless another row is the header: then say so."))
        )
    names = headers(header.cells)
    counts = Counter(clean_line(cell) for cell in header.cells)
    for name, count in counts.items():
        if name and count > 1:
            kept = [read for cell, read in zip(header.cells, names, strict=True) if clean_line(cell) == name][1:]
            said = ", ".join(f"“{one}”" for one in kept)
            problem = f"{count} columns of the header in row {header.row} have this name; all but the first are read as {said}"
            notes.append(Note("header", name, problem, N_("Give each column a name of its own.")))
    return notes


def _guessed(lines: Sequence[Line], given: Collection[str]) -> int:
    scores = [_score(line, given) for line in lines]
    best = max(range(len(lines)), key=lambda place: (scores[place], -place))
    # A first row that names the title is the header, unless another one names far more.
    lead = int("title" in guessed(lines[0].filled).values())
    if scores[best] > scores[0] + lead and (scores[best] > 1 or all(len(line.filled) == 1 for line in lines[:best])):
        return best
    if scores[0] or len(lines) < 2:
        return 0
    usual = Counter(len(line.filled) for line in lines).most_common(1)[0][0]
    if len(lines[0].filled) >= usual * _NARROW:
        return 0
    return next(place for place, line in enumerate(lines) if len(line.filled) >= usual * _WIDE)


def _score(line: Line, given: Collection[str]) -> int:
    """How many columns are known by this row; texts that stand there twice, or are as long as no name is, are no header."""
    names = line.filled
    if any(len(name) > _LONGEST_HEADER for name in names):
        return 0
    return known_in(names) + len(set(given) & set(names))


def without_nameless(names: Sequence[str], cells: Sequence[str], samples: Sequence[Mapping[str, object]]) -> list[str]:
    """The columns to show: those behind the last name count only where something is in them."""
    named = last_named(cells)
    return [*names[:named], *(name for name in names[named:] if any(row.get(name) for row in samples))]
