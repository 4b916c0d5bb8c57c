"""The list of proposals that a viewer may know of, as a page of it and as a whole, narrowed by what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.proposals.models import Proposal
from app.proposals.queries.cases import Listed, is_open, listed, visible_to
from app.proposals.queries.named import settle
from app.proposals.queries.narrowing import EVERYTHING, Narrowing, conditions
from app.rules.actors import Actor

PER_PAGE = 25


@dataclass(frozen=True)
class Page:
    """One page of the list, and how many proposals there are in all of each kind."""

    rows: tuple[Listed, ...]
    number: int
    pages: int
    open_count: int
    ended_count: int


def proposals(
    session: Session,
    viewer: Actor,
    now: datetime,
    *,
    ended: bool = False,
    number: int = 1,
    asked: Narrowing = EVERYTHING,
) -> Page:
    """The proposals that the viewer may know of, the longest waiting first, or the ended ones, newest first."""
    settle(session)
    still_open, found = is_open(), conditions(viewer, asked, now)
    # Where it stands and what is due are questions of one kind alone.
    of_other = conditions(viewer, replace(asked, turn=None, due=None), now)
    kind = ~still_open if ended else still_open
    counted = select(func.count().filter(kind, *found), func.count().filter(~kind, *of_other)).select_from(Proposal)
    count, others = session.execute(counted.where(visible_to(viewer))).one()
    pages = max(-(-count // PER_PAGE), 1)
    number = min(max(number, 1), pages)
    wanted = _keys(viewer, ended, found).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    rows = listed(session, viewer, session.scalars(wanted).all(), now)
    return Page(rows, number, pages, *((others, count) if ended else (count, others)))


def keys(
    session: Session, viewer: Actor, now: datetime, *, ended: bool = False, asked: Narrowing = EVERYTHING
) -> Sequence[int]:
    """The keys of all of them, in the same order."""
    settle(session)
    return session.scalars(_keys(viewer, ended, conditions(viewer, asked, now))).all()


def read_later(session: Session, viewer: Actor, ids: Sequence[int], now: datetime) -> tuple[Listed, ...]:
    """Those of these keys that the viewer may know of at this moment, too."""
    return listed(session, viewer, ids, now, visible_to(viewer))


def _keys(viewer: Actor, ended: bool, found: Sequence[ColumnElement[bool]]) -> Select[int]:
    """Keys first: whole proposals, with their answers, would be sorted by the thousand."""
    order = (
        (Proposal.updated_at.desc(), Proposal.id.desc())
        if ended
        else (Proposal.waiting_since.is_(None), Proposal.waiting_since, Proposal.id)
    )
    still_open = is_open()
    return select(Proposal.id).where(visible_to(viewer), ~still_open if ended else still_open, *found).order_by(*order)
