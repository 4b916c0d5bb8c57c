"""The life of a delivery: prepared, provided, in hand; when the grant stops, the data partner switches access off."""

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
    # The grant gives no right any more; what the data partner opened is still open on its side.
    TO_SWITCH_OFF = "to_switch_off"
    SWITCHED_OFF = "switched_off"


_D = DeliveryState
_BEFORE = (_D.PREPARING, _D.PROVIDED, _D.ARRIVED)

DELIVERY = (
    row(A.PROVIDE_ACCESS, _BEFORE, _D.PROVIDED, E.ACCESS_PROVIDED),
    row(A.READ_ACCESS, (_D.PROVIDED, _D.ARRIVED, _D.TO_SWITCH_OFF), None, None),
    row(A.SEE_SECRET, (_D.PROVIDED, _D.ARRIVED), None, E.SECRET_SEEN),
    row(A.CONFIRM_ARRIVAL, (_D.PROVIDED,), _D.ARRIVED, E.DATA_ARRIVED),
    row(A.REPORT_MISSING, (_D.PROVIDED, _D.ARRIVED), _D.PREPARING, E.DATA_MISSING),
    row(A.REMIND_OF_DELIVERY, (_D.PREPARING, _D.PROVIDED, _D.TO_SWITCH_OFF), None, E.DELIVERY_REMINDED),
    row(A.ASK_TO_SWITCH_OFF, _BEFORE, _D.TO_SWITCH_OFF, E.SWITCH_OFF_ASKED),
    row(A.SWITCH_ACCESS_OFF, (_D.TO_SWITCH_OFF,), _D.SWITCHED_OFF, E.ACCESS_SWITCHED_OFF),
    # The grant gives a right again: what was switched off is asked for anew, what was not goes on.
    row(A.ASK_FOR_ACCESS_AGAIN, (_D.TO_SWITCH_OFF, _D.SWITCHED_OFF), _D.PREPARING, E.ACCESS_ASKED_AGAIN),
    row(A.KEEP_ACCESS, (_D.TO_SWITCH_OFF,), _D.PROVIDED, E.ACCESS_KEPT),
)

DELIVERY_STATES: dict[DeliveryState, tuple[str, str]] = {
    _D.PREPARING: (N_("Being prepared"), "yellow"),
    _D.PROVIDED: (N_("Provided"), "info"),
    _D.ARRIVED: (N_("In hand"), "green"),
    _D.TO_SWITCH_OFF: (N_("To be switched off"), "yellow"),
    _D.SWITCHED_OFF: (N_("Switched off"), "green"),
}
