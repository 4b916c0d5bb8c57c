"""The records of a table as text: a record may take several lines, and one whose quote is never closed does not take the rest.

Python's reader joins all that follows an open quote into one cell. So a record of several lines counts only where its quotes
close as the form asks; else its first line is told as broken, and reading goes on with the next line.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.foundation.words import N_

# No description in a catalog is as long; what an open quote takes is given back line by line.
_LONGEST_RECORD = 1_000_000
_SHOWN = 60
UNCLOSED = N_("Close this quote where the text ends, or write each quote inside a text twice.")


@dataclass(frozen=True)
class Record:
    """The cells of one record and the line that it begins with; without cells where a quote in it is not closed."""

    line: int
    cells: list[str] | None
    opened: str = ""

    @property
    def problem(self) -> str:
        """What is wrong with it: where the quote is, and which words stand behind it."""
        return f"The quote that opens in line {self.line} before “{self.opened}” is not closed"


def records_of(text: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Each record in its order.

    Raises:
        csv.Error: a cell is longer than can be read.
    """
    lines = _Lines(text)
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        line = lines.begin()
        cells = next(rows, None)
        if cells is None:
            return
        opened = _unclosed(lines.taken, delimiter)
        if opened:
            lines.give_back()
            yield Record(line, None, opened)
        else:
            yield Record(line, cells)


def _unclosed(taken: list[str], delimiter: str) -> str:
    """The words behind the quote that some lines open and never close; empty where all is well."""
    # On one line Python's reader makes the best of odd quotes; alone one that stays open at the end of the file is told.
    if len(taken) == 1 and taken[0].count('"') % 2 == 0:
        return ""
    try:
        list(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if len(taken) > 1 or "end of data" in str(error):
            last = next(csv.reader(taken[:1], delimiter=delimiter), [""])[-1]
            return " ".join(last.split())[:_SHOWN] or "…"
    return ""


class _Lines:
    """Lines of a text, of which those behind the first that a record took can be given back."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text, self._back = iter(text), list[str]()
        self.taken: list[str] = []
        self._number, self._size = 1, 0

    def begin(self) -> int:
        """The line with which the next record begins, counted from 1."""
        self._number += len(self.taken)
        self.taken, self._size = [], 0
        return self._number

    def give_back(self) -> None:
        """Read all but the first line of this record again."""
        self._back += reversed(self.taken[1:])
        self.taken = self.taken[:1]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._size > _LONGEST_RECORD and self.taken:
            raise StopIteration
        line = self._back.pop() if self._back else next(self._text)
        self._size += len(line)
        self.taken.append(line)
        return line
