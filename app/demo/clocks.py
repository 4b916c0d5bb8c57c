"""Playing calendars and names: a data partner's time zone and closed days, and an officer who takes a case from a colleague."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.stage import Stage
from app.organizations.commands.closed_days import add_closed_day, set_time_zone
from app.organizations.models import Organization
from app.proposals.commands.taking import take
from app.proposals.models import Proposal
from app.rules.workflow import ProposalState

_FOCAL_POINT, _ORGANIZATION, _ZONE = "Ines Calderón", "acme-maps", "America/Bogota"
_CLOSED = ((9, "Inventory day"), (34, "Year-end closing"))
_OFFICER = "Mei Castellanos"


def plan_clocks(stage: Stage) -> None:
    """The calendar long before anything waits; the case on the day before the demo is loaded."""
    stage.plan(stage.at(6, 9), lambda now: _calendar(stage, now))
    stage.plan(stage.at(0, 8, 30), lambda now: _take(stage, now))


def _calendar(stage: Stage, now: datetime) -> None:
    actor = stage.acting(_FOCAL_POINT, now)
    row = stage.session.scalars(select(Organization).where(Organization.slug == _ORGANIZATION)).one()
    set_time_zone(stage.session, actor, row.id, _ZONE, now)
    for days, reason in _CLOSED:
        add_closed_day(stage.session, actor, row.id, (now + timedelta(days=days)).date(), reason, now)


def _take(stage: Stage, now: datetime) -> None:
    """The proposal that was sent last of those that wait for the intake check."""
    waiting = select(Proposal.reference).where(Proposal.state == ProposalState.IN_INTAKE)
    newest = stage.session.scalars(waiting.order_by(Proposal.waiting_since.desc(), Proposal.id.desc()).limit(1)).first()
    if newest is not None:
        take(stage.session, stage.acting(_OFFICER, now), newest, now)
