"""Which waits beside proposals a person can put their name on, so that colleagues leave it to them: whoever could end it.

A name counts while the thing stays in its state: the next wait is everybody's again.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.rules.actions import Action
from app.rules.roles import Role
from app.rules.workflow import ChangeState, DutyState, IncidentState, ListingState, Machine, OutputState


class Side(StrEnum):
    """For whom a wait is ended."""

    DATA_PARTNER = "data_partner"
    SECRETARIAT = "secretariat"


# The roles in which somebody acts for a side.
ACTS_FOR: dict[Side, tuple[Role, ...]] = {
    Side.DATA_PARTNER: (Role.STEWARD, Role.DEPUTY),
    Side.SECRETARIAT: (Role.OFFICER, Role.DIRECTOR),
}
COLLEAGUES = tuple(role for roles in ACTS_FOR.values() for role in roles)
_PARTNER, _OFFICE = Side.DATA_PARTNER, Side.SECRETARIAT

# By thing and state, the act that ends the wait of each side; who may do it may take it.
TAKEN: dict[Machine, Mapping[StrEnum, Mapping[Side, Action]]] = {
    Machine.CHANGE: {
        ChangeState.ASKED: {_OFFICE: Action.CHECK_CHANGE},
        ChangeState.IN_DECISION: {_PARTNER: Action.APPROVE_CHANGE},
        ChangeState.APPROVED: {_OFFICE: Action.ISSUE_CHANGE},
    },
    Machine.DUTY: {DutyState.DONE: {_PARTNER: Action.ACCEPT_DUTY}},
    Machine.OUTPUT: {
        OutputState.IN_READING: {_PARTNER: Action.CLEAR_OUTPUT},
        OutputState.WITH_SECRETARIAT: {_PARTNER: Action.CLEAR_OUTPUT, _OFFICE: Action.CLEAR_AFTER_TEST},
    },
    Machine.INCIDENT: {
        IncidentState.OPEN: {_PARTNER: Action.ACKNOWLEDGE_INCIDENT, _OFFICE: Action.ACKNOWLEDGE_INCIDENT},
        IncidentState.REPORTED: {_PARTNER: Action.CLOSE_INCIDENT, _OFFICE: Action.CLOSE_INCIDENT},
    },
    Machine.LISTING: {ListingState.IN_CHECK: {_OFFICE: Action.PUBLISH_LISTING}},
}
