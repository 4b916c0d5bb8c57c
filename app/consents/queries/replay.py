"""What a rule would have done to every proposal that the data partner was ever asked about. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.consents.queries.facts import facts_of
from app.foundation.base import JSONObject
from app.organizations.models import Organization
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.rules.calendar import took_working_days
from app.rules.consents import Criteria, Criterion, misfits
from app.rules.vocabulary import Reason
from app.rules.workflow import APPROVALS, ItemState


@dataclass(frozen=True)
class Replayed:
    """One past item: what the rule says, and what people said. `days` are the working days that the answer took."""

    proposal: str
    title: str
    member: str
    dataset: str
    dataset_title: str
    misfits: tuple[Criterion, ...]
    outcome: ItemState
    reason: Reason | None
    passed_at: datetime
    decided_at: datetime | None

    @property
    def is_approved(self) -> bool:
        """Whether the rule would have approved it."""
        return not self.misfits

    @property
    def is_against(self) -> bool:
        """Whether the rule would have approved what people did not."""
        return self.is_approved and self.outcome is ItemState.NOT_APPROVED

    @property
    def is_looser(self) -> bool:
        """Whether people approved it with conditions that the rule would have left out."""
        return self.is_approved and self.outcome is ItemState.APPROVED_WITH_CONDITIONS

    @property
    def days(self) -> int | None:
        """Working days until people answered; None where nobody has."""
        return None if self.decided_at is None else took_working_days(self.passed_at, self.decided_at)


@dataclass(frozen=True)
class Replay:
    """The whole trial, newest proposal first."""

    items: tuple[Replayed, ...]

    @property
    def approved(self) -> tuple[Replayed, ...]:
        """What the rule would have approved at once."""
        return tuple(each for each in self.items if each.is_approved)

    @property
    def against(self) -> tuple[Replayed, ...]:
        """What the rule would have approved, and people did not."""
        return tuple(each for each in self.items if each.is_against)

    @property
    def looser(self) -> tuple[Replayed, ...]:
        """What people approved with conditions only."""
        return tuple(each for each in self.items if each.is_looser)

    @property
    def days_saved(self) -> int:
        """Working days of waiting that the rule would have spared, over all that people approved too."""
        return sum(each.days or 0 for each in self.approved if each.outcome in APPROVALS)

    def counts(self) -> JSONObject:
        """The figures that are kept with the rule."""
        return {
            "items": len(self.items),
            "approved": len(self.approved),
            "against": len(self.against),
            "looser": len(self.looser),
            "days_saved": self.days_saved,
        }


def replay(session: Session, organization_id: int, rule: Criteria) -> Replay:
    """Try the rule on every item of this data partner's datasets that ever came to it, in the version that was sent last.

    Each dataset counts with its sensitivity of today. One statement, whatever the number.
    """
    statement = (
        select(Proposal, ProposalVersion, ProposalItem, Dataset, Decision, Organization.name)
        .join(ProposalVersion, ProposalVersion.id == Proposal.current_version_id)
        .join(ProposalItem, ProposalItem.proposal_id == Proposal.id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Organization, Organization.id == Proposal.organization_id)
        .outerjoin(Decision, Decision.id == ProposalItem.decision_id)
        .where(Dataset.organization_id == organization_id, Proposal.passed_at.is_not(None))
        .order_by(Proposal.passed_at.desc(), ProposalItem.id)
    )
    rows = session.execute(statement)
    return Replay(tuple(_replayed(rule, *row) for row in rows if _was_sent(row[1], row[3])))


def _replayed(
    rule: Criteria,
    proposal: Proposal,
    version: ProposalVersion,
    item: ProposalItem,
    dataset: Dataset,
    decision: Decision | None,
    member: str,
) -> Replayed:
    return Replayed(
        proposal=proposal.reference,
        title=proposal.title,
        member=member,
        dataset=dataset.reference,
        dataset_title=dataset.title,
        misfits=misfits(rule, facts_of(version, dataset)),
        outcome=item.state,
        reason=decision.reason if decision else None,
        passed_at=proposal.passed_at or version.sent_at,
        decided_at=decision.decided_at if decision else None,
    )


def _was_sent(version: ProposalVersion, dataset: Dataset) -> bool:
    """A dataset that was added to a draft and not sent yet is nobody's past."""
    named: object = version.content.get("datasets")
    return isinstance(named, Sequence) and any(
        isinstance(each, dict) and each.get("reference") == dataset.reference for each in named
    )
