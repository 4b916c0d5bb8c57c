"""Appending to the history, in the transaction of the change it records."""

import hashlib
import hmac
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.hashing import canonical_json
from app.history import tree
from app.history.models import HistoryDetail, HistoryEvent, LogHead
from app.outbox.commands import enqueue
from app.rules.actors import Actor
from app.rules.events import Event

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


def _row(seq: int, event: Event, actor: Actor, subject: Subject, now: datetime) -> HistoryEvent:
    return HistoryEvent(
        seq=seq,
        at=now,
        type=event.value,
        actor_pid=actor.pid,
        acting_for=subject.acting_for,
        thing=subject.thing,
        thing_ref=subject.ref,
        version_hash=subject.version_hash,
        agreement_version=subject.agreement_version,
        agreement_hash=subject.agreement_hash,
        authentication=actor.authentication,
        request_id=current_request_id.get(),
    )


def leaf_entry(row: HistoryEvent) -> bytes:
    """The bytes that the leaf commits to: the row in canonical JSON, without its own hash."""
    return canonical_json(
        {
            "seq": row.seq,
            "at": row.at.isoformat(),
            "type": row.type,
            "actor_pid": str(row.actor_pid) if row.actor_pid else None,
            "acting_for": row.acting_for,
            "thing": row.thing,
            "thing_ref": row.thing_ref,
            "version_hash": row.version_hash,
            "agreement_version": row.agreement_version,
            "agreement_hash": row.agreement_hash,
            "authentication": row.authentication,
            "request_id": row.request_id,
            "commitment": row.commitment,
        }
    )


def commitment(salt: str, payload: JSONObject) -> str:
    """HMAC-SHA-256 of the payload under the row's own salt; says nothing once the salt is erased."""
    return hmac.new(bytes.fromhex(salt), canonical_json(payload), hashlib.sha256).hexdigest()


def _locked_head(session: Session) -> LogHead:
    head = session.scalar(
        select(LogHead).where(LogHead.id == 1).with_for_update().execution_options(populate_existing=True)
    )
    if head is None:
        head = LogHead(id=1, size=0, edge=[], root=tree.EMPTY_ROOT)
        session.add(head)
        session.flush()
    return head
