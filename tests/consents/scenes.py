"""Rules of the data partner in the scene of the review's tests."""

from dataclasses import replace

from sqlalchemy import select

from app.consents.commands import Written, simulate, start, switch_on
from app.consents.models import StandingConsent
from app.consents.queries.facts import facts_of
from app.proposals.models import ProposalItem, ProposalVersion
from app.rules.consents import Criteria
from app.rules.workflow import ItemState
from tests.factories.review import MONDAY, Scene

EVERYTHING = Criteria(
    purposes=frozenset(),
    access_modes=frozenset(),
    most_sensitive="4",
    personal_data=frozenset({"none", "deidentified"}),
    longest_months=24,
)


def covering(scene: Scene, dataset: str = "streets") -> Criteria:
    """A rule that covers what the scene's proposal asks of a dataset."""
    version = scene.session.get_one(ProposalVersion, scene.proposal.current_version_id)
    facts = facts_of(version, scene.datasets[dataset])
    return replace(EVERYTHING, purposes=facts.purposes, access_modes=frozenset({facts.access_mode}))


def draft(scene: Scene, criteria: Criteria | None = None, who: str = "lucia") -> StandingConsent:
    """A rule of Acme Maps, as Lucía writes it."""
    written = Written("Low risk", criteria or covering(scene))
    return start(scene.session, scene.actor(who), scene.organizations["acme"], written, MONDAY)


def switched_on(scene: Scene, criteria: Criteria | None = None, who: str = "lucia") -> StandingConsent:
    """The same, tried on the past and switched on."""
    rule = draft(scene, criteria, who)
    simulate(scene.session, scene.actor(who), rule.reference, MONDAY)
    return switch_on(scene.session, scene.actor(who), rule.reference, rule.criteria_hash, MONDAY)


def items(scene: Scene) -> dict[str, ItemState]:
    """What was decided, by dataset."""
    rows = scene.session.scalars(select(ProposalItem).where(ProposalItem.proposal_id == scene.proposal.id))
    names = {dataset.id: name for name, dataset in scene.datasets.items()}
    return {names[row.dataset_id]: row.state for row in rows}
