"""The proposals that a person has to do with now: their turn, or waiting on others; and how many wait for them.

Read from the table of open waits: the same statements, and a page of rows, however many proposals there are.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.proposals.models import Proposal
from app.proposals.open_waits import OpenWait
from app.proposals.queries.cases import Listed, keys_known_to, keys_on_team, listed, names_data_of
from app.proposals.queries.named import settle
from app.rules.actors import Actor
from app.rules.roles import Role
from app.rules.turns import Turn

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_OF_SECRETARIAT = (Role.OFFICER, Role.DIRECTOR)
# The secretariat sees, of what others do, what is due by the end of this many days.
NEAR_DAYS = 7
_NEVER = datetime.max.replace(tzinfo=UTC)


class Queue(StrEnum):
    """What a proposal is to a person."""

    OVERDUE = "overdue"
    WEEK = "week"
    LATER = "later"
    OTHERS = "others"
    UNFINISHED = "unfinished"


def is_theirs(person_id: int | None, now: datetime) -> ColumnElement[bool]:
    """The waits whose turn it is for a person: asked first, joined on the due day, or taken over since."""
    return or_(
        OpenWait.person_id == person_id,
        and_(OpenWait.deputy_id == person_id, OpenWait.full_at <= now),
        and_(OpenWait.officer_id == person_id, OpenWait.late_at <= now),
    )


def counts(session: Session, viewer: Actor, now: datetime) -> dict[Queue, int]:
    """How many proposals there are in each queue of a person, in one statement."""
    if viewer.person_id is None:
        return dict.fromkeys(Queue, 0)
    settle(session)
    mine = _theirs(viewer, now)
    parts = [_keys(viewer, now, mine, queue) for queue in Queue]
    numbers = session.execute(
        select(*(select(func.count()).select_from(p.subquery()).scalar_subquery() for p in parts))
    )
    return dict(zip(Queue, numbers.one(), strict=True))


def waiting_number(session: Session, viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many proposals wait for the viewer by a date, drafts and parked ones aside, for a statement that counts more."""
    settle(session)
    mine = is_theirs(viewer.person_id, now) if viewer.person_id is not None else false()
    counted = select(func.count(func.distinct(OpenWait.proposal_id)))
    return counted.where(mine, OpenWait.due_on.is_not(None)).scalar_subquery()


def waiting(
    session: Session, viewer: Actor, now: datetime, queue: Queue, limit: int = 50, offset: int = 0
) -> Sequence[Listed]:
    """One queue of the viewer, the nearest date first."""
    if viewer.person_id is None:
        return []
    settle(session)
    ids = session.scalars(_keys(viewer, now, _theirs(viewer, now), queue).limit(limit).offset(offset)).all()
    return listed(session, viewer, ids, now)


def queues(
    session: Session, viewer: Actor, now: datetime, limit: int = 50
) -> tuple[dict[Queue, list[Listed]], dict[Queue, int]]:
    """The beginning of every queue of the viewer, the nearest date first, and how many there are in each."""
    found: dict[Queue, list[Listed]] = {queue: [] for queue in Queue}
    counts = dict.fromkeys(Queue, 0)
    if viewer.person_id is None:
        return found, counts
    settle(session)
    mine = _theirs(viewer, now)
    begun = session.execute(union_all(*(_beginning(viewer, now, mine, queue, limit) for queue in Queue))).all()
    ordered = sorted(begun, key=lambda row: (row[1] or date.max, row[2] or _NEVER, row[0]))
    rows = listed(session, viewer, list(dict.fromkeys(key for key, *_rest in ordered)), now)
    by_key = {row.proposal.id: row for row in rows}
    for key, _due, _over, queue, count in ordered:
        counts[Queue(queue)] = count
        if key in by_key:
            found[Queue(queue)].append(by_key[key])
    return found, counts


def _beginning(
    viewer: Actor, now: datetime, mine: CTE, queue: Queue, limit: int
) -> Select[int, date | None, datetime | None, str, int]:
    """The first keys of one queue, each with its date, the queue's name, and how many there are in all."""
    keys = _keys(viewer, now, mine, queue).limit(limit)
    # A window counts the groups before the limit cuts them; SQLite wants what is limited within parentheses.
    more = keys.add_columns(func.count().over().label("number")).subquery()
    return select(more.c.proposal_id, more.c.due, more.c.over, literal(queue.value).label("queue"), more.c.number)


def _theirs(viewer: Actor, now: datetime) -> CTE:
    """What is the viewer's turn by a date, each proposal once: read once, however many queues are made of it."""
    due, over = func.min(OpenWait.due_on).label("due"), func.min(OpenWait.over_at).label("over")
    waits = select(OpenWait.proposal_id, due, over).where(
        is_theirs(viewer.person_id, now), OpenWait.due_on.is_not(None)
    )
    return waits.group_by(OpenWait.proposal_id).cte("mine")


def _keys(viewer: Actor, now: datetime, mine: CTE, queue: Queue) -> Select[int, date | None, datetime | None]:
    """The keys of one queue's proposals with their dates, in its order."""
    is_over, soon = mine.c.over <= now, mine.c.due <= now.date() + timedelta(days=NEAR_DAYS)
    of_theirs = {Queue.OVERDUE: is_over, Queue.WEEK: ~is_over & soon, Queue.LATER: ~is_over & ~soon}
    if queue in of_theirs:
        # Of what is due on the same day, a moment in it comes before its end.
        order = (mine.c.due, mine.c.over, mine.c.proposal_id)
        return select(mine.c.proposal_id, mine.c.due, mine.c.over).where(of_theirs[queue]).order_by(*order)
    due, dated = func.min(OpenWait.due_on).label("due"), OpenWait.due_on.is_not(None)
    over = func.min(OpenWait.over_at).label("over")
    others = select(OpenWait.proposal_id, due, over).where(_concerns(viewer, now), _known_to(viewer))
    if queue is Queue.UNFINISHED:
        return others.where(~dated).group_by(OpenWait.proposal_id).order_by(OpenWait.proposal_id)
    rest = others.where(dated, OpenWait.proposal_id.not_in(select(mine.c.proposal_id)))
    return rest.group_by(OpenWait.proposal_id).order_by(due, over, OpenWait.proposal_id)


def _known_to(viewer: Actor) -> ColumnElement[bool]:
    """What the viewer may know of. The secretariat knows of everything but drafts."""
    known = OpenWait.proposal_id.in_(keys_known_to(viewer))
    is_of_all = bool(viewer.consortium_roles.intersection(_OF_SECRETARIAT))
    return or_(OpenWait.turn != Turn.DRAFTING.value, known) if is_of_all else known


def _concerns(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Colleagues may read a proposal; only its team, its data partners' stewards and the secretariat have to do with it."""
    ways = [OpenWait.proposal_id.in_(keys_on_team(viewer)), is_theirs(viewer.person_id, now)]
    deciding_for = viewer.organizations_with(*_STEWARDS)
    if deciding_for:
        asked = select(Proposal.id).where(names_data_of(deciding_for)).correlate(None)
        ways.append(OpenWait.proposal_id.in_(asked) & OpenWait.due_on.is_not(None))
    if viewer.organizations_with(*_OF_SECRETARIAT):
        ways.append(OpenWait.due_on <= now.date() + timedelta(days=NEAR_DAYS))
        own = OpenWait.organization_id.in_(viewer.organizations_with(*_OF_SECRETARIAT))
        ways.append(own & OpenWait.due_on.is_not(None))
    return or_(*ways)
