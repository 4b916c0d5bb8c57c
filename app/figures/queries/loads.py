"""Load per reviewer: what each person has open now, and what they answered in the last months, with how long it took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.figures.queries.answers import Answer
from app.figures.queries.spread import Spread, spread
from app.figures.scope import Scope, Side
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import named_now, settle

DAYS = 90


@dataclass(frozen=True)
class Load:
    """One person: open and overdue now, answered lately, and the working days of those answers."""

    person_id: int
    name: str
    organization: str
    open: int
    overdue: int
    answered: int
    spread: Spread | None


def loads(session: Session, scope: Scope, found: Sequence[Answer], now: datetime) -> list[Load]:
    """Everyone who is named or answered, the largest load first. A data partner sees its own people, a member its own."""
    settle(session)
    named = named_now(now)
    own = [] if scope.side is Side.ALL else [OpenWait.organization_id == scope.organization_id]
    statement = (
        select(named, OpenWait.organization_id, func.count(), func.sum(case((OpenWait.over_at <= now, 1), else_=0)))
        .join(Proposal, Proposal.id == OpenWait.proposal_id)
        .where(OpenWait.due_on.is_not(None), scope.proposals, *own)
        .group_by(named, OpenWait.organization_id)
    )
    waits = {(person, organization): (count, over) for person, organization, count, over in session.execute(statement)}
    lately: dict[tuple[int, int], list[int]] = defaultdict(list)
    if scope.side is not Side.MEMBER:
        for answer in found:
            if answer.decided_at > now - timedelta(days=DAYS):
                lately[answer.decided_by_id, answer.partner_id].append(answer.days)
    keys = [key for key in dict.fromkeys([*waits, *lately]) if key[0] is not None]
    people = _names(session, Person, {person for person, _organization in keys})
    organizations = _names(session, Organization, {organization for _person, organization in keys})
    rows = [
        Load(
            person,
            people.get(person, ""),
            organizations.get(organization, ""),
            *waits.get((person, organization), (0, 0)),
            len(lately.get((person, organization), ())),
            spread(lately.get((person, organization), ())),
        )
        for person, organization in keys
    ]
    return sorted(rows, key=lambda row: (-row.open, -row.answered, row.name))


def _names(session: Session, table: type[Person] | type[Organization], ids: set[int]) -> dict[int, str]:
    return dict(session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())
