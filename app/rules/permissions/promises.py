"""Who may act on what a grant owes and gives: its duties, its delivery, its outputs, its incidents."""

from app.rules.actions import Action as A
from app.rules.permissions.row import Permission, who
from app.rules.roles import Role as R

TEAM = (R.PROJECT_LEAD, R.TEAM_MEMBER)
# Whoever works on the member's side does not answer for the data partner.
_NOT_BOTH = (R.CONFLICTED,)

ROWS: dict[A, Permission] = {
    # duty: the member does it, the data partner answers; the secretariat where the data partner does not
    A.BEGIN_DUTY: who(R.SYSTEM),
    A.DO_DUTY: who(*TEAM, R.OWN_FOCAL_POINT),
    A.ADD_EVIDENCE: who(*TEAM, R.OWN_FOCAL_POINT),
    A.ACCEPT_DUTY: who(R.DATASET_STEWARD, R.OFFICER, bar=_NOT_BOTH),
    A.RETURN_DUTY: who(R.DATASET_STEWARD, R.OFFICER, bar=_NOT_BOTH),
    A.WAIVE_DUTY: who(R.DATASET_STEWARD, bar=_NOT_BOTH),
    A.DATE_DUTY: who(R.SYSTEM),
    A.SETTLE_DUTY: who(R.SYSTEM),
    A.LAPSE_DUTY: who(R.SYSTEM),
    A.REMIND_OF_DUTY: who(R.SYSTEM),
    # delivery: the secretariat too, where it hands over a brokered copy
    A.BEGIN_DELIVERY: who(R.SYSTEM),
    A.PROVIDE_ACCESS: who(R.DATASET_STEWARD, R.OFFICER, bar=_NOT_BOTH),
    A.READ_ACCESS: who(*TEAM, R.DATASET_STEWARD),
    A.SEE_SECRET: who(*TEAM),
    A.CONFIRM_ARRIVAL: who(*TEAM),
    A.REPORT_MISSING: who(*TEAM),
    A.REMIND_OF_DELIVERY: who(R.SYSTEM),
    A.ASK_TO_SWITCH_OFF: who(R.SYSTEM),
    A.SWITCH_ACCESS_OFF: who(R.DATASET_STEWARD, R.OFFICER, bar=_NOT_BOTH),
    A.ASK_FOR_ACCESS_AGAIN: who(R.SYSTEM),
    A.KEEP_ACCESS: who(R.SYSTEM),
    # output
    A.SUBMIT_OUTPUT: who(*TEAM),
    A.COMMENT_ON_OUTPUT: who(*TEAM, R.DATASET_STEWARD, R.OFFICER),
    A.ASK_OUTPUT_CHANGES: who(R.DATASET_STEWARD, bar=_NOT_BOTH),
    A.CLEAR_OUTPUT: who(R.DATASET_STEWARD, bar=_NOT_BOTH),
    A.RESUBMIT_OUTPUT: who(*TEAM),
    A.ESCALATE_OUTPUT: who(R.SYSTEM),
    A.CLEAR_BY_SILENCE: who(R.SYSTEM),
    A.CLEAR_AFTER_TEST: who(R.OFFICER, R.DIRECTOR, bar=_NOT_BOTH),
    A.RETURN_AFTER_TEST: who(R.OFFICER, R.DIRECTOR, bar=_NOT_BOTH),
    A.DELAY_OUTPUT: who(R.DATASET_STEWARD, bar=_NOT_BOTH),
    A.PUBLISH_OUTPUT: who(*TEAM),
    A.WITHDRAW_OUTPUT: who(*TEAM),
    A.REMIND_OF_OUTPUT: who(R.SYSTEM),
    A.UNDO_READING: who(R.DATASET_STEWARD, bar=_NOT_BOTH),
    A.UNDO_TEST: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, bar=_NOT_BOTH),
    # incident: anyone concerned reports one
    A.REPORT_INCIDENT: who(
        *TEAM, R.COLLEAGUE, R.OWN_FOCAL_POINT, R.OWN_SIGNATORY, R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR
    ),
    A.ACKNOWLEDGE_INCIDENT: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, R.OWN_FOCAL_POINT),
    A.ADD_TO_INCIDENT: who(R.PROJECT_LEAD, R.OWN_FOCAL_POINT, R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, R.REPORTER),
    A.REPORT_IN_FULL: who(R.PROJECT_LEAD, R.OWN_FOCAL_POINT, R.DATASET_STEWARD, R.OFFICER),
    A.CLOSE_INCIDENT: who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, bar=_NOT_BOTH),
    A.REMIND_OF_INCIDENT: who(R.SYSTEM),
}
