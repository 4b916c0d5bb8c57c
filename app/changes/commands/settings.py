"""What a data partner wants to decide on when its grants change."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.models import ChangeRule
from app.foundation.errors import NotFound
from app.grants.commands.acting import NOT_THERE
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import CHANGES, ChangeKind
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.roles import Role
from app.rules.workflow import Machine

_STEWARDS = (Role.STEWARD, Role.DEPUTY)


def set_wishes(session: Session, actor: Actor, slug: str, wishes: Mapping[str, bool], now: datetime) -> Organization:
    """Keep what the data partner wants to decide on; changes on their way keep the rules they meet at each step.

    Raises:
        NotFound: the actor is no steward of it.
    """
    row = session.scalar(select(Organization).where(Organization.slug == slug).with_for_update())
    if row is None or row.id not in actor.organizations_with(*_STEWARDS):
        raise NotFound(NOT_THERE)
    permit(Action.SET_CHANGE_RULES, frozenset({Role.DATASET_STEWARD}), Machine.CONSORTIUM)
    set_now: dict[str, bool] = {}
    for kind in ChangeKind:
        if CHANGES[kind].is_fixed or kind.value not in wishes:
            continue
        decides = set_now[kind.value] = wishes[kind.value]
        known = session.get(ChangeRule, (row.id, kind.value))
        if known is None:
            known = ChangeRule(organization_id=row.id, kind=kind.value)
            session.add(known)
        known.decides, known.set_by_id, known.set_at = decides, actor.person_id or 0, now
    session.flush()
    record(
        session, Event.CHANGE_RULES_SET, actor, Subject("organization", row.slug, row.slug), now, {"decides": set_now}
    )
    return row
