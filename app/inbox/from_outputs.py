"""Rows of what is made from the data: to read, to test, to change, to publish."""

from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.words import N_
from app.grants.models import Grant
from app.inbox.at_grants import gives, leads, number_of, of_grant, row_of
from app.organizations.assignments import is_with_colleague
from app.outputs.models import Output
from app.outputs.queries import is_delayed, is_late
from app.rules.actors import Actor
from app.rules.outputs import STILL_OPEN
from app.rules.roles import Role
from app.rules.tasks import Row
from app.rules.workflow import Machine, OutputState

_TO_ACT: dict[OutputState, tuple[str, str]] = {
    OutputState.IN_READING: (N_("Read an output before it is published"), N_("Read it")),
    OutputState.WITH_SECRETARIAT: (N_("Test an output that nobody answered"), N_("Test it")),
    OutputState.CHANGES_ASKED: (N_("Change an output and submit it again"), N_("See the changes")),
    OutputState.CLEARED: (N_("Record where a cleared output is published"), N_("Record it")),
}
_OTHERS: dict[OutputState, str] = {
    OutputState.IN_READING: N_("%(name)s reads your output"),
    OutputState.WITH_SECRETARIAT: N_("The secretariat tests your output"),
    OutputState.CLEARED: N_("%(name)s asked to wait with publication"),
}
_OWED_BY_MEMBER = (OutputState.CHANGES_ASKED, OutputState.CLEARED)


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Everything of this kind that waits for the viewer, or that the viewer waits for. One statement."""
    statement = (
        select(Output, leads(viewer).label("leads"), _answers(viewer).label("answers"))
        .join(Grant, Grant.id == Output.grant_id)
        .where(Output.state.in_(STILL_OPEN), or_(_answers(viewer), leads(viewer)))
        .options(joinedload(Output.grant).options(joinedload(Grant.data_partner), joinedload(Grant.member)))
        .order_by(Output.id)
    )
    found = (_row(row, bool(is_lead), bool(answers), now) for row, is_lead, answers in session.execute(statement))
    return [row for row in found if row is not None]


def some(viewer: Actor, _now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return of_grant(Output, and_(Output.state.in_(STILL_OPEN), or_(_answers(viewer), leads(viewer)))).exists()


def count(viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many of them are the viewer's own."""
    is_owed = Output.state.in_(_OWED_BY_MEMBER)
    is_left = is_with_colleague(viewer, Machine.OUTPUT, Output.reference.expression, Output.state_since)
    may_go_on = or_(Output.delayed_until.is_(None), Output.delayed_until <= _today(now))
    own = or_(and_(is_owed, leads(viewer), may_go_on), and_(~is_owed, _answers(viewer), ~is_left))
    return number_of((of_grant(Output, and_(Output.state.in_(STILL_OPEN), own)),))


def _answers(viewer: Actor) -> ColumnElement[bool]:
    """Outputs that the viewer reads or tests, for the data partner or the secretariat."""
    tests = and_(Output.state == OutputState.WITH_SECRETARIAT, Grant.member_id.not_in(viewer.organization_ids))
    return or_(gives(viewer), tests if viewer.organizations_with(Role.OFFICER) else false())


def _row(row: Output, is_lead: bool, answers: bool, now: datetime) -> Row | None:
    waits, is_owed = is_delayed(row, now), row.state in _OWED_BY_MEMBER
    is_mine = is_lead and not waits if is_owed else answers
    if not is_mine and (row.state not in _OTHERS or (row.state is OutputState.CLEARED and not (waits and is_lead))):
        return None
    return row_of(
        row.grant,
        _TO_ACT[row.state] if is_mine else (_OTHERS[row.state], ""),
        "outputs.show",
        ("reference", row.reference),
        _today(row.answer_by) if row.answer_by else row.delayed_until if waits else None,
        is_mine=is_mine,
        other=row.grant.data_partner.name,
        is_over=is_late(row, now),
        take=None if is_owed else (Machine.OUTPUT, row.reference),
        take_since=row.state_since,
    )


def _today(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
