"""The grants of a proposal follow its lead: whoever leads it is the lead of whoever handles the data."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.commands.acting import locked
from app.grants.models import Grant, GrantPerson
from app.grants.queries.grants import people_on
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal
from app.rules.workflow import LIVE_GRANTS


def follow_lead(session: Session, reference: str, now: datetime) -> int:
    """Name the proposal's lead as the lead of each of its grants that has not ended. Returns how many grants changed."""
    proposal = session.scalar(select(Proposal).where(Proposal.reference == reference))
    if proposal is None:
        return 0
    lead = session.get_one(Person, proposal.lead_id)
    live = select(Grant.number).where(Grant.proposal_id == proposal.id, Grant.state.in_(LIVE_GRANTS))
    return sum(_follow(session, number, lead, now) for number in session.scalars(live.order_by(Grant.id)).all())


def _follow(session: Session, number: str, lead: Person, now: datetime) -> bool:
    grant = locked(session, number)
    people = people_on(session, grant.id)
    own = next((each for each in people if lead.id == each.person_id or lead.email == each.email), None)
    if own is not None and [each.id for each in people if each.is_lead] == [own.id]:
        return False
    for each in people:
        each.is_lead = False
    if own is None:
        organization = session.get_one(Organization, grant.member_id)
        own = GrantPerson(
            grant_id=grant.id, name=lead.name, email=lead.email, organization_name=organization.name, added_at=now
        )
        session.add(own)
    own.person_id, own.is_lead = lead.id, True
    session.flush()
    return True
