"""Keeps the table of open waits equal to `whose_turn`, so that a queue of any length opens by an index.

Whatever changes who is named is noticed when the session flushes: proposals, items, teams, conflicts, votes, who took a case,
roles, people, calendars. Before a commit, and before the table is read in the same transaction, the rows concerned are worked
out anew. What did not go through a session (a bulk load) needs `rebuild`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, delete, event, exists, insert, inspect, or_, select
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from app.foundation.clock import now as this_moment
from app.organizations.assignments import Assignment
from app.organizations.calendars import ClosedDay
from app.organizations.models import Membership, Organization, Person
from app.proposals.conflicts import proposed_by
from app.proposals.models import Proposal, ProposalItem, TeamMember
from app.proposals.open_waits import OpenWait
from app.proposals.queries.cases import is_open
from app.proposals.queries.clock import moment_of, over_at
from app.proposals.queries.whose_turn import Holder, WhoseTurn, turns
from app.proposals.step_models import CommitteeVote, ConflictOfInterest
from app.proposals.team_models import CoApplicant
from app.rules.calendar import DEPUTY_JOINS_AT, SECRETARIAT_JOINS_AT
from app.rules.roles import Kind, Role

_BATCH = 200
_KEY = "waits_to_name_anew"
_OF_A_PROPOSAL = (ProposalItem, TeamMember, CoApplicant, ConflictOfInterest, CommitteeVote)


@dataclass
class _Changed:
    """What was flushed since the table was last brought up to date."""

    proposals: set[int] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    # May sign in again, or no more: their place among colleagues is by how long they hold the role.
    came_or_went: set[int] = field(default_factory=set)
    roles_at: set[int] = field(default_factory=set)
    calendars: set[int] = field(default_factory=set)

    def note(self, thing: object) -> None:
        """Take one row that was added, changed or deleted."""
        if isinstance(thing, Proposal):
            self.proposals.add(thing.id)
        elif isinstance(thing, _OF_A_PROPOSAL):
            self.proposals.add(thing.proposal_id)
        elif isinstance(thing, Assignment):
            self.references.add(thing.ref)
        elif isinstance(thing, Membership):
            self.people.add(thing.person_id)
            self.roles_at.add(thing.organization_id)
        elif isinstance(thing, ClosedDay):
            self.calendars.add(thing.organization_id)
        elif isinstance(thing, Person) and _differs(thing, "active", "email"):
            self.people.add(thing.id)
            self.came_or_went.add(thing.id)
        elif isinstance(thing, Organization) and _differs(thing, "country", "defaults"):
            self.calendars.add(thing.id)

    def __bool__(self) -> bool:
        return bool(self.proposals or self.references or self.people or self.roles_at or self.calendars)


def _differs(thing: object, *names: str) -> bool:
    state = inspect(thing)
    return state is not None and any(state.attrs[name].history.has_changes() for name in names)


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: UOWTransaction) -> None:
    changed: _Changed = session.info.setdefault(_KEY, _Changed())
    for thing in (*session.new, *session.dirty, *session.deleted):
        changed.note(thing)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    settle(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:  # after a savepoint the rest of the transaction still counts
        session.info.pop(_KEY, None)


def settle(session: Session) -> None:
    """Bring the table up to date with what this transaction has changed so far; nothing is done where nothing was."""
    session.flush()
    changed: _Changed | None = session.info.pop(_KEY, None)
    if changed:
        _refresh(session, session.scalars(_concerned(changed)).all())


def rebuild(session: Session) -> int:
    """Work out every open wait anew, after a bulk load or a new edition of the holidays. Returns how many proposals."""
    waiting = select(Proposal.id).where(is_open())
    ids = session.scalars(waiting).all()
    session.execute(delete(OpenWait).where(OpenWait.proposal_id.not_in(waiting)))
    _refresh(session, ids)
    return len(ids)


def mend(session: Session) -> int:
    """Work out anew what names somebody who may not act any more, or nobody: two changes at once can leave that behind."""
    ids = session.scalars(select(OpenWait.proposal_id).where(_is_stale()).distinct()).all()
    _refresh(session, ids)
    return len(ids)


def _is_stale() -> ColumnElement[bool]:
    def gone(column: ColumnElement[int | None]) -> ColumnElement[bool]:
        here = exists().where(
            Person.id == column, Person.active, Membership.person_id == Person.id, Membership.ended_at.is_(None)
        )
        return and_(column.is_not(None), ~here)

    return or_(
        OpenWait.person_id.is_(None),
        *(gone(each.expression) for each in (OpenWait.person_id, OpenWait.deputy_id, OpenWait.officer_id)),
    )


def _concerned(changed: _Changed) -> Select[int]:
    """The proposals whose waits may name somebody else now."""
    slots = (OpenWait.person_id, OpenWait.deputy_id, OpenWait.officer_id)
    waits: list[ColumnElement[bool]] = [
        OpenWait.organization_id.in_(changed.calendars),
        # Who belongs to the proposing side has a conflict of interest there, and has none once they have left it.
        OpenWait.proposal_id.in_(proposed_by(changed.roles_at)),
        *(column.in_(changed.people) for column in slots),
    ]
    waits.append(
        OpenWait.organization_id.in_(changed.roles_at) & (OpenWait.is_substitute | OpenWait.deputy_id.is_(None))
    )
    secretariat = select(Organization.id).where(
        Organization.kind == Kind.SECRETARIAT, Organization.id.in_(changed.roles_at)
    )
    of_role = Membership.ended_at.is_(None) & (Membership.role == Role.OFFICER)
    officers = select(Membership.person_id).where(of_role)
    is_stand_in = OpenWait.officer_id.is_(None) | OpenWait.officer_id.not_in(officers) | OpenWait.is_substitute
    waits.append(is_stand_in & secretariat.exists())
    theirs = select(Membership.organization_id).where(
        Membership.person_id.in_(changed.came_or_went), Membership.ended_at.is_(None)
    )
    waits.append(OpenWait.organization_id.in_(theirs))
    ours = theirs.join(Organization, Organization.id == Membership.organization_id)
    waits.append(ours.where(Organization.kind == Kind.SECRETARIAT).exists())
    addresses = select(Person.email).where(Person.id.in_(changed.people))
    teams = select(TeamMember.proposal_id).where(
        TeamMember.person_id.in_(changed.people) | TeamMember.email.in_(addresses)
    )
    return select(Proposal.id).where(
        or_(
            Proposal.id.in_(changed.proposals),
            Proposal.reference.in_(changed.references),
            Proposal.lead_id.in_(changed.people) & Proposal.ended_at.is_(None),
            Proposal.id.in_(teams) & Proposal.ended_at.is_(None),
            Proposal.id.in_(select(OpenWait.proposal_id).where(or_(*waits))),
        )
    )


def _refresh(session: Session, proposal_ids: Sequence[int]) -> None:
    now = this_moment()
    wanted_ids = sorted(set(proposal_ids))
    for ids in (wanted_ids[start : start + _BATCH] for start in range(0, len(wanted_ids), _BATCH)):
        wanted = select(Proposal).where(Proposal.id.in_(ids)).order_by(Proposal.id).with_for_update(key_share=True)
        found = session.scalars(wanted).all()
        answers = turns(session, found, now)
        session.execute(delete(OpenWait).where(OpenWait.proposal_id.in_(ids)))
        rows = [row for proposal in found for row in _rows(proposal.id, answers[proposal.id])]
        if rows:
            session.execute(insert(OpenWait), rows)


def _rows(proposal_id: int, turn: WhoseTurn) -> Iterator[dict[str, object]]:
    for holder in turn.holders:
        named = holder.named
        yield {
            "proposal_id": proposal_id,
            "organization_id": holder.organization_id,
            "turn": turn.turn.value,
            "person_id": named.first.person_id if named else None,
            "deputy_id": named.deputy.person_id if named and named.deputy else None,
            "officer_id": named.last.person_id if named and named.last else None,
            "is_substitute": named is None or named.is_substitute,
            "since": turn.since,
            **_moments(holder, turn.since),
        }


def _moments(holder: Holder, since: datetime | None) -> dict[str, object]:
    clock, calendar = holder.progress, holder.calendar
    if clock is None or since is None or calendar is None:
        return dict.fromkeys(("due_on", "half_at", "most_at", "full_at", "over_at", "late_at"))

    def at(percent: int) -> datetime:
        return moment_of(percent, clock, since, holder.used_days, calendar)

    return {
        "due_on": clock.due,
        "half_at": at(50),
        "most_at": at(80),
        "full_at": at(DEPUTY_JOINS_AT),
        "over_at": over_at(clock, since, holder.used_days, calendar),
        "late_at": at(SECRETARIAT_JOINS_AT),
    }


def people_named(rows: Iterable[OpenWait], now: datetime) -> dict[tuple[int, int], int | None]:
    """Who is named at this moment, by proposal and organization."""
    return {(row.proposal_id, row.organization_id): _named_at(row, now) for row in rows}


def named_now(now: datetime) -> ColumnElement[int | None]:
    """Who is named at this moment, as a column of the table: what `people_named` says of its rows."""
    return case(
        (and_(OpenWait.officer_id.is_not(None), OpenWait.late_at <= now), OpenWait.officer_id),
        (and_(OpenWait.deputy_id.is_not(None), OpenWait.full_at <= now), OpenWait.deputy_id),
        else_=OpenWait.person_id,
    )


def _named_at(row: OpenWait, now: datetime) -> int | None:
    if row.officer_id is not None and row.late_at is not None and row.late_at <= now:
        return row.officer_id
    if row.deputy_id is not None and row.full_at is not None and row.full_at <= now:
        return row.deputy_id
    return row.person_id
