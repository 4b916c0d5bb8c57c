"""One row of who may act."""

from dataclasses import dataclass

from app.rules.roles import Role


@dataclass(frozen=True)
class Permission:
    """The roles that may act, and the roles that may not even if another of theirs may."""

    allow: frozenset[Role]
    bar: frozenset[Role] = frozenset()


def who(*allow: Role, bar: tuple[Role, ...] = ()) -> Permission:
    """A row of a table."""
    return Permission(frozenset(allow), frozenset(bar))
