"""Who starts a proposal, for somebody who cannot: at each of their organizations."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements.queries import Missing, what_is_missing
from app.organizations.queries import organizations_of, people_of
from app.rules.actors import Actor
from app.rules.proposing import starts_proposals
from app.rules.roles import CAPACITIES, Capacity


@dataclass(frozen=True)
class Elsewhere:
    """One organization of somebody who cannot start a proposal there.

    `people` are those of a member who can, as far as the viewer may look inside; `missing` is what its proposals wait for.
    """

    organization: str
    is_member: bool
    is_partner: bool
    people: tuple[str, ...] = ()
    missing: Missing | None = None


def who_starts(session: Session, viewer: Actor, now: datetime) -> list[Elsewhere]:
    """The organizations of the viewer, by name, with those who may start a proposal there."""
    found = []
    for organization in organizations_of(session, viewer):
        capacities = CAPACITIES[organization.kind]
        is_member, is_partner = Capacity.MEMBER in capacities, Capacity.DATA_PARTNER in capacities
        if not is_member:
            found.append(Elsewhere(organization.name, is_member, is_partner))
            continue
        colleagues = people_of(session, organization.id, viewer)
        people = tuple(one.name for one in colleagues if any(starts_proposals(role) for role in one.roles))
        missing = what_is_missing(session, organization, Capacity.MEMBER, now)
        found.append(Elsewhere(organization.name, is_member, is_partner, people, missing))
    return found
