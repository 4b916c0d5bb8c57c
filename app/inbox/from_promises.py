"""Rows of what grants give and owe: access to open, and the member's work that a data partner reads."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, ScalarSelect, String, and_, cast, or_, select
from sqlalchemy.orm import Session, joinedload

from app.delivery.models import Delivery
from app.delivery.queries import clock_of
from app.duties.queries import reading_clock
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.inbox.at_grants import gives, leads, number_of, of_grant, row_of
from app.organizations.assignments import is_with_colleague
from app.organizations.calendars import calendars
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Calendar
from app.rules.delivery import MAY_PROVIDE
from app.rules.duties import BINDING
from app.rules.tasks import Row, mine
from app.rules.workflow import READ_NEXT, DeliveryState, Machine

_TO_ACT: dict[DeliveryState, tuple[str, str]] = {
    DeliveryState.PREPARING: (N_("Provide access to the data"), N_("Provide it")),
    DeliveryState.PROVIDED: (N_("Say whether the data arrived"), N_("Get the data")),
}
_OTHERS: dict[DeliveryState, str] = {
    DeliveryState.PREPARING: N_("%(name)s provides access to the data"),
    DeliveryState.PROVIDED: N_("%(name)s says whether the data arrived"),
}


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer, or that the viewer waits for. Three statements."""
    if viewer.person_id is None:
        return []
    deliveries, work = _deliveries(session, viewer, now), _work_to_read(session, viewer)
    grants = [*(row.grant for row, _is_giving in deliveries), *(grant for _duty, grant in work)]
    days = calendars(session, {party for grant in grants for party in (grant.data_partner, grant.member)})
    return [
        *(_access(row, now, days, is_giving=is_giving) for row, is_giving in deliveries),
        *(_to_read(duty, grant, now, days[grant.data_partner_id]) for duty, grant in work),
    ]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return or_(of_grant(Delivery, _given_or_led(viewer, now)).exists(), of_grant(Duty, _is_to_read(viewer)).exists())


def count(viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many of them are the viewer's own."""
    giving, is_preparing = gives(viewer), Delivery.state == DeliveryState.PREPARING
    gives_next = or_(and_(giving, is_preparing), and_(~giving, ~is_preparing))
    key = Grant.number + ":" + cast(Duty.id, String)
    is_left = is_with_colleague(viewer, Machine.DUTY, key, Duty.state_since)
    return number_of(
        (
            of_grant(Delivery, and_(_given_or_led(viewer, now), gives_next)),
            of_grant(Duty, and_(_is_to_read(viewer), ~is_left)),
        )
    )


def _given_or_led(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    today = now.astimezone(UTC).date()
    return and_(
        Delivery.state != DeliveryState.ARRIVED,
        Grant.state.in_(MAY_PROVIDE),
        Grant.starts_on <= today,
        Grant.ends_on >= today,
        or_(gives(viewer), leads(viewer)),
    )


def _deliveries(session: Session, viewer: Actor, now: datetime) -> Sequence[tuple[Delivery, bool]]:
    statement = (
        select(Delivery, gives(viewer).label("gives"))
        .join(Grant, Grant.id == Delivery.grant_id)
        .where(_given_or_led(viewer, now))
        .options(joinedload(Delivery.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)))
        .order_by(Delivery.id)
    )
    return [(row, bool(is_giving)) for row, is_giving in session.execute(statement)]


def _access(row: Delivery, now: datetime, days: Mapping[int, Calendar], *, is_giving: bool) -> Row:
    is_mine = is_giving == (row.state is DeliveryState.PREPARING)
    grant = row.grant
    clock = clock_of(grant, row, now, days)
    other = grant.member.name if row.state is DeliveryState.PROVIDED else grant.data_partner.name
    words = _TO_ACT[row.state] if is_mine else (_OTHERS[row.state], "")
    due, value = clock.due if clock else None, ("number", grant.number)
    return row_of(grant, words, "delivery.show", value, due, is_mine=is_mine, other=other, clock=clock)


def _is_to_read(viewer: Actor) -> ColumnElement[bool]:
    return and_(Duty.state.in_(READ_NEXT), Grant.state.in_(BINDING), gives(viewer))


def _work_to_read(session: Session, viewer: Actor) -> Sequence[tuple[Duty, Grant]]:
    statement = (
        select(Duty, Grant)
        .join(Grant, Grant.id == Duty.grant_id)
        .where(_is_to_read(viewer))
        .options(joinedload(Grant.data_partner), joinedload(Grant.member))
        .order_by(Duty.id)
    )
    return [(duty, grant) for duty, grant in session.execute(statement)]


def _to_read(duty: Duty, grant: Grant, now: datetime, calendar: Calendar) -> Row:
    clock = reading_clock(duty, now, calendar)
    return Row(
        group=mine(bool(clock and clock.is_over)),
        sentence=N_("Read and answer: %(duty)s"),
        facts=(("duty", duty.sentence),),
        lines=(f"{grant.title} · {grant.number}", grant.member.name),
        initials=initials_of(grant.member.name),
        tone="a",
        endpoint="duties.show",
        values=(("number", grant.number), ("duty_id", str(duty.id))),
        button=N_("Read it"),
        due=clock.due if clock else None,
        clock=clock,
        take=(Machine.DUTY, f"{grant.number}:{duty.id}"),
        take_since=duty.state_since,
    )
