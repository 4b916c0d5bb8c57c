"""The data partner reads an output: remarks on lines, changes asked for on one of three grounds, or cleared by its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound, WrongState
from app.foundation.said import words_of
from app.foundation.text import clean_line
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.sides import sides
from app.organizations.calendars import calendar_of
from app.outputs.commands.acting import NOT_THERE, latest, locked, moved, require_permitted
from app.outputs.commands.undoing import undoable
from app.outputs.models import Output, OutputComment, OutputVersion
from app.outputs.queries.outputs import side_of
from app.outputs.queries.terms import most_delay_days
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.outputs import CHANGES, MOST_LINES, Ground, answer_by
from app.rules.permissions import allowed
from app.rules.workflow import Machine

NO_FILE = N_(
    "Only an address was submitted, so that nothing says which bytes are cleared. "
    "The team withdraws it, and submits it again with its file."
)


@dataclass(frozen=True)
class Request:
    """One change asked for: the passage, its ground, and what would mend it (clause 17.3). `line` counts from 1."""

    place: str
    ground: Ground
    words: str
    line: int | None = None


@dataclass(frozen=True)
class Passage:
    """Where something is said of an output, and the ground where a change is asked for."""

    place: str
    line: int | None = None
    ground: str = ""


def comment(
    session: Session, actor: Actor, reference: str, place: str, words: str, now: datetime, line: int | None = None
) -> OutputComment:
    """Remark on a line or page of the version that is read now; it asks for nothing."""
    grant, row = locked(session, reference)
    require_permitted(session, Action.COMMENT_ON_OUTPUT, actor, grant, row)
    said = words_of(words, N_("Write your remark."))
    added = _add(session, actor, grant, row, Passage(clean_line(place)[:60], line_of(line)), said, now)
    moved(session, Action.COMMENT_ON_OUTPUT, actor, grant, row, now, comment=added.id)
    return added


def answer(session: Session, actor: Actor, reference: str, asked_id: int, words: str, now: datetime) -> OutputComment:
    """Answer a remark, or a change asked for, at its place.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; NotFound too where it is no remark on this output.
        Invalid: there are no words.
    """
    grant, row = locked(session, reference)
    require_permitted(session, Action.COMMENT_ON_OUTPUT, actor, grant, row)
    asked = session.get(OutputComment, asked_id)
    if asked is None or session.get_one(OutputVersion, asked.version_id).output_id != row.id:
        raise NotFound(NOT_THERE)
    said = words_of(words, N_("Write your answer."))
    first = asked.answers_id or asked.id
    added = _add(session, actor, grant, row, Passage(asked.place, asked.line), said, now)
    added.answers_id, added.version_id = first, asked.version_id
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
    action = answering(session, actor, grant, row)
    require_permitted(session, action, actor, grant, row)
    require_shown(session, row, version)
    if not requests:
        raise Invalid(N_("Say what should change, where, and on which of the three grounds."), field="words")
    with undoable(session, action, actor, row, now):
        for each in requests:
            place, said = checked(each)
            _add(session, actor, grant, row, Passage(place, each.line, each.ground.value), said, now)
        moved(session, action, actor, grant, row, now, grounds=sorted({each.ground.value for each in requests}))
        row.answer_by = answer_by(now, CHANGES, calendar_of(session, grant.member_id))
    return row


def clear(session: Session, actor: Actor, reference: str, version: int, now: datetime) -> Output:
    """Clear the version that was shown: exactly its bytes may be published.

    Raises:
        NotFound, NotAllowed, WrongState: as the rules say; WrongState too where a newer version was submitted meanwhile.
    """
    grant, row = locked(session, reference)
    action = _first_allowed(session, actor, grant, row, (Action.CLEAR_OUTPUT, Action.CLEAR_AFTER_TEST))
    require_permitted(session, action, actor, grant, row)
    require_shown(session, row, version)
    if not latest(session, row).sha256:  # submitted when an address was enough
        raise WrongState(NO_FILE)
    with undoable(session, action, actor, row, now):
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


def answering(session: Session, actor: Actor, grant: Grant, row: Output) -> Action:
    """The act by which this person asks for changes."""
    return _first_allowed(session, actor, grant, row, (Action.ASK_OUTPUT_CHANGES, Action.RETURN_AFTER_TEST))


def checked(request: Request) -> tuple[str, str]:
    """The place in words and what would mend it; raises Invalid where there is neither line nor place, or no remedy."""
    place = clean_line(request.place)[:60]
    if not place and line_of(request.line) is None:
        raise Invalid(N_("Name the line or page, like “page 4” or “line 12”."), field="place")
    return place, words_of(request.words, N_("Say what would mend it."))


def line_of(line: int | None) -> int | None:
    """A line that can be shown; raises Invalid for any other number."""
    if line is not None and not 1 <= line <= MOST_LINES:
        raise Invalid(N_("This text has no such line. Choose the number of one that is shown."), field="place")
    return line


def _first_allowed(session: Session, actor: Actor, grant: Grant, row: Output, actions: tuple[Action, Action]) -> Action:
    """The data partner's own act, or the secretariat's where the data partner did not answer in time."""
    may = allowed(sides(session, actor, grant), Machine.OUTPUT, row.state)
    return next((action for action in actions if action in may), actions[0])


def require_shown(session: Session, row: Output, version: int) -> None:
    """Raise WrongState where a newer version was submitted than the one that was shown."""
    if latest(session, row).number != version:
        raise WrongState(N_("A newer version was submitted meanwhile. Open the page again and read that one."))


def _add(
    session: Session, actor: Actor, grant: Grant, row: Output, at: Passage, words: str, now: datetime
) -> OutputComment:
    added = OutputComment(
        version_id=latest(session, row).id,
        author_id=actor.person_id or 0,
        organization_id=side_of(actor, grant),
        line=at.line,
        place=at.place,
        ground=at.ground,
        body=words,
        posted_at=now,
    )
    session.add(added)
    session.flush()
    return added
