"""What a member that is held up may not ask for: a later last day waits until what it owes is mended."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.organizations.models import Restriction
from app.organizations.restrictions import restrictions_of
from app.rules.changes import LETS_IT_RUN_LONGER, ChangeKind
from app.rules.restrictions import RestrictionKind


def held_up(session: Session, grant: Grant) -> Restriction | None:
    """The oldest thing for which the grant's member can neither renew nor extend grants now, of this grant or another."""
    return next(iter(restrictions_of(session, grant.member_id, RestrictionKind.RENEW_GRANTS)), None)


def held_up_by(session: Session, grant: Grant, kinds: Iterable[ChangeKind]) -> Restriction | None:
    """The same for a change of these kinds; None where the change lets nothing run longer."""
    return held_up(session, grant) if LETS_IT_RUN_LONGER & set(kinds) else None
