"""Appending to the history, in the transaction of the change it records."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.hashing import canonical_json, flat_json
from app.history import tree
from app.history.models import HistoryDetail, HistoryEvent, LogHead
from app.outbox.commands import enqueue
from app.rules.actors import Actor
from app.rules.events import Event

_LONGEST_ABOUT = 80
# What the leaf of an event commits to.
_IN_LEAF = (
    "seq", "at", "type", "actor_pid", "acting_for", "thing", "thing_ref", "version_hash", "agreement_version",
    "agreement_hash", "authentication", "request_id", "commitment",
)  # fmt: skip

# Set by the web layer for the length of a request; commands do not carry it through their arguments.
current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)


@dataclass(frozen=True)
class Subject:
    """What an event is about: the kind of thing, its public reference, and the versions it was bound to."""

    thing: str
    ref: str
    acting_for: str | None = None
    version_hash: str | None = None
    agreement_version: str | None = None
    agreement_hash: str | None = None


def record(
    session: Session,
    event: Event,
    actor: Actor,
    subject: Subject,
    now: datetime,
    facts: JSONObject | None = None,
) -> HistoryEvent:
    """Append one event and one outbox message that lets the reactions to it run later.

    The log's head row is locked first, so that sequence numbers have no gap and no double (safety.md §4).
    """
    head = _locked_head(session)
    payload: JSONObject = {"actor": actor.name, **(facts or {})}
    salt = secrets.token_hex(32)
    row = _row(head.size + 1, event, actor, subject, now)
    row.commitment = commitment(salt, payload)
    row.leaf_hash = tree.leaf_hash(leaf_entry(row))
    session.add(row)
    session.flush()
    session.add(HistoryDetail(seq=row.seq, salt=salt, payload=payload))
    head.edge = tree.append(head.edge, head.size, row.leaf_hash)
    head.size += 1
    head.root = tree.root(head.edge)
    enqueue(session, "event.react", {"seq": row.seq}, now, about=subject.ref)
    session.flush()
    return row


@dataclass(frozen=True)
class Fact:
    """One event that is recorded together with others: what happened, to what, and what else is to be known of it."""

    event: Event
    subject: Subject
    facts: JSONObject


def record_all(session: Session, actor: Actor, facts: Sequence[Fact], now: datetime) -> None:
    """Append many events in their order, as `record` does one by one: every leaf hashed and committed to, the head moved once.

    One outbox message lets the reactions to all of them run, in one transaction.
    """
    if not facts:
        return
    head = _locked_head(session)
    first, edge = head.size + 1, head.edge
    rows, details = [], []
    for seq, fact in enumerate(facts, first):
        row = _values(seq, fact.event, actor, fact.subject, now)
        payload: JSONObject = {"actor": actor.name, **fact.facts}
        salt = secrets.token_hex(32)
        row["commitment"] = commitment(salt, payload)
        leaf = tree.leaf_hash(_leaf_bytes(row))
        edge = tree.append(edge, seq - 1, leaf)
        rows.append({**row, "leaf_hash": leaf})
        details.append({"seq": seq, "salt": salt, "payload": payload})
    session.flush()
    # By table: entities would be made of each row for nothing.
    session.execute(insert(HistoryEvent.__table__), rows)  # type: ignore[arg-type]
    session.execute(insert(HistoryDetail.__table__), details)  # type: ignore[arg-type]
    head.edge, head.size, head.root = edge, head.size + len(facts), tree.root(edge)
    last = head.size
    about = f"{facts[0].subject.ref} … {facts[-1].subject.ref}"[:_LONGEST_ABOUT]
    enqueue(session, "event.react", {"seq": first, "last": last}, now, about=about)
    session.flush()


def _row(seq: int, event: Event, actor: Actor, subject: Subject, now: datetime) -> HistoryEvent:
    return HistoryEvent(**_values(seq, event, actor, subject, now))


def _values(seq: int, event: Event, actor: Actor, subject: Subject, now: datetime) -> dict[str, object]:
    return {
        "seq": seq,
        "at": now,
        "type": event.value,
        "actor_pid": actor.pid,
        "acting_for": subject.acting_for,
        "thing": subject.thing,
        "thing_ref": subject.ref,
        "version_hash": subject.version_hash,
        "agreement_version": subject.agreement_version,
        "agreement_hash": subject.agreement_hash,
        "authentication": actor.authentication,
        "request_id": current_request_id.get(),
    }


def leaf_entry(row: HistoryEvent) -> bytes:
    """The bytes that the leaf commits to: the row in canonical JSON, without its own hash."""
    return _leaf_bytes({name: getattr(row, name) for name in _IN_LEAF})


def _leaf_bytes(values: Mapping[str, object]) -> bytes:
    """Of the columns in the leaf and no others: text, numbers or nothing, but for the moment and the person."""
    at, pid = values["at"], values["actor_pid"]
    moment = at.isoformat() if isinstance(at, datetime) else at
    return flat_json({**values, "at": moment, "actor_pid": str(pid) if pid else None})


def commitment(salt: str, payload: JSONObject) -> str:
    """HMAC-SHA-256 of the payload under the row's own salt; says nothing once the salt is erased."""
    return hmac.digest(bytes.fromhex(salt), canonical_json(payload), "sha256").hex()


def _locked_head(session: Session) -> LogHead:
    head = session.scalar(
        select(LogHead).where(LogHead.id == 1).with_for_update().execution_options(populate_existing=True)
    )
    if head is None:
        head = LogHead(id=1, size=0, edge=[], root=tree.EMPTY_ROOT)
        session.add(head)
        session.flush()
    return head
