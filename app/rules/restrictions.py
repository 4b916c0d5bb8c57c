"""What an organization may not do for a time, because something that it owes is overdue."""

from enum import StrEnum

from app.foundation.words import N_


class RestrictionKind(StrEnum):
    """The acts that wait until what causes the restriction is mended."""

    SEND_PROPOSALS = "send_proposals"
    RENEW_GRANTS = "renew_grants"
    RECEIVE_DATA = "receive_data"


# What cannot be done until then, as the end of a sentence that begins with "Until then your organization cannot".
RESTRICTION_NAMES: dict[RestrictionKind, str] = {
    RestrictionKind.SEND_PROPOSALS: N_("send use proposals"),
    RestrictionKind.RENEW_GRANTS: N_("renew or extend grants"),
    RestrictionKind.RECEIVE_DATA: N_("receive further data"),
}
