"""Everything that changes an incident: told at once, added to, reported in full, closed with what was done."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotFound
from app.foundation.numbers import yearly_reference
from app.foundation.text import clean
from app.foundation.words import N_
from app.grants.commands import suspend
from app.grants.commands.acting import locked as locked_grant
from app.grants.models import Grant
from app.grants.queries.grants import replaced_by
from app.history.commands import Subject, record
from app.incidents.models import Incident, IncidentNote, IncidentNotice
from app.incidents.queries.standing import incident_roles, roles_at_grant, takes_note
from app.incidents.queries.terms import Rules, rules_of
from app.incidents.queries.waits import share_used
from app.organizations.models import Organization
from app.organizations.queries import secretariat
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.calendar import add_working_days, reminder_share
from app.rules.events import Event
from app.rules.incidents import SUSPENSION_WORDS, PersonalData, Recipient, reports_in_full
from app.rules.permissions import permit
from app.rules.stopping import Ground
from app.rules.workflow import GrantState, IncidentState, Machine

PREFIX = "IN"
LONGEST_WORDS = 6000
LONGEST_AGO = timedelta(days=730)
NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
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
    noticed_at = _moment(given, now)
    row = Incident(
        reference=yearly_reference(session, PREFIX, now.astimezone(UTC).year),
        grant_id=grant.id,
        dataset_id=given.dataset_id,
        what=_words(given.what, N_("Say what happened, as far as you know. It may be incomplete."), "what"),
        noticed_at=noticed_at,
        personal_data=given.personal_data.value,
        measures=_words(given.measures, "", "measures"),
        is_near_miss=given.is_near_miss,
        reported_by_id=actor.person_id or 0,
        reported_at=now,
        notice_by=noticed_at + timedelta(hours=rules.notice_hours),
        full_report_by=add_working_days(now.astimezone(UTC).date(), rules.full_report_days),
        state=IncidentState.OPEN,
        state_since=now,
        owed_by=reports_in_full(roles),
    )
    session.add(row)
    session.flush()
    _tell(session, grant, row, rules, now)
    _record(session, Event.INCIDENT_OPENED, actor, grant, row, now, {})
    if not given.is_near_miss:
        _suspend_where_terms_say(session, grant, now)
    return row


def acknowledge(session: Session, actor: Actor, reference: str, now: datetime) -> Incident:
    """Take note of it, for each recipient for which the actor stands; the second person of one changes nothing."""
    grant, row = locked(session, reference)
    _permit(session, Action.ACKNOWLEDGE_INCIDENT, actor, grant, row)
    open_ones = select(IncidentNotice).where(
        IncidentNotice.incident_id == row.id,
        IncidentNotice.acknowledged_at.is_(None),
    )
    noted = [each for each in session.scalars(open_ones.with_for_update()) if takes_note(actor, each)]
    for notice in noted:
        notice.acknowledged_at, notice.acknowledged_by_id = now, actor.person_id
    session.flush()
    if noted:
        _record(session, Event.INCIDENT_ACKNOWLEDGED, actor, grant, row, now, {"for": [n.recipient for n in noted]})
    return row


def add(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> IncidentNote:
    """Add to what is known."""
    grant, row = locked(session, reference)
    _permit(session, Action.ADD_TO_INCIDENT, actor, grant, row)
    body = _words(words, N_("Say what is known now."), "words")
    note = IncidentNote(incident_id=row.id, author_id=actor.person_id or 0, body=body, added_at=now)
    session.add(note)
    session.flush()
    _record(session, Event.INCIDENT_ADDED_TO, actor, grant, row, now, {})
    return note


def report_in_full(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> Incident:
    """Give the full report (clause 16.4)."""
    grant, row = locked(session, reference)
    after = _permit(session, Action.REPORT_IN_FULL, actor, grant, row)
    row.full_report = _words(
        words,
        N_("Say what happened, which data and how many are concerned, what was done, and what will change."),
        "words",
    )
    _move(row, after, now)
    _record(session, Event.INCIDENT_REPORTED_IN_FULL, actor, grant, row, now, {})
    return row


def close(session: Session, actor: Actor, reference: str, words: str, now: datetime) -> Incident:
    """Close it with what was done. Raises Invalid without words."""
    grant, row = locked(session, reference)
    after = _permit(session, Action.CLOSE_INCIDENT, actor, grant, row)
    row.outcome = _words(words, N_("Say what was done, so that the record closes with it."), "words")
    row.closed_by_id = actor.person_id
    _move(row, after, now)
    _record(session, Event.INCIDENT_CLOSED, actor, grant, row, now, {})
    return row


def stop_use(session: Session, actor: Actor, reference: str, now: datetime) -> Grant:
    """Suspend the grant, or the one that took its place. The reason that the public reads names no detail of the incident."""
    grant, row = locked(session, reference)
    permit(Action.ADD_TO_INCIDENT, incident_roles(session, actor, grant, row), Machine.INCIDENT, row.state)
    return suspend(session, actor, _in_force(session, grant).number, SUSPENSION_WORDS, now, Ground.INCIDENT)


def remind_due(session: Session, now: datetime) -> int:
    """Remind whoever owes the full report, or closes what was reported. Returns how many."""
    waiting = select(Incident).where(Incident.state != IncidentState.CLOSED).order_by(Incident.id)
    count = 0
    for reference in [row.reference for row in session.scalars(waiting) if _share(row, now)]:
        grant, row = locked(session, reference)
        share = _share(row, now)
        if share:
            row.reminded = share
            permit(Action.REMIND_OF_INCIDENT, frozenset(SYSTEM.extra), Machine.INCIDENT, row.state)
            _record(session, Event.INCIDENT_REMINDED, SYSTEM, grant, row, now, {"percent": share})
            count += 1
    return count


def _share(row: Incident, now: datetime) -> int:
    """The share of the time at which whoever is next is to be reminded now; 0 where not."""
    return reminder_share(share_used(row, now), row.reminded)


def locked(session: Session, reference: str) -> tuple[Grant, Incident]:
    """The incident with its row locked until the transaction ends, and its grant; raises NotFound."""
    statement = select(Incident).where(Incident.reference == reference).with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(NOT_THERE)
    return session.get_one(Grant, row.grant_id), row


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


def _permit(session: Session, action: Action, actor: Actor, grant: Grant, row: Incident) -> IncidentState:
    after = permit(action, incident_roles(session, actor, grant, row), Machine.INCIDENT, row.state)
    return IncidentState(str(after))


def _move(row: Incident, after: IncidentState, now: datetime) -> None:
    row.state, row.state_since, row.reminded = after, now, None


def _tell(session: Session, grant: Grant, row: Incident, rules: Rules, now: datetime) -> None:
    whose = {
        Recipient.PARTNER: grant.data_partner_id,
        Recipient.MEMBER: grant.member_id,
        Recipient.SECRETARIAT: secretariat(session).id,
        Recipient.BOARD: secretariat(session).id,
    }
    for recipient in Recipient:
        if recipient in rules.recipients:
            session.add(
                IncidentNotice(
                    incident_id=row.id,
                    recipient=recipient.value,
                    organization_id=whose[recipient],
                    due_at=row.notice_by,
                    told_at=now,
                )
            )
    session.flush()


def _record(
    session: Session, event: Event, actor: Actor, grant: Grant, row: Incident, now: datetime, facts: JSONObject
) -> None:
    """Into the incident's own history: no word of what happened, and nothing into the grant's, which colleagues read."""
    concerned = [key for key in (grant.data_partner_id, grant.member_id) if key in actor.organization_ids]
    ids = [*concerned, *sorted(actor.organization_ids)]
    slug = session.scalar(select(Organization.slug).where(Organization.id == ids[0])) if ids else None
    record(session, event, actor, Subject("incident", row.reference, acting_for=slug), now, facts)
    session.flush()


def _moment(given: Notice, now: datetime) -> datetime:
    at = given.noticed_at
    if at is None or at > now or at < now - LONGEST_AGO:
        raise Invalid(
            N_("Enter the day and time when it was noticed, like 2027-03-14 09:30 UTC; not later than now."),
            field="noticed_at",
        )
    return at


def _words(text: str, missing: str, field: str) -> str:
    said = clean(text)
    if missing and not said:
        raise Invalid(missing, field=field)
    if len(said) > LONGEST_WORDS:
        raise Invalid(N_("Shorten this to 6,000 characters."), field=field)
    return said
