"""The states of each thing that has a life, and the words that pages have for them."""

from enum import StrEnum

from app.foundation.words import N_


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
    # A side of it has left the common agreement.
    ENDED = "ended"


class ItemState(StrEnum):
    """The decision on one dataset inside a proposal."""

    PENDING = "pending"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    NOT_APPROVED = "not_approved"
    # Its data partner has left the common agreement: nobody decides on it any more.
    NOT_OFFERED = "not_offered"


APPROVALS = frozenset({ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS})


# Each outcome's name and the tone of its mark.
ITEM_STATES: dict[ItemState, tuple[str, str]] = {
    ItemState.PENDING: (N_("Not decided yet"), "grey"),
    ItemState.APPROVED: (N_("Approved"), "green"),
    ItemState.APPROVED_WITH_CONDITIONS: (N_("Approved with conditions"), "green"),
    ItemState.NOT_APPROVED: (N_("Not approved"), "red"),
    ItemState.NOT_OFFERED: (N_("No longer offered"), "grey"),
}


class SuggestionState(StrEnum):
    """The life of a suggested edit."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OUTDATED = "outdated"


# Each state's name and the tone of its mark.
SUGGESTION_STATES: dict[SuggestionState, tuple[str, str]] = {
    SuggestionState.OPEN: (N_("Open"), "yellow"),
    SuggestionState.ACCEPTED: (N_("Accepted"), "green"),
    SuggestionState.DECLINED: (N_("Declined"), "grey"),
    SuggestionState.WITHDRAWN: (N_("Taken back"), "grey"),
    SuggestionState.OUTDATED: (N_("Outdated: the answer changed"), "grey"),
}


class GrantState(StrEnum):
    """The life of a grant."""

    AWAITING_SIGNATURE = "awaiting_signature"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CLOSED = "closed"
    # The use has ended; what was promised for the end is still open.
    CLOSING = "closing"
    # A newer grant stands in its place: amended or renewed.
    REPLACED = "replaced"


# A grant that anything can still become of.
LIVE_GRANTS = frozenset({GrantState.AWAITING_SIGNATURE, GrantState.ACTIVE, GrantState.SUSPENDED})


class ListingState(StrEnum):
    """The life of a dataset's listing."""

    DRAFT = "draft"
    IN_CHECK = "in_check"
    LISTED = "listed"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class ConsentState(StrEnum):
    """The life of a data partner's standing consent."""

    DRAFT = "draft"
    ON = "on"
    OFF = "off"
    GIVEN_UP = "given_up"


class AccessionState(StrEnum):
    """The act of joining: one organization, one capacity, one agreement version."""

    OPEN = "open"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    # Notice of leaving was given: it binds until its day (clause 19.6).
    LEAVING = "leaving"
    DECLINED = "declined"
    ENDED = "ended"


# A decision is made while the proposal is in review, and replaced until grants are issued (safety.md W12). It is taken back
# also while the team answers somebody else's request for changes: who was promised the ten minutes has them.
OPEN_FOR_DECISION = frozenset({ProposalState.IN_REVIEW})
OPEN_FOR_REVISION = frozenset({ProposalState.IN_REVIEW, ProposalState.DECIDED})
OPEN_FOR_UNDO = OPEN_FOR_REVISION | {ProposalState.CHANGES_REQUESTED, ProposalState.IN_INTAKE}
# Grants rest on the decisions: from here on the grant is changed, not the decision.
WITH_GRANTS = frozenset({ProposalState.ISSUED})
