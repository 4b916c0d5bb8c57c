"""Whose turn it is on a proposal: exactly one named person for each organization that is waited for, who stands in, by when,
and what comes next. Every state has an answer.

Used by the proposal's page, the inbox, mails, and dataset pages. Any number of proposals takes the same statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.organizations.naming import Name
from app.proposals.models import Proposal
from app.proposals.queries.clock import first_day_of, last_reminder, moment_of, progress_for, soonest_by_hand, used_days
from app.proposals.queries.turn_ladders import has_quorum, ladders_of
from app.proposals.queries.turn_people import Facts, facts_of
from app.proposals.queries.way import Stop, way_of
from app.rules.calendar import REMIND_BY_HAND_FROM, Calendar, Progress
from app.rules.ladder import Ladder, Named, next_of
from app.rules.roles import Kind
from app.rules.turns import CLOSING, Expected, Turn, current_step, expected

__all__ = ["Holder", "Name", "WhoseTurn", "first_reminder", "turns", "when_at", "whose_turn"]


@dataclass(frozen=True)
class Holder:
    """An organization that is waited for: everyone who could act for it, the one who is named, and who stands in.

    `asked` are the keys of all whose turn it has become: who was asked first stays asked when a deputy or the secretariat joins.
    """

    organization_id: int
    organization: str
    kind: Kind
    people: tuple[Name, ...]
    deputies: tuple[Name, ...] = ()
    next: Name | None = None
    backup: Name | None = None
    asked: frozenset[int] = frozenset()
    progress: Progress | None = None
    named: Named[Name] | None = None
    calendar: Calendar | None = None
    used_days: int = 0

    @property
    def could_act(self) -> frozenset[int]:
        """The keys of everyone who may take it."""
        return frozenset(each.person_id for each in (*self.people, *self.deputies))

    @property
    def acts(self) -> Name | None:
        """Who is to do it: the one who is named, unless they can only follow it up; None where nobody is there who could."""
        can = self.next is not None and self.next.person_id in self.could_act
        return self.next if can else next(iter(self.people), None)

    @property
    def stands_in(self) -> Name | None:
        """Who stands in for the one who is to do it."""
        return self.backup if self.backup != self.acts else None


@dataclass(frozen=True)
class WhoseTurn:
    """The answer. `holders` is empty when the proposal has ended.

    `progress` is the clock of the holder that has used most of its time. `taken_over_by` names who of the secretariat has it,
    once far too much time has passed or where nobody is there to act. `paused_since` is since when the reviewers' clock stands
    still while the team is waited for. `is_closing` says of a vote that enough have voted, so that it waits for the chair.
    """

    turn: Turn
    name: str
    act: str
    after: str
    holders: tuple[Holder, ...]
    taken_over_by: tuple[Name, ...]
    since: datetime | None
    progress: Progress | None
    ended_at: datetime | None
    way: tuple[Stop, ...]
    paused_since: datetime | None = None
    is_closing: bool = False

    @property
    def kind(self) -> str:
        """What the one who is waited for does, as pages and mails tell it apart."""
        return "closing" if self.is_closing else self.turn.value

    @property
    def is_ended(self) -> bool:
        """Whether nobody has to act any more."""
        return not self.holders

    @property
    def due(self) -> date | None:
        """The day by which the holders act; None where there is no date."""
        return self.progress.due if self.progress else None

    @property
    def when(self) -> date | None:
        """The same; the moment where hours count."""
        return self.progress.when if self.progress else None

    @property
    def all_due(self) -> date | None:
        """The day, or the moment, by which the last of the holders acts; None where there is no date."""
        return max((holder.progress.when for holder in self.holders if holder.progress), default=self.when)

    @property
    def is_overdue(self) -> bool:
        """Whether that day has passed."""
        return self.progress is not None and self.progress.is_over

    @property
    def person_ids(self) -> frozenset[int]:
        """Everyone whose turn it is now."""
        return frozenset[int]().union(*(holder.asked for holder in self.holders))

    @property
    def next_person(self) -> Name | None:
        """The one who is named; where several organizations are waited for, of the one that has used most of its time."""
        ordered = sorted(self.holders, key=lambda each: -(each.progress.percent if each.progress else 0))
        return ordered[0].next if ordered else None

    def waits_for(self, person_id: int | None) -> bool:
        """Whether it is this person's turn."""
        return person_id in self.person_ids

    def is_theirs_to_do(self, person_id: int | None) -> bool:
        """Whether it is this person's turn and theirs to do, not only to follow up."""
        return self.waits_for(person_id) and any(person_id in holder.could_act for holder in self.holders)

    def as_told_to(self, person_id: int | None) -> "WhoseTurn":
        """The same, by the clock of the reader's own organization where it waits for them: each has its own working days."""
        concerned = [each for each in self.holders if person_id in each.asked | each.could_act]
        own = [holder.progress for holder in concerned if holder.progress is not None]
        return replace(self, progress=min(own, key=lambda each: each.when)) if own else self


def whose_turn(session: Session, proposal: Proposal, now: datetime) -> WhoseTurn:
    """The answer for one proposal."""
    return turns(session, [proposal], now)[proposal.id]


def turns(session: Session, proposals: Sequence[Proposal], now: datetime) -> dict[int, WhoseTurn]:
    """The answers for many proposals, by their key."""
    facts = facts_of(session, proposals)
    return {proposal.id: _answer(proposal, facts, now) for proposal in proposals}


def first_reminder(session: Session, proposal: Proposal, turn: WhoseTurn) -> date | None:
    """The first day on which somebody may send a reminder in the wait that runs now, or the moment, where hours count; None
    where nobody waits by a date.
    """
    days = [when_at(REMIND_BY_HAND_FROM, holder, proposal.waiting_since) for holder in turn.holders]
    known = [day for day in days if day is not None]
    return soonest_by_hand(min(known), last_reminder(session, proposal)) if known else None


def when_at(percent: int, holder: Holder, since: datetime | None) -> date | None:
    """The first day on which this share of a holder's time is used, or the moment, where hours count; None without a clock."""
    if since is None or holder.progress is None or holder.calendar is None:
        return None
    if holder.progress.ends_at is not None:
        moment = moment_of(percent, holder.progress, since, holder.used_days, holder.calendar)
        return moment.astimezone(ZoneInfo(holder.calendar.zone))
    return first_day_of(percent, holder.progress, since, holder.used_days, holder.calendar)


def _answer(proposal: Proposal, facts: Facts, now: datetime) -> WhoseTurn:
    row = expected(proposal.state, proposal.step, proposal.ended_at is not None, proposal.pipeline)
    is_closing = row.turn is Turn.VOTING and has_quorum(proposal, facts)
    row = replace(CLOSING, wait=row.wait) if is_closing else row
    holders = tuple(_holder(proposal, row, each, facts, now) for each in _ladders(row, proposal, facts))
    clocks = [holder.progress for holder in holders if holder.progress is not None]
    clock = max(clocks, key=lambda each: (each.percent, each.day), default=None)
    last = max(clocks, key=lambda each: each.when, default=None)
    return WhoseTurn(
        turn=row.turn,
        name=row.name,
        act=row.act,
        after=row.after,
        holders=holders,
        taken_over_by=_taken_over(holders),
        since=proposal.waiting_since,
        progress=clock,
        ended_at=proposal.ended_at,
        way=way_of(proposal, row, last),
        paused_since=_paused_since(proposal, row),
        is_closing=is_closing,
    )


def _ladders(row: Expected, proposal: Proposal, facts: Facts) -> list[tuple[int, Ladder[Name]]]:
    return ladders_of(row.role, proposal, facts) if row.role else []


def _holder(proposal: Proposal, row: Expected, rungs: tuple[int, Ladder[Name]], facts: Facts, now: datetime) -> Holder:
    organization_id, ladder = rungs
    organization, calendar = facts.organizations[organization_id], facts.calendars[organization_id]
    clock = progress_for(proposal, row, organization_id, calendar, now)
    percent = clock.percent if clock else 0
    named = next_of(ladder)
    people = tuple(ladder.own) or tuple(ladder.deputies) or tuple(ladder.substitutes[:1])
    return Holder(
        organization_id=organization_id,
        organization=organization.name,
        kind=organization.kind,
        people=people,
        deputies=tuple(each for each in ladder.deputies if each not in people),
        next=named.at(percent) if named else None,
        backup=named.backup(percent) if named else None,
        asked=frozenset(each.person_id for each in named.asked(percent)) if named else frozenset(),
        progress=clock,
        named=named,
        calendar=calendar,
        used_days=used_days(proposal, organization_id, current_step(proposal.state, proposal.step), calendar),
    )


def _taken_over(holders: Sequence[Holder]) -> tuple[Name, ...]:
    """Who of the secretariat has it now and cannot do it themselves: they see to it that it is done."""
    found = [each.next for each in holders if each.next is not None and each.next.person_id not in each.could_act]
    return tuple(dict.fromkeys(found))


def _paused_since(proposal: Proposal, row: Expected) -> datetime | None:
    """While the team is waited for after a review had begun, that clock stands still."""
    if row.turn not in (Turn.CHANGING, Turn.PARKED) or not proposal.review_runs:
        return None
    return max(datetime.fromisoformat(str(run["to"])) for run in proposal.review_runs)
