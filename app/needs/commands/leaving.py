"""What becomes of data needs when an organization leaves the common agreement: its own close, its pledges are taken back."""

from datetime import datetime

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from app.agreements.binding import is_gone, left
from app.needs.commands.pledging import take_back
from app.needs.commands.posting import end
from app.needs.models import DataNeed, NeedPledge
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.roles import Capacity
from app.rules.workflow import NeedState

_OPEN = DataNeed.state == NeedState.OPEN


def end_needs_of(session: Session, side: Organization, now: datetime) -> int:
    """Close the open needs of an organization that nothing binds any more; who needs the same is told. Returns how many."""
    theirs = select(DataNeed.reference).where(
        DataNeed.organization_id == side.id, _OPEN, is_gone(DataNeed.organization_id)
    )
    words = f"{side.name} has left the common agreement. Whoever needs the same can post it anew."
    found = session.scalars(theirs.order_by(DataNeed.id)).all()
    for reference in found:
        end(session, SYSTEM, reference, Action.CLOSE_NEED, words, now)
    return len(found)


def take_back_pledges_of(session: Session, partner: Organization, now: datetime) -> int:
    """Take back what a data partner that has left pledged to needs that are still open. Returns how many pledges."""
    pledged = select(DataNeed.reference, NeedPledge.id).join(NeedPledge, NeedPledge.need_id == DataNeed.id)
    found = session.execute(
        pledged.where(NeedPledge.organization_id == partner.id, _OPEN).order_by(NeedPledge.id)
    ).all()
    for reference, pledge_id in found:
        take_back(session, SYSTEM, reference, pledge_id, now)
    return len(found)


def sides_that_left() -> list[Select[int, str]]:
    """Whoever has left while a need or a pledge of theirs is still open, with its capacity."""
    partner = Capacity.DATA_PARTNER
    pledged = select(NeedPledge.organization_id, literal(partner.value)).join(
        DataNeed, DataNeed.id == NeedPledge.need_id
    )
    posted = [
        select(DataNeed.organization_id, literal(capacity.value)).where(
            _OPEN, left(DataNeed.organization_id, capacity), is_gone(DataNeed.organization_id)
        )
        for capacity in Capacity
    ]
    return [pledged.where(_OPEN, left(NeedPledge.organization_id, partner)), *posted]
