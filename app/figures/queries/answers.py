"""Answers of data partners: outcome, reason, and the working days that each one itself used, its clock stopped meanwhile."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.figures.queries.spread import Spread, spread
from app.figures.scope import Scope
from app.foundation.base import JSONObject
from app.organizations.calendars import calendars_of
from app.proposals.models import Decision, Proposal, ProposalItem
from app.rules.calendar import PLAIN, Calendar, took_working_days
from app.rules.pipelines import Step
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, ProposalState

# Figures are told from the newest answers: what happened years ago says little about tomorrow.
MOST = 5000
FOR_ONE_DATASET = 200


@dataclass(frozen=True)
class Answer:
    """One decision that counts."""

    proposal_id: int
    dataset_id: int
    partner_id: int
    decided_by_id: int
    outcome: ItemState
    reason: Reason | None
    decided_at: datetime
    days: int


def answers(session: Session, condition: ColumnElement[bool], limit: int = MOST) -> list[Answer]:
    """The newest decisions that count under a condition on decisions, items, datasets and proposals; three statements.

    A standing consent's answers are left out: nobody read anything, so they tell nothing of how long reading takes.
    """
    statement = (
        select(Decision, Dataset.organization_id, ProposalItem.dataset_id, Proposal)
        .join(ProposalItem, ProposalItem.decision_id == Decision.id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Proposal, Proposal.id == ProposalItem.proposal_id)
        .where(condition, Decision.by_rule.is_(None))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(limit)
    )
    found = session.execute(statement).all()
    days = calendars_of(session, {partner_id for _decision, partner_id, _dataset, _proposal in found})
    return [
        Answer(
            proposal.id,
            dataset_id,
            partner_id,
            decision.decided_by_id,
            decision.outcome,
            decision.reason,
            decision.decided_at,
            used_days(proposal, partner_id, decision.decided_at, days.get(partner_id, PLAIN)),
        )
        for decision, partner_id, dataset_id, proposal in found
    ]


def answers_in(session: Session, scope: Scope) -> list[Answer]:
    """Those of one set of figures."""
    return answers(session, scope.proposals & scope.datasets)


def used_days(proposal: Proposal, partner_id: int, decided_at: datetime, calendar: Calendar) -> int:
    """The working days that a data partner used until it decided: every stretch in which it was waited for."""
    stretches = [
        (begin, min(end, decided_at))
        for begin, end in _stretches(proposal.review_runs, partner_id)
        if begin <= decided_at
    ]
    running = proposal.state is ProposalState.IN_REVIEW and proposal.step == Step.DATA_PARTNERS
    if running and proposal.waiting_since is not None and proposal.waiting_since <= decided_at:
        stretches.append((proposal.waiting_since, decided_at))
    if not stretches:
        since = proposal.offered_at or proposal.passed_at or decided_at
        stretches = [(since, decided_at)]
    return sum(took_working_days(begin, end, calendar) for begin, end in stretches)


def _stretches(runs: Iterable[JSONObject], partner_id: int) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(str(run["from"])), datetime.fromisoformat(str(run["to"])))
        for run in runs
        if run["organization"] == partner_id and run["step"] == Step.DATA_PARTNERS
    ]


def typical(session: Session, dataset_ids: Collection[int]) -> dict[int, Spread]:
    """How long answers on each of these datasets took; those with fewer than three are left out."""
    found = answers(session, ProposalItem.dataset_id.in_(dataset_ids))
    days: dict[int, list[int]] = defaultdict(list)
    for answer in found:
        if len(days[answer.dataset_id]) < FOR_ONE_DATASET:
            days[answer.dataset_id].append(answer.days)
    return _told(days)


def typical_of_partners(
    session: Session, partner_ids: Collection[int], condition: ColumnElement[bool]
) -> dict[int, Spread]:
    """How long the newest answers of each data partner took, on its datasets under a condition; those with fewer than three
    are left out."""
    place = func.row_number().over(
        partition_by=Dataset.organization_id, order_by=(Decision.decided_at.desc(), Decision.id.desc())
    )
    ordered = (
        select(Decision.id, place.label("place"))
        .join(ProposalItem, ProposalItem.decision_id == Decision.id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .where(Dataset.organization_id.in_(partner_ids), condition, Decision.by_rule.is_(None))
        .subquery()
    )
    newest = Decision.id.in_(select(ordered.c.id).where(ordered.c.place <= FOR_ONE_DATASET))
    days: dict[int, list[int]] = defaultdict(list)
    for answer in answers(session, newest, FOR_ONE_DATASET * len(partner_ids)):
        days[answer.partner_id].append(answer.days)
    return _told(days)


def typical_of_all(session: Session) -> Spread | None:
    """How long the newest answers of the whole consortium took; None below three."""
    return typical_under(session, true())


def typical_under(session: Session, condition: ColumnElement[bool]) -> Spread | None:
    """How long the newest answers took under a condition on their datasets; None below three."""
    found = spread([answer.days for answer in answers(session, condition, FOR_ONE_DATASET)])
    return found if found is not None and found.is_enough else None


def _told(days: Mapping[int, Sequence[int]]) -> dict[int, Spread]:
    """The spread of each that has enough."""
    spreads = {key: spread(known) for key, known in days.items()}
    return {key: known for key, known in spreads.items() if known is not None and known.is_enough}


@dataclass(frozen=True)
class Month:
    """The answers of one month by outcome."""

    first_day: date
    counts: Counter[ItemState]


def by_outcome(found: Sequence[Answer]) -> list[tuple[ItemState, int]]:
    """How many answers of each outcome there were."""
    counted = Counter(answer.outcome for answer in found)
    return [(outcome, counted[outcome]) for outcome in ItemState if counted[outcome]]


def by_reason(found: Iterable[Answer]) -> list[tuple[Reason, int]]:
    """Why answers were no, the commonest reason first."""
    counted = Counter(answer.reason for answer in found if answer.reason is not None)
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def by_month(found: Iterable[Answer], today: date, months: int = 12) -> list[Month]:
    """The answers of the last months, the oldest month first, empty months too."""
    counted: dict[date, Counter[ItemState]] = defaultdict(Counter)
    for answer in found:
        counted[answer.decided_at.date().replace(day=1)][answer.outcome] += 1
    firsts = [_months_before(today, number) for number in range(months - 1, -1, -1)]
    return [Month(first, counted[first]) for first in firsts]


def _months_before(today: date, number: int) -> date:
    index = today.year * 12 + today.month - 1 - number
    return date(index // 12, index % 12 + 1, 1)
