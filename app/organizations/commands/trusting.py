"""Saying whether a data partner's imports and harvests may be listed without a check of each dataset."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.errors import WrongState
from app.foundation.words import N_
from app.history.commands import record
from app.organizations.commands.acting import about, locked_organization
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.roles import CAPACITIES, Capacity


def trust_to_list(
    session: Session, actor: Actor, organization_id: int, now: datetime, *, unchecked: bool
) -> Organization:
    """Let whole catalogs of a data partner be listed at once, or have each dataset checked again. Said twice, it counts once.

    Raises:
        NotFound: there is no such organization for the actor.
        NotAllowed: this is for the secretariat, and for nobody who is of the organization.
        WrongState: it is no data partner.
    """
    row = locked_organization(session, actor, organization_id, Action.TRUST_TO_LIST)
    if unchecked and Capacity.DATA_PARTNER not in CAPACITIES[row.kind]:
        raise WrongState(N_("It is no data partner, and lists nothing."))
    if row.lists_unchecked is unchecked:
        return row
    row.lists_unchecked = unchecked
    event = Event.TRUSTED_TO_LIST if unchecked else Event.LISTS_BY_CHECK
    record(session, event, actor, about(actor, row), now, {"name": row.name})
    return row
