"""What can have happened. One event is recorded for each change, in the past tense."""

from enum import StrEnum

from app.foundation.words import N_


class Event(StrEnum):
    """The type written into a history row, never renamed: old rows and their hashes keep it."""

    ORGANIZATION_ADDED = "organization.added"
    ORGANIZATION_EDITED = "organization.edited"
    PERSON_INVITED = "person.invited"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    ROLES_CHANGED = "person.roles_changed"
    PERSON_REMOVED = "person.removed"
    SECOND_FACTOR_RESET = "person.second_factor_reset"
    ACCESSION_OPENED = "accession.opened"
    ACCESSION_SIGNED = "accession.signed"
    ACCESSION_DECLINED = "accession.declined"
    ACCESSION_HANDED_OVER = "accession.handed_over"
    ACCESSION_REOPENED = "accession.reopened"
    ACCESSION_COUNTERSIGNED = "accession.countersigned"
    ACCESSION_RECORDED = "accession.recorded_on_paper"
    ACCESSION_EXECUTED = "accession.document_sealed"
    ACCESSION_ENDED = "accession.ended"
    LISTING_CREATED = "listing.created"
    LISTING_IMPORTED = "listing.imported"
    LISTING_EDITED = "listing.edited"
    LISTING_SENT = "listing.sent_to_check"
    LISTING_RETURNED = "listing.returned"
    LISTING_PUBLISHED = "listing.published"
    LISTING_PAUSED = "listing.paused"
    LISTING_RESUMED = "listing.resumed"
    LISTING_WITHDRAWN = "listing.withdrawn"
    PROPOSAL_STARTED = "proposal.started"
    PROPOSAL_EDITED = "proposal.edited"
    TEAM_CHANGED = "proposal.team_changed"
    PROPOSAL_SENT = "proposal.sent"
    PROPOSAL_WITHDRAWN = "proposal.withdrawn"
    INTAKE_PASSED = "proposal.intake_passed"
    CLOSED_AT_INTAKE = "proposal.closed_at_intake"
    CHANGES_REQUESTED = "proposal.changes_requested"
    PROPOSAL_RESENT = "proposal.resent"
    PROPOSAL_RETURNED = "proposal.returned_to_review"
    PROPOSAL_PARKED = "proposal.parked"
    COMMENT_POSTED = "proposal.comment_posted"
    REMINDER_SENT = "proposal.reminder_sent"
    ITEM_APPROVED = "item.approved"
    ITEM_APPROVED_WITH_CONDITIONS = "item.approved_with_conditions"
    ITEM_NOT_APPROVED = "item.not_approved"
    DECISION_UNDONE = "item.decision_undone"
    DECISION_VOIDED = "item.decision_voided"
    PROPOSAL_DECIDED = "proposal.decided"
    PROPOSAL_REOPENED = "proposal.reopened"
    GRANTS_ISSUED = "proposal.grants_issued"
    GRANT_ISSUED = "grant.issued"
    GRANT_SEALED = "grant.sealed"
    GRANT_SUSPENDED = "grant.suspended"
    SUSPENSION_LIFTED = "grant.suspension_lifted"
    GRANT_REVOKED = "grant.revoked"
    GRANT_EXPIRED = "grant.expired"
    GRANT_CLOSED = "grant.closed"
    DEMO_LOADED = "installation.demo_loaded"
    ACT_DENIED = "act.denied"


EVENT_NAMES: dict[Event, str] = {
    Event.ORGANIZATION_ADDED: N_("Organization added"),
    Event.ORGANIZATION_EDITED: N_("Organization's details changed"),
    Event.PERSON_INVITED: N_("Person invited"),
    Event.INVITATION_ACCEPTED: N_("Invitation accepted"),
    Event.INVITATION_WITHDRAWN: N_("Invitation withdrawn"),
    Event.ROLES_CHANGED: N_("Roles changed"),
    Event.PERSON_REMOVED: N_("Person removed"),
    Event.SECOND_FACTOR_RESET: N_("Second step at sign-in removed by the operator"),
    Event.ACCESSION_OPENED: N_("Agreement opened for signing"),
    Event.ACCESSION_SIGNED: N_("Agreement signed"),
    Event.ACCESSION_DECLINED: N_("Signing declined"),
    Event.ACCESSION_HANDED_OVER: N_("Signing handed to another signatory"),
    Event.ACCESSION_REOPENED: N_("Signing reopened"),
    Event.ACCESSION_COUNTERSIGNED: N_("Agreement countersigned, in force"),
    Event.ACCESSION_RECORDED: N_("Accession on paper recorded"),
    Event.ACCESSION_EXECUTED: N_("Executed agreement sealed"),
    Event.ACCESSION_ENDED: N_("Accession ended"),
    Event.LISTING_CREATED: N_("Listing started"),
    Event.LISTING_IMPORTED: N_("Listing imported"),
    Event.LISTING_EDITED: N_("Listing changed"),
    Event.LISTING_SENT: N_("Listing sent to be checked"),
    Event.LISTING_RETURNED: N_("Listing returned with a message"),
    Event.LISTING_PUBLISHED: N_("Dataset listed"),
    Event.LISTING_PAUSED: N_("Listing paused"),
    Event.LISTING_RESUMED: N_("Listing resumed"),
    Event.LISTING_WITHDRAWN: N_("Listing withdrawn"),
    Event.PROPOSAL_STARTED: N_("Draft started"),
    Event.PROPOSAL_EDITED: N_("Answers changed"),
    Event.TEAM_CHANGED: N_("Team changed"),
    Event.PROPOSAL_SENT: N_("Sent"),
    Event.PROPOSAL_WITHDRAWN: N_("Withdrawn"),
    Event.INTAKE_PASSED: N_("Passed the intake check"),
    Event.CLOSED_AT_INTAKE: N_("Not taken up at the intake check"),
    Event.CHANGES_REQUESTED: N_("Changes requested"),
    Event.PROPOSAL_RESENT: N_("Answered and sent again"),
    Event.PROPOSAL_RETURNED: N_("Back with the data partners"),
    Event.PROPOSAL_PARKED: N_("Parked; the draft is kept"),
    Event.COMMENT_POSTED: N_("Comment posted"),
    Event.REMINDER_SENT: N_("Reminder sent"),
    Event.ITEM_APPROVED: N_("Dataset approved"),
    Event.ITEM_APPROVED_WITH_CONDITIONS: N_("Dataset approved with conditions"),
    Event.ITEM_NOT_APPROVED: N_("Dataset not approved"),
    Event.DECISION_UNDONE: N_("Decision undone"),
    Event.DECISION_VOIDED: N_("Decision void after a change"),
    Event.PROPOSAL_DECIDED: N_("All decisions made"),
    Event.PROPOSAL_REOPENED: N_("Open for decision again"),
    Event.GRANTS_ISSUED: N_("Grants issued"),
    Event.GRANT_ISSUED: N_("Grant issued"),
    Event.GRANT_SEALED: N_("Grant letter sealed"),
    Event.GRANT_SUSPENDED: N_("Grant suspended"),
    Event.SUSPENSION_LIFTED: N_("Suspension lifted"),
    Event.GRANT_REVOKED: N_("Grant revoked"),
    Event.GRANT_EXPIRED: N_("Grant expired"),
    Event.GRANT_CLOSED: N_("Grant closed"),
    Event.DEMO_LOADED: N_("Demo consortium loaded"),
    Event.ACT_DENIED: N_("Act denied"),
}
