"""The conflicts of interest that people declared on a proposal and that hold now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Person
from app.proposals.models import Proposal
from app.proposals.step_models import ConflictOfInterest


@dataclass(frozen=True)
class Declared:
    """One of them, in the person's own words."""

    person_id: int
    name: str
    words: str
    at: datetime


def declared(session: Session, proposal: Proposal) -> list[Declared]:
    """Those that nobody lifted, oldest first."""
    statement = (
        select(ConflictOfInterest, Person.name)
        .join(Person, Person.id == ConflictOfInterest.person_id)
        .where(ConflictOfInterest.proposal_id == proposal.id, ConflictOfInterest.lifted_at.is_(None))
        .order_by(ConflictOfInterest.declared_at, ConflictOfInterest.id)
    )
    return [Declared(row.person_id, name, row.words, row.declared_at) for row, name in session.execute(statement)]
