"""The data partner reads an output: remarks on lines, changes asked for on one of three grounds, or cleared by its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, WrongState
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.sides import sides
from app.outputs.commands.acting import latest, locked, moved, require_permitted, words_of
from app.outputs.models import Output, OutputComment
from app.outputs.queries.terms import most_delay_days
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.outputs import CHANGES, Ground, answer_by
from app.rules.permissions import allowed
from app.rules.workflow import Machine


@dataclass(frozen=True)
class Request:
    """One change asked for: the passage, its ground, and what would mend it (clause 17.3)."""

    place: str
    ground: Ground
    words: str


def comment(session: Session, actor: Actor, reference: str, place: str, words: str, now: datetime) -> OutputComment:
    """Remark on a line or page of the version that is read now; it asks for nothing."""
    grant, row = locked(session, reference)
    require_permitted(session, Action.COMMENT_ON_OUTPUT, actor, grant, row)
    said = words_of(words, N_("Write your remark."))
    added = _add(session, actor, grant, row, (place, "", said), now)
    moved(session, Action.COMMENT_ON_OUTPUT, actor, grant, row, now, comment=added.id)
    return added


def ask_changes(
    session: Session, actor: Actor, reference: str, requests: Sequence[Request], version: int, now: datetime
) -> Output:
    """Ask for changes. Findings are never a ground (clause 17.4), so each request names one of the three and what would mend it.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where a newer version was submitted meanwhile.
        Invalid: there is no request, or one names no passage or no remedy.
    """
    grant, row = locked(session, reference)
    action = _first_allowed(session, actor, grant, row, (Action.ASK_OUTPUT_CHANGES, Action.RETURN_AFTER_TEST))
    require_permitted(session, action, actor, grant, row)
    _require_shown(session, row, version)
    if not requests:
        raise Invalid(N_("Say what should change, where, and on which of the three grounds."), field="words")
    for each in requests:
        place = clean_line(each.place)
        if not place:
            raise Invalid(N_("Name the line or page, like “page 4” or “line 12”."), field="place")
        said = words_of(each.words, N_("Say what would mend it."))
        _add(session, actor, grant, row, (place, each.ground.value, said), now)
    moved(session, action, actor, grant, row, now, grounds=sorted({each.ground.value for each in requests}))
    row.answer_by = answer_by(now, CHANGES)
    session.flush()
    return row


def clear(session: Session, actor: Actor, reference: str, version: int, now: datetime) -> Output:
    """Clear the version that was shown: exactly its bytes may be published.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where a newer version was submitted meanwhile.
    """
    grant, row = locked(session, reference)
    action = _first_allowed(session, actor, grant, row, (Action.CLEAR_OUTPUT, Action.CLEAR_AFTER_TEST))
    require_permitted(session, action, actor, grant, row)
    _require_shown(session, row, version)
    return cleared(session, action, actor, (grant, row), now)


def delay(session: Session, actor: Actor, reference: str, days: int | None, words: str, now: datetime) -> Output:
    """Ask to wait with publication, to protect confidential information: once for each output (clause 17.6).

    Args:
        days: calendar days, counted from the day on which it was cleared.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where it was asked for before, or the terms allow none.
        Invalid: more days than the terms allow, none that are left, or no reason.
    """
    grant, row = locked(session, reference)
    require_permitted(session, Action.DELAY_OUTPUT, actor, grant, row)
    most = most_delay_days(grant)
    if not most:
        raise WrongState(N_("The terms of this grant allow no delay: what is cleared may be published at once."))
    if row.delayed_until is not None:
        raise WrongState(N_("A delay was asked for already, and it can be asked for once."))
    if row.cleared_at is None:
        raise WrongState(N_("A delay begins when the output is cleared. Clear it first."))
    if days is None or not 1 <= days <= most:
        raise Invalid(f"Enter a number of days from 1 to {most}: the terms allow no longer delay.", field="days")
    until = row.cleared_at.astimezone(UTC).date() + timedelta(days=days)
    if until <= now.astimezone(UTC).date():
        raise Invalid(N_("These days are over already: they count from the day on which it was cleared."), field="days")
    row.delay_words = words_of(words, N_("Say which confidential information the delay protects."))
    row.delayed_until = until
    return moved(session, Action.DELAY_OUTPUT, actor, grant, row, now, until=until.isoformat(), words=row.delay_words)


def cleared(session: Session, action: Action, actor: Actor, case: tuple[Grant, Output], now: datetime) -> Output:
    """Keep the hash of what was cleared, and by whom."""
    grant, row = case
    row.cleared_at, row.cleared_by_id, row.answer_by = now, actor.person_id, None
    row.cleared_sha256 = latest(session, row).sha256
    return moved(session, action, actor, grant, row, now, sha256=row.cleared_sha256)


def _first_allowed(session: Session, actor: Actor, grant: Grant, row: Output, actions: tuple[Action, Action]) -> Action:
    """The data partner's own act, or the secretariat's where the data partner did not answer in time."""
    may = allowed(sides(session, actor, grant), Machine.OUTPUT, row.state)
    return next((action for action in actions if action in may), actions[0])


def _require_shown(session: Session, row: Output, version: int) -> None:
    if latest(session, row).number != version:
        raise WrongState(N_("A newer version was submitted meanwhile. Open the page again and read that one."))


def _add(
    session: Session, actor: Actor, grant: Grant, row: Output, said: tuple[str, str, str], now: datetime
) -> OutputComment:
    place, ground, words = said
    concerned = [key for key in (grant.data_partner_id, grant.member_id) if key in actor.organization_ids]
    added = OutputComment(
        version_id=latest(session, row).id,
        author_id=actor.person_id or 0,
        organization_id=next(iter([*concerned, *sorted(actor.organization_ids)]), None),
        place=clean_line(place)[:60],
        ground=ground,
        body=words,
        posted_at=now,
    )
    session.add(added)
    session.flush()
    return added
