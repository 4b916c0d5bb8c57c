"""Who must be told of an incident, and by when (clause 16)."""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.roles import Role

NOTICE_HOURS = 72  # clause 16.2, where the terms have no opinion
FULL_REPORT_WORKING_DAYS = 10  # clause 16.4
CLOSE_WORKING_DAYS = 10
# What stands on the grant's page and on the letter's verdict when it is suspended because of an incident: no detail.
SUSPENSION_WORDS = N_("An incident is being looked into.")


class Recipient(StrEnum):
    """Who is told: the agreement's codes, and the member's own focal point."""

    PARTNER = "partner"
    SECRETARIAT = "secretariat"
    BOARD = "board"
    MEMBER = "member"


@dataclass(frozen=True)
class Told:
    """One recipient: who of it gets the mail and takes note, and whether the clause's hours bind or it is told besides."""

    name: str
    roles: tuple[Role, ...]
    is_in_terms: bool


TOLD: dict[Recipient, Told] = {
    Recipient.PARTNER: Told(N_("The data partner"), (Role.STEWARD, Role.DEPUTY), is_in_terms=True),
    Recipient.SECRETARIAT: Told(N_("The secretariat"), (Role.OFFICER, Role.DIRECTOR), is_in_terms=True),
    Recipient.BOARD: Told(N_("The board, through the secretariat's director"), (Role.DIRECTOR,), is_in_terms=True),
    Recipient.MEMBER: Told(N_("The member's focal point"), (Role.FOCAL_POINT,), is_in_terms=False),
}
ALWAYS_TOLD = frozenset({Recipient.PARTNER, Recipient.SECRETARIAT, Recipient.MEMBER})


class Reports(StrEnum):
    """The side that gives the full report."""

    MEMBER = "member"
    PARTNER = "partner"


# By who gave the first notice, first match first. The Party that became aware reports in full (clause 16.4); the secretariat, who
# is no Party to the use, leaves it to the member, whose use it is.
REPORTS_IN_FULL: tuple[tuple[Role, Reports], ...] = (
    # Whoever is of the member's side speaks for the member, whatever else they are.
    (Role.CONFLICTED, Reports.MEMBER),
    (Role.DATASET_STEWARD, Reports.PARTNER),
    (Role.OFFICER, Reports.MEMBER),
    (Role.DIRECTOR, Reports.MEMBER),
    # What is left of the parties' people is the data partner's.
    (Role.COLLEAGUE, Reports.PARTNER),
)


def reports_in_full(reporter: frozenset[Role]) -> Reports:
    """Who owes the full report of an incident, by the roles of the one who reported it towards the grant."""
    return next((side for role, side in REPORTS_IN_FULL if role in reporter), Reports.MEMBER)


class PersonalData(StrEnum):
    """Whether personal data is touched, as far as one knows."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


PERSONAL_DATA: dict[PersonalData, str] = {
    PersonalData.NO: N_("No"),
    PersonalData.YES: N_("Yes"),
    PersonalData.UNKNOWN: N_("Not known yet"),
}

# What may still be learned while it is open. That it is touched is not unsaid in an addition: the full report says the rest.
LEARNED: dict[PersonalData, tuple[PersonalData, ...]] = {
    PersonalData.UNKNOWN: (PersonalData.NO, PersonalData.YES),
    PersonalData.NO: (PersonalData.YES,),
    PersonalData.YES: (),
}


class Because(StrEnum):
    """Why somebody is told: the incident itself, or that personal data turned out to be touched."""

    INCIDENT = "incident"
    PERSONAL_DATA = "personal_data"


BECAUSE: dict[Because, str] = {
    Because.INCIDENT: "",
    Because.PERSONAL_DATA: N_("Personal data is touched"),
}
# Who is told anew, within the same hours from then on, and takes note anew: the data partner decides with the member whether the
# persons concerned are told (clause 16.6), and whom the terms tell of an incident is told of what makes it another (16.2).
TOLD_ANEW: dict[PersonalData, frozenset[Recipient]] = {
    PersonalData.YES: frozenset(Recipient),
    PersonalData.NO: frozenset(),
}
