"""Importing by page: a catalog is read and compared; what would happen is shown and can be corrected; then it happens."""

from collections.abc import Sequence

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.accession import may_list
from app.catalog.routes.desk import chosen_organization, writable_organizations
from app.exchange.commands.importing import IMPORT_MESSAGE, Imported, import_reference, start_import
from app.exchange.commands.publishers import choose
from app.exchange.commands.results import refusals_as_csv
from app.exchange.forms.importing import ChoicesForm, ConfirmForm, ImportForm
from app.exchange.queries.progress import import_progress as progress_of
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.uploads import (
    LARGEST_UPLOAD,
    THING,
    Seen,
    Upload,
    files,
    looked_through,
    opened,
    taken,
    uploaded,
)
from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.foundation.stored_files import store_file
from app.readers import Column, NoTitle, Unreadable
from app.readers.columns import TERMS
from app.rules.publishers import ANSWERS, Answer
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.forms import options_of
from app.web.guards import holding
from app.web.once import once

# So many rows are brought in while a person waits; more are left to the worker.
MOST_AT_ONCE = 60
_SHOWN = 50
_MOST_PUBLISHERS = 300


@blueprint.get("/catalog/import")
@holding(Role.STEWARD, Role.DEPUTY)
def import_catalog() -> Response:
    """Where a foreign catalog is uploaded."""
    return _upload_page(_form(ImportForm(formdata=None)))


@blueprint.post("/catalog/import")
@holding(Role.STEWARD, Role.DEPUTY)
def upload() -> Response:
    """Read the file and keep it for the confirmation. Nothing is listed or changed yet."""
    form = _form(ImportForm())
    if not form.validate_on_submit():
        return _upload_page(form)
    organization = chosen_organization(form.organization.data or "")
    is_file = bool(form.file.data)
    data = form.file.data.stream.read(LARGEST_UPLOAD + 1) if is_file else (form.text.data or "").encode()
    try:
        if not is_file and not data:
            raise Unreadable(_("There is nothing yet."), _("Choose the file with the catalog, or paste it."))
        _look_at(data)
    except Unreadable as error:
        (form.file if is_file or not data else form.text).errors = [f"{told(error.problem)} {told(error.remedy)}"]
        return _upload_page(form)
    name = (form.file.data.filename or "catalog") if is_file else _("pasted text")
    stored = store_file(
        db.session, files(), data, name[:200], "application/octet-stream", (THING, organization.slug), now()
    )
    return finish(url_for("exchange.import_review", file_id=stored.id))


@blueprint.get("/catalog/import/<int:file_id>")
@holding(Role.STEWARD, Role.DEPUTY)
def import_review(file_id: int) -> Response:
    """What would happen with each row, which column is which field, and whose the datasets of each publisher are."""
    return _review_page(uploaded(file_id))


@blueprint.post("/catalog/import/<int:file_id>/choices")
@holding(Role.STEWARD, Role.DEPUTY)
def import_choices(file_id: int) -> Response:
    """Keep what was said about columns and publishers, and show what would happen then."""
    given = uploaded(file_id)
    if not ChoicesForm().validate_on_submit():
        return _review_page(given)
    columns = {name: term for name, term in _said("column", "term").items() if not term or term in TERMS}
    answers = {name: Answer(value) for name, value in _said("publisher", "answer").items() if value in set(Answer)}
    try:
        choose(
            db.session, current_actor(), given.organization, file_id, now(),
            columns=given.columns | columns if columns else None,
            publishers=given.answers | answers if answers else None,
        )  # fmt: skip
    except Invalid as error:
        return answered(url_for("exchange.import_review", file_id=file_id), told(error.message))
    return finish(url_for("exchange.import_review", file_id=file_id), _("This is what would happen now."))


@blueprint.post("/catalog/import/<int:file_id>")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def import_confirm(file_id: int) -> Response:
    """Bring the rows in."""
    given = uploaded(file_id)
    publish = bool(ConfirmForm().publish.data)
    try:
        expected = looked_through(given).result
        if expected.read > MOST_AT_ONCE:
            start_import(db.session, current_actor(), given.organization, file_id, now(), publish=publish)
            return finish(url_for("exchange.import_progress", file_id=file_id))
        result = taken(given, publish=publish)
    except Unreadable as error:
        return answered(url_for("exchange.import_catalog"), f"{told(error.problem)} {told(error.remedy)}")
    return finish(url_for("catalog.own"), _done(result.counts))


@blueprint.get("/catalog/import/<int:file_id>/refused.csv")
@holding(Role.STEWARD, Role.DEPUTY)
def import_refused(file_id: int) -> Response:
    """The rows that cannot be taken, as a table to mend them by."""
    given = uploaded(file_id)
    try:
        refused = looked_through(given).result.refused
    except Unreadable as error:
        return answered(
            url_for("exchange.import_review", file_id=file_id), f"{told(error.problem)} {told(error.remedy)}"
        )
    response = Response(refusals_as_csv(refused), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{file_id}.csv"'
    return response


@blueprint.get("/catalog/import/<int:file_id>/progress")
@holding(Role.STEWARD, Role.DEPUTY)
def import_progress(file_id: int) -> Response:
    """How far a large import is."""
    given = uploaded(file_id)
    progress = progress_of(db.session, import_reference(file_id), IMPORT_MESSAGE)
    if progress is None:
        return answered(url_for("exchange.import_review", file_id=file_id))
    return page(
        "exchange/import_progress.html", file=given.file, organization=given.organization, progress=progress,
        said=_done(progress.counts),
    )  # fmt: skip


def _look_at(data: bytes) -> None:
    """Refuse what gives nothing. A table whose title nobody has named yet is taken: its columns are shown."""
    if len(data) > LARGEST_UPLOAD:
        raise Unreadable(_("The file is larger than 20 MB."), _("Pack it with gzip, or split it."))
    try:
        is_empty = not any(True for _entry in opened(data).entries)
    except NoTitle:
        return
    if is_empty:
        raise Unreadable(_("There is no dataset in it."), _("Choose the catalog itself."))


def _said(name: str, value: str) -> dict[str, str]:
    """Pairs of a form with as many rows as a catalog has columns or publishers."""
    names, values = request.form.getlist(name), request.form
    return {
        one: values.get(f"{value}-{number}", "") for number, one in enumerate(names) if f"{value}-{number}" in values
    }


def _done(counts: Sequence[int]) -> str:
    _read, created, updated, unchanged, refused = counts
    return str(
        _(
            "Imported: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(refused)s refused.",
            created=created,
            updated=updated,
            unchanged=unchanged,
            refused=refused,
        )
    )


def _review_page(given: Upload) -> Response:
    seen: Seen | None = None
    problem, columns = "", tuple[Column, ...]()
    try:
        seen = looked_through(given)
        columns = seen.catalog.columns
    except NoTitle as error:
        problem, columns = told(error.problem), error.columns
    except Unreadable as error:
        return answered(url_for("exchange.import_catalog"), f"{told(error.problem)} {told(error.remedy)}")
    result = seen.result if seen else Imported()
    publishers = seen.publishers[:_MOST_PUBLISHERS] if seen else []
    return page(
        "exchange/import_review.html",
        file=given.file,
        organization=given.organization,
        problem=problem,
        form_name=", ".join(told(part) for part in seen.catalog.form.split(", ")) if seen else "",
        result=result,
        shown=result.refused[:_SHOWN],
        remarks=result.remarks[:_SHOWN],
        columns=columns,
        terms={term: told(name) for term, (name, _headers) in TERMS.items()},
        publishers=[(one, rows, given.answers.get(one.name, one.usual)) for one, rows in publishers],
        answers={answer: told(words) for answer, words in ANSWERS.items()},
        form=ConfirmForm(formdata=None),
        may_publish=may_list(db.session, given.organization, now()),
    )


def _form(form: ImportForm) -> ImportForm:
    own = [(row.slug, row.name) for row in writable_organizations()]
    form.organization.choices = options_of(own)
    if len(own) == 1 or (request.method == "GET" and own):
        form.organization.data = own[0][0]
    return form


def _upload_page(form: ImportForm) -> Response:
    return page("exchange/import.html", form.status, form=form, organizations=writable_organizations())
