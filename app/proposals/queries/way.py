"""The way of a proposal from being sent to its first report: the stops that are done, the one it is at, and those to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.foundation.words import N_
from app.proposals.models import Proposal
from app.rules.calendar import FIRST_REPORT_DAYS, Length, Progress, Wait, length_of
from app.rules.pipelines import Step
from app.rules.terms.values import Unit
from app.rules.turns import Expected, Turn, step_of, steps_of


class Place(StrEnum):
    """Where a stop lies, seen from the proposal."""

    DONE = "done"
    NOW = "now"
    AHEAD = ""


@dataclass(frozen=True)
class Stop:
    """One stop: `on` is the day it was passed, `by` the day or moment at which it is due, `length` how long it will take once
    it is reached.
    """

    title: str
    place: Place
    on: date | None = None
    by: date | None = None
    length: Length | None = None


# What a stop is called once it lies behind.
_PASSED = {
    Step.INTAKE: N_("Checked"),
    Step.COMMITTEE: N_("Voted on"),
    Step.ETHICS: N_("Ethics reviewed"),
    Step.LEGAL: N_("Law reviewed"),
    Step.DATA_PARTNERS: N_("Decided"),
    Step.ISSUE: N_("Issued"),
    Step.AFTERWARDS: N_("Looked at again"),
}
_AHEAD = {
    Step.INTAKE: N_("Intake check"),
    Step.COMMITTEE: N_("Committee votes"),
    Step.ETHICS: N_("Ethics review"),
    Step.LEGAL: N_("Legal review"),
    Step.DATA_PARTNERS: N_("Data partners decide"),
    Step.ISSUE: N_("Director issues"),
    Step.AFTERWARDS: N_("Chair looks again"),
}


def way_of(proposal: Proposal, row: Expected, clock: Progress | None) -> tuple[Stop, ...]:
    """The stops of one proposal, in order. A proposal that has ended shows only how far it came."""
    at = step_of(row.turn)
    sent = Stop(N_("Sent"), _place(proposal.sent_at), on=_day(proposal.sent_at))
    if proposal.sent_at is None:
        sent = Stop(N_("Send"), Place.NOW)
    passed = _passed(proposal, row.turn, at)
    steps = [_stop(step.step, step.wait, at, passed, clock) for step in steps_of(proposal.pipeline)]
    if row.turn in _PAUSES:
        # The team's answer stands before the step that waits for it.
        steps.insert(_place_of(proposal, steps), Stop(_PAUSES[row.turn], Place.NOW, by=clock.when if clock else None))
    if row.role is None and row.turn is not Turn.ISSUED:
        done = [stop for stop in steps if stop.place is Place.DONE]
        return (sent, *done, Stop(row.name, Place.NOW, on=_day(proposal.ended_at)))
    data = Stop(N_("Data arrives"), Place.AHEAD, length=length_of(Wait.DELIVERY))
    report = Stop(N_("First report"), Place.AHEAD, length=Length(FIRST_REPORT_DAYS, Unit.CALENDAR_DAY))
    return (sent, *steps, data, report)


_PAUSES = {Turn.CHANGING: N_("Team answers"), Turn.PARKED: N_("Parked")}


def _place_of(proposal: Proposal, steps: Sequence[Stop]) -> int:
    """Where a proposal goes on after the team has answered: at the step that asked."""
    names = [step.step for step in steps_of(proposal.pipeline)]
    return names.index(Step(proposal.returns_to)) if proposal.returns_to else len(steps)


def _passed(proposal: Proposal, turn: Turn, at: Step | None) -> dict[Step, date | None]:
    """The steps that lie behind, each with its day as far as it is known."""
    order = [step.step for step in steps_of(proposal.pipeline)]
    moments = {Step.INTAKE: proposal.passed_at, Step.DATA_PARTNERS: proposal.decided_at}
    if turn is Turn.LOOKING_AGAIN:
        moments[Step.ISSUE] = proposal.waiting_since
    days = {step: _day(moment) for step, moment in moments.items() if moment is not None}
    reached = at or (Step(proposal.returns_to) if proposal.returns_to and turn in _PAUSES else None)
    before = order[: order.index(reached)] if reached in order else []
    if turn is Turn.ISSUED:
        before = order
    last = before[-1] if before else None
    behind = {
        step: _day(proposal.offered_at) if step is last and reached is Step.DATA_PARTNERS else None for step in before
    }
    return {**behind, **days}


def _stop(step: Step, wait: Wait, at: Step | None, passed: Mapping[Step, date | None], clock: Progress | None) -> Stop:
    if step is at:
        return Stop(_AHEAD[step], Place.NOW, by=clock.when if clock else None)
    if step in passed:
        return Stop(_PASSED[step], Place.DONE, on=passed[step])
    return Stop(_AHEAD[step], Place.AHEAD, length=length_of(wait))


def _place(moment: datetime | None) -> Place:
    return Place.DONE if moment else Place.AHEAD


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
