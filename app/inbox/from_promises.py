"""Rows of what grants give and owe beside the member's own duties: access to open, work to read, outputs, incidents."""

from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.delivery.models import Delivery
from app.delivery.queries import clock_of
from app.duties.queries import reading_clock
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.incidents.models import Incident, IncidentNotice
from app.incidents.queries import due_on as incident_due_on
from app.outputs.models import Output
from app.outputs.queries import is_late
from app.proposals.models import Proposal
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress
from app.rules.delivery import MAY_PROVIDE
from app.rules.duties import BINDING
from app.rules.outputs import STILL_OPEN
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import READ_NEXT, DeliveryState, IncidentState, OutputState

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_TO_ACT: dict[object, tuple[str, str]] = {
    DeliveryState.PREPARING: (N_("Provide access to the data"), N_("Provide it")),
    DeliveryState.PROVIDED: (N_("Say whether the data arrived"), N_("Get the data")),
    OutputState.IN_READING: (N_("Read an output before it is published"), N_("Read it")),
    OutputState.WITH_SECRETARIAT: (N_("Test an output that nobody answered"), N_("Test it")),
    OutputState.CHANGES_ASKED: (N_("Change an output and submit it again"), N_("See the changes")),
    OutputState.CLEARED: (N_("Record where a cleared output is published"), N_("Record it")),
    IncidentState.OPEN: (N_("Give the full report of an incident"), N_("Open the incident")),
    IncidentState.REPORTED: (N_("Close an incident with what was done"), N_("Open the incident")),
}
_OWED_BY_MEMBER = (OutputState.CHANGES_ASKED, OutputState.CLEARED)
_NOTE = (N_("Take note of an incident"), N_("Open the incident"))
_OTHERS: dict[object, str] = {
    DeliveryState.PREPARING: N_("%(name)s provides access to the data"),
    DeliveryState.PROVIDED: N_("%(name)s says whether the data arrived"),
    OutputState.IN_READING: N_("%(name)s reads your output"),
    OutputState.WITH_SECRETARIAT: N_("The secretariat tests your output"),
}


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer, or that the viewer waits for. Four statements."""
    if viewer.person_id is None:
        return []
    return [
        *_deliveries(session, viewer, now),
        *_work_to_read(session, viewer, now),
        *_outputs(session, viewer, now),
        *_incidents(session, viewer, now),
    ]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return or_(
        _of_grant(Delivery, _given_or_led(viewer, now)).exists(),
        _of_grant(Duty, _is_to_read(viewer)).exists(),
        _of_grant(Output, and_(Output.state.in_(STILL_OPEN), or_(_answers(viewer), _leads(viewer)))).exists(),
        _of_grant(Incident, _is_to_know(viewer)).exists(),
    )


def count(viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many of them are the viewer's own."""
    gives, is_preparing = _gives(viewer), Delivery.state == DeliveryState.PREPARING
    gives_next = or_(and_(gives, is_preparing), and_(~gives, ~is_preparing))
    parts = (
        _of_grant(Delivery, and_(_given_or_led(viewer, now), gives_next)),
        _of_grant(Duty, _is_to_read(viewer)),
        _of_grant(Output, _is_next_with_output(viewer)),
        _of_grant(Incident, _is_to_know(viewer)),
    )
    first, *others = (
        part.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery() for part in parts
    )
    return select(sum(others, start=first)).scalar_subquery()


def _of_grant(model: type[Delivery | Duty | Output | Incident], condition: ColumnElement[bool]) -> Select[int]:
    return select(model.id).join(Grant, Grant.id == model.grant_id).where(condition)


def _leads(viewer: Actor) -> ColumnElement[bool]:
    leads = exists().where(Proposal.id == Grant.proposal_id, Proposal.lead_id == viewer.person_id)
    return and_(leads, Grant.member_id.in_(viewer.organization_ids))


def _gives(viewer: Actor) -> ColumnElement[bool]:
    """Grants for whose data partner the viewer answers; nobody answers to their own organization."""
    giving = viewer.organizations_with(*_STEWARDS)
    if not giving:
        return false()
    return and_(Grant.data_partner_id.in_(giving), Grant.member_id.not_in(viewer.organization_ids))


def _given_or_led(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    today = now.astimezone(UTC).date()
    return and_(
        Delivery.state != DeliveryState.ARRIVED,
        Grant.state.in_(MAY_PROVIDE),
        Grant.starts_on <= today,
        Grant.ends_on >= today,
        or_(_gives(viewer), _leads(viewer)),
    )


def _deliveries(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    statement = (
        select(Delivery, _gives(viewer).label("gives"))
        .join(Grant, Grant.id == Delivery.grant_id)
        .where(_given_or_led(viewer, now))
        .options(joinedload(Delivery.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)))
        .order_by(Delivery.id)
    )
    found = []
    for row, gives in session.execute(statement):
        is_mine = bool(gives) == (row.state is DeliveryState.PREPARING)
        clock = clock_of(row, now)
        other = row.grant.member.name if row.state is DeliveryState.PROVIDED else row.grant.data_partner.name
        found.append(
            _row(
                row.grant,
                row.state,
                is_mine,
                other,
                "delivery.show",
                ("number", row.grant.number),
                clock.due if clock else None,
                clock,
            )
        )
    return found


def _is_to_read(viewer: Actor) -> ColumnElement[bool]:
    return and_(Duty.state.in_(READ_NEXT), Grant.state.in_(BINDING), _gives(viewer))


def _work_to_read(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    statement = (
        select(Duty, Grant)
        .join(Grant, Grant.id == Duty.grant_id)
        .where(_is_to_read(viewer))
        .options(joinedload(Grant.member))
        .order_by(Duty.id)
    )
    found = []
    for duty, grant in session.execute(statement):
        clock = reading_clock(duty, now)
        found.append(
            Row(
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
            )
        )
    return found


def _answers(viewer: Actor) -> ColumnElement[bool]:
    """Outputs that the viewer reads or tests, for the data partner or the secretariat."""
    tests = and_(Output.state == OutputState.WITH_SECRETARIAT, Grant.member_id.not_in(viewer.organization_ids))
    return or_(_gives(viewer), tests if viewer.organizations_with(Role.OFFICER) else false())


def _is_next_with_output(viewer: Actor) -> ColumnElement[bool]:
    is_owed = Output.state.in_(_OWED_BY_MEMBER)
    return and_(Output.state.in_(STILL_OPEN), or_(and_(is_owed, _leads(viewer)), and_(~is_owed, _answers(viewer))))


def _outputs(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    statement = (
        select(Output, _leads(viewer).label("leads"), _answers(viewer).label("answers"))
        .join(Grant, Grant.id == Output.grant_id)
        .where(Output.state.in_(STILL_OPEN), or_(_answers(viewer), _leads(viewer)))
        .options(joinedload(Output.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)))
        .order_by(Output.id)
    )
    found = []
    for row, leads, answers in session.execute(statement):
        is_mine = bool(leads) if row.state in _OWED_BY_MEMBER else bool(answers)
        if not is_mine and row.state not in _OTHERS:
            continue
        due = row.answer_by.astimezone(UTC).date() if row.answer_by else None
        reference = ("reference", row.reference)
        found.append(
            _row(
                row.grant,
                row.state,
                is_mine,
                row.grant.data_partner.name,
                "outputs.show",
                reference,
                due,
                None,
                is_late(row, now),
            )
        )
    return found


def _is_to_know(viewer: Actor) -> ColumnElement[bool]:
    unread = exists().where(
        IncidentNotice.incident_id == Incident.id,
        IncidentNotice.acknowledged_at.is_(None),
        IncidentNotice.organization_id.in_(
            viewer.organizations_with(*_STEWARDS, Role.OFFICER, Role.DIRECTOR, Role.FOCAL_POINT)
        ),
    )
    return and_(Incident.state != IncidentState.CLOSED, or_(unread, _owes_report(viewer)))


def _owes_report(viewer: Actor) -> ColumnElement[bool]:
    return or_(
        and_(Incident.state == IncidentState.OPEN, _leads(viewer)),
        and_(Incident.state == IncidentState.REPORTED, _gives(viewer)),
    )


def _incidents(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    statement = (
        select(Incident, _owes_report(viewer).label("owes"))
        .join(Grant, Grant.id == Incident.grant_id)
        .where(_is_to_know(viewer))
        .options(joinedload(Incident.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)))
        .order_by(Incident.id)
    )
    today = now.astimezone(UTC).date()
    found = []
    for row, is_owed in session.execute(statement):
        due = incident_due_on(row) if is_owed else row.notice_by.astimezone(UTC).date()
        words = _TO_ACT[row.state] if is_owed else _NOTE
        found.append(
            _row(row.grant, words, True, "", "incidents.show", ("reference", row.reference), due, None, due < today)
        )
    return found


def _row(
    grant: Grant,
    state: object,
    is_mine: bool,
    other: str,
    endpoint: str,
    value: tuple[str, str],
    due: date | None,
    clock: Progress | None = None,
    is_over: bool = False,
) -> Row:
    words = state if isinstance(state, tuple) else _TO_ACT[state]
    return Row(
        group=mine(is_over or bool(clock and clock.is_over)) if is_mine else Group.OTHERS,
        sentence=words[0] if is_mine else _OTHERS[state],
        facts=(("name", other),),
        lines=(f"{grant.title} · {value[1]}", grant.member.name if is_mine else grant.data_partner.name),
        initials=initials_of(grant.member.name if is_mine else other or "S"),
        tone="a" if is_mine else "b",
        endpoint=endpoint,
        values=(value,),
        button=words[1] if is_mine else "",
        due=due,
        clock=clock,
    )
