"""The life of a use proposal, and of each dataset inside it."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row
from app.rules.workflow.states import ItemState as I
from app.rules.workflow.states import ProposalState as P

SENT = (
    P.IN_INTAKE,
    P.IN_REVIEW,
    P.CHANGES_REQUESTED,
    P.DECIDED,
    P.ISSUED,
    P.NOT_TAKEN_UP,
    P.PARKED,
    P.WITHDRAWN,
    P.ENDED,
)
OPEN = (P.IN_INTAKE, P.IN_REVIEW, P.CHANGES_REQUESTED)
# Who is told no asks what would change it, and who lets a proposal rest finds the answers first. Whoever withdraws or leaves has
# done.
TALKED_ABOUT = tuple(state for state in SENT if state not in (P.WITHDRAWN, P.ENDED))
# On its way since it was sent: what ends where a side of it leaves the agreement (a draft stays with those who wrote it).
ON_ITS_WAY = (*OPEN, P.DECIDED, P.PARKED)
# Somebody must be there to answer for it: until it has ended, and for as long as its grants run.
LED = (P.DRAFT, *OPEN, P.DECIDED, P.ISSUED, P.PARKED)

PROPOSAL = (
    row(A.EDIT_PROPOSAL, (P.DRAFT, P.CHANGES_REQUESTED, P.PARKED), None, E.PROPOSAL_EDITED),
    row(A.CHANGE_TEAM, (P.DRAFT, P.CHANGES_REQUESTED, P.PARKED), None, E.TEAM_CHANGED),
    row(A.OFFER_LEAD, LED, None, E.LEAD_OFFERED),
    row(A.APPOINT_LEAD, LED, None, E.LEAD_CHANGED),
    row(A.REMIND_OF_MISSING_LEAD, LED, None, E.MISSING_LEAD_REMINDED),
    row(A.LEAVE_TEAM, LED, None, E.TEAM_CHANGED),
    row(A.SEND_PROPOSAL, (P.DRAFT,), P.IN_INTAKE, E.PROPOSAL_SENT),
    row(A.PASS_INTAKE, (P.IN_INTAKE,), P.IN_REVIEW, E.INTAKE_PASSED),
    row(A.CLOSE_AT_INTAKE, (P.IN_INTAKE,), P.NOT_TAKEN_UP, E.CLOSED_AT_INTAKE),
    # Others who review it may ask as well while the team answers one of them, so that it answers all in one go.
    row(A.REQUEST_CHANGES, OPEN, P.CHANGES_REQUESTED, E.CHANGES_REQUESTED),
    row(A.RESEND_PROPOSAL, (P.CHANGES_REQUESTED, P.PARKED), P.IN_INTAKE, E.PROPOSAL_RESENT),
    # What was sent again asks for a further review: its way is another from here on.
    row(A.REROUTE_PROPOSAL, (P.IN_INTAKE,), None, E.PROPOSAL_REROUTED),
    # An answer to a data partner's request for changes goes back to the data partners without a second intake check.
    row(A.RETURN_TO_REVIEW, (P.IN_INTAKE,), P.IN_REVIEW, E.PROPOSAL_RETURNED),
    row(A.PARK_PROPOSAL, (P.CHANGES_REQUESTED,), P.PARKED, E.PROPOSAL_PARKED),
    row(A.COMMENT_ON_PROPOSAL, TALKED_ABOUT, None, E.COMMENT_POSTED),
    # While the team writes too, at each answer that still says what its reader saw; else one writes a comment.
    row(A.SUGGEST_EDIT, OPEN, None, E.SUGGESTION_MADE),
    row(A.COMMENT_INTERNALLY, TALKED_ABOUT, None, E.COMMENT_POSTED),
    row(A.REMIND_ON_PROPOSAL, (*OPEN, P.DECIDED), None, E.REMINDER_SENT),
    row(A.TAKE_PROPOSAL, (P.IN_INTAKE, P.IN_REVIEW, P.DECIDED), None, E.PROPOSAL_TAKEN),
    row(A.HAND_ON_PROPOSAL, (P.IN_INTAKE, P.IN_REVIEW, P.DECIDED), None, E.PROPOSAL_HANDED_ON),
    row(A.COMPLETE_DECISIONS, (P.IN_REVIEW,), P.DECIDED, E.PROPOSAL_DECIDED),
    row(A.REOPEN_DECISIONS, (P.DECIDED,), P.IN_REVIEW, E.PROPOSAL_REOPENED),
    # Its last day came before the grants were issued: what was approved can begin no more, and nobody approves days unseen.
    row(A.ASK_FOR_NEW_DAYS, (P.DECIDED,), P.CHANGES_REQUESTED, E.DAYS_PASSED),
    row(A.ISSUE_GRANTS, (P.DECIDED,), P.ISSUED, E.GRANTS_ISSUED),
    # The steps of a pipeline: which of them a proposal in review is in is its step, not its state.
    row(A.PASS_STEP, (P.IN_REVIEW,), None, E.STEP_PASSED),
    row(A.DECLINE_IN_STEP, (P.IN_REVIEW,), P.NOT_TAKEN_UP, E.DECLINED_IN_STEP),
    row(A.CAST_VOTE, (P.IN_REVIEW,), None, E.VOTE_CAST),
    row(A.CLOSE_VOTE, (P.IN_REVIEW,), None, E.VOTE_CLOSED),
    row(A.LOOK_AGAIN, (P.ISSUED,), None, E.LOOKED_AGAIN),
    # Taken back by whoever did it, for ten minutes and while it stands as they left it: `rules/undoing`.
    row(A.UNDO_REQUEST_AT_INTAKE, (P.CHANGES_REQUESTED,), P.IN_INTAKE, E.REQUEST_UNDONE),
    row(A.UNDO_REQUEST, (P.CHANGES_REQUESTED,), P.IN_REVIEW, E.REQUEST_UNDONE),
    # While others have asked too, the team goes on answering them.
    row(A.UNDO_ONE_REQUEST, (P.CHANGES_REQUESTED,), None, E.REQUEST_UNDONE),
    row(A.REOPEN_INTAKE, (P.NOT_TAKEN_UP,), P.IN_INTAKE, E.INTAKE_REOPENED),
    row(A.REOPEN_STEP, (P.NOT_TAKEN_UP,), P.IN_REVIEW, E.STEP_REOPENED),
    row(A.REOPEN_VOTE, (P.IN_REVIEW, P.NOT_TAKEN_UP), P.IN_REVIEW, E.VOTE_REOPENED),
    row(A.DECLARE_CONFLICT, (*OPEN, P.DECIDED, P.ISSUED, P.PARKED), None, E.CONFLICT_DECLARED),
    row(A.LIFT_CONFLICT, (*OPEN, P.DECIDED, P.ISSUED, P.PARKED), None, E.CONFLICT_LIFTED),
    row(A.WITHDRAW_PROPOSAL, (P.DRAFT, *ON_ITS_WAY), P.WITHDRAWN, E.PROPOSAL_WITHDRAWN),
    # Its member has left the agreement, or the data partners of all that could still be granted have.
    row(A.END_PROPOSAL, ON_ITS_WAY, P.ENDED, E.PROPOSAL_ENDED),
)

ITEM = (
    row(A.APPROVE_ITEM, (I.PENDING,), I.APPROVED, E.ITEM_APPROVED),
    row(A.APPROVE_ITEM_WITH_CONDITIONS, (I.PENDING,), I.APPROVED_WITH_CONDITIONS, E.ITEM_APPROVED_WITH_CONDITIONS),
    # A data partner's standing consent approves at its listing's own terms, and never by silence.
    row(A.APPROVE_ITEM_BY_RULE, (I.PENDING,), I.APPROVED, E.ITEM_APPROVED_BY_RULE),
    row(A.NOT_APPROVE_ITEM, (I.PENDING,), I.NOT_APPROVED, E.ITEM_NOT_APPROVED),
    row(A.UNDO_DECISION, (I.APPROVED, I.APPROVED_WITH_CONDITIONS, I.NOT_APPROVED), I.PENDING, E.DECISION_UNDONE),
    row(A.VOID_DECISION, (I.APPROVED, I.APPROVED_WITH_CONDITIONS, I.NOT_APPROVED), I.PENDING, E.DECISION_VOIDED),
    # Where its data partner has left the agreement, whatever it had approved. A no stands, with its reason.
    row(A.CLOSE_ITEM, (I.PENDING, I.APPROVED, I.APPROVED_WITH_CONDITIONS), I.NOT_OFFERED, E.ITEM_NOT_OFFERED),
    # Until grants are issued a decision can be replaced: the old one stays in the record, and the new one follows at once.
    row(A.REVISE_DECISION, (I.APPROVED, I.APPROVED_WITH_CONDITIONS, I.NOT_APPROVED), I.PENDING, E.DECISION_REVISED),
)
