"""Importing by page: a file is uploaded, read and compared; what would happen is shown; then it happens."""

import io
from collections.abc import Iterator, Sequence

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.accession import may_list
from app.catalog.routes.desk import chosen_organization, writable_organizations
from app.exchange.commands.importing import (
    IMPORT_MESSAGE,
    Imported,
    allow_import,
    import_reference,
    import_rows,
    in_batches,
    start_import,
)
from app.exchange.foreign import Described, Refused, described
from app.exchange.forms.importing import ConfirmForm, ImportForm
from app.exchange.queries.progress import import_progress as progress_of
from app.exchange.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.organizations.models import Organization
from app.readers import Unreadable, read_catalog
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, holding
from app.web.once import once

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 20 * MEGABYTE
LARGEST_CATALOG, MOST_ROWS = 100 * MEGABYTE, 20_000  # after unpacking
# So many rows are brought in while a person waits; more are left to the worker.
MOST_AT_ONCE = 60
_SHOWN = 50
_THING = "import"


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
    data = form.file.data.stream.read(LARGEST_UPLOAD + 1)
    try:
        if len(data) > LARGEST_UPLOAD:
            raise Unreadable(_("The file is larger than 20 MB."), _("Pack it with gzip, or split it."))
        if not any(True for _row in _rows(data)):
            raise Unreadable(_("There is no dataset in it."), _("Choose the catalog itself."))
    except Unreadable as error:
        form.file.errors = [f"{told(error.problem)} {told(error.remedy)}"]
        return _upload_page(form)
    stored = store_file(
        db.session, _files(), data, (form.file.data.filename or "catalog")[:200], "application/octet-stream",
        (_THING, organization.slug), now(),
    )  # fmt: skip
    return finish(url_for("exchange.import_review", file_id=stored.id))


@blueprint.get("/catalog/import/<int:file_id>")
@holding(Role.STEWARD, Role.DEPUTY)
def import_review(file_id: int) -> Response:
    """What would happen with each row."""
    stored, organization = _kept(file_id)
    try:
        result = _run(stored, organization, publish=False, dry_run=True)
    except Unreadable as error:
        return answered(url_for("exchange.import_catalog"), f"{told(error.problem)} {told(error.remedy)}")
    return page(
        "exchange/import_review.html",
        file=stored,
        organization=organization,
        result=result,
        shown=result.refused[:_SHOWN],
        form=ConfirmForm(formdata=None),
        may_publish=may_list(db.session, organization, now()),
    )


@blueprint.post("/catalog/import/<int:file_id>")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def import_confirm(file_id: int) -> Response:
    """Bring the rows in."""
    stored, organization = _kept(file_id)
    publish = bool(ConfirmForm().publish.data)
    try:
        expected = _run(stored, organization, publish=False, dry_run=True)
        if expected.read > MOST_AT_ONCE:
            start_import(db.session, current_actor(), organization, stored.id, now(), publish=publish)
            return finish(url_for("exchange.import_progress", file_id=stored.id))
        result = _run(stored, organization, publish=publish, dry_run=False)
    except Unreadable as error:
        return answered(url_for("exchange.import_catalog"), f"{told(error.problem)} {told(error.remedy)}")
    return finish(url_for("catalog.own"), _done(result.counts))


@blueprint.get("/catalog/import/<int:file_id>/progress")
@holding(Role.STEWARD, Role.DEPUTY)
def import_progress(file_id: int) -> Response:
    """How far a large import is."""
    stored, organization = _kept(file_id)
    progress = progress_of(db.session, import_reference(file_id), IMPORT_MESSAGE)
    if progress is None:
        return answered(url_for("exchange.import_review", file_id=file_id))
    return page(
        "exchange/import_progress.html", file=stored, organization=organization, progress=progress,
        said=_done(progress.counts),
    )  # fmt: skip


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


def _run(stored: StoredFile, organization: Organization, *, publish: bool, dry_run: bool) -> Imported:
    actor, moment, total = current_actor(), now(), Imported()
    allow_import(db.session, actor, organization, moment, publish=publish)
    for batch in in_batches(_rows(_files().get(stored.key))):
        total += import_rows(db.session, actor, organization, batch, moment, publish=publish, dry_run=dry_run)
        if total.read > MOST_ROWS:
            raise Unreadable(
                _("The catalog has more than %(num)s datasets.", num=MOST_ROWS),
                _("Split it, or ask the operator to import it: flask catalog import."),
            )
    return total


def _rows(data: bytes) -> Iterator[Described | Refused]:
    return described(read_catalog(io.BytesIO(data), LARGEST_CATALOG).entries)


def _kept(file_id: int) -> tuple[StoredFile, Organization]:
    """An uploaded catalog and whose it is; one of another organization does not exist."""
    stored = db.session.get(StoredFile, file_id)
    mine = {row.slug: row for row in writable_organizations()}
    if stored is None or stored.thing != _THING or stored.thing_ref not in mine:
        raise NotFound(NOT_FOUND)
    return stored, mine[stored.thing_ref]


def _files() -> FileStore:
    files: FileStore = current_app.extensions["onepact_files"]
    return files


def _form(form: ImportForm) -> ImportForm:
    own = [(row.slug, row.name) for row in writable_organizations()]
    form.organization.choices = own
    if len(own) == 1 or (request.method == "GET" and own):
        form.organization.data = own[0][0]
    return form


def _upload_page(form: ImportForm) -> Response:
    return page("exchange/import.html", form.status, form=form, organizations=writable_organizations())
