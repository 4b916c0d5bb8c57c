"""All that is to be mended in a catalog that came in: its row keeps the first of it, the worker writes all of a large one."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.exchange.commands.findings import findings_of, refused_in
from app.exchange.commands.import_runs import MOST_AT_ONCE
from app.exchange.commands.publishers import of_partner
from app.exchange.commands.remarking import about_import, about_reading, kept_remarks
from app.exchange.commands.results import COLUMNS, as_row
from app.exchange.foreign import Described, Refused, described
from app.exchange.foreign.opening import opened
from app.exchange.models import CatalogImport, HarvestRun
from app.exchange.queries.choices import choices_in
from app.exchange.queries.publishers import Publishers
from app.foundation.errors import NotFound, WrongState
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile
from app.foundation.words import N_
from app.organizations.models import Organization
from app.readers import Unreadable
from app.web.answers import told
from app.web.sheets import lines, to_keep
from app.web.streaming import streamed

_NOT_YET = N_(
    "All of it is being written. Ask again in a minute. For a catalog that came in before this was kept, bring it in again."
)
_NOTHING_READ = N_("Nothing was read, so there is nothing to mend in it.")


def all_of_import(
    session: Session, files: FileStore, row: CatalogImport, organization: Organization, now: datetime
) -> Iterable[Refused]:
    """What is to be mended in an import, or a look: as it is kept, or read anew where the catalog is small.

    Raises:
        NotFound: the file cannot be read.
        WrongState: the worker has not written it yet.
    """
    found = findings_of(row)
    if found.remarked == len(found.remarks):
        return found.remarks
    if row.rows <= MOST_AT_ONCE:
        return of_import(session, files, row, organization, now)
    return _written(session, files, about_import(row.id))


def all_of_reading(session: Session, files: FileStore, run: HarvestRun) -> Iterable[Refused]:
    """The same of one reading of a source. Raises NotFound where nothing was read, and WrongState."""
    if run.file_id is None:
        raise NotFound(_NOTHING_READ)
    if run.remarked == len(run.remarks):
        return [refused_in(one) for one in run.remarks]
    return _written(session, files, about_reading(run.id))


def _written(session: Session, files: FileStore, about: str) -> Iterable[Refused]:
    kept = kept_remarks(session, files, about)
    if kept is None:
        raise WrongState(_NOT_YET)
    return kept


def of_import(
    session: Session, files: FileStore, row: CatalogImport, organization: Organization, now: datetime
) -> Iterator[Refused]:
    """What an import, or a look, has to say of the rows that it takes, in their order. The session is not needed after the call.

    Raises:
        NotFound: the file cannot be read.
    """
    said, refused = choices_in(row.said), {one.row for one in findings_of(row).refused}
    try:
        catalog = opened(_bytes(session, files, row.file_id), said.columns, said.kept, said.sheet, said.header)
    except Unreadable as error:
        raise NotFound(_NOTHING_READ) from error
    publishers = Publishers(session, organization, now)
    rows = of_partner(publishers, said.publishers, described(catalog.entries))
    return (remark for one in _as_far_as_it_goes(rows) if one.row not in refused for remark in one.remarks)


def remarks_table(remarks: Iterable[Refused], filename: str) -> Response:
    """The table, sent while the file is gone through."""
    said = ({**as_row(one), "remedy": told(one.remedy)} for one in remarks)
    text = lines(COLUMNS, ([str(value) for value in row.values()] for row in said))
    return to_keep(streamed(text, "text/csv; charset=utf-8", filename), filename)


def _bytes(session: Session, files: FileStore, file_id: int | None) -> bytes:
    stored = session.get(StoredFile, file_id) if file_id is not None else None
    if stored is None:
        raise NotFound(_NOTHING_READ)
    return files.get(stored.key)


def _as_far_as_it_goes(rows: Iterable[Described | Refused]) -> Iterator[Described]:
    """The rows that can be described; a file that breaks off is told where it came in, and ends here."""
    try:
        yield from (row for row in rows if isinstance(row, Described))
    except Unreadable:
        return
