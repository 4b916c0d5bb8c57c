"""What is read of harvesting: sources of a viewer, readings, and what they found. Every list takes the viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import Session, joinedload

from app.catalog.standing import partner_standing, steward_of
from app.exchange.models import Finding, HarvestRun, HarvestSource
from app.exchange.queries.choices import choices_of
from app.exchange.queries.publishers import in_doubt
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.organizations.naming import Awaited
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.harvests import Answer, Kind, RunState
from app.rules.permissions import may
from app.rules.roles import Role
from app.rules.visibility import sees
from app.rules.workflow import HarvestState, Machine

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")
_SHOWN_RUNS = 20
SHOWN_OF_A_KIND = 100


@dataclass(frozen=True)
class SourceRow:
    """A source with its newest reading."""

    source: HarvestSource
    run: HarvestRun | None


@dataclass(frozen=True)
class FoundGroup:
    """What one reading found of one kind: so many, of which so many wait; the first of them are shown."""

    kind: Kind
    total: int
    waiting: int
    shown: Sequence[Finding]


def sources_of(session: Session, viewer: Actor) -> list[SourceRow]:
    """The sources of the organizations that the viewer lists for, each with its newest reading; those given up come last."""
    wanted = _with_people().where(HarvestSource.organization_id.in_(steward_of(viewer)))
    found = list(session.scalars(wanted.order_by(HarvestSource.id)))
    newest = select(func.max(HarvestRun.id)).where(HarvestRun.source_id.in_([one.id for one in found]))
    runs = session.scalars(select(HarvestRun).where(HarvestRun.id.in_(newest.group_by(HarvestRun.source_id))))
    by_source = {run.source_id: run for run in runs}
    rows = [SourceRow(one, by_source.get(one.id)) for one in found]
    return sorted(rows, key=lambda row: row.source.state is HarvestState.ENDED)


def source_seen_by(session: Session, viewer: Actor, reference: str) -> HarvestSource:
    """One source, for the people of its organization and of the secretariat; for others it does not exist. Raises NotFound."""
    source = session.scalar(_with_people().where(HarvestSource.reference == reference))
    if source is None or not sees(_standing(viewer, source), Machine.HARVEST, source.state):
        raise NotFound(NOT_THERE)
    return source


def _standing(viewer: Actor, source: HarvestSource) -> frozenset[Role]:
    own = source.organization_id in viewer.organization_ids
    return partner_standing(viewer, source.organization_id) | (frozenset({Role.COLLEAGUE}) if own else frozenset())


def runs_of(session: Session, source: HarvestSource) -> list[HarvestRun]:
    """The newest readings of a source, the newest first."""
    wanted = select(HarvestRun).where(HarvestRun.source_id == source.id).options(joinedload(HarvestRun.asked_by))
    return list(session.scalars(wanted.order_by(HarvestRun.id.desc()).limit(_SHOWN_RUNS)))


def run_of(session: Session, source: HarvestSource, run_id: int) -> HarvestRun:
    """One reading of a source. Raises NotFound."""
    run = session.get(HarvestRun, run_id)
    if run is None or run.source_id != source.id:
        raise NotFound(NOT_THERE)
    return run


def found_in(session: Session, run: HarvestRun) -> list[FoundGroup]:
    """What a reading found, by kind; what waits is shown first."""
    counted = select(Finding.kind, Finding.answer, func.count()).where(Finding.run_id == run.id)
    counts: dict[Kind, dict[Answer, int]] = {}
    for kind, answer, number in session.execute(counted.group_by(Finding.kind, Finding.answer)):
        counts.setdefault(kind, {})[answer] = number
    return [
        FoundGroup(kind, sum(of.values()), of.get(Answer.WAITING, 0), _shown(session, run, kind))
        for kind in Kind
        if (of := counts.get(kind))
    ]


def publishers_in(session: Session, run: HarvestRun) -> dict[str, int]:
    """How many findings that wait each publisher has."""
    wanted = select(Finding.publisher, func.count()).where(
        Finding.run_id == run.id, Finding.answer == Answer.WAITING, Finding.publisher != ""
    )
    return {row[0]: row[1] for row in session.execute(wanted.group_by(Finding.publisher))}


def doubted_in(session: Session, source: HarvestSource, run: HarvestRun, now: datetime) -> frozenset[str]:
    """The publishers whose datasets are not taken before somebody says whose they are, or that are to be left out."""
    answers = choices_of(session, source.organization_id).publishers
    return in_doubt(session, source.organization, answers, publishers_in(session, run), now)


def _shown(session: Session, run: HarvestRun, kind: Kind) -> Sequence[Finding]:
    wanted = select(Finding).where(Finding.run_id == run.id, Finding.kind == kind).options(joinedload(Finding.dataset))
    waits_first = (Finding.answer != Answer.WAITING, Finding.row, Finding.id)
    return session.scalars(wanted.order_by(*waits_first).limit(SHOWN_OF_A_KIND)).all()


def sees_to(viewer: Actor) -> bool:
    """Whether the viewer sees to it that somebody looks at what was found, whoever's it is: by appointing somebody who lists."""
    return may(viewer.consortium_roles, Action.CHANGE_ROLES)


def waiting_runs(session: Session, viewer: Actor) -> list[HarvestRun]:
    """Readings whose findings somebody of the viewer's organizations has to look at; all of them for those who see to it."""
    wanted = select(HarvestRun).where(_waits_for(viewer)).order_by(HarvestRun.id)
    return list(session.scalars(wanted.options(joinedload(HarvestRun.source).joinedload(HarvestSource.organization))))


def found_runs(session: Session, source_id: int | None = None) -> list[HarvestRun]:
    """Every reading whose findings somebody has to look at, of one source or of all."""
    wanted = select(HarvestRun).where(HarvestRun.state == RunState.FOUND).order_by(HarvestRun.id)
    wanted = wanted if source_id is None else wanted.where(HarvestRun.source_id == source_id)
    return list(session.scalars(wanted.options(joinedload(HarvestRun.source).joinedload(HarvestSource.organization))))


def waits_since(run: HarvestRun) -> datetime:
    """When somebody began to be waited for, to look at what it found."""
    return run.read_at or run.started_at


def awaited(source: HarvestSource) -> Awaited:
    """What was found at a source as a wait: whoever is asked by name first, then those who list for its organization."""
    own, deputies = (Role.STEWARD,), (Role.DEPUTY,)
    return Awaited("harvest", source.reference, source.organization_id, own, deputies, first=source.asked_id)


def some_wait(viewer: Actor) -> ColumnElement[bool]:
    """Whether there are any for the viewer."""
    return exists().where(_waits_for(viewer)) if steward_of(viewer) or sees_to(viewer) else false()


def _waits_for(viewer: Actor) -> ColumnElement[bool]:
    if sees_to(viewer):
        return HarvestRun.state == RunState.FOUND
    own = select(HarvestSource.id).where(HarvestSource.organization_id.in_(steward_of(viewer)))
    return (HarvestRun.state == RunState.FOUND) & HarvestRun.source_id.in_(own)


def _with_people() -> Select[HarvestSource]:
    return select(HarvestSource).options(
        joinedload(HarvestSource.organization), joinedload(HarvestSource.asked), joinedload(HarvestSource.trusted_by)
    )
