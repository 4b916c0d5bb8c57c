"""The life of an accession: one organization, one capacity, one agreement version."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.roles import Capacity
from app.rules.workflow.row import row
from app.rules.workflow.states import AccessionState as S

ACCESSION = (
    row(A.SIGN_ACCESSION, (S.OPEN,), S.SIGNED, E.ACCESSION_SIGNED),
    row(A.DECLINE_ACCESSION, (S.OPEN,), S.DECLINED, E.ACCESSION_DECLINED),
    row(A.HAND_OVER_ACCESSION, (S.OPEN,), None, E.ACCESSION_HANDED_OVER),
    row(A.REOPEN_ACCESSION, (S.DECLINED,), S.OPEN, E.ACCESSION_REOPENED),
    row(A.COUNTERSIGN_ACCESSION, (S.SIGNED,), S.IN_FORCE, E.ACCESSION_COUNTERSIGNED),
    row(A.RECORD_PAPER_ACCESSION, (S.OPEN,), S.IN_FORCE, E.ACCESSION_RECORDED),
    # A side leaves with notice (clause 19.6): what follows at once waits for the minutes in which it can be taken back.
    row(A.GIVE_NOTICE, (S.IN_FORCE,), S.LEAVING, E.NOTICE_GIVEN),
    row(A.RECORD_NOTICE, (S.IN_FORCE,), S.LEAVING, E.NOTICE_RECORDED),
    row(A.WITHDRAW_NOTICE, (S.LEAVING,), S.IN_FORCE, E.NOTICE_WITHDRAWN),
    row(A.FOLLOW_NOTICE, (S.LEAVING,), None, E.NOTICE_FOLLOWED),
    row(A.REMIND_OF_LEAVING, (S.LEAVING,), None, E.LEAVING_REMINDED),
    row(A.LEAVE_AGREEMENT, (S.LEAVING,), S.ENDED, E.ACCESSION_ENDED),
    row(A.END_ACCESSION, (S.IN_FORCE, S.LEAVING), S.ENDED, E.ACCESSION_ENDED),
    row(A.REMIND_OF_ACCESSION, (S.OPEN, S.SIGNED), None, E.ACCESSION_REMINDED),
)

# It binds the organization: what runs goes on (clause 19.1).
BINDS = frozenset({S.IN_FORCE, S.LEAVING})
# Under which something new can begin. From the notice of a data partner on nothing new is listed or granted (clause 19.7); a
# member takes part until its day (clause 19.8).
BEGINS: dict[Capacity, frozenset[S]] = {
    Capacity.MEMBER: BINDS,
    Capacity.DATA_PARTNER: frozenset({S.IN_FORCE}),
}
