"""The catalog for programs: a catalog is sent, and how its import goes is read. Documents are JSON, errors RFC 9457."""

from dataclasses import replace
from itertools import islice

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.exchange.commands.findings import findings_of, new_placed, seen_as
from app.exchange.commands.import_runs import MOST_AT_ONCE, begin_import, bring_in_part, leave_to_worker, stop
from app.exchange.commands.publishers import new_names, remember_names
from app.exchange.commands.results import Preview, as_row
from app.exchange.commands.sending import send_what_is_ready
from app.exchange.foreign import Described, Refused, described
from app.exchange.foreign.opening import LARGEST_UPLOAD, opened
from app.exchange.models import CatalogImport
from app.exchange.models.choices import LONGEST_SHEET
from app.exchange.queries.choices import Choices, asked_choices, choices_in, choices_of
from app.exchange.queries.imports import import_seen_by, imports_of, partner_named
from app.exchange.queries.publishers import Publishers
from app.exchange.remarked import all_of_import, remarks_table
from app.foundation.clock import now
from app.foundation.errors import Invalid, TooLarge
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.readers import Catalog, Column, NoTitle, Unreadable
from app.readers.columns import TERMS
from app.rules.publishers import Answer
from app.rules.tokens import Scope
from app.web.actor import current_actor
from app.web.answers import finish_json, json_answer, told
from app.web.database import db
from app.web.guards import by_token
from app.web.once import once_by_header

blueprint = Blueprint("exchange_api", __name__, url_prefix="/api/v1/catalog")

_MOST_PUBLISHERS = 300
_YES, _NO = frozenset({"1", "true", "yes"}), frozenset({"", "0", "false", "no"})


@blueprint.post("/imports")
@by_token(Scope.CATALOG_IMPORT)
@once_by_header
def bring() -> Response:
    """Import a catalog: 201 with the result, or 202 where the worker goes on with it."""
    actor, moment = current_actor(), now()
    partner = partner_named(db.session, actor, request.args.get("partner", ""))
    is_trial, publishes = _asked("dry_run"), _asked("publish")
    given, kept = _said(), choices_of(db.session, partner.id)
    said = replace(given, kept=kept.kept, publishers={**kept.publishers, **given.publishers})
    data, name = _sent()
    seen, rows = _read(data, said, is_trial=is_trial)
    owner = ("import", partner.slug)
    stored = store_file(db.session, _files(), data, name, "application/octet-stream", owner, moment)
    row = begin_import(
        db.session, actor, partner, stored.id, moment,
        said=said, publishes=publishes, is_trial=is_trial, seen=seen_as(seen),
    )  # fmt: skip
    ours = [name for name, answer in given.publishers.items() if answer is Answer.OURS]
    if is_trial:
        new_names(db.session, partner, ours, moment)  # refuses what the import itself would
    else:
        remember_names(db.session, actor, partner, ours, moment)
    is_small = len(rows) <= MOST_AT_ONCE
    if isinstance(seen, NoTitle):
        stop(db.session, row, f"{told(seen.problem)} {_say_which()}", moment)
    elif is_small:
        bring_in_part(db.session, actor, row, rows, moment, is_last=True)
    else:
        leave_to_worker(db.session, row, moment)
    return finish_json(_whole(row), 201 if is_small else 202, _address(row))


@blueprint.get("/imports")
@by_token(Scope.CATALOG_READ)
def imports() -> Response:
    """The newest imports of one's organizations."""
    return json_answer({"imports": [_document(row) for row in imports_of(db.session, current_actor())]})


@blueprint.get("/imports/<int:import_id>")
@by_token(Scope.CATALOG_READ)
def imported(import_id: int) -> Response:
    """How far one import is, how its columns were read, which rows were refused and what is to be mended in others."""
    return json_answer(_whole(import_seen_by(db.session, current_actor(), import_id)))


@blueprint.post("/imports/<int:import_id>/send")
@by_token(Scope.CATALOG_IMPORT)
@once_by_header
def send(import_id: int) -> Response:
    """Send the drafts of an import that lack nothing to the secretariat's check, together."""
    row = import_seen_by(db.session, current_actor(), import_id)
    sent = send_what_is_ready(db.session, current_actor(), row, now())
    return finish_json({"sent": sent}, 200, _address(row))


@blueprint.get("/imports/<int:import_id>/remarks.csv")
@by_token(Scope.CATALOG_READ)
def remarks(import_id: int) -> Response:
    """All that is to be mended in the rows that an import takes."""
    row = import_seen_by(db.session, current_actor(), import_id)
    found = all_of_import(db.session, _files(), row, row.organization, now())
    return remarks_table(found, f"remarks-{import_id}.csv")


def _files() -> FileStore:
    store: FileStore = current_app.extensions["onepact_files"]
    return store


def _document(row: CatalogImport) -> dict[str, object]:
    return {
        "id": row.id,
        "address": _address(row),
        "state": row.state.value,
        "partner": row.organization.slug,
        "dry_run": row.is_trial,
        "publish": row.publishes,
        "begun_at": row.begun_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "problem": told(row.problem) or None,
        "read": row.rows,
        "created": row.created,
        "updated": row.updated,
        "listed": row.listed,
        "placed_by_title": new_placed(row),
        "unchanged": row.unchanged,
        "refused": row.refused,
        "refused_rows": [{**one, "remedy": told(str(one["remedy"]))} for one in row.refusals],
    }


def _address(row: CatalogImport) -> str:
    return url_for("exchange_api.imported", import_id=row.id)


def _asked(name: str) -> bool:
    given = request.args.get(name, "").lower()
    if given not in _YES | _NO:
        raise Invalid(_("Give %(name)s as 1 or 0.", name=name), field=name)
    return given in _YES


def _sent() -> tuple[bytes, str]:
    """The file: the body itself, or the field `file` of a form with files."""
    if request.mimetype == "multipart/form-data":
        upload = request.files.get("file")
        data = upload.stream.read(LARGEST_UPLOAD + 1) if upload else b""
        name = (upload.filename if upload else "") or "catalog"
    else:
        data, name = request.get_data(cache=True), "catalog"
    if not data:
        raise Invalid(_("Send the catalog as the body, or as the field “file” of a form."), field="file")
    if len(data) > LARGEST_UPLOAD:
        raise TooLarge(_("The file is larger than 20 MB. Pack it with gzip, or split it."))
    return data, name[:200]


def _said() -> Choices:
    """What the program says of this very catalog. Raises Invalid."""
    given = request.args
    return asked_choices(
        given.getlist("map"),
        given.getlist("publisher"),
        given.get("sheet", "")[:LONGEST_SHEET],
        given.get("header", ""),
    )


def _read(data: bytes, said: Choices, *, is_trial: bool) -> tuple[Catalog | NoTitle, list[Described | Refused]]:
    """The catalog with as many rows as tell whether it is small; of a look also a table in which no column is the title.

    Raises:
        Invalid: it is no catalog, or what was said of it does not fit.
    """
    try:
        catalog = opened(data, said.columns, said.kept, said.sheet, said.header)
        rows = list(islice(described(catalog.entries), MOST_AT_ONCE + 1))
    except NoTitle as error:
        if is_trial and error.columns:
            return error, []
        raise Invalid(f"{told(error.problem)} {told(error.remedy)} {_say_which()}", field="map") from error
    except Unreadable as error:
        raise Invalid(f"{told(error.problem)} {told(error.remedy)}", field="file") from error
    if not rows:
        raise Invalid(_("There is no dataset in it. Send the catalog itself."), field="file")
    return catalog, rows


def _say_which() -> str:
    return _("Send it again with %(how)s.", how="map=COLUMN:title")


def _whole(row: CatalogImport) -> dict[str, object]:
    """An import with what a page shows of it: what can be said otherwise, and what is to be mended."""
    found, said = findings_of(row), choices_in(row.said)
    placed, layout = Publishers(db.session, row.organization, now()).placed(found.publishers), found.layout
    return {
        **_document(row),
        "format": found.form or None,
        "sheets": [one.name for one in layout.sheets],
        "other_sheets": [
            {"name": one.name, "rows": one.rows, "hidden": one.is_hidden}
            for one in layout.sheets
            if one.name != layout.sheet
        ],
        "sheet": layout.sheet or None,
        "header_row": layout.header or None,
        "first_lines": [{"row": row, "text": text} for row, text in layout.first],
        "columns": [_column(one, said) for one in found.columns],
        "unmapped": [one.name for one in found.columns if not one.term],
        "fields": list(TERMS) if found.columns else [],
        "publishers": [
            {
                "name": one.name,
                "datasets": found.publishers[one.name],
                "answer": said.publishers.get(one.name, one.usual).value,
                "is_asked": one.is_asked and one.name not in said.publishers,
            }
            for one in placed[:_MOST_PUBLISHERS]
        ],
        "undescribed": found.undescribed,
        "first_rows": [_preview(one) for one in found.previews],
        "remarked": found.remarked,
        "remarks": [{**as_row(one), "remedy": told(one.remedy)} for one in found.remarks],
        "all_remarks": url_for("exchange_api.remarks", import_id=row.id) if found.remarked else None,
    }


def _preview(one: Preview) -> dict[str, object]:
    """A row as it would be listed; an empty license says that the common agreement alone holds."""
    start, end = one.period
    return {
        "row": one.row, "title": one.title, "publisher": one.publisher, "countries": list(one.countries),
        "period": {"start": start or None, "end": end or None}, "license": one.license or None,
        "access_mode": one.access or None, "lacks": [told(name) for name in one.lacks],
    }  # fmt: skip


def _column(one: Column, said: Choices) -> dict[str, object]:
    by = next((by for by, named in (("map", said.columns), ("kept", said.kept)) if one.name in named), "guess")
    return {
        "name": one.name,
        "such_as": one.sample,
        "field": next(iter(one.terms), None),
        "by": by if one.term else None,
        **({"also": list(one.terms[1:])} if len(one.terms) > 1 else {}),
    }
