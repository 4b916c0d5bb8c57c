"""The last day of what was approved, before which its grants are issued; and when a proposal came back because it had come."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.catalog.terms import kept_layer, listed_terms
from app.history.models import HistoryEvent
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.terms import terms_on
from app.proposals.queries.versions import answers_of
from app.rules.events import Event
from app.rules.terms.values import as_date
from app.rules.workflow import APPROVALS


def last_days(session: Session, condition: ColumnElement[bool]) -> dict[str, date]:
    """By reference, the earliest last day among the approved datasets of each proposal under this condition: by what was asked
    for, what the decision adds, and the listing's terms as the decision kept them.
    """
    statement = (
        select(Proposal.reference, ProposalVersion, Dataset, Decision)
        .join(ProposalVersion, ProposalVersion.id == Proposal.current_version_id)
        .join(ProposalItem, ProposalItem.proposal_id == Proposal.id)
        .join(Dataset, Dataset.id == ProposalItem.dataset_id)
        .join(Decision, Decision.id == ProposalItem.decision_id)
        .where(condition, ProposalItem.state.in_(APPROVALS))
        .order_by(ProposalItem.id)
        .options(selectinload(Dataset.conditions), selectinload(Dataset.countries))
    )
    found: dict[str, date] = {}
    for reference, version, dataset, decision in session.execute(statement):
        agreement = agreement_version(version.agreement_version).terms
        listed = kept_layer(decision.terms or listed_terms(dataset), agreement)
        value = terms_on(agreement, listed, answers_of(version.content), decision.conditions).value("end")
        if value is not None:
            found[reference] = min(found.get(reference, as_date(value)), as_date(value))
    return found


def came_back_for_days(session: Session, proposal: Proposal) -> datetime | None:
    """When it last went back to its team because its last day had come; None where it never did."""
    return session.scalar(coming_back(proposal))


def coming_back(proposal: Proposal) -> Select[datetime | None]:
    """The same, as a statement of one row."""
    return select(func.max(HistoryEvent.at)).where(
        HistoryEvent.thing == "proposal",
        HistoryEvent.thing_ref == proposal.reference,
        HistoryEvent.type == Event.DAYS_PASSED.value,
    )
