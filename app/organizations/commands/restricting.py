"""Saying what an organization may not do while something that it owes is overdue, and lifting it when that is mended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import NotFound
from app.foundation.text import clean
from app.history.commands import record
from app.organizations.commands.acting import about
from app.organizations.models import Organization, Restriction
from app.organizations.queries import NOT_THERE
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.permissions import permit
from app.rules.restrictions import RestrictionKind
from app.rules.workflow import Machine

LONGEST_WORDS = 2000


def restrict(
    session: Session, actor: Actor, organization_id: int, kind: RestrictionKind, words: str, cause: str, now: datetime
) -> Restriction:
    """Begin a restriction; where one of this kind and cause is open already, that one is returned and nothing changes.

    Args:
        words: why, and what mends it, for the organization's people.
        cause: the public reference of what causes it, such as a grant's number, at most 80 characters.

    Raises:
        NotFound: there is no such organization.
        NotAllowed: this is for the system and the secretariat.
    """
    organization = _locked(session, actor, organization_id, Action.RESTRICT_ORGANIZATION)
    known = _open(session, organization_id, kind, cause)
    if known is not None:
        return known
    row = Restriction(
        organization_id=organization.id, kind=kind, since=now, words=clean(words)[:LONGEST_WORDS], cause=cause[:80]
    )
    session.add(row)
    session.flush()
    facts: dict[str, object] = {"kind": kind.value, "cause": row.cause, "words": row.words}
    record(session, Event.ORGANIZATION_RESTRICTED, actor, about(actor, organization), now, facts)
    return row


def lift_restriction(
    session: Session, actor: Actor, organization_id: int, kind: RestrictionKind, cause: str, now: datetime
) -> Restriction | None:
    """End the open restriction of this kind and cause; None, and nothing recorded, where there is none.

    Raises:
        NotFound, NotAllowed: as `restrict` does.
    """
    organization = _locked(session, actor, organization_id, Action.LIFT_RESTRICTION)
    row = _open(session, organization_id, kind, cause)
    if row is None:
        return None
    row.ended_at = now
    session.flush()
    facts: dict[str, object] = {"kind": kind.value, "cause": row.cause}
    record(session, Event.RESTRICTION_LIFTED, actor, about(actor, organization), now, facts)
    return row


def _locked(session: Session, actor: Actor, organization_id: int, action: Action) -> Organization:
    row = session.get(Organization, organization_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(NOT_THERE)
    permit(action, standing(actor, row), Machine.ORGANIZATION)
    return row


def _open(session: Session, organization_id: int, kind: RestrictionKind, cause: str) -> Restriction | None:
    return session.scalar(
        select(Restriction).where(
            Restriction.organization_id == organization_id,
            Restriction.kind == kind,
            Restriction.cause == cause[:80],
            Restriction.ended_at.is_(None),
        )
    )
