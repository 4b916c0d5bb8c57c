"""Makes proposals for tests, through the same commands that people use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.catalog.models import Dataset
from app.organizations.models import Organization, Person
from app.proposals.commands.acting import current_version
from app.proposals.commands.deciding import decide
from app.proposals.commands.drafting import save_answers, start
from app.proposals.commands.ending import end_proposals_of
from app.proposals.commands.intake import Request, close_at_intake, park_overdue, pass_intake, request_changes
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.sending import send, withdraw
from app.proposals.models import Proposal
from app.proposals.queries.versions import content_of, datasets_in, hash_of
from app.rules.actors import Actor
from app.rules.checklists import INTAKE, Mark
from app.rules.roles import CAPACITIES, Kind, Role
from app.rules.workflow import AccessionState, ItemState, ProposalState
from tests.factories.catalog import make_dataset
from tests.factories.organizations import acting, make_organization, make_person, make_secretariat

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
JOINED = NOW - timedelta(days=60)
_serial = count(1)

ANSWERS: dict[str, object] = {
    "title": "Safer walking routes to schools in Cali",
    "problem": "Half of the children in the southern districts walk to school along roads without sidewalks.",
    "question": "Which crossings do most children use before eight?",
    "countries": ["CO"],
    "place": "Cali",
    "theme": "mobility",
    "decision": "Which twelve crossings to rebuild with next year's budget.",
    "decision_owner": "Transport department, city of Cali",
    "decision_by": "2027-06-30",
    "variables": "Trips on foot by hour of departure.",
    "granularity": "Block, by hour",
    "period_from": "2024",
    "period_to": "2025",
    "why_not_open": "The travel survey holds 310 children and no walking trips under ten minutes.",
    "benefit": "About 40,000 children get a safer way to school.",
    "benefit_kinds": ["service"],
    "beneficiaries": "40,000 children and the city that plans for them.",
    "beneficiary_types": ["public_body", "community"],
    "outputs": ["brief", "map"],
    "value_back": "A note on gaps that we find in the data.",
    "access_mode": "secure_transfer",
    "ai_use": "none",
    "storage_place": "Our research server, encrypted",
    "storage_country": "CO",
    "starts_on": "2027-02-01",
    "ends_on": "2028-01-31",
    "personal_data": "deidentified",
    "risks": ["bias"],
    "risks_words": "We say in the report which streets the data does not see.",
    "indicators": [
        {"name": "Children hurt on the way to school", "baseline": "61", "target": "40", "by": "2028-12-31"}
    ],
    "how_measured": "Police accident statistics by street.",
    "first_report_on": "2027-05-03",
    "publication": "public",
}


@dataclass(frozen=True)
class Cast:
    """Everyone that a proposal needs: a member that has acceded, two data partners with stewards, the secretariat."""

    member: Organization
    lead: Person
    datasets: tuple[Dataset, ...]
    stewards: Mapping[int, Person]
    officer: Person
    director: Person

    def steward_of(self, dataset: Dataset) -> Person:
        """The data steward of a dataset's data partner."""
        return self.stewards[dataset.organization_id]


def make_cast(session: Session, partners: int = 2, *, has_acceded: bool = True) -> Cast:
    """A member, data partners with one listed dataset each, and the secretariat."""
    member = make_organization(session, Kind.MEMBER, "Coastal Cities Fund")
    if has_acceded:
        accede(session, member)
    secretariat = make_secretariat(session)
    givers = [make_organization(session, Kind.PARTNER, f"Partner {number + 1}") for number in range(partners)]
    return Cast(
        member,
        make_person(session, member, Role.PROJECT_STAFF, name="Rosa Lindqvist"),
        tuple(make_dataset(session, giver) for giver in givers),
        {giver.id: make_person(session, giver, Role.STEWARD) for giver in givers},
        make_person(session, secretariat, Role.OFFICER, name="Olu Bright"),
        make_person(session, secretariat, Role.DIRECTOR),
    )


def accede(session: Session, organization: Organization, version: str = "2026-1", digest: str = "a" * 64) -> None:
    """Put an accession of the organization in force, in each capacity that it may have."""
    for capacity in CAPACITIES[organization.kind]:
        session.add(
            Accession(
                reference=f"AC-T{next(_serial)}",
                organization_id=organization.id,
                capacity=capacity,
                agreement_version=version,
                agreement_hash=digest,
                state=AccessionState.IN_FORCE,
                opened_at=JOINED,
                countersigned_at=JOINED,
                on_paper=True,
            )
        )
    session.flush()


def make_proposal(
    session: Session,
    state: ProposalState = ProposalState.IN_INTAKE,
    *,
    cast: Cast | None = None,
    answers: Mapping[str, object] | None = None,
    datasets: Sequence[Dataset] | None = None,
    now: datetime = NOW,
) -> Proposal:
    """A proposal of the cast's member, brought into this state by commands. Issuing is for grants to do.

    Args:
        answers: replace those of `ANSWERS`.
        datasets: those to ask for; all of the cast's where left out.
    """
    cast = cast or make_cast(session)
    lead = acting(session, cast.lead)
    references = [dataset.reference for dataset in (cast.datasets if datasets is None else datasets)]
    proposal = start(session, lead, cast.member.id, references, now)
    save_answers(session, lead, proposal.reference, {**ANSWERS, **(answers or {})}, now)
    return bring(session, cast, proposal, state, now)


def bring(session: Session, cast: Cast, proposal: Proposal, state: ProposalState, now: datetime = NOW) -> Proposal:
    """Bring a draft into this state, by the commands of those whose turn it is."""
    for step in _WAY[state]:
        step(session, cast, proposal, now)
    session.flush()
    return proposal


def send_as_shown(session: Session, lead: Actor, proposal: Proposal, now: datetime = NOW) -> Proposal:
    """Send what a person would be shown at this moment."""
    shown = hash_of(content_of(session, proposal))
    return send(session, lead, proposal.reference, shown, now, declares=True)


def _send(session: Session, cast: Cast, proposal: Proposal, now: datetime) -> None:
    send_as_shown(session, acting(session, cast.lead), proposal, now)


def _pass(session: Session, cast: Cast, proposal: Proposal, now: datetime) -> None:
    checklist = {check.key: Mark.YES.value for check in INTAKE}
    pass_intake(session, acting(session, cast.officer), proposal.reference, checklist, now)


def _ask(session: Session, cast: Cast, proposal: Proposal, now: datetime) -> None:
    officer = acting(session, cast.officer)
    request_changes(session, officer, proposal.reference, [Request("Say which streets.", "variables")], now)


def _approve(session: Session, cast: Cast, proposal: Proposal, now: datetime) -> None:
    version = current_version(session, proposal)
    assert version is not None
    for dataset in datasets_in(session, proposal.id):
        ruling = Ruling(version.content_hash, ItemState.APPROVED)
        steward = acting(session, cast.steward_of(dataset))
        decide(session, steward, proposal.reference, [dataset.reference], ruling, now)


def _close(session: Session, cast: Cast, proposal: Proposal, now: datetime) -> None:
    close_at_intake(session, acting(session, cast.officer), proposal.reference, "Outside the agreement.", now)


def _park(session: Session, _cast: Cast, _proposal: Proposal, now: datetime) -> None:
    park_overdue(session, now + timedelta(days=40))


def _withdraw(session: Session, cast: Cast, proposal: Proposal, now: datetime) -> None:
    withdraw(session, acting(session, cast.lead), proposal.reference, "The budget was cut.", now)


def _end(session: Session, cast: Cast, _proposal: Proposal, now: datetime) -> None:
    end_proposals_of(session, cast.member, now.date(), now)


_WAY = {
    ProposalState.DRAFT: (),
    ProposalState.IN_INTAKE: (_send,),
    ProposalState.IN_REVIEW: (_send, _pass),
    ProposalState.CHANGES_REQUESTED: (_send, _ask),
    ProposalState.DECIDED: (_send, _pass, _approve),
    ProposalState.NOT_TAKEN_UP: (_send, _close),
    ProposalState.PARKED: (_send, _ask, _park),
    ProposalState.WITHDRAWN: (_send, _withdraw),
    ProposalState.ENDED: (_send, _pass, _end),
}
