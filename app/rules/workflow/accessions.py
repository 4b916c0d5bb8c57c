"""The life of an accession: one organization, one capacity, one agreement version."""

from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row
from app.rules.workflow.states import AccessionState as S

ACCESSION = (
    row(A.SIGN_ACCESSION, (S.OPEN,), S.SIGNED, E.ACCESSION_SIGNED),
    row(A.DECLINE_ACCESSION, (S.OPEN,), S.DECLINED, E.ACCESSION_DECLINED),
    row(A.HAND_OVER_ACCESSION, (S.OPEN,), None, E.ACCESSION_HANDED_OVER),
    row(A.REOPEN_ACCESSION, (S.DECLINED,), S.OPEN, E.ACCESSION_REOPENED),
    row(A.COUNTERSIGN_ACCESSION, (S.SIGNED,), S.IN_FORCE, E.ACCESSION_COUNTERSIGNED),
    row(A.RECORD_PAPER_ACCESSION, (S.OPEN,), S.IN_FORCE, E.ACCESSION_RECORDED),
    row(A.END_ACCESSION, (S.IN_FORCE,), S.ENDED, E.ACCESSION_ENDED),
    row(A.REMIND_OF_ACCESSION, (S.OPEN, S.SIGNED), None, E.ACCESSION_REMINDED),
)
