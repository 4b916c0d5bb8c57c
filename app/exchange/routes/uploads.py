"""Uploaded catalogs: found again for those whose they are, looked through with what was said about them, and brought in."""

from dataclasses import dataclass
from itertools import islice

from flask import current_app

from app.catalog.routes.desk import writable_organizations
from app.exchange.commands.findings import seen_as
from app.exchange.commands.import_runs import MOST_AT_ONCE, begin_import, bring_in_part, leave_to_worker, stop
from app.exchange.foreign import Described, Refused, described
from app.exchange.foreign.opening import opened
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import Choices, choices_in, choices_of
from app.exchange.queries.imports import newest_of
from app.foundation.base import JSONObject
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile
from app.foundation.words import N_
from app.organizations.models import Organization
from app.readers import NoTitle
from app.web.actor import current_actor
from app.web.database import db
from app.web.guards import NOT_FOUND

THING = "import"
_REPLACED = N_("Something else was said about it meanwhile.")


@dataclass(frozen=True)
class Upload:
    """A catalog that was uploaded, whose it is, and what was said about it."""

    file: StoredFile
    organization: Organization
    said: Choices


def uploaded(file_id: int, *, locks: bool = False) -> Upload:
    """An uploaded catalog; one of another organization does not exist. With `locks` no import of it begins meanwhile."""
    stored = db.session.get(StoredFile, file_id, with_for_update=locks or None)
    mine = {row.slug: row for row in writable_organizations()}
    if stored is None or stored.thing != THING or stored.thing_ref not in mine:
        raise NotFound(NOT_FOUND)
    organization = mine[stored.thing_ref]
    return Upload(stored, organization, choices_of(db.session, organization.id, stored.id))


def look_through(upload: Upload, data: bytes) -> CatalogImport:
    """Find out what would happen with each row: at once for a small catalog, by the worker for a large one.

    A table in which no column is known to be the title is noted with its columns, so that somebody can say which one is.

    Raises:
        Unreadable: there is nothing in it that could be looked at.
    """
    earlier = newest_of(db.session, upload.file.id, is_trial=True)
    rows = list[Described | Refused]()
    try:
        catalog = opened(data, upload.said.columns, upload.said.kept, upload.said.sheet, upload.said.header)
        rows = list(islice(described(catalog.entries), MOST_AT_ONCE + 1))
    except NoTitle as error:
        row = _begun(upload, upload.said, seen_as(error))
        stop(db.session, row, error.problem, now())
    else:
        row = _begun(upload, upload.said, seen_as(catalog))
        _go_on(row, rows)
    if earlier is not None and earlier.done_at is None:
        stop(db.session, earlier, _REPLACED, now())
    return row


def take(upload: Upload, seen: CatalogImport, *, publish: bool) -> CatalogImport:
    """Bring the rows in that were looked through: at once where they are few, otherwise by the worker.

    Raises:
        WrongState: the look is followed already, or there is a newer one.
        Unreadable: the file cannot be read any more.
    """
    said = choices_in(seen.said)
    row = _begun(upload, said, {"form": seen.found.get("form", "")}, look=seen, publish=publish)
    if seen.rows > MOST_AT_ONCE:
        leave_to_worker(db.session, row, now())
        return row
    catalog = opened(files().get(upload.file.key), said.columns, said.kept, said.sheet, said.header)
    _go_on(row, list(islice(described(catalog.entries), MOST_AT_ONCE + 1)))
    return row


def files() -> FileStore:
    """Where uploaded files are."""
    store: FileStore = current_app.extensions["onepact_files"]
    return store


def _begun(
    upload: Upload, said: Choices, seen: JSONObject, look: CatalogImport | None = None, *, publish: bool = False
) -> CatalogImport:
    """A look, or the import that follows one."""
    return begin_import(
        db.session, current_actor(), upload.organization, upload.file.id, now(),
        said=said, publishes=publish, is_trial=look is None, by_page=True, seen=seen, look=look,
    )  # fmt: skip


def _go_on(row: CatalogImport, rows: list[Described | Refused]) -> None:
    if len(rows) > MOST_AT_ONCE:
        leave_to_worker(db.session, row, now())
    else:
        bring_in_part(db.session, current_actor(), row, rows, now(), is_last=True)
