"""The data partner answers: accepted, back with words, or waived with a reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.duties.commands.acting import lift_when_settled, locked, moved, require_permitted
from app.duties.commands.rounds import begin_next_round
from app.foundation.said import words_of
from app.foundation.words import N_
from app.grants.models import Duty
from app.organizations.calendars import calendar_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import add_working_days

# What came back is answered within so many working days of the member, if its own day is nearer.
MEND_WORKING_DAYS = 10


def accept(session: Session, actor: Actor, number: str, duty_id: int, words: str, now: datetime) -> Duty:
    """Take what was done as done; words of thanks are told to the team and may be empty."""
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.ACCEPT_DUTY, actor, grant, duty)
    duty.words = words_of(words)
    return moved(session, Action.ACCEPT_DUTY, actor, grant, duty, now, words=duty.words)


def return_with_words(session: Session, actor: Actor, number: str, duty_id: int, words: str, now: datetime) -> Duty:
    """Send it back; the member has at least ten working days to mend it. Raises Invalid without words."""
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.RETURN_DUTY, actor, grant, duty)
    duty.words = words_of(words, N_("Say what is missing, so that the member can mend it."))
    if duty.due_on is not None:
        calendar = calendar_of(session, grant.member_id)
        duty.due_on = max(duty.due_on, add_working_days(calendar.day_of(now), MEND_WORKING_DAYS, calendar))
    return moved(session, Action.RETURN_DUTY, actor, grant, duty, now, words=duty.words)


def waive(session: Session, actor: Actor, number: str, duty_id: int, words: str, now: datetime) -> Duty:
    """Let the member off this duty, this time; one that comes again comes again. Raises Invalid without a reason."""
    grant, duty = locked(session, number, duty_id)
    require_permitted(session, Action.WAIVE_DUTY, actor, grant, duty)
    duty.words = words_of(words, N_("Say why it is waived. The reason is kept with the grant."))
    moved(session, Action.WAIVE_DUTY, actor, grant, duty, now, words=duty.words)
    begin_next_round(session, grant, duty, now)
    lift_when_settled(session, grant, now)
    return duty
