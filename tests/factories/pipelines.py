"""Proposals that were sent, by the real commands, under each pipeline; with a committee, an ethics and a legal reviewer."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.organizations.models import Card, Organization, Person
from app.proposals.commands.acting import current_version
from app.proposals.commands.crises import declare_crisis
from app.proposals.commands.deciding import decide
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, pass_intake, request_changes
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.stepping import pass_step
from app.proposals.commands.voting import Closed, cast_vote, close_vote
from app.proposals.models import Proposal
from app.proposals.queries.versions import datasets_in
from app.rules.actors import Actor
from app.rules.checklists import OF_STEP
from app.rules.pipelines import Step
from app.rules.roles import Kind, Role
from app.rules.verdicts import VoteChoice
from app.rules.vocabulary import AccessMode, Sensitivity
from app.rules.workflow import CardState, ItemState, ProposalState
from tests.factories.organizations import acting, make_organization, make_person, make_secretariat
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal, send_as_shown

FOR, AGAINST, ABSTAIN = VoteChoice
LATER = NOW + timedelta(days=2)

# Answers and listings that the rules of routing send this way.
_ANSWERS: dict[str, dict[str, object]] = {
    "default@1": {},
    "committee@1": {},
    "ethics@1": {"personal_data": "personal", "personal_data_words": "Public interest, article 6 (1) e."},
    "crisis@1": {"purposes": ["dev.disaster.flood"]},
}


def yes_to(step: Step) -> dict[str, str]:
    """Every question of a step answered with yes."""
    return {check.key: "yes" for check in OF_STEP[step]}


@dataclass
class Board:
    """One proposal on its way, and everyone who acts on it. `people` are the committee's and the reviewers, by first name."""

    session: Session
    cast: Cast
    proposal: Proposal
    people: dict[str, Person]
    organizations: dict[str, Organization] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """The proposal's reference."""
        return self.proposal.reference

    @property
    def shown_hash(self) -> str:
        """The hash of the version that a reader sees now."""
        version = current_version(self.session, self.proposal)
        assert version is not None
        return version.content_hash

    def actor(self, who: str) -> Actor:
        """A person as they sign in now."""
        return acting(self.session, self.people[who])

    def vote(self, who: str, choice: VoteChoice, words: str = "Too fine for this.", now: datetime = NOW) -> None:
        """One member votes on what is shown now."""
        cast_vote(self.session, self.actor(who), self.ref, self.shown_hash, choice, words, now)

    def close(self, who: str = "cora", words: str = "", now: datetime = NOW) -> Closed:
        """Somebody closes the vote."""
        return close_vote(self.session, self.actor(who), self.ref, self.shown_hash, words, now)

    def carry(self, now: datetime = NOW) -> None:
        """Three votes for it, and the chair closes."""
        for who in ("cora", "rafi", "rhea"):
            self.vote(who, FOR, now=now)
        self.close(now=now)

    def passes(self, who: str, step: Step, now: datetime = NOW) -> None:
        """A reviewer passes its step."""
        pass_step(self.session, self.actor(who), self.ref, self.shown_hash, yes_to(step), "", now)

    def asks(self, who: str, now: datetime = NOW) -> None:
        """Somebody asks the team for a change."""
        request_changes(self.session, self.actor(who), self.ref, [Request("Say which streets.")], now)

    def answers(self, now: datetime = LATER, *, changed: bool = True) -> None:
        """The team sends its answer: another version, or the same words as before."""
        lead = self.actor("lead")
        if changed:
            save_answers(self.session, lead, self.ref, {"variables": f"Trips on foot, {now:%H:%M}."}, now)
        send_as_shown(self.session, lead, self.proposal, now)

    def pass_intake(self, now: datetime = NOW) -> None:
        """The officer passes the intake check."""
        pass_intake(self.session, self.actor("officer"), self.ref, yes_to(Step.INTAKE), now)

    def approve(self, now: datetime = NOW) -> None:
        """Every data partner approves."""
        for dataset in datasets_in(self.session, self.proposal.id):
            steward = acting(self.session, self.cast.steward_of(dataset))
            ruling = Ruling(self.shown_hash, ItemState.APPROVED)
            decide(self.session, steward, self.ref, [dataset.reference], ruling, now)


def make_board(session: Session, pipeline: str = "default@1", *, passed: bool = True) -> Board:
    """A proposal that was sent under this pipeline, and passed the intake check unless told otherwise."""
    cast = make_cast(session)
    people, organizations = _everyone(session, cast)
    if pipeline == "committee@1":
        for dataset in cast.datasets:
            dataset.sensitivity, dataset.access_mode = Sensitivity.CLASS_3, AccessMode.POOLED_STORE
    if pipeline == "crisis@1":
        for dataset in cast.datasets:
            for condition in dataset.conditions:
                condition.value = {"value": ["dev.mobility", "dev.disaster"]}
        vouch(session, cast.member, cast.lead)
        director = acting(session, cast.director)
        declare_crisis(session, director, "Floods in Cali", ["CO"], date(2026, 11, 20), date(2026, 12, 20), NOW)
    proposal = make_proposal(session, ProposalState.IN_INTAKE, cast=cast, answers=_ANSWERS[pipeline])
    board = Board(session, cast, proposal, people, organizations)
    if passed:
        board.pass_intake()
    return board


def vouch(session: Session, organization: Organization, person: Person) -> None:
    """A card of the person that is valid, if there is none yet."""
    known = session.query(Card).filter_by(organization_id=organization.id, person_id=person.id).first()
    if known is None:
        since, until = NOW - timedelta(days=30), NOW + timedelta(days=335)
        session.add(
            Card(
                organization_id=organization.id,
                person_id=person.id,
                state=CardState.VALID,
                asked_at=since,
                since=since,
                until=until,
            )
        )
        session.flush()


def _everyone(session: Session, cast: Cast) -> tuple[dict[str, Person], dict[str, Organization]]:
    north = make_organization(session, Kind.MEMBER, "Northern Agency")
    delta = make_organization(session, Kind.PARTNER, "Delta Data")
    secretariat = make_secretariat(session)
    people = {
        "cora": make_person(session, north, Role.CHAIR, name="Cora Mbeki"),
        "rafi": make_person(session, delta, Role.REVIEWER, name="Rafi Alvarez"),
        "rhea": make_person(session, north, Role.REVIEWER, name="Rhea Lund"),
        "oskar": make_person(session, delta, Role.REVIEWER, name="Oskar Brandt"),
        "elif": make_person(session, secretariat, Role.ETHICS_REVIEWER, name="Elif Aydin"),
        "lars": make_person(session, secretariat, Role.LEGAL_REVIEWER, name="Lars Holm"),
        "officer": cast.officer,
        "director": cast.director,
        "lead": cast.lead,
        "steward": cast.steward_of(cast.datasets[0]),
        "other_steward": cast.steward_of(cast.datasets[1]),
    }
    return people, {"north": north, "delta": delta, "secretariat": secretariat, "member": cast.member}
