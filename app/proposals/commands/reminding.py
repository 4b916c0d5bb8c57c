"""Reminders of the one who is waited for: by hand from near the end on, and by date at fixed shares of the time."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import WrongState
from app.foundation.words import N_
from app.proposals.commands.acting import locked, permitted, record_act, record_event, roles_of
from app.proposals.models import Proposal, Reminder
from app.proposals.queries.clock import last_share, progress_of, reminder_possible_from
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import REMIND_AT, Progress
from app.rules.events import Event
from app.rules.turns import expected


def remind(session: Session, actor: Actor, reference: str, now: datetime) -> Reminder:
    """Ask the one who is waited for to act. Possible from 80 % of the time on (day 8 of 10), once in three days.

    Raises:
        WrongState: it is too early, somebody reminded lately, or the actor is the one who is waited for.
    """
    proposal = locked(session, reference)
    permitted(session, Action.REMIND_ON_PROPOSAL, actor, proposal)
    row = expected(proposal.state, proposal.step)
    if row.role in roles_of(session, actor, proposal):
        raise WrongState(N_("It is your own turn: there is nobody else to remind. The page says what to do."))
    clock, starting = progress_of(proposal, now), reminder_possible_from(session, proposal, now)
    if clock is None or starting is None or now.date() < starting:
        raise WrongState(
            N_("It is too early for a reminder. The proposal's page says from which day on one can be sent.")
        )
    sent = _note(session, proposal, None, actor.person_id, now)
    facts: JSONObject = {"by_hand": True, "percent": clock.percent}
    record_act(session, Action.REMIND_ON_PROPOSAL, actor, proposal, now, facts)
    return sent


def remind_by_date(session: Session, now: datetime) -> int:
    """Send what is due by date: at 50, 80, 100 and 150 % of each running wait, each share once. Returns how many.

    Where several shares passed since the last run, only the latest is sent.
    """
    due = _due(session, now)
    for reference in due:
        _remind_one(session, reference, now)
    return len(due)


def _due(session: Session, now: datetime) -> list[str]:
    """Proposals with a share of the time reached that nobody was reminded of yet, in two statements."""
    known: dict[tuple[int, datetime], int] = {
        (proposal_id, began_at): percent or 0
        for proposal_id, began_at, percent in session.execute(
            select(Reminder.proposal_id, Reminder.wait_began_at, func.max(Reminder.percent))
            .join(Proposal, Proposal.id == Reminder.proposal_id)
            .where(Reminder.wait_began_at == Proposal.waiting_since, Reminder.percent.is_not(None))
            .group_by(Reminder.proposal_id, Reminder.wait_began_at)
        )
    }
    waiting = session.scalars(select(Proposal).where(Proposal.waiting_since.is_not(None)).order_by(Proposal.id))
    return [
        proposal.reference
        for proposal in waiting
        if proposal.waiting_since is not None
        and _reached(progress_of(proposal, now)) > known.get((proposal.id, proposal.waiting_since), 0)
    ]


def _reached(clock: Progress | None) -> int:
    """The last share of the time that has passed; 0 before the first."""
    return max((share for share in REMIND_AT if clock is not None and clock.percent >= share), default=0)


def _remind_one(session: Session, reference: str, now: datetime) -> None:
    proposal = locked(session, reference)
    share = _reached(progress_of(proposal, now))
    if share and share > (last_share(session, proposal) or 0):
        _note(session, proposal, share, None, now)
        facts: JSONObject = {"by_hand": False, "percent": share}
        record_event(session, Event.REMINDER_SENT, SYSTEM, proposal, now, facts)


def _note(session: Session, proposal: Proposal, percent: int | None, person_id: int | None, now: datetime) -> Reminder:
    row = Reminder(
        proposal_id=proposal.id,
        wait_began_at=proposal.waiting_since,
        percent=percent,
        sent_by_id=person_id,
        sent_at=now,
    )
    session.add(row)
    session.flush()
    return row
