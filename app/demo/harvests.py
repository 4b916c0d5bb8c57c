"""Loading a harvest source of the demo: read twice, from files instead of the network; the second waits."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo import world
from app.demo.stage import Stage
from app.exchange.commands.choices import keep
from app.exchange.commands.harvest_runs import choose
from app.exchange.commands.harvest_sources import Settings, locked_source, open_run, start_source
from app.exchange.models import Finding, HarvestRun, HarvestSource
from app.foundation.outgoing import Fetched, Known
from app.organizations.queries import organization_by_slug
from app.reactions.harvests import take_in
from app.reactions.work import Work
from app.rules.harvests import Answer, Schedule
from app.rules.publishers import Answer as PublisherAnswer

PARTNER, STEWARD = "paloma-pay", "Renata Ocampo"
NAME = "Paloma Pay open catalog"
# A name that can never exist (RFC 2606).
ADDRESS = "https://data.paloma-pay.example/catalog.jsonld"
TAKEN = ("paloma-fuel", "paloma-market-days")
LEFT = ("paloma-small-shops",)
# What the steward corrected when she brought an earlier list by hand.
COLUMNS = {"mercado": "title", "que mide": "description"}
PUBLISHERS = {"Fundación Paloma": PublisherAnswer.TAKE, "Paloma Travel Club": PublisherAnswer.LEAVE}
BEGUN, LOOKED_AT_AGAIN = 13, 1  # working days ago


def plan_harvests(stage: Stage) -> None:
    """Plan the source, its two readings, and what the steward took of the first."""
    begun = stage.at(BEGUN, 9)
    stage.plan(begun, lambda now: _start(stage, now))
    stage.plan(begun + timedelta(minutes=1), _reader(stage, "first"))
    stage.plan(begun + timedelta(hours=2), _chooser(stage, Answer.LEFT, LEFT))
    stage.plan(begun + timedelta(hours=2, minutes=1), _chooser(stage, Answer.CHOSEN, TAKEN))
    stage.plan(stage.at(LOOKED_AT_AGAIN, 9), _reader(stage, "second"))


def _start(stage: Stage, now: datetime) -> None:
    settings = Settings(NAME, ADDRESS, Schedule.MONTHLY)
    partner = organization_by_slug(stage.session, PARTNER)
    steward = stage.acting(STEWARD, now)
    start_source(stage.session, steward, partner, settings, now)
    keep(stage.session, steward, partner, now, columns=COLUMNS, publishers=PUBLISHERS)


def _reader(stage: Stage, file: str) -> Callable[[datetime], None]:
    return lambda now: _read(stage, world.harvested(file), now)


def _read(stage: Stage, data: bytes, now: datetime) -> None:
    """What the worker does with a source, but for the fetching."""
    source = _source(stage)
    run = open_run(stage.session, source, now, stage.acting(STEWARD, now))
    if run is None:
        raise LookupError("a reading of the demo's source is at work already")
    run.source = source
    files = stage.app.extensions["onepact_files"]
    work = Work(stage.app.config, files, lambda: nullcontext(stage.session), now)
    take_in(work, run, Fetched(source.address, data, Known()), data)(stage.session)


def _chooser(stage: Stage, answer: Answer, identifiers: tuple[str, ...]) -> Callable[[datetime], None]:
    return lambda now: _choose(stage, answer, identifiers, now)


def _choose(stage: Stage, answer: Answer, identifiers: tuple[str, ...], now: datetime) -> None:
    session, source = stage.session, _source(stage)
    run = session.scalars(select(HarvestRun).order_by(HarvestRun.id.desc())).first()
    if run is None:
        raise LookupError("the demo's source was not read yet")
    wanted = select(Finding.id).where(Finding.run_id == run.id, Finding.identifier.in_(identifiers))
    ids = list(session.scalars(wanted))
    choose(session, stage.acting(STEWARD, now), source.reference, run.id, answer, ids, now)


def _source(stage: Stage) -> HarvestSource:
    reference = stage.session.scalars(select(HarvestSource.reference)).one()
    return locked_source(stage.session, reference)
