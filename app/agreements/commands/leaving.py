"""Leaving with notice: given by a signatory, or recorded from paper; withdrawn; followed; and the day (clauses 19.6 to 19.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.agreements import evidence
from app.agreements.commands.acting import locked_accession, tell
from app.agreements.commands.countersigning import Scan, media_type
from app.agreements.evidence import Trace
from app.agreements.models import Accession
from app.agreements.notice import TAKEN_BACK_WITHIN, Period, leaves_at, period_of, timed_leaving
from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, WrongState
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.organizations.commands.reminding import remind_each
from app.organizations.reminders import Timed
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.workflow import AccessionState

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Letter:
    """A notice that came in writing: on which day, and as it was scanned."""

    received_on: date
    scan: Scan


def give_notice(
    session: Session, actor: Actor, reference: str, leaves_on: date, reason: str, trace: Trace, now: datetime
) -> Accession:
    """Give notice that the organization leaves on a day (clause 19.6). A reason may be given and need not be.

    Nothing follows for ten minutes, in which it can be taken back; then the worker tells everybody.

    Raises:
        Invalid: the day is earlier than the notice allows, or years ahead; the reason is too long.
        NotAllowed: the actor is no signatory of the organization.
        WrongState: the accession is not in force, or notice was given already.
    """
    row, after = _locked_side(session, actor, reference, Action.GIVE_NOTICE)
    words = _reason(reason)
    _require_in_time(leaves_on, period_of(session, row, now))
    for each in _together(session, row, AccessionState.IN_FORCE):
        _note(each, actor, leaves_on, words, after, now)
        evidence.add_step(each, "notice given", actor.name, trace, now)
        tell(session, Action.GIVE_NOTICE, actor, each, now, _facts(each, row))
    return row


def record_notice(
    session: Session,
    actor: Actor,
    reference: str,
    leaves_on: date,
    reason: str,
    letter: Letter,
    store: FileStore,
    now: datetime,
) -> Accession:
    """Record a notice that came to the secretariat in writing (clause 21.8); it counts from the working day after it came.

    Raises:
        Invalid: the day it came lies ahead, the day of leaving is too early or years ahead, or the scan cannot be used.
        NotAllowed: it is the actor's own organization, or the role does not suffice.
        WrongState: the accession is not in force, or notice was given already.
    """
    row, after = _locked_side(session, actor, reference, Action.RECORD_NOTICE)
    words, period = _reason(reason), period_of(session, row, now, letter.received_on)
    if letter.received_on > period_of(session, row, now).received:
        raise Invalid(N_("Enter the day on which it came. That day lies ahead."), "received_on")
    _require_in_time(leaves_on, period)
    kind, filename = media_type(letter.scan.data), clean_line(letter.scan.filename)[-120:] or "notice"
    stored = store_file(session, store, letter.scan.data, filename, kind, ("accession", row.reference), now)
    for each in _together(session, row, AccessionState.IN_FORCE):
        _note(each, actor, leaves_on, words, after, now)
        each.notice_by_id, each.notice_received_on, each.notice_document_id = None, letter.received_on, stored.id
        evidence.add_step(each, "notice recorded", actor.name, Trace(), now)
        tell(session, Action.RECORD_NOTICE, actor, each, now, _facts(each, row) | {"scan_sha256": stored.sha256})
    return row


def withdraw_notice(session: Session, actor: Actor, reference: str, trace: Trace, now: datetime) -> Accession:
    """Take the notice back before its day: the organization stays. What it had closed in reviews stays closed.

    Raises:
        WrongState: no notice runs, or its day has come.
    """
    row, after = _locked_side(session, actor, reference, Action.WITHDRAW_NOTICE)
    if row.leaves_on is not None and now >= leaves_at(row.leaves_on):
        raise WrongState(N_("The day of leaving has come. To take part again, the organization joins anew."))
    for each in _together(session, row, AccessionState.LEAVING):
        followed = each.notice_followed_at
        facts = _facts(each, row) | {"followed_at": followed.isoformat() if followed else None}
        each.state = after
        each.notice_at = each.notice_by_id = each.notice_received_on = each.notice_reason = None
        each.notice_document_id = each.notice_followed_at = each.leaves_on = None
        evidence.add_step(each, "notice withdrawn", actor.name, trace, now)
        tell(session, Action.WITHDRAW_NOTICE, actor, each, now, facts)
    return row


def to_follow(session: Session, now: datetime) -> Sequence[str]:
    """The accessions whose notice can no longer be taken back without a trace, and from which nothing has followed yet."""
    found = _leaving().where(
        Accession.notice_followed_at.is_(None), Accession.notice_at <= now - TAKEN_BACK_WITHIN
    )  # fmt: skip
    return session.scalars(found).all()


def follow_notice(session: Session, reference: str, now: datetime) -> Accession | None:
    """Note that what a notice brings follows from now on; None where it was taken back, or has followed, meanwhile."""
    try:
        row, _after = locked_accession(session, SYSTEM, reference, Action.FOLLOW_NOTICE)
    except WrongState:
        return None
    if row.notice_followed_at is not None or row.leaves_on is None:
        return None
    row.notice_followed_at = now
    session.flush()
    tell(session, Action.FOLLOW_NOTICE, SYSTEM, row, now, {"leaves_on": row.leaves_on.isoformat()})
    return row


def leave_by_date(session: Session, now: datetime) -> int:
    """End every accession whose day of leaving has come. Returns how many; what follows is told by the event of the end."""
    count = 0
    for reference in session.scalars(_leaving().where(Accession.leaves_on <= now.date())).all():
        try:
            row, after = locked_accession(session, SYSTEM, reference, Action.LEAVE_AGREEMENT)
        except WrongState:  # it was taken back, or ended, meanwhile
            continue
        if row.leaves_on is None or now < leaves_at(row.leaves_on):
            continue
        row.state, row.ended_at = after, leaves_at(row.leaves_on)  # also where the worker comes late
        evidence.add_step(row, "left", SYSTEM.name, Trace(), now)
        reason = f"{row.organization.name} leaves with notice (clause 19.6). {row.notice_reason or ''}".strip()
        tell(session, Action.LEAVE_AGREEMENT, SYSTEM, row, now, {"reason": reason})
        count += 1
    return count


def remind_of_leaving(session: Session, now: datetime) -> int:
    """Remind whoever leads an organization out, at each share of the time of its notice. Returns of how many."""
    wanted = select(Accession).where(
        Accession.state == AccessionState.LEAVING, Accession.notice_followed_at.is_not(None)
    )
    rows = session.scalars(wanted.options(joinedload(Accession.organization)).order_by(Accession.id)).all()

    def lock(wait: Timed) -> Accession | None:
        try:
            row, _after = locked_accession(session, SYSTEM, wait.awaited.ref, Action.REMIND_OF_LEAVING)
        except WrongState:  # it was taken back meanwhile
            return None
        return row if row.notice_at == wait.since else None

    def note(row: Accession, facts: JSONObject) -> None:
        tell(session, Action.REMIND_OF_LEAVING, SYSTEM, row, now, facts)

    return remind_each(session, [timed_leaving(session, row, now) for row in rows], lock, note)


def _locked_side(session: Session, actor: Actor, reference: str, action: Action) -> tuple[Accession, AccessionState]:
    """The accession as `locked_accession` has it, with every one of its side locked before, always in the same order: two who
    act on different ones of them at once wait for each other.
    """
    named = select(Accession.organization_id, Accession.capacity).where(Accession.reference == reference).subquery()
    of_side = (Accession.organization_id == named.c.organization_id) & (Accession.capacity == named.c.capacity)
    side = select(Accession.id).join(named, of_side).order_by(Accession.id)
    session.execute(side.with_for_update(of=Accession)).all()
    return locked_accession(session, actor, reference, action)


def _together(session: Session, row: Accession, state: AccessionState) -> list[Accession]:
    """The accession, and those of the same side to other versions: whoever leaves, leaves all of them. All are locked."""
    others = select(Accession).options(joinedload(Accession.organization, innerjoin=True))
    others = others.where(
        Accession.organization_id == row.organization_id,
        Accession.capacity == row.capacity,
        Accession.state == state,
        Accession.id != row.id,
    )
    return [row, *session.scalars(others.order_by(Accession.id).with_for_update(of=Accession))]


def _note(row: Accession, actor: Actor, leaves_on: date, words: str, after: AccessionState, now: datetime) -> None:
    row.state, row.notice_at, row.notice_by_id = after, now, actor.person_id
    row.leaves_on, row.notice_reason = leaves_on, words or None


def _facts(row: Accession, asked: Accession) -> JSONObject:
    """What the history keeps; `with`: the accession whose notice this one follows."""
    facts: JSONObject = {"leaves_on": row.leaves_on.isoformat() if row.leaves_on else None}
    return facts | ({"reason": row.notice_reason} if row.notice_reason else {}) | (
        {"with": asked.reference} if row is not asked else {}
    )  # fmt: skip


def _leaving() -> Select[str]:
    return select(Accession.reference).where(Accession.state == AccessionState.LEAVING).order_by(Accession.id)


def _require_in_time(leaves_on: date, period: Period) -> None:
    if leaves_on < period.earliest:
        raise Invalid(
            f"The notice counts from {period.counts_from:%d %b %Y} and runs for {period.days} days (19.6, 21.8). "
            f"Enter {period.earliest:%d %b %Y} or a later day.",
            "leaves_on",
        )
    if leaves_on > period.latest:
        raise Invalid(f"Enter a day up to {period.latest:%d %b %Y}, or give notice nearer to the day.", "leaves_on")


def _reason(text: str) -> str:
    words = clean(text)
    if len(words) > LONGEST_REASON:
        raise Invalid(N_("Shorten the reason to 2,000 characters."), "reason")
    return words
