"""Incidents for those concerned, and for nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.models import Grant, GrantDataset
from app.grants.queries.grants import in_force_after
from app.grants.queries.turns import Turn, turn_on
from app.grants.standing import standing
from app.incidents.models import Incident, IncidentNote, IncidentNotice
from app.incidents.queries.standing import incident_roles, roles_at_grant, takes_note
from app.incidents.queries.waits import wait_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed, may
from app.rules.visibility import sees
from app.rules.workflow import IncidentState, Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


@dataclass(frozen=True)
class SeenIncident:
    """One incident with all that its page shows, for one viewer."""

    grant: Grant
    incident: Incident
    may: frozenset[Action]
    may_suspend: bool
    owes_note: bool
    turn: Turn | None
    due_on: date | None
    is_overdue: bool


def grant_for_incident(session: Session, viewer: Actor, number: str) -> Grant:
    """The grant of which the viewer may report an incident; raises NotFound for others."""
    statement = select(Grant).options(
        joinedload(Grant.data_partner),
        joinedload(Grant.member),
        selectinload(Grant.datasets).joinedload(GrantDataset.dataset),
    )
    grant = session.scalar(statement.where(Grant.number == number))
    if grant is None:
        raise NotFound(NOT_THERE)
    roles = roles_at_grant(session, viewer, grant)
    if not sees(roles, Machine.GRANT, grant.state) or not may(roles, Action.REPORT_INCIDENT):
        raise NotFound(NOT_THERE)
    return grant


def incident_seen_by(session: Session, viewer: Actor, reference: str, now: datetime) -> SeenIncident:
    """One incident; raises NotFound for those whom it does not concern."""
    row = session.scalar(_whole().where(Incident.reference == reference))
    if row is None:
        raise NotFound(NOT_THERE)
    roles = incident_roles(session, viewer, row.grant, row)
    if not sees(roles, Machine.INCIDENT, row.state):
        raise NotFound(NOT_THERE)
    acts = allowed(roles, Machine.INCIDENT, row.state)
    running = in_force_after(session, row.grant)
    on_grant = allowed(standing(session, viewer, running), Machine.GRANT, running.state)
    owes = any(n.acknowledged_at is None and takes_note(viewer, n) for n in row.notices)
    is_open, turn = row.state is not IncidentState.CLOSED, turn_on(session, wait_of(row.grant, row), now)
    return SeenIncident(
        grant=row.grant,
        incident=row,
        may=acts,
        may_suspend=Action.SUSPEND_GRANT in on_grant and is_open,
        owes_note=owes and Action.ACKNOWLEDGE_INCIDENT in acts,
        turn=turn,
        due_on=turn.clock.due if turn else None,
        is_overdue=bool(turn and turn.clock.is_over),
    )


def incidents_of(session: Session, viewer: Actor, grant: Grant) -> Sequence[Incident]:
    """The incidents of a grant, and of those whose place it took, that concern the viewer, the newest first."""
    chain = [grant.id]
    while (before := session.get_one(Grant, chain[-1]).predecessor_id) is not None:
        chain.append(before)
    of_them = select(Incident).where(Incident.grant_id.in_(chain)).options(joinedload(Incident.grant))
    rows = session.scalars(of_them.order_by(Incident.id.desc())).all()
    return [row for row in rows if sees(incident_roles(session, viewer, row.grant, row), Machine.INCIDENT, row.state)]


def _whole() -> Select[Incident]:
    return select(Incident).options(
        joinedload(Incident.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)),
        joinedload(Incident.dataset),
        joinedload(Incident.reported_by),
        joinedload(Incident.closed_by),
        selectinload(Incident.notices).options(
            joinedload(IncidentNotice.organization), joinedload(IncidentNotice.acknowledged_by)
        ),
        selectinload(Incident.notes).joinedload(IncidentNote.author),
    )
