"""What waits around a team: for whom, since when, in whose working days. The inbox, the reminders and the mails read it here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.organizations.calendars import calendars_of
from app.organizations.models import Membership, Person
from app.organizations.naming import Awaited
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.joint import NOT_CONFIRMED, waits_to_confirm
from app.proposals.queries.leading import (
    ASKED_TO_LEAD,
    lead_left_at,
    waits_for_a_lead,
    waits_to_lead,
    without_anybody,
)
from app.proposals.queries.team import NOT_ANSWERED, waits_for_answer
from app.proposals.team_models import CoApplicant, Handover
from app.rules.actors import Actor
from app.rules.calendar import PLAIN, REMIND_AT, Calendar, Progress, Wait, progress
from app.rules.roles import Role

Waiting = TeamMember | Handover | CoApplicant | Proposal
Calendars = Mapping[int, Calendar]


@dataclass(frozen=True)
class TeamWait:
    """Something around a team that somebody is waited for: in the working days of `organization_id`."""

    wait: Wait
    proposal: Proposal
    row: Waiting
    organization_id: int
    since: datetime

    @property
    def awaited(self) -> Awaited:
        """The focal points who are waited for, where it is not one person who was asked by name."""
        return Awaited(self.wait.value, self.proposal.reference, self.organization_id, (Role.FOCAL_POINT,))

    def clock(self, now: datetime, days: Calendars) -> Progress:
        """Its clock; `days` are the calendars of `calendars_for`."""
        return progress(self.wait, self.since, now, calendar=days.get(self.organization_id, PLAIN))


def calendars_for(session: Session, waits: Iterable[TeamWait]) -> Calendars:
    """The calendars for the clocks of these, in two statements; none where nothing waits."""
    wanted = {wait.organization_id for wait in waits}
    return calendars_of(session, wanted) if wanted else {}


def of_place(proposal: Proposal, member: TeamMember, own: Collection[int]) -> TeamWait:
    """Somebody is to accept the terms. `own` are their organizations; who has none yet works with the one that proposes."""
    there = proposal.organization_id if proposal.organization_id in own or not own else min(own)
    return TeamWait(Wait.TEAM_TERMS, proposal, member, there, member.asked_at or member.added_at)


def of_handover(row: Handover) -> TeamWait:
    """Somebody is to take the lead. `row.proposal` must be loaded."""
    return TeamWait(Wait.NEW_LEAD, row.proposal, row, row.proposal.organization_id, row.asked_at)


def of_co_applicant(row: CoApplicant) -> TeamWait:
    """An organization is to stand behind a joint proposal. `row.proposal` must be loaded."""
    return TeamWait(Wait.CO_APPLICANT, row.proposal, row, row.organization_id, row.named_at)


def of_missing_lead(proposal: Proposal, left_at: datetime | None) -> TeamWait:
    """A new lead is to be named."""
    since = left_at or proposal.updated_at
    return TeamWait(Wait.MISSING_LEAD, proposal, proposal, proposal.organization_id, since)


def asked_around(viewer: Actor) -> tuple[Select[int], ...]:
    """The keys of what the viewer is asked around teams: some know of the proposal by this alone."""
    return (
        select(TeamMember.id).join(Proposal, Proposal.id == TeamMember.proposal_id).where(*waits_for_answer(viewer)),
        select(Handover.id).join(Proposal, Proposal.id == Handover.proposal_id).where(*waits_to_lead(viewer)),
        select(CoApplicant.id).join(Proposal, Proposal.id == CoApplicant.proposal_id).where(*waits_to_confirm(viewer)),
        select(Proposal.id).where(*waits_for_a_lead(viewer)),
    )


def to_remind(session: Session, proposal_id: int | None = None) -> list[TeamWait]:
    """Every wait of which not the last reminder went out yet, of one proposal or of all; six statements at most."""
    return [
        *_places(session, proposal_id),
        *(of_handover(row) for row in session.scalars(_handovers(proposal_id))),
        *(of_co_applicant(row) for row in session.scalars(_co_applicants(proposal_id))),
        *_without_lead(session, proposal_id),
    ]


def _places(session: Session, proposal_id: int | None) -> list[TeamWait]:
    waits = (*NOT_ANSWERED, *_of(TeamMember.reminded, proposal_id))
    wanted = select(Proposal, TeamMember).join(TeamMember, TeamMember.proposal_id == Proposal.id).where(*waits)
    found = session.execute(wanted.order_by(TeamMember.id).execution_options(populate_existing=True)).all()
    if not found:
        return []
    is_named = or_(
        Person.id == TeamMember.person_id, TeamMember.person_id.is_(None) & (Person.email == TeamMember.email)
    )
    of_person = (
        select(TeamMember.id, Membership.organization_id)
        .join(Proposal, Proposal.id == TeamMember.proposal_id)
        .join(Person, is_named)
        .join(Membership, Membership.person_id == Person.id)
        .where(*waits, Membership.ended_at.is_(None))
    )
    own: dict[int, set[int]] = defaultdict(set)
    for member_id, organization_id in session.execute(of_person):
        own[member_id].add(organization_id)
    return [of_place(proposal, member, own[member.id]) for proposal, member in found]


def _handovers(proposal_id: int | None) -> Select[Handover]:
    still_there = (
        select(Membership.id)
        .where(
            Membership.person_id == Handover.to_id,
            Membership.organization_id == Proposal.organization_id,
            Membership.ended_at.is_(None),
        )
        .exists()
    )
    wanted = select(Handover).join(Proposal, Proposal.id == Handover.proposal_id)
    wanted = wanted.where(*ASKED_TO_LEAD, still_there, *_of(Handover.reminded, proposal_id)).order_by(Handover.id)
    return wanted.options(joinedload(Handover.proposal)).execution_options(populate_existing=True)


def _co_applicants(proposal_id: int | None) -> Select[CoApplicant]:
    wanted = select(CoApplicant).join(Proposal, Proposal.id == CoApplicant.proposal_id)
    wanted = wanted.where(*NOT_CONFIRMED, *_of(CoApplicant.reminded, proposal_id)).order_by(CoApplicant.id)
    whole = wanted.options(joinedload(CoApplicant.proposal), joinedload(CoApplicant.organization))
    return whole.execution_options(populate_existing=True)


def _without_lead(session: Session, proposal_id: int | None) -> list[TeamWait]:
    wanted = select(Proposal).where(*without_anybody(), *_of(Proposal.lead_reminded, proposal_id)).order_by(Proposal.id)
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    left = lead_left_at(session, found) if found else {}
    return [of_missing_lead(proposal, left.get(proposal.id)) for proposal in found]


def _of(reminded: InstrumentedAttribute[int | None], proposal_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Of these waits the ones that a reminder is still to come of."""
    is_left = func.coalesce(reminded, 0) < max(REMIND_AT)
    return (is_left,) if proposal_id is None else (is_left, Proposal.id == proposal_id)
