"""What a reading of a source gave: written down, shown to a person, and taken only as they say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.catalog.standing import partner_standing
from app.exchange.commands.comparing import Compared, Found
from app.exchange.commands.findings import MOST_REMARKS
from app.exchange.commands.harvest_sources import READ_MESSAGE, is_at_work, locked_source, move_by_date, subject
from app.exchange.commands.results import as_row
from app.exchange.models import Finding, HarvestedDataset, HarvestRun, HarvestSource
from app.exchange.queries.choices import Choices
from app.exchange.queries.harvests import NOT_THERE, doubted_in
from app.exchange.queries.publishers import in_doubt
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.words import N_
from app.history.commands import record
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.events import Event
from app.rules.harvests import WAITS_BETWEEN_TRIES, Answer, Kind, RunState, is_a_flood
from app.rules.permissions import permit
from app.rules.workflow import HarvestState, Machine

TAKE_MESSAGE = "harvest.take"
_BATCH = 500
_FAILING = frozenset({HarvestState.FAILING})
_ON = frozenset({HarvestState.ON})
_OVER = frozenset({HarvestState.ENDED})


@dataclass(frozen=True)
class Reading:
    """A catalog that was read: what it is, where its bytes are kept, what the server said of it, and what held for it."""

    form: str
    file_id: int
    sha256: str
    etag: str
    modified: str
    compared: Compared
    said: Choices


def note_failure(session: Session, run_id: int, problem: str, now: datetime, *, is_lasting: bool) -> None:
    """A reading gave nothing. It is tried three times in all, unless trying again would change nothing."""
    source, run = _open(session, run_id)
    if run is None:
        return
    run.tries += 1
    run.problem = problem
    if not is_lasting and run.tries <= len(WAITS_BETWEEN_TRIES):
        due = now + WAITS_BETWEEN_TRIES[run.tries - 1]
        enqueue(session, READ_MESSAGE, {"run": run.id}, now, about=source.reference, due_at=due)
        return
    run.state, run.read_at = RunState.FAILED, now
    if source.state in _ON:
        move_by_date(session, source, Action.FAIL_HARVEST, problem, now)


def note_unchanged(session: Session, run_id: int, now: datetime) -> None:
    """The source says that nothing has changed since it was read last."""
    source, run = _open(session, run_id)
    if run is not None:
        run.state, run.read_at, run.problem = RunState.NOTHING, now, ""
        _well(session, source, now)


def note_found(session: Session, run_id: int, reading: Reading, now: datetime) -> None:
    """Write down what a reading found. What may be taken unseen is chosen, where a steward has said so; the rest waits.

    A reading that was written down before, by a worker that was thought to be gone, is left as it is.
    """
    source, run = _open(session, run_id)
    if run is None:
        return
    permit(Action.NOTE_FOUND, SYSTEM.consortium_roles, Machine.HARVEST, source.state)
    compared = reading.compared
    source.form, source.sha256, source.etag, source.modified = (
        reading.form, reading.sha256, reading.etag, reading.modified,
    )  # fmt: skip
    _well(session, source, now)
    _replace_earlier(session, source)
    left = _left_before(session, source)
    names = {one.publisher for one in compared.found}
    doubted = in_doubt(session, source.organization, reading.said.publishers, names, now)
    answers = _answers(source, compared, left, doubted)
    _insert(session, run, compared.found, answers)
    _link(session, source, compared.present)
    run.file_id, run.read_at, run.rows, run.unchanged, run.problem = (
        reading.file_id, now, compared.rows, compared.unchanged, "",
    )  # fmt: skip
    run.said = reading.said.to_json()
    run.remarked, run.remarks = len(compared.remarks), [as_row(one) for one in compared.remarks[:MOST_REMARKS]]
    run.counts = {kind.value: count for kind in Kind if (count := sum(one.kind is kind for one in compared.found))}
    _go_on(session, source, run, answers, now)


def choose(
    session: Session,
    actor: Actor,
    reference: str,
    run_id: int,
    answer: Answer,
    findings: Collection[int] | None,
    now: datetime,
) -> HarvestRun:
    """Take what was found, or leave it as it is: those findings, or everything that waits where None is given.

    What is taken is brought in by the worker, part by part.

    Raises:
        Invalid: nothing of it waits.
        WrongState: a later reading has taken its place, or earlier choices are being brought in.
    """
    source = locked_source(session, reference)
    run = session.get(HarvestRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.source_id != source.id:
        raise NotFound(NOT_THERE)
    takes = answer is Answer.CHOSEN
    action = Action.TAKE_FOUND if takes else Action.LEAVE_FOUND
    permit(action, partner_standing(actor, source.organization_id), Machine.HARVEST, source.state)
    if run.state is not RunState.FOUND:
        raise WrongState(
            N_("Somebody has dealt with this, or a later reading took its place. Look at the source's page.")
        )
    if takes and is_at_work(session, source):
        raise WrongState(N_("The source is being read at this moment. Look again in a minute at what that finds."))
    changed = _answer(session, actor, source, run, answer, findings, now)
    facts: JSONObject = {"title": source.name, "run": run.id, "number": changed}
    record(session, Event.HARVEST_TAKEN if takes else Event.HARVEST_LEFT, actor, subject(source), now, facts)
    if takes:
        run.state = RunState.TAKING
        bring_in_what_was_chosen(session, source, run, actor.person_id, actor.authentication, now)
    else:
        run.state = state_left(session, run)
    return run


def _answer(
    session: Session,
    actor: Actor,
    source: HarvestSource,
    run: HarvestRun,
    answer: Answer,
    findings: Collection[int] | None,
    now: datetime,
) -> int:
    """Write the answer down at each finding that waits, and tell how many there were. What is in doubt is not taken."""
    doubted = doubted_in(session, source, run, now) if answer is Answer.CHOSEN else ()
    waiting = [Finding.run_id == run.id, Finding.answer == Answer.WAITING, Finding.publisher.not_in(doubted)]
    if findings is not None:
        waiting.append(Finding.id.in_(findings))
    values = {"answer": answer, "answered_by_id": actor.person_id, "answered_at": now}
    changed = session.scalars(update(Finding).where(*waiting).values(values).returning(Finding.id)).all()
    if not changed and doubted:
        raise Invalid(
            N_("Say first whose the datasets are: those of publishers in doubt are not taken before."), "finding"
        )
    if not changed:
        raise Invalid(N_("Choose at least one that still waits."), field="finding")
    return len(changed)


def bring_in_what_was_chosen(
    session: Session, source: HarvestSource, run: HarvestRun, person_id: int | None, how: str, now: datetime
) -> None:
    """Let the worker bring in what was chosen, on behalf of whoever chose it."""
    payload: JSONObject = {"run": run.id, "person": person_id, "authentication": how}
    enqueue(session, TAKE_MESSAGE, payload, now, about=source.reference)


def end_taking(session: Session, run: HarvestRun) -> None:
    """What was chosen is in. A reading that was replaced meanwhile stays so, and one that broke off waits to be looked at."""
    if run.state is RunState.TAKING:
        run.state = state_left(session, run)


def state_left(session: Session, run: HarvestRun) -> RunState:
    """Where a reading stands once what was chosen is in: somebody still has to look, or everything is settled."""
    session.flush()
    waiting = session.scalar(select(func.count()).where(Finding.run_id == run.id, Finding.answer == Answer.WAITING))
    return RunState.FOUND if waiting else RunState.SETTLED


def _open(session: Session, run_id: int) -> tuple[HarvestSource, HarvestRun | None]:
    """The source and its reading, both locked; no reading where it has ended already, or its source was given up."""
    found = session.get_one(HarvestRun, run_id)
    reference = session.scalars(select(HarvestSource.reference).where(HarvestSource.id == found.source_id)).one()
    source = locked_source(session, reference)
    run = session.get_one(HarvestRun, run_id, with_for_update=True, populate_existing=True)
    if run.state is RunState.OPEN and source.state in _OVER:
        run.state = RunState.REPLACED
    return source, run if run.state is RunState.OPEN else None


def _well(session: Session, source: HarvestSource, now: datetime) -> None:
    source.read_at = now
    if source.state in _FAILING:
        move_by_date(session, source, Action.RECOVER_HARVEST, None, now)


def _replace_earlier(session: Session, source: HarvestSource) -> None:
    session.execute(
        update(HarvestRun)
        .where(HarvestRun.source_id == source.id, HarvestRun.state == RunState.FOUND)
        .values(state=RunState.REPLACED)
    )


def _left_before(session: Session, source: HarvestSource) -> set[tuple[str, Kind, str]]:
    """What a steward has already said to leave as it is; the same again is not asked again."""
    wanted = (
        select(Finding.identifier, Finding.kind, Finding.content_hash)
        .join(HarvestRun, HarvestRun.id == Finding.run_id)
        # What was left for its publisher is told by the publisher: somebody may say otherwise of it later.
        .where(HarvestRun.source_id == source.id, Finding.answer == Answer.LEFT, Finding.problem == "")
    )
    return {(identifier, kind, mark) for identifier, kind, mark in session.execute(wanted)}


def _answers(
    source: HarvestSource, compared: Compared, left: set[tuple[str, Kind, str]], doubted: Collection[str]
) -> list[Answer]:
    gone = sum(one.kind is Kind.VANISHED for one in compared.found)
    # A row that cannot be read may be the very one that seems to be gone.
    is_sure = not any(one.kind is Kind.REFUSED for one in compared.found)
    is_sure = is_sure and not is_a_flood(gone, len(compared.present) + gone)

    def answer(one: Found) -> Answer:
        if one.kind is Kind.REFUSED:
            return Answer.REFUSED
        if (one.identifier, one.kind, one.content_hash) in left:
            return Answer.LEFT
        is_ours = one.publisher not in doubted
        unseen = (
            source.trusted_by_id is not None
            and is_ours
            and one.is_harmless
            and (is_sure or one.kind is not Kind.VANISHED)
        )
        return Answer.CHOSEN if unseen else Answer.WAITING

    return [answer(one) for one in compared.found]


def _insert(session: Session, run: HarvestRun, found: Collection[Found], answers: Iterable[Answer]) -> None:
    rows = [
        {
            "run_id": run.id, "kind": one.kind, "answer": answer, "row": one.row, "identifier": one.identifier,
            "title": one.title, "publisher": one.publisher, "content_hash": one.content_hash, "dataset_id": one.dataset_id,
            "changes": [change.to_json() for change in one.changes], "problem": one.problem, "remedy": one.remedy,
        }
        for one, answer in zip(found, answers, strict=True)
    ]  # fmt: skip
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(Finding), rows[start : start + _BATCH])


def _link(session: Session, source: HarvestSource, present: frozenset[int]) -> None:
    """Note which datasets the source holds now."""
    links = session.scalars(select(HarvestedDataset).where(HarvestedDataset.source_id == source.id)).all()
    for link in links:
        link.is_there = link.dataset_id in present
    known = {link.dataset_id for link in links}
    session.add_all(
        HarvestedDataset(source_id=source.id, dataset_id=dataset_id, is_there=True) for dataset_id in present - known
    )
    session.flush()


def _go_on(
    session: Session, source: HarvestSource, run: HarvestRun, answers: Collection[Answer], now: datetime
) -> None:
    waiting = sum(answer is Answer.WAITING for answer in answers)
    run.state = RunState.FOUND if waiting else RunState.NOTHING
    if waiting:
        facts: JSONObject = {"title": source.name, "run": run.id, "number": waiting, "counts": dict(run.counts)}
        record(session, Event.HARVEST_FOUND, SYSTEM, subject(source), now, facts)
    if Answer.CHOSEN in answers:
        run.state = RunState.TAKING
        bring_in_what_was_chosen(session, source, run, source.trusted_by_id, "standing word", now)
