"""The data dictionary of a listing as a page of its own: rows typed, added, moved and taken away by buttons, or pasted whole.

Each button keeps everything that stands on the page before it acts, so that nothing typed is lost.
"""

from dataclasses import replace

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.answers import Column, Page
from app.catalog.commands.dictionary import MOST_COLUMNS, columns_of, dictionary_mark, save_dictionary
from app.catalog.headers import pasted_columns, require_names
from app.catalog.models import Dataset
from app.catalog.profiles.shapes import profile_of
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.pictures import kind_words
from app.catalog.routes.writing import editable
from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.foundation.text import clean_line
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import signed_in

ROWS_ON_A_PAGE = 40
_NEW_ROWS = 3
_LONGEST_CELL, _LONGEST_PASTE = 500, 200_000
_PARTS = ("name", "meaning", "type", "unit", "values", "missing")


@blueprint.get("/desk/listings/<reference>/dictionary")
@signed_in
def edit_dictionary(reference: str) -> Response:
    """Forty rows of the dictionary, and three empty ones behind the last."""
    row = editable(reference)
    return _show(row, columns_of(row), _number(request.args.get("page", "")), dictionary_mark(row))


@blueprint.post("/desk/listings/<reference>/dictionary")
@signed_in
def change_dictionary(reference: str) -> Response:
    """Keep the rows of this page, then do what the button says."""
    row = editable(reference)
    number, act = _number(request.form.get("page", "")), request.form.get("act", "save")
    kept = columns_of(row)
    start = (number - 1) * ROWS_ON_A_PAGE
    typed = _typed()
    columns = [*kept[:start], *typed, *kept[start + ROWS_ON_A_PAGE :]]
    mark = request.form.get("mark", "")
    try:
        acted, said = _acted(row, columns, act)
        columns = [column for column in acted if any(getattr(column, part) for part in _PARTS)]
        require_names([column.name for column in columns])
        save_dictionary(db.session, current_actor(), row.reference, columns, now(), seen=mark)
    except Invalid as error:
        db.session.rollback()
        row = editable(reference)
        return _show(row, columns, number, dictionary_mark(row), error, 422)
    return finish(_next(row, act, number), said)


def _acted(row: Dataset, columns: list[Column], act: str) -> tuple[list[Column], str]:
    """The columns after the act of a button, and what to say of it."""
    name, _mark, place = act.partition("-")
    at = int(place) if place.isdecimal() and len(place) < 4 else -1
    if name == "paste":
        return _with(columns, pasted_columns(request.form.get("pasted", "")[:_LONGEST_PASTE])), _("The columns are in.")
    if name == "sample":
        return _with(columns, _of_sample(row)), _("The columns of the sample are in.")
    if name == "remove" and 0 <= at < len(columns):
        return [*columns[:at], *columns[at + 1 :]], _("Removed: %(name)s.", name=columns[at].name)
    other = at + {"up": -1, "down": 1}.get(name, 0)
    if other != at and 0 <= at < len(columns) and 0 <= other < len(columns):
        moved = list(columns)
        moved[at], moved[other] = moved[other], moved[at]
        return moved, _("Moved: %(name)s.", name=columns[at].name)
    return columns, _("Saved.")


def _with(columns: list[Column], more: list[Column]) -> list[Column]:
    """What is there, each column filled up with what the new ones say of it, and the new ones behind."""
    new = {column.name: column for column in more}
    filled = [_filled(column, new.pop(column.name, None)) for column in columns]
    return [*filled, *new.values()]


def _filled(column: Column, new: Column | None) -> Column:
    if new is None:
        return column
    return replace(column, **{part: getattr(new, part) for part in _PARTS if getattr(new, part)})


def _of_sample(row: Dataset) -> list[Column]:
    profile = profile_of(row.profile)
    if profile is None:
        raise Invalid(
            _("There is no sample yet. Upload one on the first page, then take its columns from here."), "pasted"
        )
    return [Column(column.name, type=kind_words(column)) for column in profile.columns if column.name]


def _typed() -> list[Column]:
    """The rows of the page as they stand there, so that the places that its buttons name are right."""
    lists = [request.form.getlist(part)[: ROWS_ON_A_PAGE + _NEW_ROWS] for part in _PARTS]
    rows = [[clean_line(cell)[:_LONGEST_CELL].strip() for cell in row] for row in zip(*lists, strict=False)]
    return [Column(*row) for row in rows]


def _next(row: Dataset, act: str, number: int) -> str:
    if act == "leave":
        return url_for("catalog.write", reference=row.reference, page_key=Page.WHAT.value) + "#dictionary"
    pages = _pages(len(row.dictionary))
    if act in ("add", "paste", "sample"):
        number = pages
    elif act in ("next", "previous"):
        number += 1 if act == "next" else -1
    number = min(max(number, 1), pages)
    _name, _mark, place = act.partition("-")
    anchor = f"#row-{place}" if place.isdecimal() else "#rows"
    return url_for("catalog.edit_dictionary", reference=row.reference, page=number if number > 1 else None) + anchor


def _pages(columns: int) -> int:
    """As many as it takes, the last one with room for new rows."""
    return columns // ROWS_ON_A_PAGE + 1


def _number(text: str) -> int:
    return min(max(int(text), 1), _pages(MOST_COLUMNS)) if text.isdecimal() and len(text) < 4 else 1


def _show(
    row: Dataset, columns: list[Column], number: int, mark: str, error: Invalid | None = None, status: int = 200
) -> Response:
    number = min(number, _pages(len(columns)))
    start = (number - 1) * ROWS_ON_A_PAGE
    rows = list(enumerate(columns))[start : start + ROWS_ON_A_PAGE]
    is_last = number == _pages(len(columns))
    return page(
        "catalog/edit_dictionary.html",
        status,
        dataset=row,
        rows=[*rows, *((None, Column("")) for _place in range(_NEW_ROWS if is_last else 0))],
        parts=_PARTS,
        number=number,
        pages=_pages(len(columns)),
        total=len(columns),
        mark=mark,
        problem=told(error.message) if error else "",
        pasted=request.form.get("pasted", "") if error else "",
        has_sample=row.profile is not None,
    )
