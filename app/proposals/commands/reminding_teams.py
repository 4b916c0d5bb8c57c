"""By date: reminders of those who are waited for around a team, at fixed shares of the time, in their own working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.proposals.commands.accepting import remind_member
from app.proposals.commands.acting import locked, record_event
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.team_waits import Calendars, TeamWait, calendars_for, to_remind
from app.proposals.team_models import CoApplicant, Handover
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.calendar import SECRETARIAT_JOINS_AT, Progress, Wait, reminder_share
from app.rules.permissions import permit
from app.rules.workflow import Machine, transition


@dataclass(frozen=True)
class _Reminder:
    action: Action
    machine: Machine


_REMINDERS: Mapping[Wait, _Reminder] = {
    Wait.TEAM_TERMS: _Reminder(Action.REMIND_OF_TERMS, Machine.TEAM_MEMBER),
    Wait.NEW_LEAD: _Reminder(Action.REMIND_OF_LEAD, Machine.HANDOVER),
    Wait.CO_APPLICANT: _Reminder(Action.REMIND_CO_APPLICANT, Machine.CO_APPLICANT),
    Wait.MISSING_LEAD: _Reminder(Action.REMIND_OF_MISSING_LEAD, Machine.PROPOSAL),
}


def remind_around_teams(session: Session, now: datetime) -> int:
    """Remind at 50, 80, 100 and 150 % of each wait, each share once. Returns how many reminders that were.

    Where several shares passed since the last run, only the latest is sent.
    """
    waits = to_remind(session)
    days = calendars_for(session, waits)
    # Looked at without a lock first: on most runs there is nothing to do.
    due = [(wait.proposal.reference, wait.wait, wait.row.id) for wait in waits if _share(wait, wait.clock(now, days))]
    return sum(_remind(session, *each, days, now) for each in due)


def _share(wait: TeamWait, clock: Progress) -> int:
    return reminder_share(clock.percent, _reminded(wait))


def _remind(session: Session, reference: str, kind: Wait, key: int, days: Calendars, now: datetime) -> bool:
    """Remind of one wait as it is under lock: it may have been answered meanwhile."""
    proposal = locked(session, reference)
    waits = [each for each in to_remind(session, proposal.id) if (each.wait, each.row.id) == (kind, key)]
    for wait in waits:
        clock = wait.clock(now, days)
        share, reminder = _share(wait, clock), _REMINDERS[kind]
        if not share:
            continue
        permit(reminder.action, frozenset(SYSTEM.extra), reminder.machine, wait.row.state)
        _note(wait, share)
        facts: JSONObject = {"percent": share, "due": clock.due.isoformat(), "over": clock.over, **_about(wait)}
        if isinstance(wait.row, TeamMember) and share < SECRETARIAT_JOINS_AT:
            remind_member(session, proposal, wait.row, clock.due.isoformat(), clock.over, now)
        event = transition(reminder.action).event
        if event is not None:
            record_event(session, event, SYSTEM, proposal, now, facts)
        return True
    return False


def _reminded(wait: TeamWait) -> int | None:
    return wait.row.lead_reminded if isinstance(wait.row, Proposal) else wait.row.reminded


def _note(wait: TeamWait, share: int) -> None:
    if isinstance(wait.row, Proposal):
        wait.row.lead_reminded = share
    else:
        wait.row.reminded = share


def _about(wait: TeamWait) -> JSONObject:
    """What the mails need to know of who is asked, beside the proposal."""
    row = wait.row
    if isinstance(row, TeamMember):
        return {"member": row.id, "person": row.name, "person_id": row.person_id}
    if isinstance(row, Handover):
        return {"to_id": row.to_id, "asked_by_id": row.asked_by_id}
    if isinstance(row, CoApplicant):
        return {"organization": row.organization.name, "slug": row.organization.slug}
    return {}
