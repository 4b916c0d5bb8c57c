"""Reminders of the one who is waited for: by hand from near the end on, and by date at fixed shares of the time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotAllowed, WrongState
from app.foundation.words import N_
from app.proposals.commands.acting import locked, permitted, record_act, record_event, roles_of
from app.proposals.models import Proposal, Reminder
from app.proposals.open_waits import OpenWait
from app.proposals.queries.clock import has_come, last_share
from app.proposals.queries.named import settle
from app.proposals.queries.whose_turn import first_reminder, whose_turn
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import REMIND_AT, Progress, reminder_share
from app.rules.events import Event
from app.rules.turns import expected


def remind(session: Session, actor: Actor, reference: str, now: datetime) -> Reminder:
    """Ask the one who is waited for to act. Possible from 80 % of the time on (day 8 of 10), once in three days.

    Where hours count, it is possible once in three hours.

    Raises:
        WrongState: it is too early, somebody reminded lately, or the actor is the one who is waited for.
    """
    proposal = locked(session, reference)
    permitted(session, Action.REMIND_ON_PROPOSAL, actor, proposal)
    row = expected(proposal.state, proposal.step, pipeline=proposal.pipeline)
    if row.role in roles_of(session, actor, proposal):
        raise WrongState(N_("It is your own turn: there is nobody else to remind. The page says what to do."))
    turn = whose_turn(session, proposal, now)
    starting = first_reminder(session, proposal, turn)
    if turn.progress is None or starting is None or not has_come(starting, now):
        raise WrongState(N_("It is too early for a reminder. The proposal's page says from when on one can be sent."))
    sent = _note(session, proposal, None, None, actor.person_id, now)
    facts: JSONObject = {"by_hand": True, "percent": turn.progress.percent}
    record_act(session, Action.REMIND_ON_PROPOSAL, actor, proposal, now, facts)
    return sent


def remind_many(session: Session, actor: Actor, references: Sequence[str], now: datetime) -> tuple[int, int]:
    """Remind on several proposals at once; returns how many were sent, and how many it is too early or too soon for.

    Raises:
        Invalid: none was chosen.
    """
    chosen = sorted(set(references))
    if not chosen:
        raise Invalid(N_("Choose at least one proposal."), field="reference")
    sent = 0
    for reference in chosen:
        try:
            remind(session, actor, reference, now)
        except (WrongState, NotAllowed):
            continue
        sent += 1
    return sent, len(chosen) - sent


def remind_by_date(session: Session, now: datetime) -> int:
    """Send what is due by date: at 50, 80, 100 and 150 % of each running wait, each share once. Returns how many.

    Each data partner has its own clock. Where several shares passed since the last run, only the latest is sent.
    """
    settle(session)
    due = session.execute(_due(now)).all()
    return sum(_remind_one(session, reference, organization_id, now) for reference, organization_id in due)


def _due(now: datetime) -> Select[str, int]:
    """Waits with a share of the time reached that nobody was reminded of yet."""
    at = zip(REMIND_AT, (OpenWait.half_at, OpenWait.most_at, OpenWait.full_at, OpenWait.late_at), strict=True)
    reached = case(*((moment <= now, share) for share, moment in reversed(list(at))), else_=0)
    known = (
        select(func.max(Reminder.percent))
        .where(
            Reminder.proposal_id == OpenWait.proposal_id,
            Reminder.wait_began_at == OpenWait.since,
            Reminder.organization_id.is_(None) | (Reminder.organization_id == OpenWait.organization_id),
        )
        .correlate(OpenWait)
        .scalar_subquery()
    )
    return (
        select(Proposal.reference, OpenWait.organization_id)
        .join(Proposal, Proposal.id == OpenWait.proposal_id)
        .where(OpenWait.half_at <= now, reached > func.coalesce(known, 0))
        .order_by(Proposal.id, OpenWait.organization_id)
    )


def _reached(clock: Progress | None) -> int:
    """The last share of the time that has passed; 0 before the first."""
    return reminder_share(clock.percent) if clock is not None else 0


def _remind_one(session: Session, reference: str, organization_id: int, now: datetime) -> bool:
    proposal = locked(session, reference)
    holders = whose_turn(session, proposal, now).holders
    clock = next((each.progress for each in holders if each.organization_id == organization_id), None)
    share = _reached(clock)
    if share <= (last_share(session, proposal, organization_id) or 0):
        return False
    _note(session, proposal, share, organization_id, None, now)
    facts: JSONObject = {"by_hand": False, "percent": share, "organization": organization_id}
    record_event(session, Event.REMINDER_SENT, SYSTEM, proposal, now, facts)
    return True


def _note(
    session: Session,
    proposal: Proposal,
    percent: int | None,
    organization_id: int | None,
    person_id: int | None,
    now: datetime,
) -> Reminder:
    row = Reminder(
        proposal_id=proposal.id,
        wait_began_at=proposal.waiting_since,
        percent=percent,
        organization_id=organization_id,
        sent_by_id=person_id,
        sent_at=now,
    )
    session.add(row)
    session.flush()
    return row
