"""The sign-in links of the demo: one for each role that a newcomer should try."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.organizations.models import Membership, Organization, Person

# Whom a newcomer meets, in the order of the story. Names are those of world/organizations.toml.
CAST: tuple[tuple[str, str], ...] = (
    (N_("Secretariat officer"), "Jonas Oyelaran"),
    (N_("Secretariat director"), "Amara Nwosu"),
    (N_("Data steward"), "Lucía Prado"),
    (N_("Data steward, another company"), "Renata Ocampo"),
    (N_("Project lead"), "Rosa Lindqvist"),
    (N_("Focal point of a member"), "Pieter Adler"),
    (N_("Authorized signatory, agreement to sign"), "Ousmane Sarr"),
    (N_("Chair of the data access committee"), "Ottoline Marsh"),
    (N_("Ethics reviewer"), "Elif Aydin"),
    (N_("Legal reviewer"), "Lars Holm"),
    (N_("Auditor"), "Tilda Brandt"),
)


@dataclass(frozen=True)
class DemoLink:
    """One person of the cast and the address that signs in as them."""

    role: str
    person: str
    organization: str
    url: str


def links(session: Session, config: Mapping[str, object]) -> list[DemoLink]:
    """The links, for an installation that holds the demo consortium; empty for any other."""
    names = [name for _, name in CAST]
    rows = session.execute(
        select(Person, Organization.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Person.name.in_(names), Person.is_demo, Membership.ended_at.is_(None))
    )
    found = {person.name: (person, organization) for person, organization in rows}
    base = str(config["PUBLIC_URL"]).rstrip("/")
    return [
        DemoLink(
            role, name, found[name][1], f"{base}/demo/sign-in/{_serializer(config).dumps(str(found[name][0].pid))}"
        )
        for role, name in CAST
        if name in found
    ]


def person_behind(session: Session, config: Mapping[str, object], token: str) -> Person | None:
    """The demo person that a token stands for; None for a token that is not ours or a person who is not of the demo."""
    try:
        pid = UUID(str(_serializer(config).loads(token)))
    except (BadSignature, ValueError):
        return None
    return session.scalar(select(Person).where(Person.pid == pid, Person.is_demo, Person.active))


def _serializer(config: Mapping[str, object]) -> URLSafeSerializer:
    return URLSafeSerializer(str(config["SECRET_KEY"]), salt="demo sign-in")
