"""The list of grants that a viewer may know of, as a page of it and as a whole, narrowed by what it holds; the newest first.

Nothing here widens what a viewer may know of: every condition stands beside `seen_by`, and only parties of grants that the
viewer knows can be chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.foundation.narrowing import has_words
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.grants.standing import seen_by
from app.organizations.models import Organization
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.grant_days import STATUSES
from app.rules.workflow import OWED, GrantState

PER_PAGE = 50
DUTY_DAYS, END_DAYS = 30, 60


class Due(StrEnum):
    """What is due."""

    OVERDUE = "overdue"
    DUTY = "duty"
    END = "end"


DUE_WORDS: dict[Due, str] = {
    Due.OVERDUE: N_("Duty overdue"),
    Due.DUTY: N_("Duty due within 30 days"),
    Due.END: N_("Ends within 60 days"),
}


@dataclass(frozen=True)
class Narrowing:
    """What is asked for: `state` as `status_of` says it, `member` and `partner` by their short names, a proposal's reference."""

    words: str = ""
    state: str = ""
    member: str = ""
    partner: str = ""
    due: Due | None = None
    proposal: str = ""


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class Choices:
    """The parties that can be chosen by the viewer, as short name and name, in the order of names."""

    members: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """One page of the list, and how many grants there are in all."""

    rows: tuple[Grant, ...]
    number: int
    pages: int
    count: int


@dataclass(frozen=True)
class Line:
    """One grant for a table: its proposal, what it owes next and by when, and how much is overdue."""

    grant: Grant
    proposal: str
    next_duty: str
    next_due: date | None
    overdue: int


def choices(session: Session, viewer: Actor) -> Choices:
    """The parties of what the viewer may know of, in two statements."""
    return Choices(_parties(session, viewer, Grant.member_id), _parties(session, viewer, Grant.data_partner_id))


def _parties(session: Session, viewer: Actor, side: InstrumentedAttribute[int]) -> tuple[tuple[str, str], ...]:
    is_party = exists().where(side == Organization.id, seen_by(viewer))
    statement = select(Organization.slug, Organization.name).where(is_party).order_by(Organization.name)
    return tuple((slug, name) for slug, name in session.execute(statement))


def grants_page(session: Session, viewer: Actor, now: datetime, asked: Narrowing = EVERYTHING, number: int = 1) -> Page:
    """One page of what is asked for."""
    found = _found(viewer, asked, now)
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(-(-count // PER_PAGE), 1)
    number = min(max(number, 1), pages)
    ids = session.scalars(found.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(_grants(session, viewer, ids), number, pages, count)


def keys(session: Session, viewer: Actor, now: datetime, asked: Narrowing = EVERYTHING) -> Sequence[int]:
    """The keys of all of it, in the same order."""
    return session.scalars(_found(viewer, asked, now)).all()


def table_lines(session: Session, viewer: Actor, ids: Sequence[int], now: datetime) -> list[Line]:
    """These as lines of a table, in this order, as far as the viewer still may know of them. Three statements."""
    today = now.astimezone(UTC).date()
    grants = _grants(session, viewer, ids)
    keys_of = {grant.proposal_id for grant in grants}
    references = dict(session.execute(select(Proposal.id, Proposal.reference).where(Proposal.id.in_(keys_of))).all())
    owed: dict[int, list[tuple[date, str]]] = {}
    duties = select(Duty.grant_id, Duty.due_on, Duty.sentence).where(Duty.grant_id.in_(ids), _is_owed())
    for grant_id, due_on, sentence in session.execute(duties.order_by(Duty.due_on, Duty.id)):
        if due_on is not None:
            owed.setdefault(grant_id, []).append((due_on, sentence))
    found = []
    for grant in grants:
        dated = owed.get(grant.id, [])
        due, sentence = dated[0] if dated else (None, "")
        overdue = sum(day < today for day, _sentence in dated)
        found.append(Line(grant, references[grant.proposal_id], sentence, due, overdue))
    return found


def _grants(session: Session, viewer: Actor, ids: Sequence[int]) -> tuple[Grant, ...]:
    wanted = select(Grant).where(Grant.id.in_(ids), seen_by(viewer))
    rows = session.scalars(wanted.options(joinedload(Grant.data_partner), joinedload(Grant.member)))
    by_key = {grant.id: grant for grant in rows}
    return tuple(by_key[key] for key in ids if key in by_key)


def _found(viewer: Actor, asked: Narrowing, now: datetime) -> Select[int]:
    today = now.astimezone(UTC).date()
    found = [seen_by(viewer), *has_words(asked.words, Grant.title, Grant.number)]
    if asked.state:
        found.append(_stands_at(asked.state, today))
    if asked.member:
        found.append(Grant.member_id.in_(select(Organization.id).where(Organization.slug == asked.member)))
    if asked.partner:
        found.append(Grant.data_partner_id.in_(select(Organization.id).where(Organization.slug == asked.partner)))
    if asked.due is not None:
        found.append(_is_due(asked.due, today))
    if asked.proposal:
        found.append(Grant.proposal_id.in_(select(Proposal.id).where(Proposal.reference == asked.proposal)))
    return select(Grant.id).where(*found).order_by(Grant.issued_at.desc(), Grant.id.desc())


def _stands_at(status: str, today: date) -> ColumnElement[bool]:
    """`status_of` as SQL."""
    ways = []
    for each in STATUSES[status]:
        by_day = [Grant.state == each.state]
        if each.has_begun is not None:
            by_day.append(Grant.starts_on <= today if each.has_begun else Grant.starts_on > today)
        if each.is_over is not None:
            by_day.append(Grant.ends_on < today if each.is_over else Grant.ends_on >= today)
        ways.append(and_(*by_day))
    return or_(*ways)


def _is_owed() -> ColumnElement[bool]:
    return and_(Duty.state.in_(OWED), Duty.due_on.is_not(None))


def _is_due(due: Due, today: date) -> ColumnElement[bool]:
    if due is Due.END:
        last = today + timedelta(days=END_DAYS)
        runs = Grant.state.in_((GrantState.ACTIVE, GrantState.SUSPENDED))
        return and_(runs, Grant.ends_on >= today, Grant.ends_on <= last)
    before = today if due is Due.OVERDUE else today + timedelta(days=DUTY_DAYS + 1)
    return exists().where(Duty.grant_id == Grant.id, _is_owed(), Duty.due_on < before)
