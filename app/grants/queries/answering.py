"""Who answers for each side of a grant: always somebody who can still act, and the next one where nobody is left."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.grants.queries.barred import barred
from app.organizations.models import Membership, Person
from app.organizations.queries import directors, focal_points_of, officers, stewards_of
from app.proposals.models import Proposal


def of_member(session: Session, grant: Grant) -> list[Person]:
    """The project lead while they are of the member; else its focal points; else the secretariat's officers."""
    current = exists().where(
        Membership.person_id == Person.id, Membership.organization_id == grant.member_id, Membership.ended_at.is_(None)
    )
    lead = session.scalar(
        select(Person)
        .join(Proposal, Proposal.lead_id == Person.id)
        .where(Proposal.id == grant.proposal_id, Person.active.is_(True), current)
    )
    return [lead] if lead else focal_points_of(session, grant.member_id) or of_secretariat(session)


def of_partner(session: Session, grant: Grant) -> list[Person]:
    """The data partner's stewards and then deputies who are not too close to the member; else the secretariat's officers."""
    closed = barred(session, [grant])[grant.id]
    too_close = select(Membership.person_id).where(
        Membership.organization_id.in_(closed.organizations), Membership.ended_at.is_(None)
    )
    out = {*closed.people, *session.scalars(too_close)}
    people = stewards_of(session, grant.data_partner_id)
    return [person for person in people if person.id not in out] or of_secretariat(session)


def of_secretariat(session: Session) -> list[Person]:
    """The officers; else the directors."""
    return officers(session) or directors(session)
