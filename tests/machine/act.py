"""What an act is: whom it concerns, what it is done to, how it is done, and how it would be done wrongly."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.rules.actions import Action
from app.rules.workflow import Machine
from tests.machine.rows import AnyRow

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter

    from tests.machine.view import View
    from tests.machine.world import World


@dataclass(frozen=True)
class Thing:
    """Something that an act can be done to, as it is now. `state` is None for what has no life of its own."""

    machine: Machine
    ref: str
    state: StrEnum | None
    row: AnyRow = field(repr=False, compare=False)

    def _repr_pretty_(self, printer: "RepresentationPrinter", _cycle: bool) -> None:
        printer.text(f"{self.ref} ({self.state})" if self.state else self.ref)


@dataclass(frozen=True)
class Do:
    """One attempt: who, on which thing, and what else was chosen."""

    who: str
    ref: str
    more: object = None


Things = Callable[["View"], Iterable[Thing]]
Who = Callable[["View", Thing], Sequence[str]]
Fits = Callable[["View", Thing], bool]
More = Callable[["View", Thing], Sequence[object]]


def always(_view: "View", _thing: Thing) -> bool:
    """It is always worth trying."""
    return True


def nothing(_view: "View", _thing: Thing) -> Sequence[object]:
    """Nothing further to choose."""
    return ()


@dataclass(frozen=True)
class Act:
    """One act; the package says what each part is. `weight` is how often it is drawn beside the others."""

    name: str
    action: Action | None
    things: Things
    who: Who
    run: Callable[["World", Do], object]
    fits: Fits = always
    more: More = nothing
    wrong: More = nothing
    weight: int = 2
    # Further rows that the same command takes, such as sending again.
    besides: tuple[Action, ...] = ()
    # Whether somebody without any business there must be refused; not so for acts that anybody may try, such as starting.
    is_closed: bool = True
    # Whether it may be done to anybody and also, by another rule, to oneself: everybody may leave.
    is_open_to_oneself: bool = False
    # Several commands in one: what the first of them wrote may stand when a later one refuses.
    in_parts: bool = False

    def _repr_pretty_(self, printer: "RepresentationPrinter", _cycle: bool) -> None:
        printer.text(self.name)


def of(machine: Machine) -> Things:
    """Every thing of this kind."""

    def things(view: "View") -> Iterable[Thing]:
        return view.things(machine)

    return things


def those(*names: str) -> Who:
    """Always these."""

    def who(_view: "View", _thing: Thing) -> Sequence[str]:
        return names

    return who


def words(*values: object) -> More:
    """Always these further values."""

    def more(_view: "View", _thing: Thing) -> Sequence[object]:
        return values

    return more
