"""Imports by page and by program: begun at once, and gone through part by part, each part in one transaction with its counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.exchange.commands.findings import MOST_REMARKS, add, findings_of
from app.exchange.commands.importing import allow_import, import_rows
from app.exchange.commands.publishers import of_partner
from app.exchange.commands.remarking import leave_remarks_to_worker
from app.exchange.commands.sending import keep_brought
from app.exchange.foreign import Described, Refused
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import Choices, choices_in
from app.exchange.queries.imports import newest_of
from app.exchange.queries.publishers import Publishers
from app.foundation.base import JSONObject
from app.foundation.errors import DomainError, WrongState
from app.foundation.stored_files import StoredFile
from app.foundation.words import N_
from app.organizations.models import Organization
from app.outbox.commands import enqueue
from app.rules.actors import Actor
from app.rules.imports import ImportState

IMPORT_MESSAGE = "catalog.import"
# So many rows are gone through while somebody waits; more are left to the worker.
MOST_AT_ONCE = 60
# Rows that one message brings in: short enough that others can write in between.
PART = 1000
MOST_ROWS = 100_000
TOO_MANY = N_(
    "The catalog has more than 100,000 datasets. Split it, or ask the operator to import it: flask catalog import."
)
_RUNNING = frozenset({ImportState.RUNNING})
_STOPPED = frozenset({ImportState.FAILED})


def begin_import(
    session: Session,
    actor: Actor,
    organization: Organization,
    file_id: int,
    now: datetime,
    *,
    said: Choices,
    publishes: bool,
    is_trial: bool,
    by_page: bool = False,
    seen: JSONObject | None = None,
    look: CatalogImport | None = None,
) -> CatalogImport:
    """Note an import. `bring_in_part` or `leave_to_worker` goes on with it.

    Args:
        said: how it is read, and whose the datasets of each publisher are: it holds to its end.
        is_trial: nothing is written; what would be is found out.
        by_page, seen: whether a page asks, or a program; how the catalog was read (`findings.seen_as`).
        look: the one that it follows.

    Raises:
        NotAllowed: the actor does not list for this organization, or it may not list yet and `publishes` is asked for.
        WrongState: the look is followed already, the file comes in by another one, or there is a newer one.
    """
    allow_import(session, actor, organization, now, publish=publishes)
    if look is not None:
        _follow(session, look)
    row = CatalogImport(
        organization_id=organization.id, organization=organization, person_id=actor.person_id or 0, file_id=file_id,
        authentication=actor.authentication, by_page=by_page, is_trial=is_trial, publishes=publishes,
        state=ImportState.RUNNING, begun_at=now, problem="", found=seen or {},
        rows=0, created=0, updated=0, unchanged=0, listed=0, refused=0, refusals=[],
        said=said.to_json(), look_id=look.id if look else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _follow(session: Session, look: CatalogImport) -> None:
    """Lock the file, so that a look at it is followed once, nothing else comes in of it, and nothing is said of it meanwhile."""
    session.get_one(StoredFile, look.file_id, with_for_update=True)
    runs = (CatalogImport.file_id == look.file_id) & CatalogImport.state.in_(_RUNNING) & ~CatalogImport.is_trial
    follows = (CatalogImport.look_id == look.id) & CatalogImport.state.not_in(_STOPPED)
    if session.scalar(select(exists().where(runs | follows))):
        raise WrongState(N_("It is being brought in already."))
    if newest_of(session, look.file_id, is_trial=True) is not look:
        raise WrongState(N_("Something else was said about it meanwhile. Look at what would happen now."))


def leave_to_worker(session: Session, row: CatalogImport, now: datetime) -> None:
    """Let the worker go on, one part at a time, so that nobody waits for the whole."""
    enqueue(session, IMPORT_MESSAGE, {"import": row.id}, now, about=f"import {row.id}")


def locked_import(session: Session, import_id: int) -> CatalogImport | None:
    """The import under lock; None where it has come to its end already."""
    row = session.get_one(CatalogImport, import_id, with_for_update=True, populate_existing=True)
    return row if row.state in _RUNNING else None


def bring_in_part(
    session: Session,
    actor: Actor,
    row: CatalogImport,
    part: Sequence[Described | Refused],
    now: datetime,
    *,
    is_last: bool,
) -> None:
    """Bring some rows in, count them, and end the import with the last of them.

    Args:
        actor: whoever asked for it, with the rights of this moment; without them the import stops where it is.
    """
    try:
        allow_import(session, actor, row.organization, now, publish=row.publishes)
    except DomainError as error:
        stop(session, row, error.message, now)
        return
    own = list(of_partner(Publishers(session, row.organization, now), choices_in(row.said).publishers, part))
    result = import_rows(session, actor, row.organization, own, now, publish=row.publishes, dry_run=row.is_trial)
    add(row, result, part)
    if not row.is_trial:
        keep_brought(session, row, own)
    if row.rows > MOST_ROWS:
        stop(session, row, TOO_MANY, now)
    elif is_last:
        _end(session, row, ImportState.DONE, now)


def stop(session: Session, row: CatalogImport, problem: str, now: datetime) -> None:
    """End an import before its end; what is in stays."""
    row.problem = problem
    _end(session, row, ImportState.FAILED, now)


def _end(session: Session, row: CatalogImport, state: ImportState, now: datetime) -> None:
    row.state, row.done_at = state, now
    if row.rows > MOST_AT_ONCE and findings_of(row).remarked > MOST_REMARKS:
        leave_remarks_to_worker(session, row, now)
