"""Reading back what JSON or TOML gave: tables and lists where they are due."""

from collections.abc import Mapping, Sequence


def table(raw: object) -> Mapping[str, object]:
    """The value as a table; raises TypeError where it is none."""
    if isinstance(raw, Mapping):
        return raw
    raise TypeError(f"{raw!r} is no table")


def items(raw: object) -> Sequence[object]:
    """The value as a list; raises TypeError where it is none, and a text is none."""
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return raw
    raise TypeError(f"{raw!r} is no list")


def tables(raw: object) -> list[Mapping[str, object]]:
    """The value as a list of tables; raises TypeError."""
    return [table(item) for item in items(raw)]
