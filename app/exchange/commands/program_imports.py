"""Imports that programs ask for: begun at once, and brought in part by part, each part in one transaction with its counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.exchange.commands.importing import allow_import, import_rows
from app.exchange.commands.publishers import of_partner
from app.exchange.foreign import Described, Refused
from app.exchange.models import CatalogImport
from app.exchange.queries.publishers import Publishers
from app.foundation.errors import DomainError
from app.organizations.models import Organization
from app.outbox.commands import enqueue
from app.rules.actors import Actor
from app.rules.imports import ImportState

PART = 100
MOST_REFUSALS = 200
PROGRAM_IMPORT_MESSAGE = "catalog.import_by_program"
_RUNNING = frozenset({ImportState.RUNNING})


def begin_import(
    session: Session,
    actor: Actor,
    organization: Organization,
    file_id: int,
    now: datetime,
    *,
    publishes: bool,
    is_trial: bool,
) -> CatalogImport:
    """Note an import. `bring_in_part` or `leave_to_worker` goes on with it.

    Raises:
        NotAllowed: the actor does not list for this organization, or it may not list yet and `publishes` is asked for.
    """
    allow_import(session, actor, organization, now, publish=publishes)
    row = CatalogImport(
        organization_id=organization.id, organization=organization, person_id=actor.person_id or 0, file_id=file_id,
        is_trial=is_trial, publishes=publishes, state=ImportState.RUNNING, begun_at=now, problem="",
        rows=0, created=0, updated=0, unchanged=0, refused=0, refusals=[],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def leave_to_worker(session: Session, row: CatalogImport, now: datetime) -> None:
    """Let the worker go on, one part at a time, so that nobody waits for the whole."""
    enqueue(session, PROGRAM_IMPORT_MESSAGE, {"import": row.id}, now, about=f"import by program {row.id}")


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
        stop(row, error.message, now)
        return
    own = list(of_partner(Publishers(session, row.organization, now), {}, part))
    result = import_rows(session, actor, row.organization, own, now, publish=row.publishes, dry_run=row.is_trial)
    row.rows += result.read
    row.created += result.created
    row.updated += result.updated
    row.unchanged += result.unchanged
    row.refused += len(result.refused)
    told = [
        {"row": one.row, "field": one.field, "value": one.value, "problem": one.problem, "remedy": one.remedy}
        for one in result.refused
    ]
    row.refusals = [*row.refusals, *told][:MOST_REFUSALS]
    if is_last:
        row.state, row.done_at = ImportState.DONE, now


def stop(row: CatalogImport, problem: str, now: datetime) -> None:
    """End an import before its end; what is in stays."""
    row.state, row.done_at, row.problem = ImportState.FAILED, now, problem
