"""All that is to be mended in a catalog that came in: its row keeps the first of it, the rest is read anew from its file."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.exchange.commands.comparing import remarks_on
from app.exchange.commands.findings import findings_of
from app.exchange.commands.publishers import of_partner
from app.exchange.commands.results import COLUMNS, as_row
from app.exchange.foreign import Described, Refused, described
from app.exchange.foreign.opening import opened
from app.exchange.models import CatalogImport, HarvestRun
from app.exchange.queries.choices import choices_in
from app.exchange.queries.publishers import Publishers
from app.foundation.errors import NotFound
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile
from app.foundation.words import N_
from app.organizations.models import Organization
from app.readers import Unreadable
from app.rules.publishers import Answer
from app.web.answers import told
from app.web.sheets import lines, to_keep
from app.web.streaming import streamed

_NOTHING_READ = N_("Nothing was read, so there is nothing to mend in it.")


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


def of_reading(session: Session, files: FileStore, run: HarvestRun) -> Iterator[Refused]:
    """The same of one reading of a source."""
    said = choices_in(run.said)
    left = {name for name, answer in said.publishers.items() if answer is Answer.LEAVE}
    try:
        catalog = opened(_bytes(session, files, run.file_id), kept=said.kept)
    except Unreadable as error:
        raise NotFound(_NOTHING_READ) from error
    return (remark for one in _as_far_as_it_goes(described(catalog.entries)) for remark in remarks_on(one, left))


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
