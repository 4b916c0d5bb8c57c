"""Large imports that programs asked for: the worker brings them in, part by part."""

from io import BytesIO
from itertools import islice

from sqlalchemy.orm import Session

from app.exchange.commands.program_imports import (
    PART,
    PROGRAM_IMPORT_MESSAGE,
    bring_in_part,
    leave_to_worker,
    locked_import,
    stop,
)
from app.exchange.foreign import described
from app.exchange.models import CatalogImport
from app.foundation.base import JSONObject
from app.foundation.stored_files import StoredFile
from app.organizations.tokens import AUTHENTICATION
from app.reactions.catalog import acting_for
from app.reactions.harvests import LARGEST_CATALOG
from app.reactions.work import Apply, Handler, Work
from app.readers import Unreadable, read_catalog


def bring_in(work: Work, payload: JSONObject) -> Apply:
    """The next part of the file; another message brings the one after it. A part that was written before is left out."""
    import_id = int(str(payload["import"]))
    with work.reading() as session:
        row = session.get_one(CatalogImport, import_id)
        stored = session.get_one(StoredFile, row.file_id)
        before = row.rows
    try:
        rows = described(read_catalog(BytesIO(work.files.get(stored.key)), LARGEST_CATALOG).entries)
        part = list(islice(rows, before, before + PART + 1))
    except Unreadable as error:
        problem = f"{error.problem} {error.remedy}"
        return lambda session: _stop(session, import_id, problem, work)

    def apply(session: Session) -> None:
        row = locked_import(session, import_id)
        if row is None or row.rows != before:
            return
        session.refresh(row, ["organization"])
        whose: JSONObject = {"person": row.person_id, "authentication": AUTHENTICATION}
        is_last = len(part) <= PART
        bring_in_part(session, acting_for(session, whose), row, part[:PART], work.now, is_last=is_last)
        if row.done_at is None:
            leave_to_worker(session, row, work.now)

    return apply


def _stop(session: Session, import_id: int, problem: str, work: Work) -> None:
    row = locked_import(session, import_id)
    if row is not None:
        stop(row, problem, work.now)


HANDLERS: dict[str, Handler] = {PROGRAM_IMPORT_MESSAGE: bring_in}
