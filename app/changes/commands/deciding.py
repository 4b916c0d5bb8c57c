"""The data partner's decision on a change: bound to what it was shown, and to what its listings said at that moment."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.changes.commands.acting import locked, moved, permitted
from app.changes.commands.asking import LONGEST_WORDS, freeze, on_its_way
from app.changes.commands.following import may_go_on
from app.changes.models import GrantChange
from app.changes.queries.parties import require_bound
from app.changes.queries.plan import plan
from app.changes.wanted import from_json
from app.foundation.errors import Invalid, WrongState
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.models import Grant
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import UNDO_MINUTES


def approve(
    session: Session, actor: Actor, reference: str, words: str, shown: tuple[str, str], now: datetime
) -> GrantChange:
    """Approve a change; the director issues the newer grant. `words` stand on the letter and may be empty.

    Args:
        shown: the hash of the change, and that of the listings' terms, as the decider was shown them.

    Raises:
        WrongState: either is not what it was any more.
        Invalid: what would be issued is not possible any more; the message says why.
    """
    grant, change = locked(session, reference)
    permitted(session, Action.APPROVE_CHANGE, actor, grant, change)
    planned = plan(session, grant, reference, from_json(change.wanted), now)
    if shown != (change.content_hash, planned.terms_hash):
        raise WrongState(
            N_(
                "The terms of a listing changed after you opened this, so nothing was decided. Open it again and decide anew."
            )
        )
    freeze(change, planned)
    _note(change, actor, words, now)
    return moved(session, Action.APPROVE_CHANGE, actor, grant, change, now, words=change.words, terms=change.terms_hash)


def not_approve(
    session: Session, actor: Actor, reference: str, words: str, shown_hash: str, now: datetime
) -> GrantChange:
    """Do not approve a change; the grant stays as it is. Raises Invalid without words that say what would change it."""
    grant, change = locked(session, reference)
    permitted(session, Action.NOT_APPROVE_CHANGE, actor, grant, change)
    if shown_hash != change.content_hash:
        raise WrongState(N_("This is not the change that you were shown. Open it again and decide anew."))
    if not clean(words):
        raise Invalid(N_("Say why, and what would change it."), "words")
    _note(change, actor, words, now)
    return moved(session, Action.NOT_APPROVE_CHANGE, actor, grant, change, now, words=change.words)


def undo(session: Session, actor: Actor, reference: str, now: datetime) -> GrantChange:
    """Take a decision back within ten minutes, and before the newer grant is issued; it stays in the history.

    Raises:
        WrongState: the time is over, the grant has ended meanwhile, or another change was asked for since.
        Invalid: a side has left the consortium meanwhile.
    """
    grant, change = locked(session, reference)
    permitted(session, Action.UNDO_CHANGE_DECISION, actor, grant, change)
    if not may_go_on(grant, change):
        raise WrongState(f"{grant.number} has ended meanwhile, so nothing can follow it and this decision stands.")
    if not _is_fresh(change, now):
        raise WrongState(N_("A decision can be taken back for ten minutes. Write to the secretariat."))
    require_bound(session, grant)
    other = on_its_way(session, grant)
    if other not in {None, change.reference}:
        raise WrongState(f"{other} was asked for since, so this decision stands. Decide on that one.")
    moved(session, Action.UNDO_CHANGE_DECISION, actor, grant, change, now, words=change.words)
    change.decided_by_id, change.decided_at, change.authentication = None, None, ""
    change.words, change.terms, change.terms_hash = "", {}, ""
    session.flush()
    return change


def may_still_undo(grant: Grant, change: GrantChange, now: datetime) -> bool:
    """Whether somebody decided, less than ten minutes ago, and the grant has not ended since."""
    return _is_fresh(change, now) and may_go_on(grant, change)


def _is_fresh(change: GrantChange, now: datetime) -> bool:
    return change.decided_at is not None and now - change.decided_at <= timedelta(minutes=UNDO_MINUTES)


def _note(change: GrantChange, actor: Actor, words: str, now: datetime) -> None:
    told = clean(words)
    if len(told) > LONGEST_WORDS:
        raise Invalid(N_("Shorten this to 2,000 characters."), "words")
    change.words, change.decided_by_id, change.decided_at = told, actor.person_id, now
    change.authentication = actor.authentication
