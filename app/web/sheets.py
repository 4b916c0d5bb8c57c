"""Tables as CSV files that spreadsheets open without taking a text for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from flask import current_app
from werkzeug.wrappers import Response

# What a spreadsheet would take for a formula when it stands first in a cell (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


# Spreadsheets look for it to tell that the text is UTF-8.
_MARK = "\ufeff"


class _Line:
    """Where the writer of the library writes a line, which hands it back."""

    def write(self, text: str) -> str:
        return text


def sheet(filename: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A CSV file to keep, in UTF-8 with the mark that spreadsheets look for."""
    return to_keep(current_app.response_class("".join(lines(heads, rows)), mimetype="text/csv"), filename)


def lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same file line by line."""
    writer = csv.writer(_Line())
    yield _MARK + writer.writerow(heads)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def to_keep(response: Response, filename: str) -> Response:
    """The answer as a file that is kept under a name instead of shown."""
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would calculate it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
