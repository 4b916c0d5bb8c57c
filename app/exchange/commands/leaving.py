"""What becomes of the harvest sources of a data partner that has left the common agreement."""

from datetime import datetime

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from app.agreements.binding import left
from app.exchange.commands.harvest_sources import end_source
from app.exchange.models import HarvestSource
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.roles import Capacity
from app.rules.workflow import transition

_OPEN = HarvestSource.state.in_(transition(Action.END_HARVEST).sources)


def end_sources_of(session: Session, partner: Organization, now: datetime) -> int:
    """Give up every source of a data partner that has left: nobody may list for it (clause 19.7). Returns how many."""
    theirs = select(HarvestSource.reference).where(HarvestSource.organization_id == partner.id, _OPEN)
    reason = f"{partner.name} has left the common agreement (clause 19.7)."
    found = session.scalars(theirs.order_by(HarvestSource.id)).all()
    for reference in found:
        end_source(session, SYSTEM, reference, now, reason)
    return len(found)


def sides_that_left() -> list[Select[int, str]]:
    """Whoever has left while a source of theirs is still read, with its capacity."""
    capacity = Capacity.DATA_PARTNER
    wanted = select(HarvestSource.organization_id, literal(capacity.value))
    return [wanted.where(_OPEN, left(HarvestSource.organization_id, capacity))]
