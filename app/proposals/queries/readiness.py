"""What stands between a draft and sending it: answers, datasets that closed, the agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.agreements.queries import Missing, accession_in_force, what_is_missing
from app.catalog.models import Dataset
from app.catalog.queries import datasets_by_ids
from app.foundation.words import N_
from app.organizations.cards import valid_card, who_vouches
from app.organizations.models import Organization, Person
from app.organizations.restrictions import restrictions_of
from app.proposals.models import Decision, Proposal, ProposalItem
from app.proposals.queries.joint import co_applicants_of
from app.proposals.queries.versions import datasets_in, extra_questions, team_of
from app.rules.actors import Actor
from app.rules.questions import Gap, StepKey, gaps
from app.rules.restrictions import RestrictionKind
from app.rules.roles import Capacity
from app.rules.workflow import ItemState

_NOT_OFFERED = N_("A dataset is not open to proposals any more. Remove it, or ask its data partner.")
_NO_AGREEMENT = N_(
    "Your organization has not joined the agreement in force, so this cannot be sent yet. Your answers are saved."
)
_NO_CARD = N_("Nobody at your organization vouches for %(lead)s yet. %(people)s can do it, for a year.")
_RESTRICTED = N_("Your organization cannot send proposals for now: %(words)s")
_NO_CO_AGREEMENT = N_("%(organization)s has not joined the agreement in force. Take it out, or ask it to sign first.")


@dataclass(frozen=True)
class Readiness:
    """Everything to mend before sending, in reading order; the accession to send under, or what is missing for one."""

    gaps: tuple[Gap, ...]
    accession: Accession | None
    missing: Missing | None


def readiness_of(session: Session, viewer: Actor, proposal: Proposal, now: datetime) -> Readiness:
    """What the viewer, who may write on the proposal, has to mend before it can be sent."""
    datasets, team = datasets_in(session, proposal.id), team_of(session, proposal.id)
    found = gaps(proposal.answers, datasets, team, now.date(), extra_questions(datasets))
    if closed_datasets(session, viewer, proposal, datasets):
        found.append(Gap("datasets", StepKey.SUPPLY, _NOT_OFFERED))
    found += _of_the_team(session, proposal, now)
    accession = accession_in_force(session, proposal.organization_id, Capacity.MEMBER, now)
    missing = None
    if accession is None:
        found.append(Gap("agreement", StepKey.NEED, _NO_AGREEMENT))
        organization = session.get_one(Organization, proposal.organization_id)
        missing = what_is_missing(session, organization, Capacity.MEMBER, now)
    return Readiness(tuple(found), accession, missing)


# What stands in the way though every answer is given: told beside the answers, and never as one of them.
OUTSIDE_THE_ANSWERS = frozenset({"agreement", "card", "restriction", "co_applicants"})


def _of_the_team(session: Session, proposal: Proposal, now: datetime) -> list[Gap]:
    """The lead's card, what the organization may not do for now, and co-applicants without an agreement in force."""
    found = []
    if valid_card(session, proposal.organization_id, proposal.lead_id, now) is None:
        people = who_vouches(session, proposal.organization_id, proposal.lead_id)
        names = ", ".join(person.name for person in people)
        lead = session.get_one(Person, proposal.lead_id).name
        found.append(Gap("card", StepKey.NEED, _NO_CARD, {"lead": lead, "people": names}))
    held_up = restrictions_of(session, proposal.organization_id, RestrictionKind.SEND_PROPOSALS)
    found += [
        Gap("restriction", StepKey.NEED, _RESTRICTED, {"words": row.words or row.cause, "cause": row.cause})
        for row in held_up[:1]
    ]
    for row in co_applicants_of(session, proposal.id):
        if accession_in_force(session, row.organization_id, Capacity.MEMBER, now) is None:
            facts = {"organization": row.organization.name}
            found.append(Gap("co_applicants", StepKey.MATCH, _NO_CO_AGREEMENT, facts))
    return found


def closed_datasets(session: Session, viewer: Actor, proposal: Proposal, datasets: Sequence[Dataset]) -> list[Dataset]:
    """Those that are no longer listed or seen. One that was decided on stays, though it may have been paused since; so does one
    whose data partner has left, as the rest goes on without it.
    """
    open_ids = datasets_by_ids(session, viewer, [dataset.id for dataset in datasets], offered_only=True)
    decided = set(
        session.scalars(
            select(ProposalItem.dataset_id)
            .outerjoin(Decision, Decision.item_id == ProposalItem.id)
            .where(ProposalItem.proposal_id == proposal.id)
            .where(Decision.id.is_not(None) | (ProposalItem.state == ItemState.NOT_OFFERED))
        )
    )
    return [dataset for dataset in datasets if dataset.id not in open_ids and dataset.id not in decided]
