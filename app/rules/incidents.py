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
