"""Rows of what grants give and owe: access to open, and the member's work that a data partner reads."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.delivery.models import Delivery
from app.delivery.queries import holds_open
from app.delivery.queries import wait_of as wait_of_delivery
from app.duties.queries import ref_of, wait_of
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.grants.queries.rests import rests_of
from app.grants.queries.turn_rows import Way
from app.inbox.at_grants import OFFICE, Waits, concerns, gives, of_grant, parties, rows_of
from app.rules.actors import Actor
from app.rules.delivery import MAY_PROVIDE
from app.rules.duties import BINDING
from app.rules.tasks import Row
from app.rules.workflow import READ_NEXT, DeliveryState, Machine

_ACCESS: dict[DeliveryState, Way] = {
    DeliveryState.PREPARING: Way(
        sentence=N_("Provide access to the data"),
        button=N_("Provide it"),
        theirs=N_("%(name)s provides access to the data"),
        awaited=N_("%(name)s provides access to the data"),
        endpoint="delivery.show",
    ),
    DeliveryState.PROVIDED: Way(
        sentence=N_("Say whether the data arrived"),
        button=N_("Get the data"),
        theirs="",
        awaited=N_("%(name)s says whether the data arrived"),
        endpoint="delivery.show",
    ),
    DeliveryState.TO_SWITCH_OFF: Way(
        sentence=N_("Switch access off, and confirm it"),
        button=N_("Confirm it"),
        theirs=N_("%(name)s switches access off"),
        awaited=N_("%(name)s switches your access off"),
        endpoint="delivery.show",
    ),
}
_READING = Way(
    sentence=N_("Read and answer: %(duty)s"),
    button=N_("Read it"),
    theirs=N_("%(name)s reads and answers: %(duty)s"),
    awaited="",
    endpoint="duties.show",
)


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer, or that the viewer waits for."""
    things = [*_deliveries(session, viewer, now), *_work_to_read(session, viewer)]
    return [row for row in rows_of(session, viewer, now, things) if row is not None]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there may be any."""
    return or_(of_grant(Delivery, _awaited(viewer, now)).exists(), of_grant(Duty, _is_to_read(viewer)).exists())


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _awaited(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    today = now.astimezone(UTC).date()
    gives_right = and_(
        Delivery.state.in_((DeliveryState.PREPARING, DeliveryState.PROVIDED)),
        Grant.state.in_(MAY_PROVIDE),
        Grant.starts_on <= today,
        Grant.ends_on >= today,
    )
    is_over = and_(Delivery.state == DeliveryState.TO_SWITCH_OFF, holds_open())
    return and_(or_(gives_right, is_over), concerns(viewer))


def _deliveries(session: Session, viewer: Actor, now: datetime) -> list[Waits]:
    wanted = select(Delivery).join(Grant, Grant.id == Delivery.grant_id).where(_awaited(viewer, now))
    found = session.scalars(wanted.options(joinedload(Delivery.grant).options(*parties())).order_by(Delivery.id)).all()
    rested = rests_of(session, (row.grant for row in found))
    return [
        Waits(
            row.grant,
            wait_of_delivery(row.grant, row, rested),
            _ACCESS[row.state],
            (("number", row.grant.number),),
            partner_awaits=row.state is DeliveryState.PROVIDED,
        )
        for row in found
    ]


def _is_to_read(viewer: Actor) -> ColumnElement[bool]:
    reads = concerns(viewer) if viewer.organizations_with(*OFFICE) else gives(viewer)
    return and_(Duty.state.in_(READ_NEXT), Grant.state.in_(BINDING), reads)


def _work_to_read(session: Session, viewer: Actor) -> list[Waits]:
    wanted = select(Duty, Grant).join(Grant, Grant.id == Duty.grant_id).where(_is_to_read(viewer))
    found = session.execute(wanted.options(*parties()).order_by(Duty.id))
    return [
        Waits(
            grant,
            wait_of(grant, duty),
            _READING,
            (("number", grant.number), ("duty_id", str(duty.id))),
            take=(Machine.DUTY, ref_of(grant, duty)),
            facts=(("duty", duty.sentence),),
        )
        for duty, grant in found
    ]
