"""Every invariant, gathered from the files beside this one."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from sqlalchemy.orm import Session

Invariant = Callable[[Session], list[str]]

INVARIANTS: tuple[Invariant, ...] = tuple(
    invariant
    for file in sorted(Path(__file__).parent.glob("[a-z]*.py"))
    for invariant in import_module(f"{__name__}.{file.stem}").INVARIANTS
)


def violations(session: Session) -> list[str]:
    """Everything that is wrong with these rows."""
    return [sentence for invariant in INVARIANTS for sentence in invariant(session)]
