"""Rows of what went wrong with data: to take note of, to report in full, to close."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.words import N_
from app.grants.models import Grant
from app.inbox.at_grants import OFFICE, STEWARDS, gives, leads, number_of, of_grant, row_of
from app.incidents.models import Incident, IncidentNotice
from app.incidents.queries import due_on
from app.organizations.assignments import is_with_colleague
from app.rules.actors import Actor
from app.rules.incidents import Reports
from app.rules.roles import Role
from app.rules.tasks import Row
from app.rules.workflow import IncidentState, Machine

_TO_ACT: dict[IncidentState, tuple[str, str]] = {
    IncidentState.OPEN: (N_("Give the full report of an incident"), N_("Open the incident")),
    IncidentState.REPORTED: (N_("Close an incident with what was done"), N_("Open the incident")),
}
_NOTE = (N_("Take note of an incident"), N_("Open the incident"))


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer. One statement."""
    statement = (
        select(Incident, _owes(viewer).label("owes"), _is_shared(viewer).label("shared"))
        .join(Grant, Grant.id == Incident.grant_id)
        .where(_is_to_know(viewer))
        .options(joinedload(Incident.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)))
        .order_by(Incident.id)
    )
    today = now.astimezone(UTC).date()
    found = []
    for row, is_owed, is_shared in session.execute(statement):
        due = due_on(row) if is_owed else row.notice_by.astimezone(UTC).date()
        found.append(
            row_of(
                row.grant,
                _TO_ACT[row.state] if is_owed else _NOTE,
                "incidents.show",
                ("reference", row.reference),
                due,
                is_mine=True,
                is_over=due < today,
                take=(Machine.INCIDENT, row.reference) if is_shared else None,
                take_since=row.state_since if is_shared else None,
            )
        )
    return found


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return of_grant(Incident, _is_to_know(viewer)).exists()


def count(viewer: Actor, _now: datetime) -> ScalarSelect[int]:
    """How many of them are the viewer's own."""
    taken = is_with_colleague(viewer, Machine.INCIDENT, Incident.reference.expression, Incident.state_since)
    return number_of((of_grant(Incident, and_(_is_to_know(viewer), ~and_(_is_shared(viewer), taken))),))


def _is_to_know(viewer: Actor) -> ColumnElement[bool]:
    unread = exists().where(
        IncidentNotice.incident_id == Incident.id,
        IncidentNotice.acknowledged_at.is_(None),
        IncidentNotice.organization_id.in_(viewer.organizations_with(*STEWARDS, *OFFICE, Role.FOCAL_POINT)),
    )
    return and_(Incident.state != IncidentState.CLOSED, or_(unread, _owes(viewer)))


def _owes(viewer: Actor) -> ColumnElement[bool]:
    """The full report, by the side that the rule named, or the closing."""
    by_partner = or_(Incident.state == IncidentState.REPORTED, Incident.owed_by == Reports.PARTNER)
    return or_(
        and_(Incident.state == IncidentState.OPEN, Incident.owed_by == Reports.MEMBER, leads(viewer)),
        and_(by_partner, gives(viewer)),
    )


def _is_shared(viewer: Actor) -> ColumnElement[bool]:
    """Those on which colleagues of the viewer can act as well, for the data partner or the secretariat."""
    if not viewer.organizations_with(*OFFICE):
        return gives(viewer)
    return or_(gives(viewer), Grant.member_id.not_in(viewer.organization_ids))
