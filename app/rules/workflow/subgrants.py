"""The life of a hand-over: signed for the member, accepted by the recipient, and never longer than its grant."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class SubGrantState(StrEnum):
    """The life of a grant that a member hands over to somebody it works for or with."""

    TO_SIGN = "to_sign"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


SUBGRANT_STATES: dict[SubGrantState, tuple[str, str]] = {
    SubGrantState.TO_SIGN: (N_("To be signed"), "yellow"),
    SubGrantState.OFFERED: (N_("Offered"), "yellow"),
    SubGrantState.ACCEPTED: (N_("Being sealed"), "yellow"),
    SubGrantState.ACTIVE: (N_("In force"), "green"),
    SubGrantState.DECLINED: (N_("Declined"), "grey"),
    SubGrantState.WITHDRAWN: (N_("Withdrawn"), "grey"),
    SubGrantState.ENDED: (N_("Ended"), "grey"),
}


S = SubGrantState

SUBGRANT = (
    row(A.SIGN_SUBGRANT, (S.TO_SIGN,), S.OFFERED, E.SUBGRANT_SIGNED),
    row(A.ACCEPT_SUBGRANT, (S.OFFERED,), S.ACCEPTED, E.SUBGRANT_ACCEPTED),
    row(A.DECLINE_SUBGRANT, (S.OFFERED,), S.DECLINED, E.SUBGRANT_DECLINED),
    row(A.WITHDRAW_SUBGRANT, (S.TO_SIGN, S.OFFERED), S.WITHDRAWN, E.SUBGRANT_WITHDRAWN),
    row(A.SEAL_SUBGRANT, (S.ACCEPTED,), S.ACTIVE, E.SUBGRANT_SEALED),
    row(A.CARRY_SUBGRANT, (S.TO_SIGN, S.OFFERED, S.ACCEPTED, S.ACTIVE), None, E.SUBGRANT_CARRIED),
    row(A.SHORTEN_SUBGRANT, (S.TO_SIGN, S.OFFERED, S.ACCEPTED, S.ACTIVE), None, E.SUBGRANT_SHORTENED),
    row(A.END_SUBGRANT, (S.TO_SIGN, S.OFFERED, S.ACCEPTED, S.ACTIVE), S.ENDED, E.SUBGRANT_ENDED),
    row(A.REMIND_OF_SUBGRANT, (S.TO_SIGN, S.OFFERED), None, E.SUBGRANT_REMINDED),
)
