"""Proposals as a viewer may read them: which ones, and one of them with the acts that are theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, func, or_, select, union
from sqlalchemy.orm import Session, joinedload

from app.catalog.models import Dataset
from app.catalog.standing import known_to
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Organization
from app.proposals.asked import still_offered
from app.proposals.models import Proposal, ProposalItem, ProposalVersion, TeamMember
from app.proposals.places import works_as
from app.proposals.queries.undoing import TakingBack, taking_back
from app.proposals.queries.versions import content_of, versions_of
from app.proposals.queries.whose_turn import Holder, WhoseTurn, turns
from app.proposals.standing import in_reach, standing
from app.proposals.step_models import VersionDataset
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed, may
from app.rules.pipelines import ONCE_REACHED, PIPELINES, STEP_ROLES, Step, acts_in_step
from app.rules.roles import Kind, Role
from app.rules.turns import OPEN_STATES, step_at
from app.rules.undoing import UNDO_ACTS
from app.rules.visibility import sees, visible_states
from app.rules.workflow import Machine, ProposalState

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_CONSORTIUM = (Role.OFFICER, Role.DIRECTOR, Role.AUDITOR)


@dataclass(frozen=True)
class Case:
    """One proposal as one viewer sees it. `acts` are the buttons; `content` is what was sent last, or the draft."""

    proposal: Proposal
    organization: Organization
    roles: frozenset[Role]
    acts: frozenset[Action]
    turn: WhoseTurn
    versions: tuple[ProposalVersion, ...]
    team: tuple[TeamMember, ...]
    content: dict[str, object]
    taking_back: TakingBack | None = None

    @property
    def current(self) -> ProposalVersion | None:
        """The version that was sent last."""
        return self.versions[-1] if self.versions else None

    @property
    def near(self) -> frozenset[Role]:
        """The viewer's roles without those of a step that is still ahead."""
        return in_reach(self.roles, self.proposal)

    @property
    def as_shown(self) -> dict[str, str]:
        """What an answer from a page binds to: the hash of the version that was read, and the step it was read in."""
        return {"version_hash": self.current.content_hash if self.current else "", "step": self.step or ""}

    @property
    def step(self) -> Step | None:
        """The review step that it is in, or goes back to when the team has answered."""
        return step_at(self.proposal.state, self.proposal.step, self.proposal.returns_to)

    @property
    def previous(self) -> ProposalVersion | None:
        """The version before it."""
        return self.versions[-2] if len(self.versions) > 1 else None

    @property
    def reads_everything(self) -> bool:
        """Whether the viewer reads every data partner's reasons: the proposing side and the secretariat (safety.md T5)."""
        return bool(self.roles & READS_EVERYTHING)

    @property
    def reads_answers(self) -> bool:
        """Whether the viewer reads every answer and every dataset that is asked for, as whoever reviews it does."""
        return bool(self.roles & (READS_EVERYTHING | STEP_ROLES))


# A data partner reads its own reasons and the others' outcomes alone.
READS_EVERYTHING = frozenset(
    {
        Role.PROJECT_LEAD,
        Role.TEAM_MEMBER,
        Role.COLLEAGUE,
        Role.OWN_FOCAL_POINT,
        Role.OFFICER,
        Role.DIRECTOR,
        Role.AUDITOR,
    }
)


@dataclass(frozen=True)
class Listed:
    """One proposal in a list: whose turn it is, whether the viewer is asked to see to it, and whether it is theirs to do."""

    proposal: Proposal
    organization: str
    turn: WhoseTurn
    is_asked: bool
    is_yours: bool


def seen_proposal(session: Session, viewer: Actor, reference: str) -> Proposal:
    """The proposal, for a viewer who may know of it.

    Raises:
        NotFound: there is none, or none that the viewer may know of; the two cannot be told apart.
    """
    return _seen(session, viewer, reference)[0]


def _seen(session: Session, viewer: Actor, reference: str) -> tuple[Proposal, frozenset[Role]]:
    row = session.scalar(select(Proposal).where(Proposal.reference == reference))
    roles = standing(session, viewer, row) if row is not None else frozenset()
    if row is None or not sees(roles, Machine.PROPOSAL, row.state):
        raise NotFound(NOT_THERE)
    return row, roles


def case(session: Session, viewer: Actor, reference: str, now: datetime) -> Case:
    """One proposal with everything that its pages show, and the acts that are the viewer's now; raises NotFound."""
    proposal, roles = _seen(session, viewer, reference)
    versions = tuple(versions_of(session, proposal))
    team = session.scalars(
        select(TeamMember)
        .where(TeamMember.proposal_id == proposal.id)
        .order_by(TeamMember.is_lead.desc(), TeamMember.id)
    )
    acts = _acts(roles, proposal)
    back = taking_back(session, viewer, proposal, acts, now)
    return Case(
        proposal=proposal,
        organization=session.get_one(Organization, proposal.organization_id),
        roles=roles,
        acts=acts - UNDO_ACTS,
        turn=turns_for(session, viewer, [proposal], now)[proposal.id].as_told_to(viewer.person_id),
        versions=versions,
        team=tuple(team),
        content=versions[-1].content if versions else content_of(session, proposal),
        taking_back=back,
    )


def _acts(roles: frozenset[Role], proposal: Proposal) -> frozenset[Action]:
    found = allowed(roles, Machine.PROPOSAL, proposal.state)
    near = in_reach(roles, proposal)
    ahead = {action for action in found & ONCE_REACHED if not may(near, action)}
    return acts_in_step(found - ahead, roles, step_at(proposal.state, proposal.step, proposal.returns_to))


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The proposals that the viewer may know of: `standing` and the table of visibility, as SQL.

    Each way of knowing is a set of keys that an index finds, so that a list opens as fast among 100,000 as among ten; only
    the secretariat, which knows of almost all, is asked row by row.
    """
    if viewer.person_id is None:
        return false()
    known = Proposal.id.in_(keys_known_to(viewer))
    states = [visible_states(Machine.PROPOSAL, role) for role in viewer.consortium_roles.intersection(_CONSORTIUM)]
    was_sent = Proposal.sent_at.is_not(None)
    return or_(*(and_(was_sent, Proposal.state.in_(each)) for each in states), known) if states else known


def keys_known_to(viewer: Actor) -> CompoundSelect[int]:
    """The keys of what the viewer may know of, leaving aside what the secretariat knows of everybody."""
    was_sent, was_passed = Proposal.sent_at.is_not(None), Proposal.passed_at.is_not(None)
    own = Proposal.organization_id.in_(viewer.organization_ids)
    ways = [and_(was_sent, own, Proposal.state.in_(visible_states(Machine.PROPOSAL, Role.COLLEAGUE)))]
    deciding_for = viewer.organizations_with(*_STEWARDS)
    if deciding_for:
        states = visible_states(Machine.PROPOSAL, Role.DATASET_STEWARD)
        ways.append(and_(Proposal.offered_at.is_not(None), Proposal.state.in_(states), names_data_of(deciding_for)))
    ways += [and_(was_passed, each) for each in for_a_step(viewer)]
    return union(*_team_parts(viewer), *(select(Proposal.id).where(way).correlate(None) for way in ways))


def names_data_of(organization_ids: Collection[int]) -> ColumnElement[bool]:
    """The proposals that ask, in what was sent last, for a dataset of one of these data partners that is still offered."""
    asked = select(VersionDataset.proposal_version_id).join(Dataset, Dataset.id == VersionDataset.dataset_id)
    return Proposal.current_version_id.in_(asked.where(Dataset.organization_id.in_(organization_ids), still_offered()))


def for_a_step(viewer: Actor) -> list[ColumnElement[bool]]:
    """The proposals whose pipeline has a step for a role that the viewer holds, one condition for each role."""
    held = {each.role for each in viewer.held} & STEP_ROLES
    return [
        and_(
            Proposal.pipeline.in_([each.id for each in PIPELINES.values() if role in each.readers]),
            Proposal.state.in_(visible_states(Machine.PROPOSAL, role)),
        )
        for role in sorted(held)
    ]


def is_open() -> ColumnElement[bool]:
    """On its way, or granted and still to be looked at again."""
    waits_afterwards = and_(Proposal.state == ProposalState.ISSUED, func.coalesce(Proposal.step, "") == Step.AFTERWARDS)
    return or_(and_(Proposal.state.in_(OPEN_STATES), Proposal.ended_at.is_(None)), waits_afterwards)


def turns_for(session: Session, viewer: Actor, found: Sequence[Proposal], now: datetime) -> dict[int, WhoseTurn]:
    """Whose turn it is, by proposal, for one reader: a data partner does not learn from it that another one, whose listing
    it may not know of, is asked too (safety.md T6). Three statements more at most, whatever is found.
    """
    answers = turns(session, found, now)
    if knows_all(viewer):
        return answers
    named = {holder.organization_id for turn in answers.values() for holder in turn.holders}
    items = select(ProposalItem.proposal_id, Dataset.organization_id).join(
        Dataset, ProposalItem.dataset_id == Dataset.id
    )
    here, asked = Proposal.id.in_(answers), ProposalItem.proposal_id.in_(answers)
    hidden = {(key, owner) for key, owner in session.execute(items.where(asked, Dataset.organization_id.in_(named)))}
    hidden -= {(key, owner) for key, owner in session.execute(items.where(asked, known_to(viewer)))}
    proposing = set(session.scalars(select(Proposal.id).where(here, reads_datasets(viewer)))) if hidden else set()
    return {key: turn if key in proposing else _without(turn, key, hidden) for key, turn in answers.items()}


def listed(
    session: Session, viewer: Actor, ids: Sequence[int], now: datetime, *still: ColumnElement[bool]
) -> tuple[Listed, ...]:
    """These proposals as lists show them, in this order.

    Args:
        ids: keys of proposals that the viewer may know of.
        still: what must hold when they are read, where their keys were found earlier.
    """
    rows = session.scalars(
        select(Proposal).where(Proposal.id.in_(ids), *still).options(joinedload(Proposal.organization))
    )
    by_key = {row.id: row for row in rows}
    answers = turns_for(session, viewer, list(by_key.values()), now)
    return tuple(_listed(by_key[key], answers[key], viewer.person_id) for key in ids if key in by_key)


def _listed(row: Proposal, turn: WhoseTurn, reader: int | None) -> Listed:
    told = turn.as_told_to(reader)
    return Listed(row, row.organization.name, told, told.waits_for(reader), told.is_theirs_to_do(reader))


def reads_datasets(viewer: Actor) -> ColumnElement[bool]:
    """The proposals of which the viewer knows every dataset: of their own side, and of a step of theirs."""
    return or_(on_team(viewer), Proposal.organization_id.in_(viewer.organization_ids), *for_a_step(viewer))


def knows_all(viewer: Actor) -> bool:
    """Whether the viewer reads every proposal that was sent with all of its datasets, as the secretariat does."""
    return bool(viewer.consortium_roles & frozenset(_CONSORTIUM))


_SOMEBODY = Holder(0, N_("Another data partner"), Kind.PARTNER, ())


def _without(turn: WhoseTurn, proposal_id: int, hidden: Collection[tuple[int, int]]) -> WhoseTurn:
    kept = [h if (proposal_id, h.organization_id) not in hidden else _SOMEBODY for h in turn.holders]
    return replace(turn, holders=tuple(dict.fromkeys(kept)))


def on_team(viewer: Actor) -> ColumnElement[bool]:
    """The proposals that the viewer leads for an organization of theirs, or works on: `standing` as SQL."""
    if viewer.person_id is None or not viewer.organization_ids:
        return false()
    return Proposal.id.in_(keys_on_team(viewer))


def keys_on_team(viewer: Actor) -> CompoundSelect[int]:
    """The keys of what the viewer leads for an organization of theirs, and of what they work on."""
    return union(*_team_parts(viewer))


def _team_parts(viewer: Actor) -> tuple[Select[int], Select[int]]:
    is_lead = Proposal.lead_id == viewer.person_id
    leads = select(Proposal.id).where(is_lead, Proposal.organization_id.in_(viewer.organization_ids))
    works = select(TeamMember.proposal_id).join(Proposal, Proposal.id == TeamMember.proposal_id)
    return leads.correlate(None), works.where(works_as(viewer), ~is_lead).correlate(None)
