"""What waits for a person of an organization, and handing each piece to somebody by name, in the step in which they leave."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.clock import now as this_moment
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.organizations.around import OpenWork, Taker
from app.organizations.assignments import Assignment, assign
from app.organizations.models import Membership, Person
from app.organizations.queries import colleagues, held_by, organization
from app.proposals.commands.leading import hand_on_lead
from app.proposals.commands.leaving_team import end_requests_to, hand_on_place, places_through
from app.proposals.models import Proposal
from app.proposals.queries.leading import could_lead, led_by
from app.rules.actors import Actor
from app.rules.roles import Role
from app.rules.visibility import visible_states
from app.rules.workflow import Machine

_KNOWN = visible_states(Machine.PROPOSAL, Role.OWN_FOCAL_POINT)
_NOBODY = N_("Nobody can take this on: %(work)s. Add somebody who can to your organization first.")
_NOT_CHOSEN = N_("Choose who takes this on: %(work)s.")


def open_work_of(session: Session, organization_id: int, person_id: int) -> list[OpenWork]:
    """The proposals that the person leads, the cases they took, and the teams that they are on through the organization.

    A draft is its team's alone, so it is told without title and address.
    """
    moment = this_moment()
    led = [_led(session, row, moment) for row in led_by(session, organization_id, person_id)]
    return [*led, *_cases(session, organization_id, person_id), *_teams(session, organization_id, person_id)]


def hand_on(
    session: Session, actor: Actor, organization_id: int, person_id: int, takers: Mapping[str, int], now: datetime
) -> None:
    """Give each piece of open work to the person named for it, by its key.

    Raises:
        Invalid: a piece that needs somebody has nobody, or somebody who cannot take it on.
    """
    for work in open_work_of(session, organization_id, person_id):
        taker = takers.get(work.key)
        if taker is None and not work.may_end:
            raise Invalid((_NOT_CHOSEN if work.takers else _NOBODY) % {"work": work.title}, work.key)
        if taker is not None and taker not in {each.person_id for each in work.takers}:
            raise Invalid(_NOT_CHOSEN % {"work": work.title}, work.key)
        _HAND_ON[work.kind](session, actor, organization_id, person_id, work.key, taker, now)
    end_requests_to(session, organization_id, person_id, now)


def _led(session: Session, row: Proposal, now: datetime) -> OpenWork:
    takers = tuple(Taker(person.id, person.name) for person in could_lead(session, row, now))
    if row.state in _KNOWN and row.sent_at is not None:
        title, href = f"{row.reference} {row.title}".strip(), url_for("proposals.people", reference=row.reference)
    else:
        title, href = _("A draft that was not sent yet"), ""
    return OpenWork(title, href, f"lead-{row.id}", "lead", takers)


def _cases(session: Session, organization_id: int, person_id: int) -> list[OpenWork]:
    """Cases that the person took for the organization: to whoever of it holds one of the person's own roles."""
    own = {held.role for held in held_by(session, person_id) if held.organization_id == organization_id}
    statement = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role.in_(own),
            Membership.ended_at.is_(None),
            Person.active,
            Person.id != person_id,
        )
        .order_by(Person.name)
        .distinct()
    )
    takers = tuple(Taker(key, name) for key, name in session.execute(statement))
    taken = select(Assignment).where(Assignment.organization_id == organization_id, Assignment.person_id == person_id)
    return [
        OpenWork(_("Taken on: %(reference)s", reference=row.ref), "", f"case-{row.id}", "case", takers, may_end=True)
        for row in session.scalars(taken.order_by(Assignment.id))
    ]


def _teams(session: Session, organization_id: int, person_id: int) -> list[OpenWork]:
    staff = [each for each in colleagues(session, organization_id) if each.person_id != person_id]
    takers = tuple(Taker(each.person_id, each.name) for each in staff if Role.PROJECT_STAFF in each.roles)
    own = organization(session, organization_id).id
    return [
        OpenWork(
            _("Team member: %(title)s", title=f"{proposal.reference} {proposal.title}".strip())
            if proposal.organization_id != own or proposal.sent_at is not None
            else _("Team member of a draft that was not sent yet"),
            "",
            f"team-{member.id}",
            "team",
            takers,
            may_end=True,
        )
        for proposal, member in places_through(session, organization_id, person_id)
    ]


def _hand_on_lead(
    session: Session, actor: Actor, _organization: int, _leaver: int, key: str, taker: int | None, now: datetime
) -> None:
    row = session.get_one(Proposal, _number(key))
    hand_on_lead(session, actor, row.reference, taker or 0, now)


def _hand_on_case(
    session: Session, actor: Actor, organization_id: int, _leaver: int, key: str, taker: int | None, now: datetime
) -> None:
    row = session.get_one(Assignment, _number(key))
    if taker is None:
        session.delete(row)
        session.flush()
    else:
        assign(session, row.thing, row.ref, organization_id, taker, actor.person_id or taker, now)


def _hand_on_place(
    session: Session, actor: Actor, _organization: int, _leaver: int, key: str, taker: int | None, now: datetime
) -> None:
    hand_on_place(session, actor, _number(key), taker, now)


def _number(key: str) -> int:
    return int(key.partition("-")[2])


_HAND_ON = {"lead": _hand_on_lead, "case": _hand_on_case, "team": _hand_on_place}
