"""An incident is reported: everyone who must know is told at once, and where the terms say so the use stops."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.foundation.numbers import yearly_reference
from app.foundation.words import N_
from app.grants.commands import suspend
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.grants.queries.grants import replaced_by
from app.incidents.commands.acting import locked, record_on, words_of
from app.incidents.commands.telling import tell
from app.incidents.models import Incident
from app.incidents.queries.standing import incident_roles, roles_at_grant
from app.incidents.queries.terms import rules_of
from app.organizations.calendars import calendar_of
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import add_working_days
from app.rules.events import Event
from app.rules.incidents import (
    SUSPENSION_WORDS,
    Because,
    PersonalData,
    Reports,
    reports_in_full,
)
from app.rules.permissions import permit
from app.rules.stopping import Ground
from app.rules.workflow import GrantState, IncidentState, Machine

PREFIX = "IN"
LONGEST_AGO = timedelta(days=730)
MAY_BE_SUSPENDED = frozenset({GrantState.ACTIVE})


@dataclass(frozen=True)
class Notice:
    """The first notice of an incident; it may be incomplete (clause 16.2)."""

    what: str
    noticed_at: datetime | None
    personal_data: PersonalData
    measures: str = ""
    dataset_id: int | None = None
    is_near_miss: bool = False


def report(session: Session, actor: Actor, number: str, given: Notice, now: datetime) -> Incident:
    """Report an incident on a grant. Everyone who must know is told at once; where the terms say so, the grant is suspended.

    Raises:
        NotFound, NotAllowed: as the rules say: anyone concerned may report one.
        Invalid: nothing is said, or the moment lies in the future.
    """
    grant = locked_grant(session, number)
    roles = roles_at_grant(session, actor, grant)
    permit(Action.REPORT_INCIDENT, roles, Machine.INCIDENT)
    rules = rules_of(grant)
    noticed_at, owed_by = _moment(given, now), reports_in_full(roles)
    calendar = calendar_of(session, grant.data_partner_id if owed_by is Reports.PARTNER else grant.member_id)
    row = Incident(
        reference=yearly_reference(session, PREFIX, now.astimezone(UTC).year),
        grant_id=grant.id,
        dataset_id=given.dataset_id,
        what=words_of(given.what, N_("Say what happened, as far as you know. It may be incomplete."), "what"),
        noticed_at=noticed_at,
        personal_data=given.personal_data.value,
        measures=words_of(given.measures, "", "measures"),
        is_near_miss=given.is_near_miss,
        reported_by_id=actor.person_id or 0,
        reported_at=now,
        notice_by=noticed_at + timedelta(hours=rules.notice_hours),
        full_report_by=add_working_days(calendar.day_of(now), rules.full_report_days, calendar),
        state=IncidentState.OPEN,
        state_since=now,
        owed_by=owed_by,
    )
    session.add(row)
    session.flush()
    tell(session, grant, row, rules.recipients, (Because.INCIDENT, row.notice_by), now)
    record_on(session, Event.INCIDENT_OPENED, actor, grant, row, now, {})
    if not given.is_near_miss:
        _suspend_where_terms_say(session, grant, now)
    return row


def stop_use(session: Session, actor: Actor, reference: str, now: datetime) -> Grant:
    """Suspend the grant, or the one that took its place. The reason that the public reads names no detail of the incident."""
    grant, row = locked(session, reference)
    permit(Action.ADD_TO_INCIDENT, incident_roles(session, actor, grant, row), Machine.INCIDENT, row.state)
    return suspend(session, actor, _in_force(session, grant).number, SUSPENSION_WORDS, now, Ground.INCIDENT)


def _suspend_where_terms_say(session: Session, grant: Grant, now: datetime) -> None:
    """What gives a right now stops, where its own terms or those that the incident came under say so."""
    running = _in_force(session, grant)
    says = rules_of(grant).suspends or rules_of(running).suspends
    if says and running.state in MAY_BE_SUSPENDED:
        suspend(session, SYSTEM, running.number, SUSPENSION_WORDS, now, Ground.INCIDENT)


def _in_force(session: Session, grant: Grant) -> Grant:
    """The last of those that took its place. Each is locked before the next is looked for, so that none follows unseen."""
    here = locked_grant(session, grant.number)
    while following := replaced_by(session, here):
        here = locked_grant(session, following.number)
    return here


def _moment(given: Notice, now: datetime) -> datetime:
    at = given.noticed_at
    if at is None or at > now or at < now - LONGEST_AGO:
        raise Invalid(
            N_("Enter the day and time when it was noticed, like 2027-03-14 09:30 UTC; not later than now."),
            field="noticed_at",
        )
    return at
