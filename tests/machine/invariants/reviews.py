"""W7 and W11 in the steps of a review: who votes and reads has no conflict, and a rule approves only while it is on."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from tests.machine.invariants.decisions import member_of, proposing
from tests.machine.rows import AnyRow, Rows, rows_of


def has_declared(rows: Rows, person_id: int, proposal_id: int, at: datetime) -> bool:
    """Whether somebody had, at a moment, declared a conflict of interest that held."""
    return any(
        row.proposal_id == proposal_id and row.declared_at < at and (row.lifted_at is None or row.lifted_at > at)
        for row in rows.of("conflict_of_interest", "person_id", person_id)
    )


def nobody_in_conflict(session: Session) -> list[str]:
    """W7: whoever decides, votes or gives a verdict is tied to nobody who proposes, by rows or by their own word."""
    rows = rows_of(session)
    return [
        f"W7: {what} of person {person} on proposal {proposal}, who has a conflict of interest"
        for what, person, proposal, at in _acts(rows)
        if has_declared(rows, person, proposal, at) or member_of(rows, person, at) & proposing(rows, proposal, at)
    ]


def _acts(rows: Rows) -> Iterator[tuple[str, int, int, datetime]]:
    items: dict[int, AnyRow] = {row.id: row for row in rows.all("proposal_item")}
    for row in rows.all("decision"):
        if row.item_id in items:
            yield "a decision", row.decided_by_id, items[row.item_id].proposal_id, row.decided_at
    for row in rows.all("committee_vote"):
        yield "a vote", row.person_id, row.proposal_id, row.cast_at
    for row in rows.all("step_verdict"):
        yield "a verdict", row.given_by_id, row.proposal_id, row.given_at


def votes_bind_to_versions(session: Session) -> list[str]:
    """W6: a vote and a verdict name the hash of the version that was read."""
    rows = rows_of(session)
    return [
        f"W6: {table} {row.id} is bound to {row.version_hash[:8]}, not to its version"
        for table in ("committee_vote", "step_verdict")
        for row in rows.all(table)
        if rows.one("proposal_version", row.proposal_version_id).content_hash != row.version_hash
    ]


def rules_were_on(session: Session) -> list[str]:
    """W11: what a rule approved names a standing consent of the data partner that was switched on by a person."""
    rows, found = rows_of(session), []
    consents = {row.reference: row for row in rows.all("standing_consent")}
    used = {row.decision_id: row for row in rows.all("consent_use")}
    for decision in rows.all("decision"):
        if decision.by_rule is None:
            continue
        consent, use = consents.get(decision.by_rule), used.get(decision.id)
        if consent is None or use is None or use.consent_id != consent.id:
            found.append(f"W11: decision {decision.id} was made by {decision.by_rule}, which is no rule of anybody")
        elif use.criteria != consent.criteria and consent.state.value == "on":
            found.append(f"W11: decision {decision.id} was made by a rule that said something else")
    return found


INVARIANTS = (nobody_in_conflict, votes_bind_to_versions, rules_were_on)
