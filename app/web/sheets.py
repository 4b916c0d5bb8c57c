"""Tables as CSV files that spreadsheets open without taking a text for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import current_app
from werkzeug.wrappers import Response

# What a spreadsheet would take for a formula when it stands first in a cell (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def sheet(filename: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A CSV file to keep, in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = current_app.response_class("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would calculate it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
