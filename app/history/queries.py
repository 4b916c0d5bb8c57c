"""Reading the history. Who may read it of which thing is decided where the thing lives; this file trusts its caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.history import tree
from app.history.commands import commitment, leaf_entry
from app.history.models import HistoryDetail, HistoryEvent, LogHead
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event


@dataclass(frozen=True)
class Happening:
    """One line of a timeline."""

    seq: int
    at: datetime
    type: str
    name: str
    actor: str
    thing: str
    ref: str
    agreement_version: str | None
    version_hash: str | None
    facts: JSONObject
    actor_pid: UUID | None = None


_HEAD = LogHead.__table__.c
_ROOT = select(_HEAD.root).where(_HEAD.id == 1)  # asked in almost every request: of the table, past the mapping of rows
_TIMELINE = select(HistoryEvent, HistoryDetail.payload).outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)


def happening(row: HistoryEvent, payload: JSONObject | None) -> Happening:
    """One row as people read it."""
    facts = payload or {}
    name = EVENT_NAMES.get(Event(row.type), row.type)
    actor = str(facts.get("actor", ""))
    return Happening(
        row.seq,
        row.at,
        row.type,
        name,
        actor,
        row.thing,
        row.thing_ref,
        row.agreement_version,
        row.version_hash,
        facts,
        row.actor_pid,
    )


def happenings(session: Session, things: Sequence[tuple[str, str]], newest_first: bool = True) -> list[Happening]:
    """What happened to these things, each given as (kind, public reference)."""
    wanted = [(HistoryEvent.thing == thing) & (HistoryEvent.thing_ref == ref) for thing, ref in things]
    condition = wanted[0]
    for more in wanted[1:]:
        condition |= more
    order = HistoryEvent.seq.desc() if newest_first else HistoryEvent.seq
    return [happening(row, payload) for row, payload in session.execute(_TIMELINE.where(condition).order_by(order))]


def latest(session: Session, limit: int, before_seq: int | None = None) -> list[Happening]:
    """The newest events of the whole consortium, for those who may read the whole history."""
    statement = _TIMELINE.order_by(HistoryEvent.seq.desc()).limit(limit)
    if before_seq is not None:
        statement = statement.where(HistoryEvent.seq < before_seq)
    return [happening(row, payload) for row, payload in session.execute(statement)]


def root_of_all(session: Session) -> str:
    """The root of the tree over everything that happened so far: it differs after every change, and never comes back."""
    return session.scalar(_ROOT) or tree.EMPTY_ROOT


def faults(session: Session) -> list[str]:
    """Everything that shows tampering: gaps, rows that no longer match their leaf, a head that does not match the tree."""
    found: list[str] = []
    leaves: list[str] = []
    for row, detail in session.execute(
        select(HistoryEvent, HistoryDetail)
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .order_by(HistoryEvent.seq)
    ):
        if row.seq != len(leaves) + 1:
            found.append(f"event {len(leaves) + 1} is missing")
        if tree.leaf_hash(leaf_entry(row)) != row.leaf_hash:
            found.append(f"event {row.seq} was changed")
        # An outer join: erased details leave none, though the types do not say so.
        if detail is not None and commitment(detail.salt, detail.payload) != row.commitment:  # type: ignore[redundant-expr]
            found.append(f"the details of event {row.seq} were changed")
        leaves.append(row.leaf_hash)
    head = session.get(LogHead, 1)
    size, stored = (head.size, head.root) if head else (0, tree.EMPTY_ROOT)
    if size != len(leaves) or stored != tree.root(tree.edge_of(leaves)):
        found.append("the head of the log does not match its events")
    return found
