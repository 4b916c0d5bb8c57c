"""Large imports, and large looks at what one would do: the worker goes through them part by part."""

from sqlalchemy.orm import Session

from app.catalog.standing import partner_standing
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
from app.exchange.queries.choices import choices_in
from app.foundation.base import JSONObject
from app.foundation.stored_files import StoredFile
from app.reactions.catalog import acting_for
from app.reactions.mail import Recipient, write_mail
from app.reactions.readings import READINGS, Rows
from app.reactions.work import Apply, Handler, Work
from app.readers import Unreadable
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may


def bring_in(work: Work, payload: JSONObject) -> Apply | None:
    """The next part of the file; another message brings the one after it. A part that was written before is left out."""
    import_id = int(str(payload["import"]))
    with work.reading() as session:
        row = session.get_one(CatalogImport, import_id)
        stored = session.get_one(StoredFile, row.file_id)
        said, before = choices_in(row.said), row.rows
    if row.done_at is not None:
        return None

    def begin() -> Rows:
        return described(opened(work.files.get(stored.key), said.columns, said.kept, said.sheet, said.header).entries)

    key = (import_id, stored.sha256, said.sheet, said.header, tuple(said.columns.items()), tuple(said.kept.items()))
    try:
        part = READINGS.part(key, begin, before, PART)
    except Unreadable as error:
        problem = f"{error.problem} {error.remedy}"
        return lambda session: _stop(session, work, import_id, problem, stored.filename)

    def apply(session: Session) -> None:
        row = locked_import(session, import_id)
        if row is None or row.rows != before:
            return
        session.refresh(row, ["organization"])
        bring_in_part(session, _whose(session, row), row, part, work.now, is_last=len(part) < PART)
        if row.done_at is None:
            leave_to_worker(session, row, work.now)
        else:
            _tell(session, work, row, stored.filename)

    return apply


def _whose(session: Session, row: CatalogImport) -> Actor:
    whose: JSONObject = {"person": row.person_id, "authentication": row.authentication}
    return acting_for(session, whose)


def _tell(session: Session, work: Work, row: CatalogImport, file: str) -> None:
    """To whoever asked for it on a page, and lists for the data partner still: it is all in, or it stopped and why."""
    to = _whose(session, row)
    if not row.by_page or row.is_trial or not may(partner_standing(to, row.organization_id), Action.EDIT_LISTING):
        return
    names = ("created", "updated", "unchanged", "refused")
    counts = {name: getattr(row, name) for name in names}
    context = {"file": file, "partner": row.organization.name, "read": row.rows, "problem": row.problem, **counts}
    link = f"/catalog/import/{row.file_id}/progress"
    template = "catalog_import_stopped" if row.problem else "catalog_imported"
    write_mail(session, work, template, Recipient(to.name, to.email), context, f"import {row.id}", link)


def _stop(session: Session, work: Work, import_id: int, problem: str, file: str) -> None:
    row = locked_import(session, import_id)
    if row is not None:
        session.refresh(row, ["organization"])
        stop(session, row, problem, work.now)
        _tell(session, work, row, file)


HANDLERS: dict[str, Handler] = {IMPORT_MESSAGE: bring_in}
