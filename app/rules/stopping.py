"""Why a grant may be suspended or revoked: grounds of the agreement, each with its clause. Words always come beside one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.foundation.words import N_
from app.rules.terms.months import last_day


class Ground(StrEnum):
    """Why a grant is stopped, for a while or for good."""

    INCIDENT = "incident"
    SUSPICION = "suspicion"
    LEGAL_ORDER = "legal_order"
    REPORT_OVERDUE = "report_overdue"
    ACCESSION_LAPSED = "accession_lapsed"
    BREACH = "breach"
    RECALL = "recall"
    ISSUED_IN_ERROR = "issued_in_error"
    AGREED = "agreed"


@dataclass(frozen=True)
class Reason:
    """A ground in words, and the clause of the agreement that names it."""

    words: str
    clause: str


GROUNDS: dict[Ground, Reason] = {
    Ground.INCIDENT: Reason(N_("An incident"), "term"),
    Ground.SUSPICION: Reason(N_("A serious suspicion of a breach"), "term"),
    Ground.LEGAL_ORDER: Reason(N_("An order of law"), "term"),
    Ground.REPORT_OVERDUE: Reason(N_("A report that is 30 days overdue"), "term"),
    Ground.ACCESSION_LAPSED: Reason(N_("The member's accession is not in force"), "term"),
    Ground.BREACH: Reason(N_("A breach that was not mended in 30 days, or cannot be mended"), "term"),
    Ground.RECALL: Reason(N_("The data was recalled"), "updates"),
    Ground.ISSUED_IN_ERROR: Reason(N_("Issued in error"), "secretariat"),
    Ground.AGREED: Reason(N_("Both sides agreed to end it"), "term"),
}

# Clause 19.4 names all grounds of a suspension; what ends a grant for good weighs more.
SUSPENDS: tuple[Ground, ...] = (
    Ground.INCIDENT,
    Ground.SUSPICION,
    Ground.LEGAL_ORDER,
    Ground.REPORT_OVERDUE,
    Ground.ACCESSION_LAPSED,
)
REVOKES: tuple[Ground, ...] = (
    Ground.BREACH,
    Ground.INCIDENT,
    Ground.LEGAL_ORDER,
    Ground.RECALL,
    Ground.ACCESSION_LAPSED,
    Ground.ISSUED_IN_ERROR,
    Ground.AGREED,
)

# Clause 19.7: what a data partner that leaves has granted runs on for so long at most. A member's grants end with it (19.8).
RUNS_ON_MONTHS = 12


def runs_on_until(left_on: date, ends_on: date) -> date:
    """The last day of a grant whose data partner leaves: its own, or the last one of these months."""
    return min(ends_on, last_day(left_on, RUNS_ON_MONTHS))
