"""One event about what a grant owes or gives: its grant, its page, who is next, and who else is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.delivery.queries import calendars_waited, clock_of, delivery_of, team_of
from app.delivery.queries import wait_of as wait_of_delivery
from app.duties.queries import is_overdue, reading_clock, wait_of
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.grants.queries.answering import of_member, of_partner, of_secretariat
from app.grants.queries.rests import rests_of
from app.grants.queries.turns import Turn, turn_on
from app.history.queries import Happening
from app.incidents.models import Incident
from app.incidents.queries import wait_of as wait_of_incident
from app.incidents.queries.standing import incident_roles
from app.organizations.calendars import calendar_of
from app.organizations.models import Person
from app.organizations.queries import directors, focal_points_of, stewards_of
from app.outputs.models import Output
from app.outputs.queries import is_late
from app.outputs.queries import wait_of as wait_of_output
from app.outputs.queries.undoing import act_at
from app.reactions.output_readers import Quote, output_key, quotes_of, who_else_reads
from app.reactions.readers import reader_of
from app.rules.calendar import Progress
from app.rules.delivery import MAY_PROVIDE
from app.rules.duties import SHARE_OF_REMINDER
from app.rules.events import Event
from app.rules.incidents import Recipient
from app.rules.terms.values import Unit
from app.rules.undoing import UNDO_TIME
from app.rules.visibility import sees
from app.rules.workflow import Machine


class To(StrEnum):
    """Who is told."""

    NEXT = "next"
    TEAM = "team"
    MEMBER = "member"
    PARTNER = "partner"
    SECRETARIAT = "secretariat"
    CONCERNED = "concerned"
    # The data partner, while it reads what was done.
    READER = "reader"
    # The team without those who are asked to act.
    REST_OF_TEAM = "rest_of_team"


@dataclass(frozen=True)
class Case:
    """What the event is about, as a mail needs it."""

    grant: Grant
    about: str
    link: str
    thing: str
    due: date | None
    is_over: bool
    turn: Turn | None
    percent: int = 0
    concerned: tuple[Person, ...] = ()
    is_to_read: bool = False
    # What somebody wrote with it.
    quotes: tuple[Quote, ...] = ()
    # The key of an answer that can be taken back until `settles_at`.
    undoable: str | None = None
    settles_at: datetime | None = None
    # Until when those who must know of an incident had to be told last.
    note_by: datetime | None = None

    @property
    def is_by_the_hour(self) -> bool:
        """Whether it waits for an answer within hours, not days."""
        clock = self.turn.clock if self.turn else None
        return isinstance(clock, Progress) and clock.unit is Unit.HOUR

    @property
    def title(self) -> str:
        """The grant's title; never that of an output, which is confidential."""
        return self.grant.title

    @property
    def next_name(self) -> str:
        """Who joins next where nothing happens; empty where everybody was asked."""
        named = self.turn.named if self.turn else None
        other = named.joins(self.percent) if named else None
        return other.name if other else ""

    @property
    def joined(self) -> tuple[str, ...]:
        """Who was asked besides the first, by now."""
        return tuple(name.name for name in self.turn.asked(self.percent)[1:]) if self.turn else ()

    def people(self, session: Session, to: To) -> Sequence[Person]:
        """The people of one group."""
        match to:
            case To.NEXT:
                asked = self.turn.asked(self.percent) if self.turn else ()
                return [session.get_one(Person, name.person_id) for name in asked]
            case To.TEAM:
                return [*of_member(session, self.grant), *team_of(session, self.grant)]
            case To.MEMBER:
                return [*of_member(session, self.grant), *focal_points_of(session, self.grant.member_id)]
            case To.PARTNER:
                return of_partner(session, self.grant)
            case To.SECRETARIAT:
                return of_secretariat(session)
            case To.READER:
                return of_partner(session, self.grant) if self.is_to_read else ()
            case To.CONCERNED:
                return self.concerned
            case To.REST_OF_TEAM:
                first = {person.id for person in self.people(session, To.NEXT)}
                return [person for person in self.people(session, To.TEAM) if person.id not in first]


def case_of(session: Session, happening: Happening, now: datetime) -> Case | None:
    """The case of an event; None where its thing is gone, or it tells of access under a grant that gives none now."""
    match happening.thing:
        case "output":
            return _of_output(session, happening, now)
        case "incident":
            return _of_incident(session, happening, now)
        case _:
            return _of_grant(session, happening, now)


# Of a grant that is suspended from its seal on, only what is to be switched off is told.
_BEGINS = frozenset({Event.DELIVERY_BEGUN.value, Event.DELIVERY_CARRIED_ON.value})
_PARTIES = (joinedload(Grant.data_partner), joinedload(Grant.member))


def _of_grant(session: Session, happening: Happening, now: datetime) -> Case | None:
    grant = session.scalar(select(Grant).options(*_PARTIES).where(Grant.number == happening.ref))
    if grant is None:
        return None
    if "duty_id" in happening.facts:
        duty = session.get(Duty, int(str(happening.facts["duty_id"])))
        return None if duty is None else _of_duty(session, grant, duty, happening, now)
    row = delivery_of(session, grant.id)
    if row is None or (happening.type in _BEGINS and grant.state not in MAY_PROVIDE):
        return None
    rested = rests_of(session, [grant])
    clock = clock_of(grant, row, now, calendars_waited(session, [row]), rested)
    return Case(
        grant,
        grant.number,
        f"/grants/{grant.number}/access",
        N_("the access to the data"),
        clock.due if clock else None,
        bool(clock and clock.is_over),
        turn_on(session, wait_of_delivery(grant, row, rested), now),
        _percent(happening),
    )


def _of_duty(session: Session, grant: Grant, duty: Duty, happening: Happening, now: datetime) -> Case:
    clock = reading_clock(duty, now, calendar_of(session, grant.data_partner_id))
    today = now.astimezone(UTC).date()
    step = int(str(happening.facts.get("step") or 0))
    percent = step if clock else SHARE_OF_REMINDER.get(step, 0)
    return Case(
        grant,
        grant.number,
        f"/grants/{grant.number}/duties/{duty.id}",
        duty.sentence,
        clock.due if clock else duty.due_on,
        bool(clock and clock.is_over) or is_overdue(duty, today),
        turn_on(session, wait_of(grant, duty), now),
        percent,
        is_to_read=clock is not None,
    )


def _of_output(session: Session, happening: Happening, now: datetime) -> Case | None:
    grants = joinedload(Output.grant).options(*_PARTIES)
    row = session.scalar(select(Output).options(grants).where(Output.reference == happening.ref))
    if row is None:
        return None
    turn = turn_on(session, wait_of_output(row.grant, row), now)
    clock, act = turn.clock if turn else None, act_at(session, row, happening.at)
    return Case(
        row.grant,
        row.reference,
        f"/outputs/{row.reference}",
        N_("an output"),
        clock.when if isinstance(clock, Progress) else clock.due if clock else None,
        is_late(row, now),
        turn,
        _percent(happening),
        concerned=who_else_reads(session, row, happening),
        quotes=quotes_of(session, row, happening),
        undoable=output_key(act.id) if act else None,
        settles_at=act.at + UNDO_TIME if act else None,
    )


def _of_incident(session: Session, happening: Happening, now: datetime) -> Case | None:
    grants = joinedload(Incident.grant).options(*_PARTIES)
    statement = select(Incident).options(grants, selectinload(Incident.notices))
    row = session.scalar(statement.where(Incident.reference == happening.ref))
    if row is None:
        return None
    turn = turn_on(session, wait_of_incident(row.grant, row), now)
    people: list[Person] = []
    for notice in row.notices:
        people += _told(session, row.grant, Recipient(notice.recipient))
    return Case(
        row.grant,
        row.reference,
        f"/incidents/{row.reference}",
        N_("an incident"),
        turn.clock.due if turn else None,
        bool(turn and turn.clock.is_over),
        turn,
        _percent(happening),
        (*people, *of_member(session, row.grant), *_reporter(session, row)),
        note_by=max((notice.due_at for notice in row.notices), default=None),
    )


def _reporter(session: Session, row: Incident) -> Sequence[Person]:
    """Who reported it, while they may still know of it."""
    person = session.get_one(Person, row.reported_by_id)
    roles = incident_roles(session, reader_of(session, person), row.grant, row)
    return [person] if sees(roles, Machine.INCIDENT, row.state) else []


def _told(session: Session, grant: Grant, recipient: Recipient) -> Sequence[Person]:
    match recipient:
        case Recipient.PARTNER:
            # All of them, whatever they work on: the clause tells the data partner.
            return stewards_of(session, grant.data_partner_id) or of_secretariat(session)
        case Recipient.MEMBER:
            return focal_points_of(session, grant.member_id)
        case Recipient.SECRETARIAT:
            return [*of_secretariat(session), *directors(session)]
        case Recipient.BOARD:
            return directors(session)


def _percent(happening: Happening) -> int:
    return int(str(happening.facts.get("percent") or 0))
