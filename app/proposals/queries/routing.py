"""Which way a proposal goes and why: asked anew whenever it is sent; declared crises; how many run under what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.organizations.cards import valid_card
from app.proposals.models import Proposal, ProposalItem
from app.proposals.step_models import Crisis
from app.rules.questions import codes, text
from app.rules.routing import Facts, Route, asks_more, route
from app.rules.turns import OPEN_STATES
from app.rules.vocabulary import WORLD


@dataclass(frozen=True)
class Use:
    """How many proposals are on their way under one pipeline, and how many have ended."""

    pipeline: str
    open: int
    ended: int


@dataclass(frozen=True)
class Way:
    """The route that a proposal goes. `version` is the number of the latest version for which the rules said this themselves,
    and `before` the route that it went until a version asked for more.
    """

    route: Route
    version: int | None = None
    before: Route | None = None


@dataclass(frozen=True)
class Asked:
    """What the rules are asked about: answers, the datasets that are asked for, and who proposes."""

    answers: Mapping[str, object]
    dataset_ids: frozenset[int]
    organization_id: int
    lead_id: int


def way_of(proposal: Proposal) -> Way | None:
    """The way that a proposal was sent under, and why; None for a draft."""
    return None if proposal.pipeline is None else from_kept(proposal.pipeline, proposal.routed_because or {})


def from_kept(pipeline: str, kept: Mapping[str, object]) -> Way:
    """The way that was kept (`as_kept`), by a proposal or by its history."""
    before, version = kept.get("before"), kept.get("version")
    return Way(
        _route(pipeline, kept),
        version if isinstance(version, int) else None,
        _route(str(before["pipeline"]), before) if isinstance(before, dict) else None,
    )


def way_if_sent(session: Session, proposal: Proposal, version: int, now: datetime) -> Way:
    """The way that a proposal would go if it were sent now as this version: what the rules say, or its present way where that
    asks for more.
    """
    kept = way_of(proposal)
    crisis = dict(kept.route.facts).get("crisis", "") if kept else ""
    found = route(facts_of(session, _asked(session, proposal), now, crisis))
    if kept is None:
        return Way(found, version)
    if asks_more(found.pipeline, kept.route.pipeline):
        return Way(found, version, kept.route)
    if asks_more(kept.route.pipeline, found.pipeline):
        return kept
    return Way(replace(found, pipeline=kept.route.pipeline), version, kept.before)


def as_kept(way: Way) -> JSONObject:
    """A way as a proposal keeps it, beside the pipeline's name."""
    before: JSONObject = {"before": {"pipeline": way.before.pipeline, **_because(way.before)}} if way.before else {}
    return {**_because(way.route), "version": way.version, **before}


def facts_of(session: Session, asked: Asked, now: datetime, kept_crisis: str = "") -> Facts:
    """What the rules ask about, with the listings as they are now.

    Args:
        kept_crisis: the title of the crisis under which it was sent: that it ended meanwhile moves no case in flight.
    """
    listings = select(Dataset.sensitivity, Dataset.access_mode).where(Dataset.id.in_(asked.dataset_ids))
    rows = session.execute(listings).all()
    countries = frozenset(codes(asked.answers, "countries"))
    declared = [*crises_now(session, now.date()), *_of_title(session, kept_crisis)]
    return Facts(
        sensitivities=frozenset(sensitivity for sensitivity, _mode in rows if sensitivity),
        access_modes=frozenset(mode for _sensitivity, mode in rows if mode),
        personal_data=text(asked.answers, "personal_data"),
        purposes=frozenset(codes(asked.answers, "purposes")),
        countries=countries,
        crisis=next((crisis.title for crisis in declared if concerns(crisis, countries)), ""),
        is_preauthorized=valid_card(session, asked.organization_id, asked.lead_id, now) is not None,
    )


def _asked(session: Session, proposal: Proposal) -> Asked:
    items = select(ProposalItem.dataset_id).where(ProposalItem.proposal_id == proposal.id)
    return Asked(proposal.answers, frozenset(session.scalars(items)), proposal.organization_id, proposal.lead_id)


def _because(route: Route) -> JSONObject:
    return {"rule": route.rule, "because": route.because, "facts": dict(route.facts)}


def _route(pipeline: str, kept: Mapping[str, object]) -> Route:
    gaps = kept.get("facts")
    facts = tuple((str(key), str(value)) for key, value in gaps.items()) if isinstance(gaps, dict) else ()
    return Route(pipeline, str(kept.get("rule", "")), str(kept.get("because", "")), facts)


def _of_title(session: Session, title: str) -> Sequence[Crisis]:
    return session.scalars(select(Crisis).where(Crisis.title == title)).all() if title else ()


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
