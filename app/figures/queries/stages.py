"""Days in each stage, read from the history: what happened to each proposal, in the calendar of whoever was waited for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.queries.answers import Answer
from app.figures.queries.spread import Spread, spread
from app.figures.scope import Scope
from app.foundation.words import N_
from app.history.models import HistoryEvent
from app.organizations.calendars import calendars_of, secretariat_calendar
from app.proposals.models import Proposal
from app.rules.calendar import PLAIN, Calendar, took_working_days
from app.rules.events import Event

MOST = 2000


class Stage(StrEnum):
    """The stages whose days are counted."""

    INTAKE = "intake"
    ANSWER = "answer"
    CHANGES = "changes"
    ISSUE = "issue"
    WHOLE = "whole"


STAGE_NAMES: dict[Stage, str] = {
    Stage.INTAKE: N_("Intake check"),
    Stage.ANSWER: N_("A data partner's answer"),
    Stage.CHANGES: N_("The team's changes"),
    Stage.ISSUE: N_("Issuing the grants"),
    Stage.WHOLE: N_("From sent to decided"),
}
# What each event begins; None ends what ran before. Answers are measured from decisions, each data partner for itself.
_BEGINS: dict[Event, Stage | None] = {
    Event.PROPOSAL_SENT: Stage.INTAKE,
    Event.PROPOSAL_RESENT: Stage.INTAKE,
    Event.PROPOSAL_RETURNED: None,
    Event.INTAKE_PASSED: None,
    Event.CLOSED_AT_INTAKE: None,
    Event.CHANGES_REQUESTED: Stage.CHANGES,
    Event.PROPOSAL_PARKED: None,
    Event.PROPOSAL_DECIDED: Stage.ISSUE,
    Event.PROPOSAL_REOPENED: None,
    Event.GRANTS_ISSUED: None,
    Event.PROPOSAL_WITHDRAWN: None,
}
# A stage counts only where it came to its own end: what was withdrawn or parked meanwhile says nothing of how long it takes.
_ENDS: dict[Stage, frozenset[Event]] = {
    Stage.INTAKE: frozenset({Event.INTAKE_PASSED, Event.CLOSED_AT_INTAKE, Event.CHANGES_REQUESTED}),
    Stage.CHANGES: frozenset({Event.PROPOSAL_RESENT}),
    Stage.ISSUE: frozenset({Event.GRANTS_ISSUED}),
}


@dataclass(frozen=True)
class StageDays:
    """One stage with its spread; None while no proposal went through it."""

    stage: Stage
    spread: Spread | None


def stage_days(session: Session, scope: Scope, found: Sequence[Answer]) -> list[StageDays]:
    """Every stage, from the newest proposals of the scope; `found` are its answers. Five statements at most."""
    newest = (
        select(Proposal.reference, Proposal.organization_id)
        .where(scope.proposals)
        .order_by(Proposal.sent_at.desc(), Proposal.id.desc())
        .limit(MOST)
    )
    owners = dict(session.execute(newest).all())
    events = _events(session, owners)
    ours, theirs = secretariat_calendar(session), calendars_of(session, set(owners.values()))
    days: dict[Stage, list[int]] = defaultdict(list)
    for reference, happened in events.items():
        team = theirs.get(owners[reference], PLAIN)
        for stage, number in _days_of(happened, ours, team):
            days[stage].append(number)
    days[Stage.ANSWER] = [answer.days for answer in found]
    return [StageDays(stage, spread(days[stage])) for stage in Stage]


def _events(session: Session, references: Iterable[str]) -> dict[str, list[tuple[Event, datetime]]]:
    statement = (
        select(HistoryEvent.thing_ref, HistoryEvent.type, HistoryEvent.at)
        .where(
            HistoryEvent.thing == "proposal",
            HistoryEvent.thing_ref.in_(list(references)),
            HistoryEvent.type.in_([event.value for event in _BEGINS]),
        )
        .order_by(HistoryEvent.seq)
    )
    found: dict[str, list[tuple[Event, datetime]]] = defaultdict(list)
    for reference, kind, at in session.execute(statement):
        found[reference].append((Event(kind), at))
    return found


def _days_of(happened: Sequence[tuple[Event, datetime]], ours: Calendar, team: Calendar) -> Iterable[tuple[Stage, int]]:
    calendars: Mapping[Stage, Calendar] = {Stage.CHANGES: team}
    stage, since, sent = None, None, None
    for event, at in happened:
        if stage is not None and since is not None and event in _ENDS[stage]:
            yield stage, took_working_days(since, at, calendars.get(stage, ours))
        stage, since = _BEGINS[event], at
        sent = sent or (at if event is Event.PROPOSAL_SENT else None)
        if event is Event.PROPOSAL_DECIDED and sent is not None:
            yield Stage.WHOLE, took_working_days(sent, at, ours)
