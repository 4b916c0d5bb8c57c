"""Hand-overs under a grant, as the register shows them to everyone."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Grant, SubGrant
from app.grants.queries.verification import sub_status_of


@dataclass(frozen=True)
class HandedOver:
    """To whom data of a grant was handed over, until when, and whether that gives a right now."""

    number: str
    organization: str
    ends_on: date
    status: str
    is_in_force: bool


def handed_over(session: Session, number: str, now: datetime) -> list[HandedOver]:
    """The sealed hand-overs under a grant, in the order of their numbers."""
    under = select(SubGrant, Grant).join(Grant, Grant.id == SubGrant.grant_id)
    rows = session.execute(under.where(Grant.number == number, SubGrant.sealed_at.is_not(None)).order_by(SubGrant.id))
    found = []
    for row, grant in rows:
        issued = sub_status_of(row, grant, now)
        found.append(HandedOver(row.number, row.organization_name, row.ends_on, issued.status, issued.gives_right))
    return found
