"""Proposals as their team writes them: what is filled in, what is missing, who else is writing, who will read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.queries import Missing, what_is_missing
from app.catalog.models import Dataset
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.models import Membership, Organization, Person
from app.organizations.queries import organizations_of
from app.organizations.standing import standing as standing_at
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.readiness import OUTSIDE_THE_ANSWERS, Readiness, readiness_of
from app.proposals.queries.requests import ChangeRequest, open_requests
from app.proposals.queries.versions import datasets_in, extra_questions, team_of
from app.proposals.queries.workspace import SuggestionView, suggestions_at
from app.proposals.standing import standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import allowed, may, permit
from app.rules.questions import BANK, ExtraQuestion, Gap, Shape, Step, StepKey, is_empty
from app.rules.roles import CAPACITIES, Capacity, Role
from app.rules.visibility import sees
from app.rules.workflow import Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
WRITING = timedelta(minutes=5)


@dataclass(frozen=True)
class StepProgress:
    """How far a step is: fields answered, of them filled in for the team, and what is left to mend."""

    step: Step
    gaps: tuple[Gap, ...]
    answered: int
    prefilled: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to mend."""
        return not self.gaps

    @property
    def is_begun(self) -> bool:
        """Whether somebody has answered something that was not filled in for them."""
        return self.answered > self.prefilled


@dataclass(frozen=True)
class Writer:
    """Somebody else of the team who saved an answer in the last minutes. `questions` are the keys of what they saved last, and
    `label` what the last of them is called; empty for a question of a data partner's own.
    """

    name: str
    step: Step
    questions: tuple[str, ...]
    label: str
    at: datetime


@dataclass(frozen=True)
class Readers:
    """Who will read it at one data partner."""

    organization: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A proposal that the viewer writes on. `suggested`, by question: the open edits, and those that the team outdated."""

    proposal: Proposal
    organization: Organization
    datasets: Sequence[Dataset]
    team: Sequence[TeamMember]
    extra: Sequence[ExtraQuestion]
    readiness: Readiness
    steps: tuple[StepProgress, ...]
    writers: tuple[Writer, ...]
    readers: tuple[Readers, ...]
    requests: tuple[ChangeRequest, ...]
    suggested: Mapping[str, Sequence[SuggestionView]]
    acts: frozenset[Action]

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes."""
        return sum(each.step.minutes for each in self.steps if not each.is_complete)

    @property
    def next_step(self) -> Step | None:
        """The first step with something left to mend."""
        return next((each.step for each in self.steps if not each.is_complete), None)

    def requests_about(self, question: str | None) -> list[ChangeRequest]:
        """The changes asked for on one answer, or on the proposal as a whole."""
        return [request for request in self.requests if request.question == question]

    def writers_at(self, question: str) -> list[Writer]:
        """Who else is writing at one question."""
        return [writer for writer in self.writers if question in writer.questions]

    def requests_in(self, step: Step) -> int:
        """How many changes are asked for in one step, as far as its answers are still what they were."""
        keys = {question.key for question in step.questions}
        return sum(request.question in keys and request.is_answered is not True for request in self.requests)

    def suggestions_in(self, step: Step) -> int:
        """How many suggested edits wait in one step for the team's answer."""
        return sum(each.is_open for question in step.questions for each in self.suggested.get(question.key, ()))

    def gaps_in(self, key: StepKey) -> tuple[Gap, ...]:
        """What is left to mend in one step."""
        return next((each.gaps for each in self.steps if each.step.key is key), ())


@dataclass(frozen=True)
class Place:
    """An organization in whose name the viewer may start a proposal, and what is missing before it could be sent."""

    organization: Organization
    missing: Missing | None


def draft(session: Session, viewer: Actor, reference: str, now: datetime) -> Draft:
    """A proposal for writing on it.

    Raises:
        NotFound, NotAllowed, WrongState: the viewer may not write on it, or not now.
    """
    proposal = session.scalar(select(Proposal).where(Proposal.reference == reference))
    if proposal is None:
        raise NotFound(NOT_THERE)
    roles = standing(session, viewer, proposal)
    permit(Action.EDIT_PROPOSAL, roles, Machine.PROPOSAL, proposal.state)
    datasets = datasets_in(session, proposal.id)
    extra = extra_questions(datasets)
    readiness = readiness_of(session, viewer, proposal, now)
    return Draft(
        proposal=proposal,
        organization=session.get_one(Organization, proposal.organization_id),
        datasets=datasets,
        team=team_of(session, proposal.id),
        extra=extra,
        readiness=readiness,
        steps=tuple(_progress(step, proposal, datasets, extra, readiness.gaps) for step in BANK.steps),
        writers=_writers(session, viewer, proposal, now),
        readers=readers_of(session, datasets),
        requests=open_requests(session, proposal),
        suggested=suggestions_at(session, viewer, proposal),
        acts=allowed(roles, Machine.PROPOSAL, proposal.state),
    )


def places_to_start(session: Session, viewer: Actor, now: datetime) -> list[Place]:
    """The members in whose name the viewer may start a proposal, by name."""
    places = []
    for organization in organizations_of(session, viewer):
        roles = standing_at(viewer, organization) | viewer.roles_at(organization.id)
        if Capacity.MEMBER in CAPACITIES[organization.kind] and may(roles, Action.START_PROPOSAL):
            places.append(Place(organization, what_is_missing(session, organization, Capacity.MEMBER, now)))
    return places


def readers_of(session: Session, datasets: Sequence[Dataset]) -> tuple[Readers, ...]:
    """The stewards and deputies who will read a proposal for these datasets, by data partner."""
    partners = {dataset.organization_id: dataset.organization.name for dataset in datasets}
    statement = (
        select(Membership.organization_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organization_id.in_(partners),
            Membership.role.in_((Role.STEWARD, Role.DEPUTY)),
            Membership.ended_at.is_(None),
            Person.active,
        )
        .order_by(Membership.role == Role.DEPUTY, Membership.since, Person.id)
    )
    names: dict[int, list[str]] = {organization_id: [] for organization_id in partners}
    for organization_id, name in session.execute(statement):
        if name not in names[organization_id]:
            names[organization_id].append(name)
    return tuple(Readers(name, tuple(names[organization_id])) for organization_id, name in partners.items())


def _progress(
    step: Step, proposal: Proposal, datasets: Sequence[Dataset], extra: Sequence[ExtraQuestion], found: Sequence[Gap]
) -> StepProgress:
    keys = {part.key for part in step.parts() if part.shape not in (Shape.DATASETS, Shape.TEAM)}
    if step.key is StepKey.SUPPLY:
        keys |= {question.key for question in extra}
    answered = {key for key in keys if not is_empty(proposal.answers.get(key))}
    gaps = tuple(gap for gap in found if gap.step is step.key and gap.key not in OUTSIDE_THE_ANSWERS)
    has_datasets = step.key is StepKey.SUPPLY and bool(datasets)
    prefilled = len(answered.intersection(proposal.prefilled))
    return StepProgress(step, gaps, len(answered) + has_datasets, prefilled + has_datasets)


def _writers(session: Session, viewer: Actor, proposal: Proposal, now: datetime) -> tuple[Writer, ...]:
    last: dict[int, tuple[datetime, list[str]]] = {}
    for key, save in proposal.saves.items():
        by, at = (save.get("by"), save.get("at")) if isinstance(save, dict) else (None, None)
        if not isinstance(by, int) or not isinstance(at, str) or by == viewer.person_id:
            continue
        moment = datetime.fromisoformat(at)
        before, keys = last.get(by, (moment, []))
        if now - moment < WRITING and moment >= before:
            last[by] = (moment, [*keys, key] if moment == before else [key])
    people = session.scalars(select(Person).where(Person.id.in_(last)).order_by(Person.name)) if last else ()
    return tuple(_writer(person.name, *last[person.id]) for person in people)


def _writer(name: str, at: datetime, keys: Sequence[str]) -> Writer:
    steps, asked = {step.key: step for step in BANK.steps}, [BANK.question_of(key) for key in keys]
    questions = tuple(dict.fromkeys(each.key if each else key for each, key in zip(asked, keys, strict=True)))
    label = asked[-1].label if asked[-1] else ""
    return Writer(name, steps[BANK.step_of(keys[-1])], questions, label, at)


def seen(session: Session, viewer: Actor, reference: str, action: Action | None = None) -> Proposal:
    """A proposal that the viewer may know of, and, where an action is named, may do this to now.

    Raises:
        NotFound, NotAllowed, WrongState: as `permit` does.
    """
    proposal = session.scalar(select(Proposal).where(Proposal.reference == reference))
    roles = standing(session, viewer, proposal) if proposal else frozenset()
    if proposal is None or not sees(roles, Machine.PROPOSAL, proposal.state):
        raise NotFound(NOT_THERE)
    if action is not None:
        permit(action, roles, Machine.PROPOSAL, proposal.state)
    return proposal
