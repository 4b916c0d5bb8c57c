"""Rows of what went wrong with data: to take note of, to report in full, to close."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.queries.turn_rows import Way
from app.inbox.at_grants import OFFICE, Waits, concerns, gives, of_grant, parties, rows_of
from app.incidents.models import Incident, IncidentNotice
from app.incidents.queries import wait_of
from app.organizations.assignments import is_with_colleague
from app.rules.actors import Actor, initials_of
from app.rules.incidents import TOLD
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import IncidentState, Machine

_OPEN_IT = N_("Open the incident")
_WAYS: dict[IncidentState, Way] = {
    IncidentState.OPEN: Way(
        N_("Give the full report of an incident"),
        _OPEN_IT,
        N_("%(name)s gives the full report of an incident"),
        "",
        "incidents.show",
    ),
    IncidentState.REPORTED: Way(
        N_("Close an incident with what was done"), _OPEN_IT, N_("%(name)s closes an incident"), "", "incidents.show"
    ),
}


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer: what is theirs to do, else what they are to take note of."""
    found = _open(session, viewer)
    things = (
        Waits(
            row.grant,
            wait_of(row.grant, row),
            _WAYS[row.state],
            (("reference", row.reference),),
            take=(Machine.INCIDENT, row.reference),
        )
        for row, *_rest in found
    )
    shown = []
    for (row, is_unread, note_by, is_shared, is_left), waits in zip(
        found, rows_of(session, viewer, now, things), strict=True
    ):
        if is_unread and not (waits and waits.is_yours):
            shown.append(_to_note(row, note_by, now, is_shared=is_shared, is_left=is_left))
        elif waits:
            shown.append(waits)
    return shown


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there may be any."""
    return of_grant(Incident, _is_to_know(viewer)).exists()


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _open(session: Session, viewer: Actor) -> Sequence[tuple[Incident, bool, datetime | None, bool, bool]]:
    """The incidents; whether the viewer's side has not taken note, and by when it had to be told; whether colleagues could;
    whether one of them took it.
    """
    left = is_with_colleague(viewer, Machine.INCIDENT, Incident.reference.expression, Incident.state_since)
    wanted = (
        select(Incident, _is_unread(viewer), _note_by(viewer), _is_shared(viewer), left)
        .join(Grant, Grant.id == Incident.grant_id)
        .where(_is_to_know(viewer))
        .options(joinedload(Incident.grant).options(*parties()))
        .order_by(Incident.id)
    )
    return [
        (row, bool(unread), note_by, bool(shared), bool(taken))
        for row, unread, note_by, shared, taken in session.execute(wanted)
    ]


def _to_note(row: Incident, note_by: datetime | None, now: datetime, *, is_shared: bool, is_left: bool) -> Row:
    due = (note_by or row.notice_by).astimezone(UTC).date()
    is_over = due < now.astimezone(UTC).date()
    return Row(
        group=Group.OTHERS if is_shared and is_left else mine(is_over),
        sentence=N_("Take note of an incident"),
        facts=(),
        lines=(f"{row.grant.title} · {row.reference}", row.grant.member.name),
        initials=initials_of(row.grant.member.name),
        tone="a",
        endpoint="incidents.show",
        values=(("reference", row.reference),),
        button=_OPEN_IT,
        due=due,
        take=(Machine.INCIDENT, row.reference) if is_shared else None,
        take_since=row.state_since if is_shared else None,
    )


def _is_to_know(viewer: Actor) -> ColumnElement[bool]:
    return and_(Incident.state != IncidentState.CLOSED, or_(_is_unread(viewer), concerns(viewer)))


def _is_unread(viewer: Actor) -> ColumnElement[bool]:
    return exists().where(*_unread(viewer))


def _note_by(viewer: Actor) -> ScalarSelect[datetime]:
    return select(func.min(IncidentNotice.due_at)).where(*_unread(viewer)).scalar_subquery()


def _unread(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """The notices of an incident that the viewer could take note of, and nobody has."""
    return (
        IncidentNotice.incident_id == Incident.id,
        IncidentNotice.acknowledged_at.is_(None),
        or_(
            *(
                and_(
                    IncidentNotice.recipient == recipient.value,
                    IncidentNotice.organization_id.in_(viewer.organizations_with(*told.roles)),
                )
                for recipient, told in TOLD.items()
            )
        ),
    )


def _is_shared(viewer: Actor) -> ColumnElement[bool]:
    """Those on which colleagues of the viewer can act as well, for the data partner or the secretariat."""
    away = Grant.member_id.not_in(viewer.organization_ids)
    return away if viewer.organizations_with(*OFFICE) else and_(gives(viewer), away)
