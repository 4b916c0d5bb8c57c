"""Days in each stage, read from the history: what happened to each proposal, in the calendar of whoever was waited for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.figures.queries.answers import Answer
from app.figures.queries.spread import Spread, spread
from app.figures.scope import Scope
from app.foundation.words import N_
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.calendars import calendars_of, secretariat_calendar
from app.proposals.models import Proposal
from app.proposals.queries.undoing import moments_taken_back
from app.rules.calendar import PLAIN, Calendar, took_working_days
from app.rules.events import Event
from app.rules.pipelines import PIPELINES, Step

MOST = 2000


class Stage(StrEnum):
    """The stages whose days are counted."""

    INTAKE = "intake"
    COMMITTEE = "committee"
    ETHICS = "ethics"
    LEGAL = "legal"
    ANSWER = "answer"
    CHANGES = "changes"
    ISSUE = "issue"
    AFTERWARDS = "afterwards"
    WHOLE = "whole"


STAGE_NAMES: dict[Stage, str] = {
    Stage.INTAKE: N_("Intake check"),
    Stage.COMMITTEE: N_("The committee's vote"),
    Stage.ETHICS: N_("Ethics review"),
    Stage.LEGAL: N_("Legal review"),
    Stage.ANSWER: N_("A data partner's answer"),
    Stage.CHANGES: N_("The team's changes"),
    Stage.ISSUE: N_("Issuing the grants"),
    Stage.AFTERWARDS: N_("Looking again after a crisis"),
    Stage.WHOLE: N_("From sent to decided"),
}
# The steps of a pipeline that are stages. Answers are measured from decisions, each data partner for itself.
_OF_STEP: dict[str, Stage] = {
    Step.COMMITTEE: Stage.COMMITTEE,
    Step.ETHICS: Stage.ETHICS,
    Step.LEGAL: Stage.LEGAL,
    Step.AFTERWARDS: Stage.AFTERWARDS,
}
# Where an event leads on to a step: the fact that names it.
_LEADS_TO: dict[Event, str] = {
    Event.INTAKE_PASSED: "step",
    Event.PROPOSAL_RETURNED: "step",
    Event.STEP_PASSED: "next",
}
# What each other event begins; None ends what ran before.
_BEGINS: dict[Event, Stage | None] = {
    Event.PROPOSAL_SENT: Stage.INTAKE,
    Event.PROPOSAL_RESENT: Stage.INTAKE,
    Event.DECLINED_IN_STEP: None,
    Event.CLOSED_AT_INTAKE: None,
    Event.CHANGES_REQUESTED: Stage.CHANGES,
    Event.DAYS_PASSED: Stage.CHANGES,
    Event.PROPOSAL_PARKED: None,
    Event.PROPOSAL_DECIDED: Stage.ISSUE,
    Event.PROPOSAL_REOPENED: None,
    Event.GRANTS_ISSUED: None,
    Event.LOOKED_AGAIN: None,
    Event.PROPOSAL_WITHDRAWN: None,
    Event.PROPOSAL_ENDED: None,
}
_STEP_DONE = frozenset({Event.STEP_PASSED, Event.DECLINED_IN_STEP, Event.CHANGES_REQUESTED})
# A stage counts only where it came to its own end: what was withdrawn or parked meanwhile says nothing of how long it takes.
_ENDS: dict[Stage, frozenset[Event]] = {
    Stage.INTAKE: frozenset({Event.INTAKE_PASSED, Event.CLOSED_AT_INTAKE, Event.CHANGES_REQUESTED}),
    **dict.fromkeys((Stage.COMMITTEE, Stage.ETHICS, Stage.LEGAL), _STEP_DONE),
    Stage.CHANGES: frozenset({Event.PROPOSAL_RESENT}),
    Stage.ISSUE: frozenset({Event.GRANTS_ISSUED}),
    Stage.AFTERWARDS: frozenset({Event.LOOKED_AGAIN}),
}


@dataclass(frozen=True)
class StageDays:
    """One stage with its spread; None while no proposal went through it."""

    stage: Stage
    spread: Spread | None


@dataclass(frozen=True)
class Run:
    """One stage that one proposal went through, or a member's vote in it: its working days, and who ended it, if a person did."""

    stage: Stage
    days: int
    ended_at: datetime
    by: UUID | None
    is_vote: bool = False


def stage_days(runs: Iterable[Run], found: Iterable[Answer]) -> list[StageDays]:
    """Every stage, from what proposals went through and from the answers of data partners."""
    days: dict[Stage, list[int]] = defaultdict(list)
    for run in runs:
        if not run.is_vote:
            days[run.stage].append(run.days)
    days[Stage.ANSWER] = [answer.days for answer in found]
    return [StageDays(stage, spread(days[stage])) for stage in Stage]


def stage_runs(session: Session, scope: Scope) -> list[Run]:
    """What the newest proposals of the scope went through. Four statements at most."""
    newest = (
        select(Proposal.reference, Proposal.organization_id, Proposal.pipeline)
        .where(scope.proposals)
        .order_by(Proposal.sent_at.desc(), Proposal.id.desc())
        .limit(MOST)
    )
    owners = {reference: (owner, pipeline) for reference, owner, pipeline in session.execute(newest)}
    events = _events(session, owners)
    ours, theirs = secretariat_calendar(session), calendars_of(session, {owner for owner, _pipeline in owners.values()})
    found: list[Run] = []
    for reference, happened in events.items():
        owner, pipeline = owners[reference]
        found += _runs_of(happened, ours, theirs.get(owner, PLAIN), _after_issue(pipeline))
    return found


@dataclass(frozen=True)
class _Happened:
    event: Event
    at: datetime
    by: UUID | None
    leads_to: str


def _events(session: Session, references: Iterable[str]) -> dict[str, list[_Happened]]:
    known = (*_BEGINS, *_LEADS_TO, Event.VOTE_CAST)
    taken_back = moments_taken_back().subquery()
    counts_no_more = exists().where(
        taken_back.c.reference == HistoryEvent.thing_ref, taken_back.c.at == HistoryEvent.at
    )
    statement = (
        select(
            HistoryEvent.thing_ref, HistoryEvent.type, HistoryEvent.at, HistoryEvent.actor_pid, HistoryDetail.payload
        )
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(
            HistoryEvent.thing == "proposal",
            HistoryEvent.thing_ref.in_(list(references)),
            HistoryEvent.type.in_([event.value for event in known]),
            ~counts_no_more,
        )
        .order_by(HistoryEvent.seq)
    )
    found: dict[str, list[_Happened]] = defaultdict(list)
    for reference, kind, at, by, facts in session.execute(statement):
        event = Event(kind)
        found[reference].append(_Happened(event, at, by, str((facts or {}).get(_LEADS_TO.get(event, ""), ""))))
    return found


def _after_issue(pipeline: str | None) -> Stage | None:
    steps = PIPELINES[pipeline].steps if pipeline in PIPELINES else ()
    return Stage.AFTERWARDS if any(each.step is Step.AFTERWARDS for each in steps) else None


def _runs_of(happened: Sequence[_Happened], ours: Calendar, team: Calendar, after_issue: Stage | None) -> Iterator[Run]:
    calendars: Mapping[Stage, Calendar] = {Stage.CHANGES: team}
    stage, since, sent = None, None, None
    for each in happened:
        is_vote = each.event is Event.VOTE_CAST
        if stage is not None and since is not None and (is_vote or each.event in _ENDS[stage]):
            days = took_working_days(since, each.at, calendars.get(stage, ours))
            yield Run(stage, days, each.at, each.by, is_vote=is_vote)
        if is_vote:
            continue
        begun = _begun(each, after_issue)
        if begun is not Stage.CHANGES or stage is not Stage.CHANGES:  # a further request lengthens the same wait
            since = each.at
        stage = begun
        sent = sent or (each.at if each.event is Event.PROPOSAL_SENT else None)
        if each.event is Event.PROPOSAL_DECIDED and sent is not None:
            yield Run(Stage.WHOLE, took_working_days(sent, each.at, ours), each.at, None)


def _begun(each: _Happened, after_issue: Stage | None) -> Stage | None:
    if each.event is Event.GRANTS_ISSUED:
        return after_issue
    return _OF_STEP.get(each.leads_to) if each.event in _LEADS_TO else _BEGINS[each.event]
