"""G1 to G10: what a grant rests on, what it says, and whether it gives a right at this moment."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from app.foundation.files import FileStore
from app.grants.models import Grant
from app.grants.queries import verification
from app.rules.questions import asked
from app.rules.roles import Capacity, Role
from app.rules.workflow import GrantState, ItemState
from tests.machine.invariants.agreements import signed
from tests.machine.invariants.decisions import held
from tests.machine.rows import AnyRow, Rows, rows_of

_YES = {ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS}
_STOPPED = {GrantState.REVOKED, GrantState.SUSPENDED, GrantState.EXPIRED, GrantState.CLOSED}


def rests_on_approvals(session: Session) -> list[str]:
    """G1: each dataset was approved on the version of the grant, everybody had answered, both parties had signed."""
    rows = rows_of(session)
    found: list[str] = []
    for grant in rows.all("grant"):
        found += _unapproved(rows, grant)
        for party, capacity in ((grant.member_id, Capacity.MEMBER), (grant.data_partner_id, Capacity.DATA_PARTNER)):
            if not signed(rows, party, capacity, grant.agreement_version, grant.agreement_hash, grant.issued_at):
                found.append(f"G1: {grant.number} was issued though organization {party} had not signed")
    return found


def _unapproved(rows: Rows, grant: AnyRow) -> Iterator[str]:
    for granted in rows.of("grant_dataset", "grant_id", grant.id):
        item = rows.one("proposal_item", granted.item_id)
        counting = rows.of("decision", "id", item.decision_id)
        if not counting or item.state not in _YES:
            yield f"G1: {grant.number} rests on item {item.id}, which is {item.state.value}"
        elif counting[0].proposal_version_id != grant.proposal_version_id or counting[0].decided_at > grant.issued_at:
            yield f"G1: {grant.number} rests on a decision on another version"
        if rows.one("dataset", granted.dataset_id).organization_id != grant.data_partner_id:
            yield f"G4: {grant.number} grants a dataset of somebody else"
    if not rows.of("grant_dataset", "grant_id", grant.id):
        yield f"G1: {grant.number} grants nothing"
    if any(row.state is ItemState.PENDING for row in rows.of("proposal_item", "proposal_id", grant.proposal_id)):
        yield f"G1: {grant.number} was issued before everybody had answered"


def four_eyes(session: Session) -> list[str]:
    """W8: a director issues, who decided on nothing in it and is of no organization that proposes."""
    rows, found = rows_of(session), []
    for grant in rows.all("grant"):
        issuer, at = grant.issued_by_id, grant.issued_at
        items = {row.id for row in rows.of("proposal_item", "proposal_id", grant.proposal_id)}
        deciders = {row.decided_by_id for row in rows.all("decision") if row.item_id in items and row.voided_at is None}
        if not held(rows, issuer, at, None, Role.DIRECTOR):
            found.append(f"W8: {grant.number} was not issued by a director")
        if issuer in deciders:
            found.append(f"W8: {grant.number} was issued by somebody who decided on it")
    return found


def one_live_grant(session: Session) -> list[str]:
    """G2: one live grant for a proposal and data partner; successors form a chain without forks."""
    rows, found = rows_of(session), []
    heads = Counter((row.proposal_id, row.data_partner_id) for row in rows.all("grant") if row.predecessor_id is None)
    found += [
        f"G2: proposal {p} has {count} grants of data partner {o}" for (p, o), count in heads.items() if count > 1
    ]
    followed = Counter(row.predecessor_id for row in rows.all("grant") if row.predecessor_id is not None)
    found += [f"G2: grant {key} has {count} successors" for key, count in followed.items() if count > 1]
    live = Counter(
        (row.proposal_id, row.data_partner_id)
        for row in rows.all("grant")
        if row.state in {GrantState.ACTIVE, GrantState.SUSPENDED}
    )
    return found + [f"G2: proposal {p} has {n} live grants of data partner {o}" for (p, o), n in live.items() if n > 1]


def numbers_once(session: Session) -> list[str]:
    """G3: a number is given out once, and the series is never behind it."""
    rows, found = rows_of(session), []
    given = Counter(row.thing_ref for row in rows.all("history_event") if row.type == "grant.issued")
    stored = Counter(row.number for row in rows.all("grant"))
    found += [f"G3: {number} was issued {count} times" for number, count in (given | stored).items() if count > 1]
    if set(given) != set(stored):
        found.append(f"G3: the history and the register differ: {sorted(set(given) ^ set(stored))}")
    last = {row.series: row.last for row in rows.all("number_series")}
    for number in stored:
        series, _, serial = number.rpartition("-")
        if int(serial) > last.get(series, 0):
            found.append(f"G3: {number} is beyond the last number of its series")
    return found


def says_what_was_approved(session: Session) -> list[str]:
    """G4: the frozen record equals the approved version, or is narrower; nothing in it was changed since."""
    rows, found = rows_of(session), []
    for grant in rows.all("grant"):
        record, version = grant.record, rows.one("proposal_version", grant.proposal_version_id)
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if _digest(text) != grant.record_hash:
            found.append(f"G4: the record of {grant.number} was changed")
        if record["proposal"]["sha256"] != version.content_hash:
            found.append(f"G4: {grant.number} names another version than it rests on")
        found += [f"G4: {grant.number}: {what}" for what in _wider(rows, grant, version)]
    return found


def _wider(rows: Rows, grant: AnyRow, version: AnyRow) -> Iterator[str]:
    record, wanted = grant.record, asked(version.content["answers"])
    wished = {each["reference"] for each in version.content["datasets"]}
    granted = {each["reference"] for each in record["datasets"]}
    own = {rows.one("dataset", row.dataset_id).reference for row in rows.of("grant_dataset", "grant_id", grant.id)}
    if granted != own or not granted <= wished:
        yield "grants datasets that nobody asked for"
    if grant.predecessor_id is None and not set(record["purpose"]["codes"]) <= set(_list(wanted["permitted_purposes"])):
        yield "serves a purpose that nobody asked for"
    if not set(record["countries"]) <= set(_list(version.content["answers"].get("countries"))):
        yield "covers a country that nobody asked for"
    start, end = (version.content["answers"].get(key) for key in ("starts_on", "ends_on"))
    if grant.predecessor_id is None and not (str(start) <= str(grant.starts_on) < str(grant.ends_on) <= str(end)):
        yield f"runs from {grant.starts_on} to {grant.ends_on}, and {start} to {end} was asked for"
    for each in rows.of("grant_dataset", "grant_id", grant.id):
        item = rows.one("proposal_item", each.item_id)
        decisions = rows.of("decision", "id", item.decision_id)
        terms = next(
            d["terms"] for d in record["datasets"] if d["reference"] == rows.one("dataset", each.dataset_id).reference
        )
        if (
            decisions
            and "k_min" in decisions[0].conditions
            and decisions[0].conditions["k_min"] > _value(terms, "k_min")
        ):
            yield "leaves out a condition of the decision"


def _list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def _value(terms: Mapping[str, object], name: str) -> int:
    """A number among the effective terms as the record keeps them; 0 where it is not there."""
    held = terms["rules"]
    assert isinstance(held, list)
    return next((int(rule["effective"]) for rule in held if rule["param"] == name), 0)


def letters_are_whole(session: Session) -> list[str]:
    """G5: the stored letter's bytes have the hash that its row and the history name."""
    rows, found, files = rows_of(session), [], session.info.get("files")
    types = {row.seq: row for row in rows.all("history_event") if row.type == "grant.sealed"}
    told = {
        types[row.seq].thing_ref: row.payload.get("sha256") for row in rows.all("history_detail") if row.seq in types
    }
    for grant in rows.all("grant"):
        if grant.letter_id is None:
            continue
        file = rows.one("stored_file", grant.letter_id)
        if file.sha256 != told.get(grant.number) or file.thing_ref != grant.number:
            found.append(f"G5: the letter of {grant.number} is not the one that was sealed")
        if isinstance(files, FileStore) and _stored(files, file.key) != file.sha256:
            found.append(f"G5: the stored bytes of {grant.number} are not those of its letter")
    return found


_READ: dict[tuple[int, str], str] = {}


def _stored(files: FileStore, key: str) -> str:
    known = _READ.get((id(files), key))
    if known is None:
        known = _READ[id(files), key] = hashlib.sha256(files.get(key)).hexdigest()
    return known


def gives_a_right_only_in_time(session: Session) -> list[str]:
    """G7, G8: a grant that was stopped, is over, or has not begun gives no right, whatever the worker has done so far."""
    now = session.info.get("now")
    if not isinstance(now, datetime):
        return []
    today, found = now.astimezone(UTC).date(), []
    for grant in rows_of(session).all("grant"):
        right = verification.status_of(_as_grant(grant), now).gives_right
        lawful = grant.state is GrantState.ACTIVE and _within(grant, today)
        if right != lawful:
            found.append(f"G8: {grant.number} is {grant.state.value} on {today}, and giving a right is {right}")
    return found


def _within(grant: AnyRow, today: date) -> bool:
    return bool(grant.starts_on <= today <= grant.ends_on)


def _as_grant(row: AnyRow) -> Grant:
    return Grant(
        number=row.number,
        state=row.state,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        state_since=row.state_since,
        state_reason=row.state_reason,
    )


@lru_cache(maxsize=4096)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


INVARIANTS = (
    rests_on_approvals,
    four_eyes,
    one_live_grant,
    numbers_once,
    says_what_was_approved,
    letters_are_whole,
    gives_a_right_only_in_time,
)
