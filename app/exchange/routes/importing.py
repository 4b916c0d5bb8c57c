"""Importing by page: a catalog is read and compared; what would happen is shown and can be corrected; then it happens."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.routes.desk import chosen_organization, writable_organizations
from app.exchange.commands.choices import choose
from app.exchange.commands.findings import Findings, findings_of
from app.exchange.commands.results import refusals_as_csv
from app.exchange.foreign.opening import LARGEST_UPLOAD
from app.exchange.forms.importing import ChoicesForm, ConfirmForm, ImportForm
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import asked_header
from app.exchange.queries.imports import newest_of
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.pairs import pairs, said_of_publishers
from app.exchange.routes.reviewing import review_page
from app.exchange.routes.sending import sending
from app.exchange.routes.uploads import THING, files, look_through, take, uploaded
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotAllowed, WrongState
from app.foundation.stored_files import store_file
from app.readers import Unreadable
from app.readers.columns import TERMS
from app.readers.entries import terms_in
from app.rules.imports import ImportState
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.forms import options_of
from app.web.guards import holding
from app.web.once import once

_SEEN = frozenset({ImportState.DONE})
_UNDER_WAY = frozenset({ImportState.RUNNING})
_STOPPED = frozenset({ImportState.FAILED})


@blueprint.get("/catalog/import")
@holding(Role.STEWARD, Role.DEPUTY)
def import_catalog() -> Response:
    """Where a foreign catalog is uploaded."""
    return _upload_page(_form(ImportForm(formdata=None)))


@blueprint.post("/catalog/import")
@holding(Role.STEWARD, Role.DEPUTY)
def upload() -> Response:
    """Keep the file for the confirmation, and look through it. Nothing is listed or changed yet."""
    form = _form(ImportForm())
    if not form.validate_on_submit():
        return _upload_page(form)
    organization = chosen_organization(form.organization.data or "")
    is_file = bool(form.file.data)
    data = form.file.data.stream.read(LARGEST_UPLOAD + 1) if is_file else (form.text.data or "").encode()
    name = (form.file.data.filename or "catalog") if is_file else _("pasted text")
    try:
        if not is_file and not data:
            raise Unreadable(_("There is nothing yet."), _("Choose the file with the catalog, or paste it."))
        if len(data) > LARGEST_UPLOAD:
            raise Unreadable(_("The file is larger than 20 MB."), _("Pack it with gzip, or split it."))
        stored = store_file(
            db.session, files(), data, name[:200], "application/octet-stream", (THING, organization.slug), now()
        )
        seen = look_through(uploaded(stored.id), data)
        if seen.state in _SEEN and not seen.rows:
            raise Unreadable(_("There is no dataset in it."), _("Choose the catalog itself."))
    except Unreadable as error:
        db.session.rollback()
        (form.file if is_file or not data else form.text).errors = [_said(error)]
        return _upload_page(form)
    return finish(_review(stored.id))


@blueprint.get("/catalog/import/<int:file_id>")
@holding(Role.STEWARD, Role.DEPUTY)
def import_review(file_id: int) -> Response:
    """What would happen with each row, which column is which field, and whose the datasets of each publisher are."""
    given = uploaded(file_id)
    seen, taken = _seen_and_taken(file_id)
    if seen is None:
        return answered(url_for("exchange.import_catalog"), _("Choose the file once more."))
    if taken is not None and taken.state not in _STOPPED:
        return answered(url_for("exchange.import_progress", file_id=file_id))
    if seen.state in _UNDER_WAY:
        return page("exchange/import_looking.html", file=given.file, organization=given.organization, seen=seen)
    found = findings_of(seen)
    if seen.state in _STOPPED and not _asks_for_title(found):
        return answered(url_for("exchange.import_catalog"), told(seen.problem))
    return review_page(given, seen, found)


@blueprint.post("/catalog/import/<int:file_id>/choices")
@holding(Role.STEWARD, Role.DEPUTY)
def import_choices(file_id: int) -> Response:
    """Keep what was said about sheet, columns and publishers, and look at what would happen then."""
    given = uploaded(file_id, locks=True)
    if not ChoicesForm().validate_on_submit():
        return answered(_review(file_id), _("This page was open for too long. Try again."))
    _seen, taken = _seen_and_taken(file_id)
    # What is said now would hold for nothing: an import goes on as it began.
    if taken is not None and taken.state in _UNDER_WAY:
        return answered(url_for("exchange.import_progress", file_id=file_id), _("It is being brought in already."))
    columns = {name: term for name, term in pairs("column", "term").items() if set(terms_in(term)) <= TERMS.keys()}
    columns |= _said_besides(_seen)
    answers = said_of_publishers()
    try:
        choose(
            db.session, current_actor(), given.organization, file_id, now(),
            columns=columns or None, publishers=answers or None, sheet=request.form.get("sheet"),
            header=asked_header(header) if (header := request.form.get("header")) else None,
        )  # fmt: skip
        look_through(uploaded(file_id), files().get(given.file.key))
    except (Invalid, Unreadable) as error:
        db.session.rollback()
        return answered(_review(file_id), told(error.message) if isinstance(error, Invalid) else _said(error))
    return finish(_review(file_id), _("This is what would happen now."))


@blueprint.post("/catalog/import/<int:file_id>")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def import_confirm(file_id: int) -> Response:
    """Bring the rows in."""
    given, publish = uploaded(file_id), bool(ConfirmForm().publish.data)
    seen, taken = _seen_and_taken(file_id)
    if seen is None or seen.state not in _SEEN or (taken is not None and taken.state not in _STOPPED):
        return answered(_review(file_id))
    try:
        taken = take(given, seen, publish=publish)
    # Somebody else confirmed it or said something about it in the same moment, or whole catalogs may not be listed any more.
    except (WrongState, NotAllowed) as error:
        db.session.rollback()
        return answered(_review(file_id), told(error.message))
    except Unreadable as error:
        db.session.rollback()
        return answered(url_for("exchange.import_catalog"), _said(error))
    is_done = taken.state in _SEEN
    return finish(url_for("exchange.import_progress", file_id=file_id), _done(taken) if is_done else "")


@blueprint.get("/catalog/import/<int:file_id>/refused.csv")
@holding(Role.STEWARD, Role.DEPUTY)
def import_refused(file_id: int) -> Response:
    """The rows that cannot be taken, as a table to mend them by."""
    uploaded(file_id)
    seen, taken = _seen_and_taken(file_id)
    row = taken or seen
    if row is None:
        return answered(_review(file_id))
    response = Response(refusals_as_csv(findings_of(row).refused), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{file_id}.csv"'
    return response


@blueprint.get("/catalog/import/<int:file_id>/progress")
@holding(Role.STEWARD, Role.DEPUTY)
def import_progress(file_id: int) -> Response:
    """How far an import is, and what came in."""
    given = uploaded(file_id)
    row = newest_of(db.session, file_id, is_trial=False)
    if row is None:
        return answered(_review(file_id))
    found = findings_of(row)
    return page(
        "exchange/import_progress.html",
        file=given.file,
        organization=given.organization,
        row=row,
        is_done=row.state in _SEEN,
        problem=told(row.problem),
        touched=found.touched,
        remarked=found.remarked,
        said=_done(row),
        sending=sending(row, given.organization),
    )


def _said_besides(seen: CatalogImport | None) -> dict[str, str]:
    """The column that is said to be a second field too, with all of its fields."""
    name, term = request.form.get("also_column", ""), request.form.get("also_term", "")
    column = next((one for one in findings_of(seen).columns if one.name == name), None) if seen else None
    if column is None or term not in TERMS:
        return {}
    return {name: ",".join(dict.fromkeys((*column.terms, term)))}


def _review(file_id: int) -> str:
    return url_for("exchange.import_review", file_id=file_id)


def _seen_and_taken(file_id: int) -> tuple[CatalogImport | None, CatalogImport | None]:
    """The newest look at an uploaded catalog, and the import that followed it."""
    seen, taken = (newest_of(db.session, file_id, is_trial=is_trial) for is_trial in (True, False))
    return seen, taken if taken is not None and (seen is None or taken.id > seen.id) else None


def _asks_for_title(found: Findings) -> bool:
    """Whether it is a table of which nobody has said yet which column is the title."""
    return bool(found.columns) and not any("title" in one.terms for one in found.columns)


def _said(error: Unreadable) -> str:
    return f"{told(error.problem)} {told(error.remedy)}"


def _done(row: CatalogImport) -> str:
    counted = (
        (row.created, _("%(num)d created", num=row.created)),
        (row.updated, _("%(num)d updated", num=row.updated)),
        (row.unchanged, _("%(num)d unchanged", num=row.unchanged)),
        (row.refused, _("%(num)d refused", num=row.refused)),
    )
    return _("Imported: %(what)s.", what=", ".join(words for count, words in counted if count) or _("nothing"))


def _form(form: ImportForm) -> ImportForm:
    own = [(row.slug, row.name) for row in writable_organizations()]
    form.organization.choices = options_of(own)
    if len(own) == 1 or (request.method == "GET" and own):
        form.organization.data = own[0][0]
    return form


def _upload_page(form: ImportForm) -> Response:
    return page("exchange/import.html", form.status, form=form, organizations=writable_organizations())
