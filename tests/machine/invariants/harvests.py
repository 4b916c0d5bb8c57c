"""W1, W11 for what comes in from catalogs elsewhere: what was found waits for somebody, and nothing is taken by nobody."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exchange.models import HarvestRun, HarvestSource
from app.exchange.queries.harvests import awaited
from app.organizations.naming import named_for
from app.outbox.models import MessageState
from app.rules.harvests import Answer, Kind, RunState
from app.rules.roles import Role
from app.rules.workflow import HarvestState
from tests.machine.invariants.decisions import held
from tests.machine.rows import AnyRow, Rows, rows_of

_OVER = {RunState.SETTLED, RunState.NOTHING, RunState.FAILED}
_AT_WORK = {RunState.OPEN: "harvest.read", RunState.TAKING: "harvest.take"}
_BY_SOMEBODY = {Answer.TAKEN, Answer.CHOSEN}
_LISTS = (Role.STEWARD, Role.DEPUTY)


def readings_wait_for_somebody(session: Session) -> list[str]:
    """W1: a reading waits for a person exactly while something in it does, and for the worker while a message is there."""
    rows, found = rows_of(session), []
    for source in rows.all("harvest_source"):
        runs = rows.of("harvest_run", "source_id", source.id)
        found += [f"W1: {what} (reading {run.id} of {source.reference})" for run in runs for what in _wrong(rows, run)]
        looked_at = [run.id for run in runs if run.state is RunState.FOUND]
        if len(looked_at) > 1:
            found.append(f"W1: two readings of {source.reference} wait to be looked at: {looked_at}")
        if looked_at and source.state is HarvestState.ENDED:
            found.append(
                f"W1: {source.reference} was given up, and what it found waits for a choice that nobody can make"
            )
        if source.state is HarvestState.ENDED and source.planned_at is not None:
            found.append(f"W1: {source.reference} was given up, and is to be read again")
    return found


def _wrong(rows: Rows, run: AnyRow) -> Iterator[str]:
    answers = {row.answer for row in rows.of("harvest_finding", "run_id", run.id)}
    if run.state is RunState.FOUND and Answer.WAITING not in answers:
        yield "it waits to be looked at, and nothing in it does"
    if run.state in _OVER and answers & {Answer.WAITING, Answer.CHOSEN}:
        yield f"it is {run.state.value}, and something in it is not settled"
    if run.state in _AT_WORK and not _has_message(rows, run.id, _AT_WORK[run.state]):
        yield f"it is {run.state.value}, and there is no message for the worker"
    if Answer.CHOSEN in answers and not _has_message(rows, run.id, "harvest.take"):
        yield "something was chosen, and nobody brings it in"


def _has_message(rows: Rows, run_id: int, kind: str) -> bool:
    return any(
        row.state is MessageState.WAITING and row.payload["run"] == run_id
        for row in rows.of("outbox_message", "kind", kind)
    )


def taken_by_somebody(session: Session) -> list[str]:
    """W7, W11: who chose listed for the data partner; what nobody chose was harmless, and a steward had given their word."""
    rows, found = rows_of(session), []
    for row in rows.all("harvest_finding"):
        source = rows.one("harvest_source", rows.one("harvest_run", row.run_id).source_id)
        if row.answered_by_id is not None:
            if not held(rows, row.answered_by_id, row.answered_at, source.organization_id, *_LISTS):
                found.append(f"W7: finding {row.id} of {source.reference} was answered by nobody who lists for it")
        elif row.answer in _BY_SOMEBODY and not (_is_harmless(row) and _was_trusted(rows, source)):
            found.append(f"W11: finding {row.id} of {source.reference} was taken, and nobody had looked at it")
    return found


def _is_harmless(finding: AnyRow) -> bool:
    return finding.kind is not Kind.CREATED and all(change["is_harmless"] for change in finding.changes)


def _was_trusted(rows: Rows, source: AnyRow) -> bool:
    payloads = {row.seq: row.payload for row in rows.all("history_detail")}
    told = [row.seq for row in rows.all("history_event") if row.thing_ref == source.reference]
    return any(payloads.get(seq, {}).get("is_trusted") for seq in told)


def one_person_is_named(session: Session) -> list[str]:
    """What was found and waits names one person, at every share of its time: one who lists, or an officer where nobody does."""
    rows, found = rows_of(session), []
    if not any(run.state is RunState.FOUND for run in rows.all("harvest_run")):
        return []
    wanted = select(HarvestSource).join(HarvestRun).where(HarvestRun.state == RunState.FOUND)
    sources = session.scalars(wanted).unique().all()
    names = named_for(session, [awaited(source) for source in sources])
    for source in sources:
        named = names.get(("harvest", source.reference, source.organization_id))
        listing = _holding(rows, source.organization_id, *_LISTS)
        if named is None or named.first.person_id not in (listing or _holding(rows, None, Role.OFFICER, Role.DIRECTOR)):
            found.append(f"what was found at {source.reference} waits for nobody who could look at it: {named}")
    return found


def _holding(rows: Rows, organization_id: int | None, *roles: Role) -> set[int]:
    return {
        row.person_id
        for row in rows.all("membership")
        if row.ended_at is None and row.role in roles and organization_id in (None, row.organization_id)
    }


INVARIANTS = (readings_wait_for_somebody, taken_by_somebody, one_person_is_named)
