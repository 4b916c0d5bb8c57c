"""The life of a harvest source: added, changed, read, paused, given up. Nothing here connects to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from app.agreements.binding import has_left
from app.catalog.standing import lists_unchecked, partner_standing
from app.exchange.models import Finding, HarvestRun, HarvestSource
from app.exchange.queries.harvests import NOT_THERE
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.numbers import plain_reference
from app.foundation.outgoing import NotFetched, address_of
from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.organizations.queries import deputies_of, stewards_of
from app.outbox.commands import enqueue
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.events import Event
from app.rules.harvests import AT_WORK, Answer, NewOnes, RunState, Schedule, next_reading
from app.rules.permissions import permit
from app.rules.roles import Capacity
from app.rules.workflow import READ_BY_DATE, HarvestState, Machine, transition

READ_MESSAGE = "harvest.read"
LONGEST_NAME = 120
LONGEST_WORK = timedelta(hours=20)
_CHECKED_FIRST = N_(
    "The datasets of %(name)s are checked before they are listed. Let new ones go to the check, or ask the secretariat to allow "
    "%(name)s to list whole catalogs at once."
)
_BROKE_OFF = N_("It broke off. If it does so again, tell the operator.")


@dataclass(frozen=True)
class Settings:
    """What a steward says about a source. `is_trusted`: harmless changes of what is listed are taken unseen."""

    name: str
    address: str
    schedule: Schedule = Schedule.WEEKLY
    new_ones: NewOnes = NewOnes.DRAFT
    is_trusted: bool = False
    asked_id: int | None = None


def start_source(
    session: Session, actor: Actor, organization: Organization, settings: Settings, now: datetime
) -> HarvestSource:
    """Add a source. `ask_to_read` has it read for the first time.

    Raises:
        Invalid: the address cannot be read, or the organization has a source there already.
        NotAllowed: the actor does not list for this organization.
        WrongState: it has left the common agreement, so that nothing of it is listed.
    """
    permit(Action.START_HARVEST, partner_standing(actor, organization.id), Machine.HARVEST)
    if has_left(session, organization.id, Capacity.DATA_PARTNER):
        raise WrongState(N_("Your organization has left the common agreement. Sign it again before you list anything."))
    source = HarvestSource(
        reference=plain_reference(session, "HS"), organization_id=organization.id, organization=organization,
        state=HarvestState.ON, state_since=now, created_at=now, created_by_id=actor.person_id,
        form="", etag="", modified="", sha256="",
    )  # fmt: skip
    _write(session, actor, source, settings, now)
    session.add(source)
    session.flush()
    record(session, Event.HARVEST_STARTED, actor, subject(source), now, _facts(source))
    return source


def edit_source(session: Session, actor: Actor, reference: str, settings: Settings, now: datetime) -> HarvestSource:
    """Change what was said about a source; raises Invalid as `start_source` does."""
    source = locked_source(session, reference)
    _permit(actor, source, Action.EDIT_HARVEST)
    if address_of_source(settings.address) != source.address:
        source.etag = source.modified = source.sha256 = ""
    _write(session, actor, source, settings, now)
    _note(session, actor, source, Action.EDIT_HARVEST, now, _facts(source))
    return source


def ask_to_read(session: Session, actor: Actor, reference: str, now: datetime) -> HarvestRun:
    """Have a source read now, whole, whether or not it says that it has changed.

    Raises:
        WrongState: it is being read, or what was chosen from it is being brought in.
    """
    source = locked_source(session, reference)
    _permit(actor, source, Action.RUN_HARVEST)
    run = open_run(session, source, now, actor)
    if run is None:
        raise WrongState(N_("This source is being read already. Look at its page again in a minute."))
    _note(session, actor, source, Action.RUN_HARVEST, now)
    return run


def open_run(session: Session, source: HarvestSource, now: datetime, actor: Actor | None = None) -> HarvestRun | None:
    """A reading that the worker does next; None where one is at work already. The source's row must be locked."""
    if is_at_work(session, source):
        return None
    run = HarvestRun(source_id=source.id, started_at=now, state=RunState.OPEN, counts={})
    run.asked_by_id = actor.person_id if actor else None
    session.add(run)
    session.flush()
    enqueue(session, READ_MESSAGE, {"run": run.id}, now, about=source.reference)
    return run


def is_at_work(session: Session, source: HarvestSource) -> bool:
    """Whether it is being read, or what was chosen from it is being brought in."""
    busy = select(HarvestRun.id).where(HarvestRun.source_id == source.id, HarvestRun.state.in_(AT_WORK))
    return session.scalar(busy.limit(1)) is not None


def read_what_is_due(session: Session, now: datetime) -> None:
    """Begin a reading of every source whose day has come, and plan the next one."""
    due = select(HarvestSource).where(HarvestSource.planned_at <= now, HarvestSource.state.in_(READ_BY_DATE))
    for source in session.scalars(due.order_by(HarvestSource.id).with_for_update(skip_locked=True)):
        _end_what_was_lost(session, source, now)
        open_run(session, source, now)
        _plan(source, now)


def _end_what_was_lost(session: Session, source: HarvestSource, now: datetime) -> None:
    """Work that has come to no end within a day never will: its message was given up, and the operator sees why.

    What was chosen and did not come waits to be chosen again: an unchanged file would not be looked at a second time.
    """
    wanted = select(HarvestRun).where(HarvestRun.source_id == source.id, HarvestRun.state.in_(AT_WORK))
    for run in session.scalars(wanted.with_for_update()):
        if _at_work_since(session, run) >= now - LONGEST_WORK:
            continue
        chosen = update(Finding).where(Finding.run_id == run.id, Finding.answer == Answer.CHOSEN)
        given_back = session.scalars(
            chosen.values(answer=Answer.WAITING, problem=_BROKE_OFF).returning(Finding.id)
        ).all()
        run.state, run.problem = (RunState.FOUND, "") if given_back else (RunState.FAILED, _BROKE_OFF)
    session.flush()


def _at_work_since(session: Session, run: HarvestRun) -> datetime:
    """When it began to be read; once something was chosen, which may be days later, when that was."""
    chosen = session.scalar(select(func.max(Finding.answered_at)).where(Finding.run_id == run.id))
    return chosen or run.read_at or run.started_at


def pause_source(session: Session, actor: Actor, reference: str, reason: str, now: datetime) -> HarvestSource:
    """Read a source no more for a while."""
    return _move(session, actor, reference, Action.PAUSE_HARVEST, now, clean(reason) or None)


def resume_source(session: Session, actor: Actor, reference: str, now: datetime) -> HarvestSource:
    """Read it again on its schedule."""
    return _move(session, actor, reference, Action.RESUME_HARVEST, now)


def end_source(
    session: Session, actor: Actor, reference: str, now: datetime, reason: str | None = None
) -> HarvestSource:
    """Give a source up. What came from it stays; what was found and not taken waits no more."""
    source = _move(session, actor, reference, Action.END_HARVEST, now, reason)
    # Of one that is being brought in, what was chosen still comes; the rest would wait for a choice that nobody can make.
    has_found = HarvestRun.state.in_((RunState.FOUND, RunState.TAKING))
    wanted = select(HarvestRun).where(HarvestRun.source_id == source.id, has_found)
    for run in session.scalars(wanted.with_for_update()):
        run.state = RunState.REPLACED
    return source


def locked_source(session: Session, reference: str) -> HarvestSource:
    """The source, locked until the transaction ends; raises NotFound."""
    wanted = select(HarvestSource).where(HarvestSource.reference == reference)
    source = session.scalar(
        wanted.options(joinedload(HarvestSource.organization, innerjoin=True))
        .with_for_update(of=HarvestSource)
        .execution_options(populate_existing=True)
    )
    if source is None:
        raise NotFound(NOT_THERE)
    return source


def move_by_date(session: Session, source: HarvestSource, action: Action, reason: str | None, now: datetime) -> None:
    """Bring a locked source into the state that follows from a reading."""
    after = permit(action, SYSTEM.consortium_roles, Machine.HARVEST, source.state)
    source.state, source.state_since, source.state_reason = HarvestState(str(after)), now, reason
    _note(session, SYSTEM, source, action, now, {"reason": reason} if reason else {})


def subject(source: HarvestSource) -> Subject:
    """What an event on a source is about."""
    return Subject("harvest", source.reference, acting_for=source.organization.slug)


def address_of_source(text: str) -> str:
    """The address in its plainest spelling. Raises Invalid."""
    try:
        return address_of(text).text
    except NotFetched as error:
        raise Invalid(error.message, field="address") from error


def _permit(actor: Actor, source: HarvestSource, action: Action) -> HarvestState:
    roles = partner_standing(actor, source.organization_id)
    return HarvestState(str(permit(action, roles, Machine.HARVEST, source.state)))


def _move(
    session: Session, actor: Actor, reference: str, action: Action, now: datetime, reason: str | None = None
) -> HarvestSource:
    source = locked_source(session, reference)
    source.state, source.state_since, source.state_reason = _permit(actor, source, action), now, reason
    _plan(source, now)
    _note(session, actor, source, action, now, {"reason": reason} if reason else {})
    return source


def _write(session: Session, actor: Actor, source: HarvestSource, settings: Settings, now: datetime) -> None:
    source.name = clean_line(settings.name)[:LONGEST_NAME]
    source.address = address_of_source(settings.address)
    if not source.name:
        raise Invalid(N_("Give the source a name."), field="name")
    _refuse_twice(session, source)
    people = {
        one.id for one in (*stewards_of(session, source.organization_id), *deputies_of(session, source.organization_id))
    }
    if settings.asked_id is not None and settings.asked_id not in people:
        raise Invalid(N_("Choose somebody who lists for this organization."), field="asked")
    if settings.new_ones is NewOnes.PUBLISH and not lists_unchecked(actor, source.organization):
        raise Invalid(_CHECKED_FIRST % {"name": source.organization.name}, field="new_ones")
    source.asked_id, source.new_ones = settings.asked_id, settings.new_ones
    if not settings.is_trusted:
        source.trusted_by_id = None
    elif source.trusted_by_id is None or source.trusted_by_id not in people:
        source.trusted_by_id = actor.person_id
    source.schedule = settings.schedule
    _plan(source, now)


def _refuse_twice(session: Session, source: HarvestSource) -> None:
    with session.no_autoflush:
        other = session.scalar(
            select(HarvestSource.reference).where(
                HarvestSource.organization_id == source.organization_id,
                HarvestSource.address == source.address,
                HarvestSource.state != HarvestState.ENDED,
                HarvestSource.reference != source.reference,
            )
        )
    if other is not None:
        raise Invalid(N_("%(reference)s reads this address already.") % {"reference": other}, field="address")


def _plan(source: HarvestSource, now: datetime) -> None:
    is_read = source.state in READ_BY_DATE
    source.planned_at = next_reading(source.schedule, source.created_at, now) if is_read else None


def _note(
    session: Session,
    actor: Actor,
    source: HarvestSource,
    action: Action,
    now: datetime,
    facts: JSONObject | None = None,
) -> None:
    event = transition(action).event
    if event is not None:
        record(session, event, actor, subject(source), now, {"title": source.name, **(facts or {})})


def _facts(source: HarvestSource) -> JSONObject:
    return {
        "title": source.name,
        "address": source.address,
        "schedule": source.schedule.value,
        "new_ones": source.new_ones.value,
        "is_trusted": source.trusted_by_id is not None,
    }
