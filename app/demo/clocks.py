"""Playing calendars and names: data partners' time zones and closed days, and an officer who takes a case from a colleague."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.stage import Stage
from app.organizations.commands.closed_days import add_closed_day, set_time_zone
from app.organizations.models import Organization
from app.proposals.commands.taking import take
from app.proposals.models import Proposal
from app.rules.workflow import ProposalState

_FOCAL_POINT, _ORGANIZATION = "Ines Calderón", "acme-maps"
# A focal point, its data partner, and the time zone.
_ZONES = ((_FOCAL_POINT, _ORGANIZATION, "America/Bogota"), ("Joost Hendriks", "highwater-imaging", "Europe/Amsterdam"))
_CLOSED = ((9, "Inventory day"), (34, "Year-end closing"))
_OFFICER = "Mei Castellanos"


def plan_clocks(stage: Stage) -> None:
    """The calendar long before anything waits; the case on the day before the demo is loaded."""
    stage.plan(stage.at(6, 9), lambda now: _calendar(stage, now))
    stage.plan(stage.at(0, 8, 30), lambda now: _take(stage, now))


def _calendar(stage: Stage, now: datetime) -> None:
    for focal_point, slug, zone in _ZONES:
        set_time_zone(stage.session, stage.acting(focal_point, now), _organization(stage, slug).id, zone, now)
    actor, row = stage.acting(_FOCAL_POINT, now), _organization(stage, _ORGANIZATION)
    for days, reason in _CLOSED:
        add_closed_day(stage.session, actor, row.id, (now + timedelta(days=days)).date(), reason, now)


def _organization(stage: Stage, slug: str) -> Organization:
    return stage.session.scalars(select(Organization).where(Organization.slug == slug)).one()


def _take(stage: Stage, now: datetime) -> None:
    """The proposal that was sent last of those that wait for the intake check."""
    waiting = select(Proposal.reference).where(Proposal.state == ProposalState.IN_INTAKE)
    newest = stage.session.scalars(waiting.order_by(Proposal.waiting_since.desc(), Proposal.id.desc()).limit(1)).first()
    if newest is not None:
        take(stage.session, stage.acting(_OFFICER, now), newest, now)
