"""A1, A2: the history has no gap, no row of it was changed, and its tree is the one that its head names."""

import hashlib
import json
from functools import lru_cache

from sqlalchemy.orm import Session

from tests.machine.rows import AnyRow, rows_of


def whole(session: Session) -> list[str]:
    """A2: sequence numbers run from 1 without a gap; every leaf and the root, computed anew, are the stored ones."""
    rows, found = rows_of(session), []
    events = rows.all("history_event")
    if [row.seq for row in events] != list(range(1, len(events) + 1)):
        found.append("A2: the history has a gap or a double")
    found += [f"A2: event {row.seq} was changed" for row in events if _leaf(row) != row.leaf_hash]
    head = next(iter(rows.all("log_head")), None)
    if events and (
        head is None or head.size != len(events) or head.root != _root(tuple(row.leaf_hash for row in events))
    ):
        found.append("A2: the head of the history does not match its events")
    return found


def _entry(row: AnyRow) -> str:
    told = {
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
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=8192)
def _leaf(row: AnyRow) -> str:
    return hashlib.sha256(b"\x00" + _entry(row).encode()).hexdigest()


def _root(leaves: tuple[str, ...]) -> str:
    """RFC 6962 §2.1, straight from its definition: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return _node(_full(leaves[:split]), _root(leaves[split:]))


@lru_cache(maxsize=8192)
def _full(leaves: tuple[str, ...]) -> str:
    if len(leaves) == 1:
        return leaves[0]
    half = len(leaves) // 2
    return _node(_full(leaves[:half]), _full(leaves[half:]))


def _node(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def told_once(session: Session) -> list[str]:
    """A1: each event has its details, and one message for what follows from it: its own, or one for all that came with it."""
    rows, found = rows_of(session), []
    events = len(rows.all("history_event"))
    if len(rows.all("history_detail")) != events:
        found.append("A1: an event has no details")
    messages = [row.payload for row in rows.all("outbox_message") if row.kind == "event.react"]
    told = [seq for each in messages for seq in range(int(each["seq"]), int(each.get("last", each["seq"])) + 1)]
    if sorted(told) != list(range(1, events + 1)):
        found.append("A1: an event has no message for what follows from it, or two")
    return found


INVARIANTS = (whole, told_once)
