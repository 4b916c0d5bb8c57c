"""Uploaded catalogs: found again for those whose they are, read with what was said about them, and gone through."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from app.catalog.routes.desk import writable_organizations
from app.exchange.commands.importing import Imported, allow_import, import_rows, in_batches
from app.exchange.commands.publishers import of_partner
from app.exchange.foreign import Described, Refused, described
from app.exchange.queries.publishers import Placed, Publishers, choices_of
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile
from app.organizations.models import Organization
from app.readers import Catalog, Unreadable, read_catalog
from app.rules.publishers import Answer
from app.web.actor import current_actor
from app.web.database import db
from app.web.guards import NOT_FOUND

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 20 * MEGABYTE
LARGEST_CATALOG, MOST_ROWS = 100 * MEGABYTE, 20_000  # after unpacking
THING = "import"


@dataclass(frozen=True)
class Upload:
    """A catalog that was uploaded, whose it is, and what was said about it."""

    file: StoredFile
    organization: Organization
    columns: dict[str, str]
    answers: dict[str, Answer]


@dataclass(frozen=True)
class Seen:
    """What a dry run has seen: the catalog, what would become of its rows, and its publishers with their rows."""

    catalog: Catalog
    result: Imported
    publishers: list[tuple[Placed, int]]


def uploaded(file_id: int) -> Upload:
    """An uploaded catalog; one of another organization does not exist."""
    stored = db.session.get(StoredFile, file_id)
    mine = {row.slug: row for row in writable_organizations()}
    if stored is None or stored.thing != THING or stored.thing_ref not in mine:
        raise NotFound(NOT_FOUND)
    return Upload(stored, mine[stored.thing_ref], *choices_of(db.session, stored.id))


def opened(data: bytes, columns: dict[str, str] | None = None) -> Catalog:
    """The catalog in uploaded bytes. Raises Unreadable."""
    return read_catalog(io.BytesIO(data), LARGEST_CATALOG, columns)


def looked_through(upload: Upload) -> Seen:
    """What would happen with each row. Raises Unreadable."""
    catalog = opened(files().get(upload.file.key), upload.columns)
    publishers, counts = Publishers(db.session, upload.organization, now()), dict[str, int]()
    rows = _counted(described(catalog.entries), counts)
    result = brought(upload, of_partner(publishers, upload.answers, rows), publish=False, dry_run=True)
    placed = [(one, counts[one.name]) for one in publishers.placed(counts)]
    return Seen(catalog, result, sorted(placed, key=lambda pair: (not pair[0].is_asked, -pair[1])))


def taken(upload: Upload, *, publish: bool) -> Imported:
    """Bring the rows in. Raises Unreadable."""
    catalog = opened(files().get(upload.file.key), upload.columns)
    rows = of_partner(Publishers(db.session, upload.organization, now()), upload.answers, described(catalog.entries))
    return brought(upload, rows, publish=publish, dry_run=False)


def brought(upload: Upload, rows: Iterator[Described | Refused], *, publish: bool, dry_run: bool) -> Imported:
    """Take rows in batch by batch, as far as a page may."""
    actor, moment, total = current_actor(), now(), Imported()
    allow_import(db.session, actor, upload.organization, moment, publish=publish)
    for batch in in_batches(rows):
        total += import_rows(db.session, actor, upload.organization, batch, moment, publish=publish, dry_run=dry_run)
        if total.read > MOST_ROWS:
            raise Unreadable(
                _("The catalog has more than %(num)s datasets.", num=MOST_ROWS),
                _("Split it, or ask the operator to import it: flask catalog import."),
            )
    return total


def files() -> FileStore:
    """Where uploaded files are."""
    store: FileStore = current_app.extensions["onepact_files"]
    return store


def _counted(rows: Iterator[Described | Refused], counts: dict[str, int]) -> Iterator[Described | Refused]:
    for row in rows:
        if isinstance(row, Described) and row.publisher:
            counts[row.publisher] = counts.get(row.publisher, 0) + 1
        yield row
