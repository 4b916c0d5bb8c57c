"""The person who acts, as the rules see them: memberships as they are now, and how they signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.rules.roles import Kind, Role


@dataclass(frozen=True)
class Held:
    """One role held in one organization."""

    organization_id: int
    kind: Kind
    role: Role


def initials_of(name: str) -> str:
    """Two letters that stand for a person beside the full name."""
    words = name.split()
    return (words[0][0] + words[-1][0]).upper() if words else "?"


@dataclass(frozen=True)
class Actor:
    """Who acts. Built anew for each request from the rows of that moment, so that a removal holds at once.

    `person_id` is None for the operator's command line and for the system itself. `authentication` is a word for
    the history and the evidence pages: "password+totp", "demo link", "command line", "system".
    """

    person_id: int | None
    pid: UUID | None
    name: str
    email: str
    held: frozenset[Held]
    authentication: str
    authenticated_at: datetime | None = None
    has_second_factor: bool = False
    extra: frozenset[Role] = frozenset()

    @property
    def organization_ids(self) -> frozenset[int]:
        """Every organization the person belongs to."""
        return frozenset(held.organization_id for held in self.held)

    @property
    def initials(self) -> str:
        """Two letters for the mark in the page's head."""
        return initials_of(self.name)

    def roles_at(self, organization_id: int | None) -> frozenset[Role]:
        """The roles held in one organization."""
        return frozenset(held.role for held in self.held if held.organization_id == organization_id)

    def organizations_with(self, *roles: Role) -> frozenset[int]:
        """The organizations in which one of these roles is held."""
        return frozenset(held.organization_id for held in self.held if held.role in roles)

    @property
    def consortium_roles(self) -> frozenset[Role]:
        """Roles that count everywhere: the secretariat's, the operator's, the system's."""
        return self.extra | frozenset(h.role for h in self.held if h.kind is Kind.SECRETARIAT)

    @property
    def is_secretariat(self) -> bool:
        """Whether the person works for the secretariat."""
        return any(held.kind is Kind.SECRETARIAT for held in self.held)


NOBODY = Actor(None, None, "", "", frozenset(), "none", extra=frozenset({Role.PUBLIC}))
OPERATOR = Actor(None, None, "Operator", "", frozenset(), "command line", extra=frozenset({Role.OPERATOR}))
SYSTEM = Actor(None, None, "Onepact", "", frozenset(), "system", extra=frozenset({Role.SYSTEM}))
