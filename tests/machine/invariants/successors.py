"""G2, G4, G10, W6 to W8 for what follows a grant: its changes, its successors, and what is handed over within it."""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.grants.record import from_json
from app.rules.roles import Role
from app.rules.workflow import ChangeState, DutyState, GrantState, SubGrantState
from tests.machine.invariants.decisions import held, member_of, proposing
from tests.machine.rows import AnyRow, Rows, rows_of

_FOR_GOOD = {GrantState.REVOKED, GrantState.CLOSED, GrantState.CLOSING}
_SEALED = {GrantState.ACTIVE, GrantState.SUSPENDED}
_OVER = {SubGrantState.DECLINED, SubGrantState.WITHDRAWN, SubGrantState.ENDED}
_DECIDED = {ChangeState.APPROVED, ChangeState.ISSUED}


def follow_what_was_in_force(session: Session) -> list[str]:
    """G2, G10: a successor was issued while its predecessor could go on, and takes its place when it is sealed."""
    rows, found = rows_of(session), []
    for grant in [row for row in rows.all("grant") if row.predecessor_id is not None]:
        before = rows.one("grant", grant.predecessor_id)
        if before.state in _FOR_GOOD and before.state_since < grant.issued_at:
            found.append(f"G10: {grant.number} follows {before.number}, which was {before.state.value} already")
        if grant.state in _SEALED and before.state is not GrantState.REPLACED:
            found.append(f"G2: {grant.number} is in force, and so is {before.number}")
        if (grant.proposal_id, grant.data_partner_id) != (before.proposal_id, before.data_partner_id):
            found.append(f"G2: {grant.number} follows a grant of another proposal or data partner")
        if not rows.of("grant_change", "successor_id", grant.id):
            found.append(f"G10: {grant.number} follows {before.number} without a change that was asked for")
    return found


def changes_are_decided(session: Session) -> list[str]:
    """W6 to W8: a change is decided on as it was asked for, by a steward without conflict, and issued by somebody else."""
    rows, found = rows_of(session), []
    for change in rows.all("grant_change"):
        found += [f"{what} ({change.reference})" for what in _decided(rows, change)]
    return found


def _decided(rows: Rows, change: AnyRow) -> Iterator[str]:
    grant = rows.one("grant", change.grant_id)
    text = json.dumps(change.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(text.encode()).hexdigest() != change.content_hash:
        yield "W6: a change was changed after it was asked for"
    if change.decided_at is not None:
        person, at = change.decided_by_id, change.decided_at
        if not held(rows, person, at, grant.data_partner_id, Role.STEWARD, Role.DEPUTY):
            yield "W7: a change was decided on by no steward of the data partner"
        if member_of(rows, person, at) & proposing(rows, grant.proposal_id, at):
            yield "W7: a change was decided on by somebody of an organization that proposes"
    if change.state in _DECIDED and not change.terms:
        yield "W6: a change was approved without the record that it leads to"
    if change.successor_id is not None:
        issuer = rows.one("grant", change.successor_id).issued_by_id
        if issuer == change.decided_by_id:
            yield "W8: who decided on a change issued it"


def handed_over_within(session: Session) -> list[str]:
    """G4: what is handed over lies within its grant; what is over, within the grant as it was issued."""
    rows, found = rows_of(session), []
    for row in rows.all("subgrant"):
        grant = rows.one("grant", row.grant_id)
        own = {
            rows.one("dataset", each.dataset_id).reference for each in rows.of("grant_dataset", "grant_id", grant.id)
        }
        last = from_json(grant.record).ends_on if row.state in _OVER else grant.ends_on
        if row.ends_on > last or not set(row.datasets) <= own:
            found.append(f"G4: {row.number} is wider than {grant.number}")
    return found


def promises_begin_open(session: Session) -> list[str]:
    """W1: what is promised in a grant that follows none is settled by something that the history tells."""
    rows = rows_of(session)
    told = {row.payload.get("duty_id") for row in rows.all("history_detail") if row.payload}
    return [
        f"W1: duty {duty.id} of {rows.one('grant', duty.grant_id).number} is {duty.state.value}, and nothing happened to it"
        for duty in rows.all("duty")
        if duty.state is not DutyState.OPEN
        and duty.id not in told
        and rows.one("grant", duty.grant_id).predecessor_id is None
    ]


def secrets_once(session: Session) -> list[str]:
    """A secret that was seen or taken back is gone."""
    return [
        f"secret {row.id} is still there after it was seen or taken back"
        for row in rows_of(session).all("delivery_secret")
        if row.ciphertext is not None and (row.seen_at is not None or row.withdrawn_at is not None)
    ]


INVARIANTS = (follow_what_was_in_force, changes_are_decided, handed_over_within, promises_begin_open, secrets_once)
