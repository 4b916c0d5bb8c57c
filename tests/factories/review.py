"""A small consortium with one proposal in it, for tests of the review, the inbox and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.agreements.library import current_version
from app.catalog.models import Dataset
from app.catalog.terms import listed_terms
from app.foundation.hashing import content_hash
from app.organizations.calendars import ClosedDay
from app.organizations.models import Membership, Organization, Person
from app.organizations.queries import held_by
from app.proposals.commands.acting import record_event
from app.proposals.commands.deciding import decide
from app.proposals.commands.intake import pass_intake
from app.proposals.commands.ruling import Ruling
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion, TeamMember
from app.proposals.queries.versions import content_of, datasets_in, hash_of
from app.proposals.step_models import VersionDataset
from app.rules.actors import Actor
from app.rules.checklists import INTAKE
from app.rules.events import Event
from app.rules.pipelines import CURRENT_PIPELINE, Step
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, MemberState, ProposalState
from tests.factories.catalog import make_dataset

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ALL_YES: dict[str, str] = {check.key: "yes" for check in INTAKE}

ANSWERS: dict[str, object] = {
    "title": "Who cannot reach a Care Block on foot?",
    "problem": "Two in five caregivers never use a Care Block.",
    "question": "Which houses lie more than 20 minutes on foot from care?",
    "countries": ["CO"],
    "place": "Bogotá",
    "theme": "mobility",
    "purposes": ["dev.mobility"],
    "decision": "Where three new Care Blocks open",
    "decision_owner": "City planning board",
    "decision_by": "2027-03-31",
    "variables": "Origin and destination by block and hour",
    "granularity": "Block, hour",
    "period_from": "2024",
    "period_to": "2026",
    "why_not_open": "The travel survey has 310 caregivers.",
    "benefit": "About 90,000 caregivers could reach care on foot.",
    "benefit_kinds": ["service"],
    "beneficiaries": "Caregivers in Bogotá",
    "beneficiary_types": ["public_body", "community"],
    "outputs": ["map", "brief"],
    "value_back": "A note on gaps in the data",
    "access_mode": "secure_transfer",
    "ai_use": "none",
    "storage_place": "Our own server, encrypted",
    "storage_country": "ES",
    "starts_on": "2027-01-04",
    "ends_on": "2028-01-03",
    "personal_data": "none",
    "risks": ["identify"],
    "risks_words": "No cell under ten phones is published.",
    "indicators": [{"name": "Caregivers in reach", "baseline": "61 %", "target": "75 %", "by": "2027-12-31"}],
    "how_measured": "By the city's own records.",
    "first_report_on": "2027-04-04",
    "publication": "public",
}


@dataclass
class Scene:
    """Two data partners, two members, the secretariat, and one proposal for a dataset of each data partner."""

    session: Session
    organizations: dict[str, Organization]
    people: dict[str, Person]
    datasets: dict[str, Dataset]
    proposal: Proposal

    def actor(self, who: str) -> Actor:
        """A person as they sign in now."""
        return actor_of(self.session, self.people[who])

    @property
    def ref(self) -> str:
        """The proposal's reference."""
        return self.proposal.reference

    @property
    def shown_hash(self) -> str:
        """The hash of the version that a reader sees now."""
        version = self.session.get_one(ProposalVersion, self.proposal.current_version_id)
        return version.content_hash

    def shown_terms(self) -> dict[str, str]:
        """The hashes of the listings' terms as the review page carries them."""
        loaded = selectinload(Dataset.conditions), selectinload(Dataset.countries)
        rows = self.session.scalars(select(Dataset).options(*loaded).execution_options(populate_existing=True))
        return {f"terms-{row.reference}": content_hash(listed_terms(row)) for row in rows}

    def pass_on(self, now: datetime = MONDAY) -> None:
        """The officer passes the intake check."""
        pass_intake(self.session, self.actor("jonas"), self.ref, ALL_YES, now)

    def ruling(self, outcome: ItemState, **more: object) -> Ruling:
        """What a steward says on the version shown; a no comes with its reason."""
        given: dict[str, object] = {"version_hash": self.shown_hash, "outcome": outcome}
        if outcome is ItemState.NOT_APPROVED:
            given |= {"reason": Reason.TOO_EARLY, "words": "Ask again after the pilot."}
        return Ruling(**{**given, **more})  # type: ignore[arg-type]

    def decides(self, who: str, dataset: str, outcome: ItemState, now: datetime = MONDAY, **more: object) -> Decision:
        """One steward decides on one dataset."""
        reference = self.datasets[dataset].reference
        ruling = self.ruling(outcome, **more)
        return decide(self.session, self.actor(who), self.ref, [reference], ruling, now)[0]


def make_organization(session: Session, slug: str, kind: Kind, name: str) -> Organization:
    """An organization of some kind."""
    row = Organization(slug=slug, name=name, kind=kind, created_at=MONDAY)
    session.add(row)
    session.flush()
    return row


def close_on(session: Session, organization: Organization, day: date) -> None:
    """A day on which an organization does not work, besides weekends and holidays."""
    session.add(ClosedDay(organization_id=organization.id, day=day, reason="The office moves", added_at=MONDAY))
    session.flush()


def make_person(session: Session, name: str, *held: tuple[Organization, Role]) -> Person:
    """A person who holds these roles."""
    row = Person(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.org", created_at=MONDAY)
    session.add(row)
    session.flush()
    for organization, role in held:
        session.add(Membership(person_id=row.id, organization_id=organization.id, role=role, since=MONDAY))
    session.flush()
    return row


def actor_of(session: Session, person: Person) -> Actor:
    """The actor that signing in makes of a person."""
    held = held_by(session, person.id)
    return Actor(
        person.id, person.pid, person.name, person.email, held, "password+totp", MONDAY, has_second_factor=True
    )


def make_scene(session: Session) -> Scene:
    """The consortium, with the proposal in draft. `scene_in_intake` has it sent."""
    make = {
        "secretariat": (Kind.SECRETARIAT, "Secretariat"),
        "acme": (Kind.PARTNER, "Acme Maps"),
        "paloma": (Kind.PARTNER, "Paloma Pay"),
        "coastal": (Kind.MEMBER, "Institute for Coastal Cities"),
        "other": (Kind.MEMBER, "Another Institute"),
    }
    of = {slug: make_organization(session, slug, kind, name) for slug, (kind, name) in make.items()}
    people = {
        "jonas": make_person(session, "Jonas Oyelaran", (of["secretariat"], Role.OFFICER)),
        "helena": make_person(session, "Helena Voss", (of["secretariat"], Role.DIRECTOR)),
        "aude": make_person(session, "Aude Keller", (of["secretariat"], Role.AUDITOR)),
        "lucia": make_person(session, "Lucía Prado", (of["acme"], Role.STEWARD)),
        "tom": make_person(session, "Tom Ek", (of["acme"], Role.DEPUTY)),
        "pia": make_person(session, "Pia Santos", (of["paloma"], Role.STEWARD)),
        "rosa": make_person(session, "Rosa Lindqvist", (of["coastal"], Role.PROJECT_STAFF)),
        "marta": make_person(session, "Marta Ibáñez", (of["coastal"], Role.PROJECT_STAFF)),
        "fenna": make_person(session, "Fenna Blok", (of["coastal"], Role.FOCAL_POINT)),
        "otto": make_person(session, "Otto Fremd", (of["other"], Role.PROJECT_STAFF)),
    }
    datasets = {
        "streets": make_dataset(session, of["acme"], title="Street-level movement in 14 cities"),
        "shops": make_dataset(session, of["paloma"], title="Small shops, monthly turnover"),
    }
    proposal = make_draft(session, of["coastal"], [people["rosa"], people["marta"]], list(datasets.values()))
    return Scene(session, of, people, datasets, proposal)


def make_draft(
    session: Session,
    organization: Organization,
    team: Sequence[Person],
    datasets: Sequence[Dataset],
    answers: Mapping[str, object] | None = None,
    reference: str = "PR-2026-0117",
) -> Proposal:
    """A draft with a team (the first one leads), datasets and complete answers."""
    proposal = Proposal(
        reference=reference,
        organization_id=organization.id,
        lead_id=team[0].id,
        title=str((answers or ANSWERS)["title"]),
        answers=dict(answers or ANSWERS),
        created_at=MONDAY,
        updated_at=MONDAY,
    )
    session.add(proposal)
    session.flush()
    for place, person in enumerate(team):
        row = TeamMember(
            proposal_id=proposal.id, person_id=person.id, name=person.name, email=person.email, added_at=MONDAY
        )
        row.organization_name, row.is_lead, row.state = organization.name, place == 0, MemberState.ACCEPTED
        session.add(row)
    session.add_all(ProposalItem(proposal_id=proposal.id, dataset_id=dataset.id) for dataset in datasets)
    session.flush()
    return proposal


def hand_in(
    session: Session, proposal: Proposal, lead: Person, now: datetime = MONDAY, number: int = 1
) -> ProposalVersion:
    """Freeze the proposal as a version and put it into intake, without asking whether it may be sent."""
    agreement = current_version()
    content = content_of(session, proposal)
    version = ProposalVersion(
        proposal_id=proposal.id,
        number=number,
        content=content,
        content_hash=hash_of(content),
        agreement_version=agreement.id,
        agreement_hash=agreement.text_hash,
        sent_at=now,
        sent_by_id=lead.id,
    )
    session.add(version)
    session.flush()
    session.add_all(
        VersionDataset(proposal_version_id=version.id, dataset_id=dataset.id)
        for dataset in datasets_in(session, proposal.id)
    )
    proposal.current_version_id, proposal.step = version.id, Step.INTAKE
    proposal.pipeline = proposal.pipeline or CURRENT_PIPELINE
    proposal.sent_at, proposal.waiting_since, proposal.state = now, now, ProposalState.IN_INTAKE
    session.flush()
    event = Event.PROPOSAL_SENT if number == 1 else Event.PROPOSAL_RESENT
    record_event(session, event, actor_of(session, lead), proposal, now, {"version": number})
    return version


def scene_in_intake(session: Session, now: datetime = MONDAY) -> Scene:
    """The scene with its proposal sent, waiting for the intake check."""
    scene = make_scene(session)
    hand_in(session, scene.proposal, scene.people["rosa"], now)
    return scene


def scene_in_review(session: Session, now: datetime = MONDAY) -> Scene:
    """The scene with its proposal passed on to both data partners."""
    scene = scene_in_intake(session, now)
    scene.pass_on(now)
    return scene


def decided_too(scene: Scene, number: int, days: int) -> None:
    """One more proposal on the same datasets, approved by both data partners after so many days."""
    draft = make_draft(
        scene.session, scene.organizations["other"], [scene.people["otto"]], list(scene.datasets.values()),
        reference=f"PR-2026-08{number:02d}",
    )  # fmt: skip
    hand_in(scene.session, draft, scene.people["otto"])
    scene.proposal = draft
    scene.pass_on()
    for name, dataset in (("lucia", "streets"), ("pia", "shops")):
        scene.decides(name, dataset, ItemState.APPROVED, MONDAY + timedelta(days=days))
