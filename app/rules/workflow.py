"""When: one row per action, with the states it is possible in, the state it leads to, and the event it records.

One table for each thing that has a life. Who may act is permissions.py's; this file never names a role.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.errors import WrongState
from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E


class ProposalState(StrEnum):
    """Where a use proposal stands. Which review step it is in is `step`, not a state."""

    DRAFT = "draft"
    IN_INTAKE = "in_intake"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"
    ISSUED = "issued"
    NOT_TAKEN_UP = "not_taken_up"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """The decision on one dataset inside a proposal."""

    PENDING = "pending"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    NOT_APPROVED = "not_approved"


APPROVALS = frozenset({ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS})


# Each outcome's name and the tone of its mark.
ITEM_STATES: dict[ItemState, tuple[str, str]] = {
    ItemState.PENDING: (N_("Not decided yet"), "grey"),
    ItemState.APPROVED: (N_("Approved"), "green"),
    ItemState.APPROVED_WITH_CONDITIONS: (N_("Approved with conditions"), "green"),
    ItemState.NOT_APPROVED: (N_("Not approved"), "red"),
}


class GrantState(StrEnum):
    """The life of a grant."""

    AWAITING_SIGNATURE = "awaiting_signature"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CLOSED = "closed"


class ListingState(StrEnum):
    """The life of a dataset's listing."""

    DRAFT = "draft"
    IN_CHECK = "in_check"
    LISTED = "listed"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class AccessionState(StrEnum):
    """The act of joining: one organization, one capacity, one agreement version."""

    OPEN = "open"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class Transition:
    """One row: possible in `sources`, leads to `target` (None: the state stays), records `event` (None: a reading)."""

    action: A
    sources: frozenset[StrEnum]
    target: StrEnum | None
    event: E | None


# A decision is made while the proposal is in review, and taken back until grants are issued (safety.md W12).
OPEN_FOR_DECISION = frozenset({ProposalState.IN_REVIEW})
OPEN_FOR_UNDO = frozenset({ProposalState.IN_REVIEW, ProposalState.DECIDED})


def _row(action: A, sources: tuple[StrEnum, ...], target: StrEnum | None, event: E | None) -> Transition:
    return Transition(action, frozenset(sources), target, event)


_P, _I, _G, _L, _S = ProposalState, ItemState, GrantState, ListingState, AccessionState
_SENT = (
    _P.IN_INTAKE,
    _P.IN_REVIEW,
    _P.CHANGES_REQUESTED,
    _P.DECIDED,
    _P.ISSUED,
    _P.NOT_TAKEN_UP,
    _P.PARKED,
    _P.WITHDRAWN,
)
_OPEN = (_P.IN_INTAKE, _P.IN_REVIEW, _P.CHANGES_REQUESTED)

PROPOSAL = (
    _row(A.EDIT_PROPOSAL, (_P.DRAFT, _P.CHANGES_REQUESTED, _P.PARKED), None, E.PROPOSAL_EDITED),
    _row(A.CHANGE_TEAM, (_P.DRAFT, _P.CHANGES_REQUESTED), None, E.TEAM_CHANGED),
    _row(A.SEND_PROPOSAL, (_P.DRAFT,), _P.IN_INTAKE, E.PROPOSAL_SENT),
    _row(A.PASS_INTAKE, (_P.IN_INTAKE,), _P.IN_REVIEW, E.INTAKE_PASSED),
    _row(A.CLOSE_AT_INTAKE, (_P.IN_INTAKE,), _P.NOT_TAKEN_UP, E.CLOSED_AT_INTAKE),
    _row(A.REQUEST_CHANGES, (_P.IN_INTAKE, _P.IN_REVIEW), _P.CHANGES_REQUESTED, E.CHANGES_REQUESTED),
    _row(A.RESEND_PROPOSAL, (_P.CHANGES_REQUESTED, _P.PARKED), _P.IN_INTAKE, E.PROPOSAL_RESENT),
    # An answer to a data partner's request for changes goes back to the data partners without a second intake check.
    _row(A.RETURN_TO_REVIEW, (_P.IN_INTAKE,), _P.IN_REVIEW, E.PROPOSAL_RETURNED),
    _row(A.PARK_PROPOSAL, (_P.CHANGES_REQUESTED,), _P.PARKED, E.PROPOSAL_PARKED),
    _row(A.COMMENT_ON_PROPOSAL, _SENT[:5], None, E.COMMENT_POSTED),
    _row(A.COMMENT_INTERNALLY, _SENT[:5], None, E.COMMENT_POSTED),
    _row(A.REMIND_ON_PROPOSAL, _OPEN, None, E.REMINDER_SENT),
    _row(A.COMPLETE_DECISIONS, (_P.IN_REVIEW,), _P.DECIDED, E.PROPOSAL_DECIDED),
    _row(A.REOPEN_DECISIONS, (_P.DECIDED,), _P.IN_REVIEW, E.PROPOSAL_REOPENED),
    _row(A.ISSUE_GRANTS, (_P.DECIDED,), _P.ISSUED, E.GRANTS_ISSUED),
    _row(A.WITHDRAW_PROPOSAL, (_P.DRAFT, *_OPEN, _P.DECIDED, _P.PARKED), _P.WITHDRAWN, E.PROPOSAL_WITHDRAWN),
)

ITEM = (
    _row(A.APPROVE_ITEM, (_I.PENDING,), _I.APPROVED, E.ITEM_APPROVED),
    _row(A.APPROVE_ITEM_WITH_CONDITIONS, (_I.PENDING,), _I.APPROVED_WITH_CONDITIONS, E.ITEM_APPROVED_WITH_CONDITIONS),
    _row(A.NOT_APPROVE_ITEM, (_I.PENDING,), _I.NOT_APPROVED, E.ITEM_NOT_APPROVED),
    _row(A.UNDO_DECISION, (_I.APPROVED, _I.APPROVED_WITH_CONDITIONS, _I.NOT_APPROVED), _I.PENDING, E.DECISION_UNDONE),
    _row(A.VOID_DECISION, (_I.APPROVED, _I.APPROVED_WITH_CONDITIONS, _I.NOT_APPROVED), _I.PENDING, E.DECISION_VOIDED),
)

GRANT = (
    _row(A.READ_LETTER, tuple(s for s in _G if s is not _G.AWAITING_SIGNATURE), None, None),
    _row(A.SEAL_GRANT, (_G.AWAITING_SIGNATURE,), _G.ACTIVE, E.GRANT_SEALED),
    _row(A.SUSPEND_GRANT, (_G.ACTIVE,), _G.SUSPENDED, E.GRANT_SUSPENDED),
    _row(A.LIFT_SUSPENSION, (_G.SUSPENDED,), _G.ACTIVE, E.SUSPENSION_LIFTED),
    _row(A.REVOKE_GRANT, (_G.AWAITING_SIGNATURE, _G.ACTIVE, _G.SUSPENDED), _G.REVOKED, E.GRANT_REVOKED),
    _row(A.EXPIRE_GRANT, (_G.ACTIVE, _G.SUSPENDED), _G.EXPIRED, E.GRANT_EXPIRED),
    _row(A.CLOSE_GRANT, (_G.ACTIVE, _G.EXPIRED), _G.CLOSED, E.GRANT_CLOSED),
)

LISTING = (
    _row(A.EDIT_LISTING, (_L.DRAFT, _L.IN_CHECK, _L.LISTED, _L.PAUSED), None, E.LISTING_EDITED),
    _row(A.SEND_LISTING, (_L.DRAFT,), _L.IN_CHECK, E.LISTING_SENT),
    _row(A.RETURN_LISTING, (_L.IN_CHECK,), _L.DRAFT, E.LISTING_RETURNED),
    _row(A.PUBLISH_LISTING, (_L.IN_CHECK,), _L.LISTED, E.LISTING_PUBLISHED),
    _row(A.PUBLISH_IMPORTED, (_L.DRAFT,), _L.LISTED, E.LISTING_PUBLISHED),
    _row(A.PAUSE_LISTING, (_L.LISTED,), _L.PAUSED, E.LISTING_PAUSED),
    _row(A.RESUME_LISTING, (_L.PAUSED,), _L.LISTED, E.LISTING_RESUMED),
    _row(A.WITHDRAW_LISTING, (_L.DRAFT, _L.IN_CHECK, _L.LISTED, _L.PAUSED), _L.WITHDRAWN, E.LISTING_WITHDRAWN),
)

ACCESSION = (
    _row(A.SIGN_ACCESSION, (_S.OPEN,), _S.SIGNED, E.ACCESSION_SIGNED),
    _row(A.DECLINE_ACCESSION, (_S.OPEN,), _S.DECLINED, E.ACCESSION_DECLINED),
    _row(A.HAND_OVER_ACCESSION, (_S.OPEN,), None, E.ACCESSION_HANDED_OVER),
    _row(A.REOPEN_ACCESSION, (_S.DECLINED,), _S.OPEN, E.ACCESSION_REOPENED),
    _row(A.COUNTERSIGN_ACCESSION, (_S.SIGNED,), _S.IN_FORCE, E.ACCESSION_COUNTERSIGNED),
    _row(A.RECORD_PAPER_ACCESSION, (_S.OPEN,), _S.IN_FORCE, E.ACCESSION_RECORDED),
    _row(A.END_ACCESSION, (_S.IN_FORCE,), _S.ENDED, E.ACCESSION_ENDED),
)


class Machine(StrEnum):
    """The things that have a life, and those that only have acts."""

    PROPOSAL = "proposal"
    ITEM = "item"
    GRANT = "grant"
    LISTING = "listing"
    ACCESSION = "accession"
    ORGANIZATION = "organization"
    CONSORTIUM = "consortium"


TABLES: dict[Machine, tuple[Transition, ...]] = {
    Machine.PROPOSAL: PROPOSAL,
    Machine.ITEM: ITEM,
    Machine.GRANT: GRANT,
    Machine.LISTING: LISTING,
    Machine.ACCESSION: ACCESSION,
}

STATES: dict[Machine, type[StrEnum]] = {
    Machine.PROPOSAL: ProposalState,
    Machine.ITEM: ItemState,
    Machine.GRANT: GrantState,
    Machine.LISTING: ListingState,
    Machine.ACCESSION: AccessionState,
}

_BY_ACTION = {row.action: row for table in TABLES.values() for row in table}


def transition(action: A) -> Transition:
    """The row of an action that moves a thing through its life."""
    return _BY_ACTION[action]


def is_possible(action: A, state: StrEnum | None) -> bool:
    """Whether the action may happen to a thing in this state. An act without a row moves nothing, or begins a thing's life:
    it is possible where there is no state.
    """
    row = _BY_ACTION.get(action)
    return state is None if row is None else state in row.sources


def next_state(action: A, state: StrEnum) -> StrEnum:
    """The state after the action.

    Raises:
        WrongState: the action is not possible in this state; something else happened first.
    """
    row = _BY_ACTION.get(action)
    if row is None or state not in row.sources:
        raise WrongState(
            N_(
                "This is no longer possible here, because something else happened first. "
                "Open the page again to see where it stands."
            )
        )
    return state if row.target is None else row.target
