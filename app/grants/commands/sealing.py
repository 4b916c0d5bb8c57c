"""The moment in which a grant begins: its sealed letter is stored, and it becomes active, in one transaction.

In the same transaction a successor takes the place of its predecessor, which was in force until then.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.grants.commands.acting import locked, moved
from app.grants.models import Grant
from app.letters.seal import Sealed
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.workflow import is_possible

MEDIA_TYPE = "application/pdf"


def activate(session: Session, store: FileStore, number: str, sealed: Sealed, now: datetime) -> Grant:
    """Store the letter and make the grant active. A grant that was sealed or revoked meanwhile stays as it is."""
    predecessor = _locked_predecessor(session, number)  # before its successor, as every other act locks them
    grant = locked(session, number)
    if not is_possible(Action.SEAL_GRANT, grant.state):
        return grant
    if predecessor is not None and not is_possible(Action.REPLACE_GRANT, predecessor.state):
        reason = f"{predecessor.number} ended before this letter was sealed."
        return moved(session, Action.REVOKE_GRANT, SYSTEM, grant, now, reason)
    file = store_file(session, store, sealed.pdf, f"{number}.pdf", MEDIA_TYPE, ("grant", number), now)
    grant.letter_id, grant.sealed_at = file.id, sealed.sealed_at
    session.flush()
    stopped = _replace(session, predecessor, grant, now) if predecessor is not None else None
    facts = {"sha256": sealed.sha256, "level": sealed.level, "certificate": sealed.seal_fingerprint}
    moved(session, Action.SEAL_GRANT, SYSTEM, grant, now, **facts)
    if stopped is not None:
        _stay_suspended(session, grant, *stopped, now)
    return grant


def is_still_said(session: Session, number: str, record: Mapping[str, object]) -> bool:
    """Whether a grant still says what its letter was made of; false where it was shortened meanwhile. Locks it as `activate`."""
    _locked_predecessor(session, number)
    return locked(session, number).record == record


def _locked_predecessor(session: Session, number: str) -> Grant | None:
    successor = aliased(Grant)
    before = select(Grant.number).join(successor, successor.predecessor_id == Grant.id)
    found = session.scalar(before.where(successor.number == number))
    return locked(session, found) if found else None


def _replace(session: Session, predecessor: Grant, grant: Grant, now: datetime) -> tuple[str, str | None] | None:
    """The predecessor ends here; answers with the reason and ground of a suspension, which its successor takes over.

    Nobody lifts a suspension by letting the last day pass: what expired suspended is followed by a suspended grant too.
    """
    is_stopped = is_possible(Action.LIFT_SUSPENSION, predecessor.state) or predecessor.state_ground is not None
    reason, ground = predecessor.state_reason or f"{predecessor.number} was suspended.", predecessor.state_ground
    with session.no_autoflush:  # its state and its successor's number are written together
        predecessor.successor_number, predecessor.state_ground = grant.number, None
        moved(session, Action.REPLACE_GRANT, SYSTEM, predecessor, now, successor=grant.number)
    return (reason, ground) if is_stopped else None


def _stay_suspended(session: Session, grant: Grant, reason: str, ground: str | None, now: datetime) -> None:
    moved(session, Action.SUSPEND_GRANT, SYSTEM, grant, now, reason, ground=ground)
    grant.state_ground = ground
