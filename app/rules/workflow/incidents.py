"""The life of an incident: told at once, reported in full, closed with what was done (clause 16)."""

from enum import StrEnum

from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.events import Event as E
from app.rules.workflow.row import row


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"


_I = IncidentState

INCIDENT = (
    row(A.ACKNOWLEDGE_INCIDENT, (_I.OPEN, _I.REPORTED), None, E.INCIDENT_ACKNOWLEDGED),
    row(A.ADD_TO_INCIDENT, (_I.OPEN, _I.REPORTED), None, E.INCIDENT_ADDED_TO),
    row(A.REPORT_IN_FULL, (_I.OPEN,), _I.REPORTED, E.INCIDENT_REPORTED_IN_FULL),
    row(A.CLOSE_INCIDENT, (_I.OPEN, _I.REPORTED), _I.CLOSED, E.INCIDENT_CLOSED),
    row(A.REMIND_OF_INCIDENT, (_I.OPEN, _I.REPORTED), None, E.INCIDENT_REMINDED),
)

INCIDENT_STATES: dict[IncidentState, tuple[str, str]] = {
    _I.OPEN: (N_("Open"), "red"),
    _I.REPORTED: (N_("Reported in full"), "yellow"),
    _I.CLOSED: (N_("Closed"), "grey"),
}
