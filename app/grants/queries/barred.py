"""Who is too close to a grant to act for the other side: as `standing` says of one person, for many grants at once."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, load_only

from app.grants.models import Grant, GrantPerson
from app.organizations.models import Person
from app.proposals.conflicts import conflicts_of
from app.proposals.models import Proposal


@dataclass(frozen=True)
class Barred:
    """The organizations on the member's side, and the people who work on the grant or declared a conflict of interest."""

    organizations: frozenset[int]
    people: frozenset[int]


def barred(session: Session, grants: Collection[Grant]) -> dict[int, Barred]:
    """Those who do not act on these grants, by the grant's key."""
    keys = {grant.proposal_id for grant in grants}
    whose = select(Proposal).where(Proposal.id.in_(keys)).options(load_only(Proposal.organization_id))
    known = conflicts_of(session, session.scalars(whose).all(), ())
    working = _working(session, [grant.id for grant in grants])
    return {
        grant.id: Barred(
            frozenset({grant.member_id, *known.proposing[grant.proposal_id]}),
            frozenset(
                {
                    *(person for proposal, person in known.declared if proposal == grant.proposal_id),
                    *(person for key, person in working if key == grant.id),
                }
            ),
        )
        for grant in grants
    }


def _working(session: Session, grant_ids: Collection[int]) -> list[tuple[int, int]]:
    """Grant and person, by address too: somebody may have got an account after the grant named them."""
    by_address = and_(GrantPerson.person_id.is_(None), GrantPerson.email == Person.email)
    named = or_(GrantPerson.person_id == Person.id, by_address)
    found = select(GrantPerson.grant_id, Person.id).join(Person, named)
    current = found.where(GrantPerson.grant_id.in_(grant_ids), GrantPerson.ended_at.is_(None))
    return [(grant_id, person_id) for grant_id, person_id in session.execute(current)]
