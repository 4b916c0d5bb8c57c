"""Who may handle the data of a grant: people join and leave it, each with a day."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.changes.wanted import NewPerson, Wanted
from app.grants.models import Grant, GrantPerson
from app.grants.queries.grants import people_on
from app.organizations.queries import person_by_email
from app.proposals.commands.gathering import place_on_team
from app.proposals.models import Proposal
from app.rules.actors import Actor


def let_people_change(session: Session, actor: Actor, grant: Grant, wanted: Wanted, now: datetime) -> None:
    """End the place of those who leave, and name those who join."""
    ask_to_accept(session, actor, grant, wanted, now)
    for person in people_on(session, grant.id):
        if person.email in wanted.leave:
            person.ended_at = now
    session.flush()
    session.add_all([_named(session, grant.id, person, now) for person in wanted.join])
    session.flush()


def ask_to_accept(session: Session, actor: Actor, grant: Grant, wanted: Wanted, now: datetime) -> None:
    """Ask those who join to accept the terms for themselves, as everyone on the team did; until then they reach no data."""
    proposal = session.get_one(Proposal, grant.proposal_id)
    for person in wanted.join:
        place_on_team(session, actor, proposal.reference, person.name, person.email, person.organization, now)


def carried_people(session: Session, before: Grant, wanted: Wanted, now: datetime) -> list[GrantPerson]:
    """The people of a successor: those of the grant before who stay, and those who join."""
    stay: Sequence[GrantPerson] = [p for p in people_on(session, before.id) if p.email not in wanted.leave]
    kept = [
        GrantPerson(
            person_id=person.person_id,
            name=person.name,
            email=person.email,
            organization_name=person.organization_name,
            is_lead=person.is_lead,
            added_at=person.added_at,
        )
        for person in stay
    ]
    return [*kept, *(_named(session, None, person, now) for person in wanted.join)]


def _named(session: Session, grant_id: int | None, new: NewPerson, now: datetime) -> GrantPerson:
    account = person_by_email(session, new.email)
    row = GrantPerson(
        person_id=account.id if account else None,
        name=new.name,
        email=new.email.strip().lower(),
        organization_name=new.organization,
        is_lead=False,
        added_at=now,
    )
    if grant_id is not None:
        row.grant_id = grant_id
    return row
