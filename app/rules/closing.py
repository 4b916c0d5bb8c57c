"""What keeps a grant from being closed: one row for each, with what its page says while it does. There is no way around one.

A certificate that nobody of the data partner reads is read by an officer, who may accept it as well (clause 20.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.duties import DutyKind
from app.rules.workflow import OWED, READ_NEXT, DeliveryState, Machine


@dataclass(frozen=True)
class HoldUp:
    """Things of a grant, by their states, that keep it from being closed; of duties only this kind does.

    `says` is what a page and a refusal say of it: what is missing, and what ends it.
    """

    machine: Machine
    states: frozenset[StrEnum]
    says: str
    kind: str = ""


HOLD_UPS: tuple[HoldUp, ...] = (
    HoldUp(
        Machine.DUTY,
        frozenset(OWED),
        N_("The certificate of deletion is not in yet. The project lead certifies it on the grant's page."),
        DutyKind.DELETE,
    ),
    HoldUp(
        Machine.DUTY,
        frozenset(READ_NEXT),
        N_(
            "The certificate of deletion is in and not read yet. The data partner accepts it, or sends it back with words."
        ),
        DutyKind.DELETE,
    ),
    # Of a delivery only while the data partner holds something open; before the worker has asked for it as well.
    HoldUp(
        Machine.DELIVERY,
        frozenset(DeliveryState) - {DeliveryState.SWITCHED_OFF},
        N_("Access is not switched off yet. The data partner switches it off on its side, and confirms it."),
    ),
)


def hold_up(machine: Machine, state: StrEnum, kind: str = "") -> HoldUp | None:
    """The row of one thing; None where it keeps nothing from being closed."""
    return next((row for row in HOLD_UPS if row.machine is machine and state in row.states and row.kind == kind), None)


def holding_up(machine: Machine) -> Iterable[StrEnum]:
    """The states of things of this kind that keep a grant from being closed."""
    return sorted({state for row in HOLD_UPS if row.machine is machine for state in row.states})
