"""The lives of what makes a team: a card, a place on the team, a co-applicant, a hand-over of the lead."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class CardState(StrEnum):
    """A focal point's word that a person may lead proposals for the organization."""

    ASKED = "asked"
    VALID = "valid"
    EXPIRED = "expired"
    ENDED = "ended"
    DECLINED = "declined"


class MemberState(StrEnum):
    """Whether somebody who is named on a team has accepted the terms for themselves."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class CoApplicantState(StrEnum):
    """Whether a further organization stands behind a joint proposal."""

    NAMED = "named"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class HandoverState(StrEnum):
    """Whether the one who was asked to lead has answered."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


_C, _M, _O, _H = CardState, MemberState, CoApplicantState, HandoverState

CARD = (
    row(A.VOUCH, (_C.ASKED,), _C.VALID, E.PERSON_VOUCHED),
    row(A.DECLINE_CARD, (_C.ASKED,), _C.DECLINED, E.CARD_DECLINED),
    row(A.RENEW_CARD, (_C.VALID,), None, E.CARD_RENEWED),
    row(A.REMIND_OF_CARD, (_C.VALID,), None, E.CARD_ENDS_SOON),
    row(A.REMIND_TO_VOUCH, (_C.ASKED,), None, E.VOUCHING_REMINDED),
    row(A.END_CARD, (_C.VALID,), _C.ENDED, E.CARD_ENDED),
    row(A.EXPIRE_CARD, (_C.VALID,), _C.EXPIRED, E.CARD_EXPIRED),
)

TEAM_MEMBER = (
    row(A.ACCEPT_TERMS, (_M.INVITED,), _M.ACCEPTED, E.TERMS_ACCEPTED),
    row(A.DECLINE_TERMS, (_M.INVITED, _M.ACCEPTED), _M.DECLINED, E.TERMS_DECLINED),
    row(A.INVITE_MEMBER_AGAIN, (_M.INVITED, _M.DECLINED), _M.INVITED, E.MEMBER_INVITED_AGAIN),
    # The proposal is sent under another version of the agreement than the one whose duties were accepted.
    row(A.ASK_FOR_TERMS_AGAIN, (_M.ACCEPTED,), _M.INVITED, E.TERMS_ASKED_AGAIN),
    row(A.REMIND_OF_TERMS, (_M.INVITED,), None, E.TERMS_REMINDED),
)

CO_APPLICANT = (
    row(A.CONFIRM_CO_APPLICANT, (_O.NAMED,), _O.CONFIRMED, E.CO_APPLICANT_CONFIRMED),
    row(A.WITHDRAW_CO_APPLICANT, (_O.NAMED, _O.CONFIRMED), _O.WITHDRAWN, E.CO_APPLICANT_WITHDREW),
    row(A.NAME_CO_APPLICANT_AGAIN, (_O.WITHDRAWN,), _O.NAMED, E.CO_APPLICANT_NAMED),
    row(A.REMIND_CO_APPLICANT, (_O.NAMED,), None, E.CO_APPLICANT_REMINDED),
)

HANDOVER = (
    row(A.ACCEPT_LEAD, (_H.OFFERED,), _H.ACCEPTED, E.LEAD_CHANGED),
    row(A.DECLINE_LEAD, (_H.OFFERED,), _H.DECLINED, E.LEAD_DECLINED),
    row(A.TAKE_BACK_LEAD, (_H.OFFERED,), _H.TAKEN_BACK, E.LEAD_TAKEN_BACK),
    row(A.REMIND_OF_LEAD, (_H.OFFERED,), None, E.LEAD_OFFER_REMINDED),
)

# Each state's name and the tone of its mark.
CARD_STATES: dict[CardState, tuple[str, str]] = {
    CardState.ASKED: (N_("Asked for"), "yellow"),
    CardState.VALID: (N_("Vouched for"), "green"),
    CardState.EXPIRED: (N_("Run out"), "grey"),
    CardState.ENDED: (N_("Ended"), "grey"),
    CardState.DECLINED: (N_("Declined"), "red"),
}
MEMBER_STATES: dict[MemberState, tuple[str, str]] = {
    MemberState.INVITED: (N_("Not answered yet"), "yellow"),
    MemberState.ACCEPTED: (N_("Terms accepted"), "green"),
    MemberState.DECLINED: (N_("Declined"), "red"),
}
# The same as a note beside a name; a lead who has not answered yet accepts by sending, and needs none.
MEMBER_NOTES: dict[MemberState, str] = {
    MemberState.INVITED: N_("asked to accept the terms"),
    MemberState.ACCEPTED: N_("terms accepted"),
    MemberState.DECLINED: N_("declined"),
}
CO_APPLICANT_STATES: dict[CoApplicantState, tuple[str, str]] = {
    CoApplicantState.NAMED: (N_("Named"), "yellow"),
    CoApplicantState.CONFIRMED: (N_("Confirmed"), "green"),
    CoApplicantState.WITHDRAWN: (N_("Withdrew"), "red"),
}
