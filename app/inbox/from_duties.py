"""Rows of a grant's duties: those of the proposals that the viewer leads, near their day."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.organizations.models import Organization
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.duties import BINDING
from app.rules.tasks import Row, mine
from app.rules.workflow import OWED

# Duties are shown from a month before their day, until they are done.
_DUTY_DAYS = 30


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """The duties that are open and near their day."""
    today = now.date()
    statement = (
        select(Duty, Grant, Organization.name)
        .join(Grant, Grant.id == Duty.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .join(Organization, Organization.id == Grant.data_partner_id)
        .where(*_due_soon(viewer, today))
        .order_by(Duty.due_on, Duty.id)
    )
    return [
        Row(
            group=mine(duty.due_on is not None and duty.due_on < today),
            sentence="%(duty)s",
            facts=(("duty", duty.sentence),),
            lines=(f"{grant.title} · {grant.number}", partner),
            initials=viewer.initials,
            tone="a",
            endpoint="duties.show",
            values=(("number", grant.number), ("duty_id", str(duty.id))),
            button=N_("Open the duty"),
            due=duty.due_on,
        )
        for duty, grant, partner in session.execute(statement)
    ]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there are any."""
    return _keys(viewer, now).exists()


def count(viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many there are."""
    return _keys(viewer, now).with_only_columns(func.count(Duty.id)).scalar_subquery()


def _keys(viewer: Actor, now: datetime) -> Select[int]:
    return (
        select(Duty.id)
        .join(Grant, Grant.id == Duty.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .where(*_due_soon(viewer, now.date()))
    )


def _due_soon(viewer: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Duty.state.in_(OWED),
        Duty.due_on <= today + timedelta(days=_DUTY_DAYS),
        Grant.state.in_(BINDING),
        Proposal.lead_id == viewer.person_id,
        Grant.member_id.in_(viewer.organization_ids),
    )
