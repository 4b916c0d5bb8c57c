"""Starting a listing: with a file, a header line, a starter, or nothing. The file is read and not kept."""

from collections.abc import Sequence
from pathlib import PurePath

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.catalog.answers import Column, Page, What
from app.catalog.around import around
from app.catalog.commands.beginning import begin as begin_draft
from app.catalog.forms import StartForm
from app.catalog.headers import columns_in, pasted_columns
from app.catalog.profiles import measured
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.desk import chosen_organization, writable_organizations
from app.catalog.routes.pictures import kind_words
from app.catalog.starting import STARTERS, Given, Source, started
from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.foundation.text import clean_line, fold
from app.readers import Unreadable, read_rows
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import holding
from app.web.once import once

_LARGEST = 10 * 1024 * 1024
_ROWS_LOOKED_AT, _LONGEST_PASTE = 2_000, 200_000
# How files that describe datasets begin: JSON, XML, Turtle. A table does when its header has a title and a description.
_DESCRIBES = (b"{", b"[", b"<", b"@prefix", b"PREFIX")


@blueprint.get("/desk/listings/new")
@holding(Role.STEWARD, Role.DEPUTY)
def start() -> Response:
    """The ways to begin."""
    return _start_page(StartForm(formdata=None))


@blueprint.post("/desk/listings/new")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def begin() -> Response:
    """Start a draft and go to its first page. A header that cannot be read stays as it was typed."""
    form = StartForm()
    try:
        organization = chosen_organization(request.form.get("organization", ""))
        given = _given(form, request.form.get("act", ""))
    except Unreadable as error:
        form.file.errors = [f"{told(error.problem)} {told(error.remedy)}"]
        return _start_page(form)
    except Invalid as error:
        form.put_errors(error)
        return _start_page(form)
    row = begin_draft(db.session, current_actor(), organization, now(), given)
    address = url_for("catalog.write", reference=row.reference, page_key=Page.WHAT.value)
    return finish(address, _said(given))


def _given(form: StartForm, act: str) -> Given | None:
    how, _mark, which = act.partition("-")
    if how == "file":
        return _of_file(form)
    if how == "header":
        columns = pasted_columns((form.pasted.data or "")[:_LONGEST_PASTE])
        return Given(Source.HEADER, (What(dictionary=tuple(columns)),))
    return started(which, told) if how == "starter" else None


def _of_file(form: StartForm) -> Given:
    upload = form.file.data
    data = upload.stream.read(_LARGEST + 1) if upload else b""
    if not data:
        raise Unreadable(_("There is no file, or it is empty."), _("Choose a file that holds at least a header line."))
    if len(data) > _LARGEST:
        raise Unreadable(_("The file is larger than 10 MB."), _("Cut it to its header line and some rows."))
    opener = around().opener
    if opener is not None and data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_DESCRIBES):
        return opener(data)
    rows = read_rows(data, _ROWS_LOOKED_AT)
    if opener is not None and rows and _is_catalog(rows[0]):
        return opener(data)
    try:
        return _of_table(rows, upload.filename or "")
    except Invalid as error:
        raise Unreadable(error.message, "") from error


def _is_catalog(header: Sequence[str]) -> bool:
    return {"title", "description"} <= set(fold(" ".join(header)).replace("_", " ").split())


def _of_table(rows: Sequence[Sequence[str]], filename: str) -> Given:
    """The columns of a table of data, with what their first rows hold; its name becomes the title."""
    columns = columns_in(rows)
    if len(rows[0]) == len(columns):
        profile = measured([column.name for column in columns], rows[1:])
        kinds = {one.name: kind_words(one) for one in profile.columns if one.filled}
        columns = [Column(column.name, column.meaning, column.type or kinds.get(column.name, "")) for column in columns]
    name = clean_line(PurePath(filename.replace("\\", "/")).stem.replace("_", " ").replace("-", " "))[:80]
    return Given(Source.FILE, (What(title=name[:1].upper() + name[1:], dictionary=tuple(columns)),))


def _said(given: Given | None) -> str:
    if given is None:
        return ""
    if given.others:
        return ngettext(
            "The first dataset of the file is filled in. It describes one more: import the catalog for all.",
            "The first dataset of the file is filled in. It describes %(num)d more: import the catalog for all.",
            given.others,
        )
    return _("What was there is filled in, and marked. Check it; saving a page takes its marks away.")


def _start_page(form: StartForm) -> Response:
    return page(
        "catalog/start.html",
        form.status,
        form=form,
        organizations=writable_organizations(),
        chosen=request.form.get("organization", ""),
        starters=[(key, told(one.name), told(one.example)) for key, one in STARTERS.items()],
    )
