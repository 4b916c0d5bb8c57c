"""A hand-over follows its grant: it begins with its sealed letter, is shortened with it, goes on under a successor, or ends."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.commands.handing import ended, locked, moved, permitted, put, send_link, tell
from app.changes.handed import as_it_runs, manuscript, parent_of, record_of, with_moved_day
from app.changes.queries.limits import Limits, require_within
from app.foundation.errors import Invalid
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.grants.commands.letters import Press
from app.grants.duties import day_words
from app.grants.lasting import lasting
from app.grants.models import Grant, SubGrant
from app.letters.render import render
from app.letters.seal import Sealed, changed, sealer
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.workflow import is_possible, transition


def sealed_handover(the_press: Press, stored: Mapping[str, object], token: str, now: datetime) -> Sealed:
    """The sealed letter of a hand-over. Slow and free of the database; raises LetterError as rendering and sealing do."""
    rendered = render(manuscript(stored, token, the_press.public_url))
    seals = sealer(the_press.keys, the_press.passphrase, the_press.timestamp_url, changed(the_press.keys))
    return seals.seal(rendered.pdf, now, f"Hand-over {record_of(stored).number}", timestamp=False)


def activate_subgrant(session: Session, store: FileStore, number: str, sealed: Sealed, now: datetime) -> SubGrant:
    """Store the letter and let the hand-over begin; one whose grant ended meanwhile ends with it."""
    grant, row = locked(session, number)
    if not is_possible(Action.SEAL_SUBGRANT, row.state):
        return row
    if not is_possible(Action.REVOKE_GRANT, grant.state):
        return _ended(session, grant, row, now)
    file = store_file(session, store, sealed.pdf, f"{number}.pdf", "application/pdf", ("subgrant", number), now)
    row.letter_id, row.sealed_at = file.id, sealed.sealed_at
    session.flush()
    return moved(session, Action.SEAL_SUBGRANT, SYSTEM, grant, row, now, sha256=sealed.sha256)


def shorten_handed_over(session: Session, number: str, now: datetime) -> int:
    """The last day of a grant has moved: what was handed over under it lasts no longer (clause 11.3). Returns how many.

    Whatever is not sealed yet says the new day from here on, and an offer goes out anew: its old link opens nothing.
    """
    longer = (
        select(SubGrant.number)
        .join(Grant, Grant.id == SubGrant.grant_id)
        .where(
            Grant.number == number,
            SubGrant.state.in_(transition(Action.SHORTEN_SUBGRANT).sources),
            SubGrant.ends_on > Grant.ends_on,
        )
    )
    return sum(_shorten(session, each, now) for each in session.scalars(longer.order_by(SubGrant.id)).all())


def _shorten(session: Session, number: str, now: datetime) -> bool:
    grant, row = locked(session, number)
    if not is_possible(Action.SHORTEN_SUBGRANT, row.state) or row.ends_on <= grant.ends_on:
        return False
    before, row.ends_on = row.ends_on, max(row.starts_on, grant.ends_on)
    if grant.ends_on < max(row.starts_on, now.astimezone(UTC).date()):
        why = f"The last day of {grant.number} is {day_words(grant.ends_on)} now, and this has ended with it."
        ended(session, SYSTEM, grant, row, why, now)
        return True
    if row.sealed_at is None:
        _say_new_day(row, before, now)
    days = {"before": before.isoformat(), "ends_on": row.ends_on.isoformat()}
    if is_possible(Action.ACCEPT_SUBGRANT, row.state):
        send_link(session, row, now, **days)
    # It stays in the state that it is in, and so does the clock of whoever is waited for.
    permitted(session, Action.SHORTEN_SUBGRANT, SYSTEM, grant, row)
    session.flush()
    tell(session, Action.SHORTEN_SUBGRANT, SYSTEM, grant, row, now, **days)
    return True


def _say_new_day(row: SubGrant, before: date, now: datetime) -> None:
    if row.signed_at is not None:  # what was signed said another day, and the letter says so
        row.record = with_moved_day(row.record, before, row.ends_on, now)
    partner = str(parent_of(row.record)["data_partner"])
    put(row, lasting(record_of(row.record), partner, row.ends_on, row.country))


def follow_grant(session: Session, number: str, now: datetime) -> int:
    """Let every open hand-over under a grant that ended or was replaced follow it. Returns how many did."""
    open_ones = (
        select(SubGrant.number)
        .join(Grant, Grant.id == SubGrant.grant_id)
        .where(Grant.number == number, SubGrant.state.in_(transition(Action.END_SUBGRANT).sources))
    )
    return sum(_follow(session, each, now) for each in session.scalars(open_ones.order_by(SubGrant.id)).all())


def _follow(session: Session, number: str, now: datetime) -> bool:
    grant, row = locked(session, number)
    if is_possible(Action.REVOKE_GRANT, grant.state) or not is_possible(Action.END_SUBGRANT, row.state):
        return False
    successor = session.scalar(select(Grant).where(Grant.number == (grant.successor_number or "")))
    if successor is not None and _still_within(row, successor):
        moved(session, Action.CARRY_SUBGRANT, SYSTEM, grant, row, now, successor=successor.number)
        row.grant_id = successor.id
        session.flush()
        _shorten(session, number, now)  # it lasts no longer than what it stands under now
        return True
    _ended(session, grant, row, now, successor)
    return True


def _still_within(row: SubGrant, successor: Grant) -> bool:
    """Whether all that was handed over lies within the newer grant. Its first day is no limit to what goes on, and its last
    day shortens it.
    """
    cut, above = record_of(row.record), as_it_runs(successor)
    ends_on = min(row.ends_on, above.ends_on)
    starts_on = min(max(cut.starts_on, above.starts_on), ends_on)
    limits = Limits(row.kind, row.datasets, cut.purposes, starts_on, ends_on, cut.kept_in, row.country)
    try:
        require_within(limits, above, 0)
    except Invalid:
        return False
    return True


def _ended(session: Session, grant: Grant, row: SubGrant, now: datetime, successor: Grant | None = None) -> SubGrant:
    reason = f"{grant.number} has ended, and this with it."
    if successor is not None:
        reason = (
            f"{successor.number} took the place of {grant.number} and no longer covers all of this, so it has ended."
        )
    return ended(session, SYSTEM, grant, row, reason, now)
