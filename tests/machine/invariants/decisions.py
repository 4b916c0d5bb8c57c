"""W2 to W12: what is sent, who decides on what, and what a decision holds for. Read from the rows alone."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from app.rules.roles import Role
from app.rules.workflow import CoApplicantState, ItemState, ProposalState
from tests.machine.rows import AnyRow, Rows, rows_of

UNDO = timedelta(minutes=10)
_YES = {ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS}


def effective(decision: AnyRow) -> bool:
    """Whether a decision counts: neither taken back, nor void, nor replaced by another."""
    return decision.undone_at is None and decision.voided_at is None and decision.superseded_at is None


def member_of(rows: Rows, person_id: int, at: datetime) -> set[int]:
    """The organizations in which somebody held anything at a moment."""
    return {
        row.organization_id
        for row in rows.of("membership", "person_id", person_id)
        if row.since <= at and (row.ended_at is None or row.ended_at > at)
    }


def held(rows: Rows, person_id: int, at: datetime, organization_id: int | None, *roles: Role) -> bool:
    """Whether somebody held one of these roles at a moment, in one organization or in any."""
    return any(
        row.role in roles
        and organization_id in (None, row.organization_id)
        and row.since <= at
        and (row.ended_at is None or row.ended_at > at)
        for row in rows.of("membership", "person_id", person_id)
    )


def one_decision(session: Session) -> list[str]:
    """W5: an item has one decision that counts, which it points to, or none."""
    rows, found = rows_of(session), []
    for item in rows.all("proposal_item"):
        counting = [row.id for row in rows.of("decision", "item_id", item.id) if effective(row)]
        if counting != ([item.decision_id] if item.decision_id else []):
            found.append(f"W5: item {item.id} points to {item.decision_id}, and {counting} count")
        outcomes = {row.outcome for row in rows.of("decision", "item_id", item.id) if row.id == item.decision_id}
        if outcomes - {item.state}:
            found.append(f"W5: item {item.id} is {item.state.value} by a decision that says {outcomes}")
    return found


def never_rewritten(session: Session) -> list[str]:
    """W5, W10: each decision stands once in the history, with the same words and conditions as in its row."""
    rows, found = rows_of(session), []
    told: dict[object, list[dict[str, object]]] = {}
    types = {row.seq: row.type for row in rows.all("history_event")}
    for detail in rows.all("history_detail"):
        if (
            detail.payload.get("decision")
            and types[detail.seq] not in _TAKES_BACK
            and types[detail.seq].startswith("item.")
        ):
            told.setdefault(detail.payload["decision"], []).append(detail.payload)
    for row in rows.all("decision"):
        lines = told.get(row.id, [])
        kept = {"outcome": row.outcome.value, "words": row.words, "conditions": row.conditions}
        if len(lines) != 1 or {key: lines[0].get(key) for key in kept} != kept:
            found.append(f"W5: decision {row.id} is not what the history says of it")
    return found


_TAKES_BACK = {"item.decision_undone", "item.decision_voided", "item.decision_revised"}


def bound_to_version(session: Session) -> list[str]:
    """W6: what counts was decided on the version that is current, by its hash, after it was sent."""
    rows, found = rows_of(session), []
    for decision in rows.all("decision"):
        version = rows.one("proposal_version", decision.proposal_version_id)
        item = rows.of("proposal_item", "id", decision.item_id)
        if decision.version_hash != version.content_hash or decision.decided_at < version.sent_at:
            found.append(f"W6: decision {decision.id} is bound to {decision.version_hash[:8]}, not to its version")
        if effective(decision) and item:
            current = rows.one("proposal", item[0].proposal_id).current_version_id
            if current != version.id:
                found.append(f"W6: decision {decision.id} counts, and was made on an earlier version")
    return found


def versions_are_frozen(session: Session) -> list[str]:
    """W6: a version's hash is that of its content."""
    return [
        f"W6: version {row.id} was changed after it was sent"
        for row in rows_of(session).all("proposal_version")
        if _digest(json.dumps(row.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
        != row.content_hash
    ]


@lru_cache(maxsize=4096)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def undone_in_time(session: Session) -> list[str]:
    """What a person decided is taken back within ten minutes; what a rule decided, as long as nothing is issued."""
    return [
        f"W5: decision {row.id} was undone after {row.undone_at - row.decided_at}"
        for row in rows_of(session).all("decision")
        if row.by_rule is None and row.undone_at is not None and row.undone_at - row.decided_at > UNDO
    ]


def by_a_steward_without_conflict(session: Session) -> list[str]:
    """W7, W8: a steward of the dataset's own data partner decides, who is of no organization that proposes."""
    rows, found = rows_of(session), []
    for decision in rows.all("decision"):
        person, at = decision.decided_by_id, decision.decided_at
        item = rows.of("proposal_item", "id", decision.item_id)
        if person is None or not item:
            continue
        owner = rows.one("dataset", item[0].dataset_id).organization_id
        if not held(rows, person, at, owner, Role.STEWARD, Role.DEPUTY):
            found.append(f"W7: decision {decision.id} was made by somebody who is no steward of the data partner")
        shared = member_of(rows, person, at) & proposing(rows, item[0].proposal_id, at)
        if shared:
            found.append(
                f"W7: decision {decision.id} was made by somebody of organization {sorted(shared)}, which proposes"
            )
    return found


def proposing(rows: Rows, proposal_id: int, at: datetime) -> set[int]:
    """The organizations on the proposing side at a moment: the proposer's, and those of everybody on the team."""
    found = {rows.one("proposal", proposal_id).organization_id}
    for member in rows.of("team_member", "proposal_id", proposal_id):
        if member.added_at <= at:
            accounts = rows.of("person", "id", member.person_id) or rows.of("person", "email", member.email)
            found.update(*(member_of(rows, person.id, at) for person in accounts))
    # One that withdrew no longer proposes; one that withdrew and was asked again may be missed for the time before.
    for row in rows.of("co_applicant", "proposal_id", proposal_id):
        if row.named_at <= at and row.state is not CoApplicantState.WITHDRAWN:
            found.add(row.organization_id)
    return found


def decided_means_all(session: Session) -> list[str]:
    """W9: a proposal is decided when its last item is, and not before; adding a dataset opens what is missing."""
    return list(_undecided(rows_of(session)))


def _undecided(rows: Rows) -> Iterator[str]:
    for proposal in rows.all("proposal"):
        states = [item.state for item in rows.of("proposal_item", "proposal_id", proposal.id)]
        if proposal.state in {ProposalState.DECIDED, ProposalState.ISSUED} and ItemState.PENDING in states:
            yield f"W9: {proposal.reference} is {proposal.state.value} with an item that nobody decided on"
        if (
            proposal.state is ProposalState.IN_REVIEW
            and ItemState.PENDING not in states
            and _has_data_partners_next(proposal)
        ):
            yield f"W9: {proposal.reference} waits for data partners that have all decided"
        if proposal.state is ProposalState.ISSUED and not _YES & set(states):
            yield f"W9: {proposal.reference} was issued without any approval"


def _has_data_partners_next(proposal: AnyRow) -> bool:
    return bool(proposal.step == "data_partners")


def nobody_is_silent(session: Session) -> list[str]:
    """W11: an approval was made by a person, or names the rule that its data partner had switched on."""
    rows = rows_of(session)
    events = {row.seq: row for row in rows.all("history_event")}
    return [
        f"W11: decision {detail.payload['decision']} was made by nobody"
        for detail in rows.all("history_detail")
        if detail.payload.get("decision")
        and events[detail.seq].type in _BY_PEOPLE
        and events[detail.seq].actor_pid is None
    ]


_BY_PEOPLE = {"item.approved", "item.approved_with_conditions", "item.not_approved"}

INVARIANTS = (
    one_decision,
    never_rewritten,
    bound_to_version,
    versions_are_frozen,
    undone_in_time,
    by_a_steward_without_conflict,
    decided_means_all,
    nobody_is_silent,
)
