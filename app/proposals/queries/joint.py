"""The organizations behind a joint proposal, and what waits for their focal points."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session, joinedload

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Membership, Organization, Person
from app.organizations.queries import organizations_as
from app.proposals.models import Proposal, TeamMember
from app.proposals.standing import standing
from app.proposals.team_models import CoApplicant
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.roles import Capacity, Role
from app.rules.visibility import sees
from app.rules.workflow import CoApplicantState, Machine, transition

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_LED = transition(Action.APPOINT_LEAD).sources
# Organizations that are named and have said neither yes nor no.
NOT_CONFIRMED = (CoApplicant.state == CoApplicantState.NAMED, Proposal.state.in_(_LED))


@dataclass(frozen=True)
class Joint:
    """One co-applicant as its own focal point may see it, before anything else of the proposal is theirs to read."""

    row: CoApplicant
    proposal: Proposal
    lead: Person
    people: tuple[TeamMember, ...]
    roles: frozenset[Role]


def co_applicants_of(session: Session, proposal_id: int, *, withdrawn: bool = False) -> list[CoApplicant]:
    """The co-applicants that stand behind a proposal, in the order in which they were named; the withdrawn ones on request."""
    statement = (
        select(CoApplicant)
        .where(CoApplicant.proposal_id == proposal_id)
        .options(joinedload(CoApplicant.organization))
        .order_by(CoApplicant.id)
    )
    if not withdrawn:
        statement = statement.where(CoApplicant.state != CoApplicantState.WITHDRAWN)
    return list(session.scalars(statement))


def co_applicant_standing(session: Session, actor: Actor, row: CoApplicant, proposal: Proposal) -> frozenset[Role]:
    """Every role of the actor towards one co-applicant: OWN_FOCAL_POINT is the co-applicant's own, and no other's."""
    of_the_case = standing(session, actor, proposal) - {Role.OWN_FOCAL_POINT, Role.COLLEAGUE}
    own = Role.FOCAL_POINT in actor.roles_at(row.organization_id)
    return of_the_case | {Role.OWN_FOCAL_POINT} if own else of_the_case


def joint_seen_by(session: Session, viewer: Actor, reference: str, slug: str) -> Joint:
    """One co-applicant of a proposal; raises NotFound for those whom it does not concern."""
    found = session.execute(
        select(CoApplicant, Proposal)
        .join(Proposal, Proposal.id == CoApplicant.proposal_id)
        .join(Organization, Organization.id == CoApplicant.organization_id)
        .where(Proposal.reference == reference, Organization.slug == slug)
        .options(joinedload(CoApplicant.organization), joinedload(Proposal.organization), joinedload(Proposal.lead))
    ).first()
    if found is None:
        raise NotFound(NOT_THERE)
    row, proposal = found
    roles = co_applicant_standing(session, viewer, row, proposal)
    if not sees(roles, Machine.CO_APPLICANT, row.state):
        raise NotFound(NOT_THERE)
    return Joint(row, proposal, proposal.lead, tuple(people_of_co_applicant(session, row, proposal)), roles)


def people_of_co_applicant(session: Session, row: CoApplicant, proposal: Proposal) -> Sequence[TeamMember]:
    """Those of the team who are of this organization now, and not of the proposing one."""
    current = select(Membership.person_id).where(Membership.ended_at.is_(None))
    here = current.where(Membership.organization_id == row.organization_id)
    leading = current.where(Membership.organization_id == proposal.organization_id)
    found = select(TeamMember).where(
        TeamMember.proposal_id == proposal.id,
        ~TeamMember.is_lead,
        TeamMember.person_id.in_(here),
        TeamMember.person_id.not_in(leading),
    )
    return list(session.scalars(found.order_by(TeamMember.id)))


def to_confirm(session: Session, viewer: Actor) -> list[CoApplicant]:
    """The joint proposals in which the viewer's organization is named and has not answered, the longest waiting first."""
    found = select(CoApplicant).join(Proposal, Proposal.id == CoApplicant.proposal_id).where(*waits_to_confirm(viewer))
    whole = found.options(
        joinedload(CoApplicant.organization), joinedload(CoApplicant.proposal).joinedload(Proposal.organization)
    )
    return list(session.scalars(whole.order_by(CoApplicant.named_at, CoApplicant.id)))


def waits_to_confirm(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `to_confirm`, for counting."""
    own = viewer.organizations_with(Role.FOCAL_POINT)
    if not own:
        return (false(),)
    return CoApplicant.organization_id.in_(own), *NOT_CONFIRMED


def could_join(session: Session, proposal: Proposal) -> list[Organization]:
    """The members that are not in the proposal yet, by name."""
    named = {row.organization_id for row in co_applicants_of(session, proposal.id, withdrawn=True)}
    return [
        row
        for row in organizations_as(session, Capacity.MEMBER)
        if row.id not in named and row.id != proposal.organization_id
    ]


def withdrawn_from_version(session: Session, proposal: Proposal, content: dict[str, object]) -> list[Organization]:
    """The organizations that what was sent names as co-applicants and that have withdrawn since."""
    named = content.get("co_applicants")
    slugs = {str(each["slug"]) for each in named if isinstance(each, dict)} if isinstance(named, list) else set()
    rows = co_applicants_of(session, proposal.id, withdrawn=True)
    return [
        row.organization for row in rows if row.state is CoApplicantState.WITHDRAWN and row.organization.slug in slugs
    ]
