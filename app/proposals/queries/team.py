"""The team as people: who has accepted the terms for themselves, who has not, and what waits for whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, union
from sqlalchemy.orm import Session, joinedload

from app.agreements.library import Version
from app.agreements.library import current_version as current_agreement
from app.agreements.library import version as agreement_version
from app.agreements.queries import accession_in_force
from app.agreements.text import Clause
from app.foundation.errors import NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.foundation.words import N_
from app.organizations.models import Organization, Person
from app.proposals.models import Proposal, ProposalVersion, TeamMember
from app.proposals.queries.drafts import NOT_THERE
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.roles import Capacity, Role
from app.rules.workflow import MemberState, is_possible, transition

# While a proposal is in one of these states somebody leads it, and its team can answer.
LED = transition(Action.APPOINT_LEAD).sources
# The clauses of the common agreement that say what somebody who handles data owes, the one on authorized users first.
DUTIES = (
    "authorized-users",
    "permitted-uses",
    "prohibited-uses",
    "security",
    "privacy",
    "incident",
    "deletion-survival",
)
# Places of which the answer is awaited; not a lead's own in a draft, which sending answers.
NOT_ANSWERED = (
    TeamMember.state == MemberState.INVITED,
    Proposal.state.in_(LED),
    ~and_(TeamMember.is_lead, Proposal.sent_at.is_(None)),
)
LINK_ENDED = N_("This link has ended. Ask the lead of the proposal to send you a new one.")


@dataclass(frozen=True)
class TermsToAccept:
    """The text whose duties a team member accepts: its version, its hash, and the clauses as they are read."""

    version: str
    hash: str
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Place:
    """One person's place on a team, as that person may see it before anything of the proposal is theirs to read."""

    proposal: Proposal
    member: TeamMember
    organization: Organization
    lead: Person
    terms: TermsToAccept
    is_open: bool

    @property
    def has_accepted(self) -> bool:
        """Whether the person has accepted the terms for themselves."""
        return self.member.state is MemberState.ACCEPTED

    @property
    def has_declined(self) -> bool:
        """Whether the person has said no."""
        return self.member.state is MemberState.DECLINED


def terms_of(session: Session, proposal: Proposal, now: datetime) -> TermsToAccept:
    """What a member of this team accepts: the agreement that it was sent under, or that its organization stands under."""
    sent = session.get(ProposalVersion, proposal.current_version_id) if proposal.current_version_id else None
    if sent is not None:
        return _terms(agreement_version(sent.agreement_version), sent.agreement_hash)
    accession = accession_in_force(session, proposal.organization_id, Capacity.MEMBER, now)
    if accession is not None:
        return _terms(agreement_version(accession.agreement_version), accession.agreement_hash)
    newest = current_agreement()
    return _terms(newest, newest.text_hash)


def _terms(version: Version, digest: str) -> TermsToAccept:
    duties = tuple(clause for slug in DUTIES for clause in version.clauses if clause.slug == slug)
    return TermsToAccept(version.id, digest, version.title, duties)


def has_accepted(session: Session, person_id: int, proposal: Proposal) -> bool:
    """Whether this person is on the team and has accepted the terms for themselves, under the text that now counts."""
    found = select(TeamMember.id).where(
        TeamMember.proposal_id == proposal.id,
        TeamMember.person_id == person_id,
        TeamMember.state == MemberState.ACCEPTED,
    )
    return session.scalar(found.limit(1)) is not None


def not_accepted(session: Session, proposal: Proposal) -> list[TeamMember]:
    """Those of the team who have not accepted the terms, the lead first: they get no access to data."""
    found = select(TeamMember).where(TeamMember.proposal_id == proposal.id, TeamMember.state != MemberState.ACCEPTED)
    return list(session.scalars(found.order_by(TeamMember.is_lead.desc(), TeamMember.id)))


def place_of(session: Session, viewer: Actor, reference: str, now: datetime) -> Place:
    """The viewer's own place on the team; raises NotFound for everybody who has none."""
    found = session.execute(
        select(Proposal, TeamMember)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .where(Proposal.reference == reference, own_place(viewer))
    ).first()
    if found is None or viewer.person_id is None:
        raise NotFound(NOT_THERE)
    proposal, member = found
    return _place(session, proposal, member, now)


def place_by_token(session: Session, token: str, now: datetime) -> Place:
    """The place behind the link of an invitation to a team.

    Raises:
        NotFound: there is none.
        WrongState: its time is over, or it was answered; the message says what to do.
    """
    digest = sha256_hex(token.encode("utf-8", "replace"))
    found = session.execute(
        select(Proposal, TeamMember)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .where(TeamMember.token_hash == digest)
    ).first()
    if found is None:
        raise NotFound(NOT_THERE)
    proposal, member = found
    if member.token_expires_at is None or member.token_expires_at <= now or not _is_led(proposal):
        raise WrongState(LINK_ENDED)
    return _place(session, proposal, member, now)


def own_place(viewer: Actor) -> ColumnElement[bool]:
    """Places of the viewer: by account, or by the address that they were named with."""
    # Two searches by index; as one condition it would read every team. Addresses are kept in small letters.
    address = TeamMember.email.in_({viewer.email, viewer.email.lower()})
    by_address = select(TeamMember.id).where(TeamMember.person_id.is_(None), address)
    by_account = select(TeamMember.id).where(TeamMember.person_id == viewer.person_id)
    return TeamMember.id.in_(union(by_account.correlate(None), by_address.correlate(None)))


def places_to_answer(session: Session, viewer: Actor) -> list[tuple[Proposal, TeamMember]]:
    """The teams on which the viewer was named and has not answered yet, the longest waiting first."""
    if viewer.person_id is None:
        return []
    statement = (
        select(Proposal, TeamMember)
        .join(TeamMember, TeamMember.proposal_id == Proposal.id)
        .options(joinedload(Proposal.organization), joinedload(Proposal.lead))
        .where(*waits_for_answer(viewer))
        .order_by(TeamMember.added_at, TeamMember.id)
    )
    return [(proposal, member) for proposal, member in session.execute(statement)]


def waits_for_answer(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `places_to_answer`, for counting."""
    return own_place(viewer), *NOT_ANSWERED


def member_standing(actor: Actor, proposal: Proposal, member: TeamMember) -> frozenset[Role]:
    """Every role of the actor towards one place: TEAM_MEMBER is the person whose place it is, and nobody else."""
    roles = set(actor.extra)
    if actor.person_id is None:
        return frozenset(roles)
    is_own = member.person_id == actor.person_id or (
        member.person_id is None and member.email.lower() == actor.email.lower()
    )
    if is_own:
        roles.add(Role.TEAM_MEMBER)
    if actor.person_id == proposal.lead_id and proposal.organization_id in actor.organization_ids:
        roles.add(Role.PROJECT_LEAD)
    return frozenset(roles)


def _place(session: Session, proposal: Proposal, member: TeamMember, now: datetime) -> Place:
    organization = session.get_one(Organization, proposal.organization_id)
    lead = session.get_one(Person, proposal.lead_id)
    return Place(proposal, member, organization, lead, terms_of(session, proposal, now), _is_led(proposal))


def _is_led(proposal: Proposal) -> bool:
    return is_possible(Action.APPOINT_LEAD, proposal.state)
