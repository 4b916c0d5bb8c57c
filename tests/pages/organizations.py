"""The secretariat's pages of organizations."""

from tests.pages.somebody import Somebody


def add(officer: Somebody, name: str, kind: str) -> None:
    """Add an organization."""
    officer.open("/organizations/new")
    officer.fill("name", name)
    officer.choose("kind", kind)
    officer.choose("country", "EC")
    officer.press("Add the organization")
    officer.sees(name)


def invite(officer: Somebody, organization: str, person: Somebody, roles: tuple[str, ...]) -> None:
    """Invite somebody to hold roles in it."""
    officer.open(f"/orgs/{organization.lower().replace(' ', '-')}")
    officer.fill("name", person.name)
    officer.fill("email", person.email)
    for role in roles:
        officer.choose("roles", role)
    officer.press("Send the invitation")
    officer.sees(person.email)


def vouch(officer: Somebody, organization: str, person: Somebody) -> None:
    """Vouch for somebody, as the secretariat does where an organization has no other focal point."""
    officer.open(f"/orgs/{organization.lower().replace(' ', '-')}")
    officer.press("Vouch for a year")
    officer.sees(f"{person.name} can send proposals for a year.")
