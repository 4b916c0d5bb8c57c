"""Every act in the product that a rule can allow or refuse."""

from enum import StrEnum


class Action(StrEnum):
    """Verb and object. The first part of the value names the thing whose life it moves."""

    # organization
    VIEW_ORGANIZATION = "organization.view"
    INVITE_PERSON = "organization.invite"
    CHANGE_ROLES = "organization.change_roles"
    REMOVE_PERSON = "organization.remove_person"
    EDIT_ORGANIZATION = "organization.edit"
    START_PROPOSAL = "organization.start_proposal"
    OPEN_ACCESSION = "organization.open_accession"
    # accession
    SIGN_ACCESSION = "accession.sign"
    DECLINE_ACCESSION = "accession.decline"
    HAND_OVER_ACCESSION = "accession.hand_over"
    REOPEN_ACCESSION = "accession.reopen"
    COUNTERSIGN_ACCESSION = "accession.countersign"
    RECORD_PAPER_ACCESSION = "accession.record_paper"
    END_ACCESSION = "accession.end"
    # listing
    EDIT_LISTING = "listing.edit"
    SEND_LISTING = "listing.send_to_check"
    RETURN_LISTING = "listing.return"
    PUBLISH_LISTING = "listing.publish"
    PUBLISH_IMPORTED = "listing.publish_imported"
    PAUSE_LISTING = "listing.pause"
    RESUME_LISTING = "listing.resume"
    WITHDRAW_LISTING = "listing.withdraw"
    # proposal
    EDIT_PROPOSAL = "proposal.edit"
    CHANGE_TEAM = "proposal.change_team"
    SEND_PROPOSAL = "proposal.send"
    WITHDRAW_PROPOSAL = "proposal.withdraw"
    PASS_INTAKE = "proposal.pass_intake"
    CLOSE_AT_INTAKE = "proposal.close_at_intake"
    REQUEST_CHANGES = "proposal.request_changes"
    RESEND_PROPOSAL = "proposal.resend"
    PARK_PROPOSAL = "proposal.park"
    COMMENT_ON_PROPOSAL = "proposal.comment"
    COMMENT_INTERNALLY = "proposal.comment_internally"
    REMIND_ON_PROPOSAL = "proposal.remind"
    RETURN_TO_REVIEW = "proposal.return_to_review"
    COMPLETE_DECISIONS = "proposal.complete_decisions"
    REOPEN_DECISIONS = "proposal.reopen_decisions"
    ISSUE_GRANTS = "proposal.issue"
    # item: one dataset inside a proposal
    APPROVE_ITEM = "item.approve"
    APPROVE_ITEM_WITH_CONDITIONS = "item.approve_with_conditions"
    NOT_APPROVE_ITEM = "item.not_approve"
    UNDO_DECISION = "item.undo"
    VOID_DECISION = "item.void"
    # grant
    READ_LETTER = "grant.read_letter"
    SEAL_GRANT = "grant.seal"
    SUSPEND_GRANT = "grant.suspend"
    LIFT_SUSPENSION = "grant.lift_suspension"
    REVOKE_GRANT = "grant.revoke"
    EXPIRE_GRANT = "grant.expire"
    CLOSE_GRANT = "grant.close"
    # the consortium
    VIEW_HISTORY = "history.view"
    VIEW_OUTBOX = "outbox.view"
    RETRY_MESSAGE = "outbox.retry"
    ADD_ORGANIZATION = "consortium.add_organization"
