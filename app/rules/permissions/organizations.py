"""Who may act on organizations and on their accessions."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

ROWS: dict[A, Permission] = {
    # organization: its focal point manages people; the secretariat invites the first ones
    A.VIEW_ORGANIZATION: who(R.COLLEAGUE, R.OFFICER, R.DIRECTOR, R.AUDITOR, R.OPERATOR),
    A.INVITE_PERSON: who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR, R.OPERATOR),
    A.CHANGE_ROLES: who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR),
    A.REMOVE_PERSON: who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR),
    A.EDIT_ORGANIZATION: who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR),
    # who runs the installation, after the secretariat has made sure who asks; no colleague can weaken another sign-in
    A.RESET_SECOND_FACTOR: who(R.OPERATOR),
    # `roles.APPOINTED`: given and taken by a director, in whatever organization; the operator invites the first ones
    A.APPOINT: who(R.DIRECTOR, R.OPERATOR),
    A.START_PROPOSAL: who(R.PROJECT_STAFF, R.OWN_FOCAL_POINT),
    A.OPEN_ACCESSION: who(R.OWN_SIGNATORY, R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR, R.OPERATOR, R.SYSTEM),
    A.LEAVE_ORGANIZATION: who(R.COLLEAGUE),
    # a name stands in signatures as evidence: once somebody has signed, a colleague in charge changes it
    A.CHANGE_NAME: who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR, bar=(R.CONFLICTED,)),
    # by rule on a date, or by hand: what an organization may not do while something that it owes is overdue
    A.RESTRICT_ORGANIZATION: who(R.SYSTEM, R.OFFICER, R.DIRECTOR),
    A.LIFT_RESTRICTION: who(R.SYSTEM, R.OFFICER, R.DIRECTOR),
    # whether its imports and harvests may be listed without a check of each; nobody says that of the organization they are of
    A.TRUST_TO_LIST: who(R.OFFICER, R.DIRECTOR, bar=(R.COLLEAGUE,)),
    # accession: only its own signatory signs; only the secretariat countersigns
    A.SIGN_ACCESSION: who(R.OWN_SIGNATORY),
    A.DECLINE_ACCESSION: who(R.OWN_SIGNATORY),
    A.HAND_OVER_ACCESSION: who(R.OWN_SIGNATORY, R.OWN_FOCAL_POINT),
    A.REOPEN_ACCESSION: who(R.OWN_SIGNATORY, R.OFFICER, R.DIRECTOR),
    A.COUNTERSIGN_ACCESSION: who(R.OFFICER, R.DIRECTOR, bar=(R.OWN_SIGNATORY, R.COLLEAGUE)),
    A.RECORD_PAPER_ACCESSION: who(R.OFFICER, R.DIRECTOR, R.OPERATOR, bar=(R.OWN_SIGNATORY, R.COLLEAGUE)),
    A.END_ACCESSION: who(R.DIRECTOR),
    # whoever may bind the organization gives notice for it, or takes it back; what came in writing the secretariat records
    A.GIVE_NOTICE: who(R.OWN_SIGNATORY),
    A.RECORD_NOTICE: who(R.OFFICER, R.DIRECTOR, bar=(R.OWN_SIGNATORY, R.COLLEAGUE)),
    A.WITHDRAW_NOTICE: who(R.OWN_SIGNATORY, R.OFFICER, R.DIRECTOR),
    A.FOLLOW_NOTICE: who(R.SYSTEM),
    A.REMIND_OF_LEAVING: who(R.SYSTEM),
    A.LEAVE_AGREEMENT: who(R.SYSTEM),
    A.REMIND_OF_ACCESSION: who(R.SYSTEM),
}
