"""The life of a delivery: the data partner prepares it, provides it, and the member says that it arrived."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class DeliveryState(StrEnum):
    """How far what a grant gives has come."""

    PREPARING = "preparing"
    PROVIDED = "provided"
    ARRIVED = "arrived"


_D = DeliveryState

DELIVERY = (
    row(A.PROVIDE_ACCESS, tuple(_D), _D.PROVIDED, E.ACCESS_PROVIDED),
    row(A.READ_ACCESS, (_D.PROVIDED, _D.ARRIVED), None, None),
    row(A.SEE_SECRET, (_D.PROVIDED, _D.ARRIVED), None, E.SECRET_SEEN),
    row(A.CONFIRM_ARRIVAL, (_D.PROVIDED,), _D.ARRIVED, E.DATA_ARRIVED),
    row(A.REPORT_MISSING, (_D.PROVIDED, _D.ARRIVED), _D.PREPARING, E.DATA_MISSING),
    row(A.REMIND_OF_DELIVERY, (_D.PREPARING, _D.PROVIDED), None, E.DELIVERY_REMINDED),
)

DELIVERY_STATES: dict[DeliveryState, tuple[str, str]] = {
    _D.PREPARING: (N_("Being prepared"), "yellow"),
    _D.PROVIDED: (N_("Provided"), "info"),
    _D.ARRIVED: (N_("In hand"), "green"),
}
