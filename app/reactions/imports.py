"""Large imports, and large looks at what one would do: the worker goes through them part by part."""

from sqlalchemy.orm import Session

from app.exchange.commands.import_runs import (
    IMPORT_MESSAGE,
    PART,
    bring_in_part,
    leave_to_worker,
    locked_import,
    stop,
)
from app.exchange.foreign import described
from app.exchange.foreign.opening import opened
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import choices_of
from app.foundation.base import JSONObject
from app.foundation.stored_files import StoredFile
from app.reactions.catalog import acting_for
from app.reactions.mail import Recipient, write_mail
from app.reactions.readings import READINGS, Rows
from app.reactions.work import Apply, Handler, Work
from app.readers import Unreadable


def bring_in(work: Work, payload: JSONObject) -> Apply | None:
    """The next part of the file; another message brings the one after it. A part that was written before is left out."""
    import_id = int(str(payload["import"]))
    with work.reading() as session:
        row = session.get_one(CatalogImport, import_id)
        stored = session.get_one(StoredFile, row.file_id)
        said = choices_of(session, row.organization_id, row.file_id if row.by_page else None)
        before = row.rows
    if row.done_at is not None:
        return None

    def begin() -> Rows:
        return described(opened(work.files.get(stored.key), said.columns, said.kept, said.sheet).entries)

    key = (import_id, stored.sha256, said.sheet, tuple(said.columns.items()), tuple(said.kept.items()))
    try:
        part = READINGS.part(key, begin, before, PART)
    except Unreadable as error:
        problem = f"{error.problem} {error.remedy}"
        return lambda session: _stop(session, import_id, problem, work)

    def apply(session: Session) -> None:
        row = locked_import(session, import_id)
        if row is None or row.rows != before:
            return
        session.refresh(row, ["organization"])
        whose: JSONObject = {"person": row.person_id, "authentication": row.authentication}
        actor = acting_for(session, whose)
        bring_in_part(session, actor, row, part, work.now, is_last=len(part) < PART)
        if row.done_at is None:
            leave_to_worker(session, row, work.now)
        elif row.by_page and not row.is_trial:
            _tell(session, work, row, stored.filename, Recipient(actor.name, actor.email))

    return apply


def _tell(session: Session, work: Work, row: CatalogImport, file: str, to: Recipient) -> None:
    """To whoever asked for it on a page: it has come to its end."""
    if row.problem:
        return
    names = ("created", "updated", "unchanged", "refused")
    counts = {name: getattr(row, name) for name in names}
    context = {"file": file, "partner": row.organization.name, "read": row.rows, **counts}
    link = f"/catalog/import/{row.file_id}/progress"
    write_mail(session, work, "catalog_imported", to, context, f"import {row.id}", link)


def _stop(session: Session, import_id: int, problem: str, work: Work) -> None:
    row = locked_import(session, import_id)
    if row is not None:
        stop(row, problem, work.now)


HANDLERS: dict[str, Handler] = {IMPORT_MESSAGE: bring_in}
