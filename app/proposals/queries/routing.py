"""Which way a proposal goes and why: what the rules ask about, as it is now; declared crises; how many run under what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.organizations.cards import valid_card
from app.proposals.models import Proposal, ProposalItem
from app.proposals.step_models import Crisis
from app.rules.questions import codes, text
from app.rules.routing import Facts, Route, route
from app.rules.turns import OPEN_STATES
from app.rules.vocabulary import WORLD


@dataclass(frozen=True)
class Use:
    """How many proposals are on their way under one pipeline, and how many have ended."""

    pipeline: str
    open: int
    ended: int


def routing_of(session: Session, proposal: Proposal, now: datetime) -> Route:
    """The pipeline that the proposal would be sent under now, or was: a chosen one stays."""
    if proposal.pipeline is not None:
        kept = proposal.routed_because or {}
        gaps = kept.get("facts")
        facts = tuple((str(key), str(value)) for key, value in gaps.items()) if isinstance(gaps, dict) else ()
        return Route(proposal.pipeline, str(kept.get("rule", "")), str(kept.get("because", "")), facts)
    return route(facts_of(session, proposal, now))


def facts_of(session: Session, proposal: Proposal, now: datetime) -> Facts:
    """What the rules ask about, from the answers as they stand and the listings as they are now."""
    asked = (
        select(Dataset.sensitivity, Dataset.access_mode)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .where(ProposalItem.proposal_id == proposal.id)
    )
    rows = session.execute(asked).all()
    countries = frozenset(codes(proposal.answers, "countries"))
    return Facts(
        sensitivities=frozenset(sensitivity for sensitivity, _mode in rows if sensitivity),
        access_modes=frozenset(mode for _sensitivity, mode in rows if mode),
        personal_data=text(proposal.answers, "personal_data"),
        purposes=frozenset(codes(proposal.answers, "purposes")),
        countries=countries,
        crisis=next((crisis.title for crisis in crises_now(session, now.date()) if concerns(crisis, countries)), ""),
        is_preauthorized=valid_card(session, proposal.organization_id, proposal.lead_id, now) is not None,
    )


def concerns(crisis: Crisis, countries: frozenset[str]) -> bool:
    """Whether a crisis was declared for one of these countries, or for the whole world."""
    return WORLD in crisis.countries or bool(countries & set(crisis.countries))


def crises_now(session: Session, today: date) -> Sequence[Crisis]:
    """The crises that are declared and run today, the oldest first."""
    running = Crisis.ended_at.is_(None) & (Crisis.starts_on <= today) & (Crisis.ends_on >= today)
    return session.scalars(select(Crisis).where(running).order_by(Crisis.declared_at, Crisis.id)).all()


def crises(session: Session) -> Sequence[Crisis]:
    """Every crisis that was ever declared, the newest first."""
    return session.scalars(select(Crisis).order_by(Crisis.declared_at.desc(), Crisis.id.desc())).all()


def uses(session: Session) -> dict[str, Use]:
    """How many proposals run under each pipeline; those that nobody has used are left out."""
    is_open = Proposal.state.in_(OPEN_STATES) & Proposal.ended_at.is_(None) | Proposal.waiting_since.is_not(None)
    statement = (
        select(Proposal.pipeline, func.count(), func.count().filter(is_open))
        .where(Proposal.pipeline.is_not(None))
        .group_by(Proposal.pipeline)
    )
    return {str(name): Use(str(name), running, total - running) for name, total, running in session.execute(statement)}
