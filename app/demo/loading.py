"""`flask demo load` and `flask demo reset`: filling an empty installation with the demo consortium, and starting it over."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import worker
from app.demo.cards import plan_cards
from app.demo.catalog import plan_catalog
from app.demo.changes import plan_changes
from app.demo.clocks import plan_clocks
from app.demo.consents import plan_consents
from app.demo.harvests import plan_harvests
from app.demo.keys import date_back_keys
from app.demo.leaving import plan_leaving
from app.demo.listings import plan_listings
from app.demo.mail import plan_mail
from app.demo.needs import plan_needs
from app.demo.people import FOUNDED_DAYS_AGO, plan_people
from app.demo.promises import plan_promises
from app.demo.proposals import plan_proposals
from app.demo.searches import plan_searches
from app.demo.stage import Stage
from app.demo.steps import plan_crisis
from app.demo.teams import plan_teams
from app.demo.workspace import plan_workspace
from app.foundation.base import Base
from app.foundation.errors import WrongState
from app.foundation.installation import installation
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.commands.secretariat import add_secretariat
from app.organizations.models import Organization, Person
from app.rules.actors import OPERATOR
from app.rules.events import Event
from app.rules.roles import Kind

# Long documents that nobody waits for: the worker of the running installation makes them.
LEFT_FOR_LATER = frozenset({"accession.document"})
# Who and what the demo holds, in the order in which it is planned.
PLANS: tuple[Callable[[Stage], None], ...] = (
    plan_people,
    plan_mail,
    plan_cards,
    plan_listings,
    plan_searches,
    plan_needs,
    plan_catalog,
    plan_crisis,
    plan_proposals,
    plan_workspace,
    plan_teams,
    plan_promises,
    plan_changes,
    plan_consents,
    plan_harvests,
    plan_leaving,
    plan_clocks,
)


def is_empty(session: Session) -> bool:
    """Whether nobody and nothing but the secretariat itself is there."""
    people = session.scalar(select(func.count()).select_from(Person)) or 0
    others = select(func.count()).select_from(Organization).where(Organization.kind != Kind.SECRETARIAT)
    return people == 0 and (session.scalar(others) or 0) == 0


def load(app: Flask, session: Session, now: datetime) -> None:
    """Fill an empty installation. Everything happens by the real commands, at moments before `now`.

    Raises:
        WrongState: there is no installation yet, or it holds anything that is not the demo's.
    """
    row = installation(session)
    if row is None:
        raise WrongState(N_("There is no installation here yet. Run: flask init"))
    if not is_empty(session):
        raise WrongState(
            N_(
                "This installation holds data, and the demo is never loaded over data. Set ONEPACT_HOME to a new folder."
            )
        )
    founded = now - timedelta(days=FOUNDED_DAYS_AGO)
    _empty(session)
    add_secretariat(session, str(app.config["CONSORTIUM_NAME"]), founded)
    row.is_demo = True
    app.config["IS_DEMO"] = True
    session.commit()
    stage = Stage(app, session, now)
    date_back_keys(app, founded)
    for plan in PLANS:
        plan(stage)
    stage.play(after_each=lambda moment: worker.drain(app, lambda: moment, leave=LEFT_FOR_LATER))
    record(session, Event.DEMO_LOADED, OPERATOR, Subject("installation", "demo"), now)
    session.commit()
    worker.run_schedule(app, now)
    worker.run_chores(app, now)
    worker.drain(app, lambda: now, leave=LEFT_FOR_LATER)


def reset(app: Flask, session: Session, now: datetime) -> None:
    """Empty the demo and load it again; files in the store stay, since nothing names them any more.

    Raises:
        WrongState: this installation is not the demo.
    """
    row = installation(session)
    if row is None or not row.is_demo:
        raise WrongState(N_("This installation is not the demo, so nothing was changed."))
    _empty(session)
    session.commit()
    load(app, session, now)


def _empty(session: Session) -> None:
    """Delete every row but the installation's own; the history of a demo, or of an installation without any, goes with it."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    kept = {"alembic_version", "installation"}
    names = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name not in kept]
    if sqlite:
        _empty_sqlite(session, names)
    else:
        session.execute(text("ALTER TABLE history_event DISABLE TRIGGER history_event_guard"))
        session.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))
        session.execute(text("ALTER TABLE history_event ENABLE TRIGGER history_event_guard"))
    session.expire_all()


def _empty_sqlite(session: Session, names: list[str]) -> None:
    guards = session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history_event'")
    ).all()
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name, _ in guards:
        session.execute(text(f"DROP TRIGGER {name}"))
    for name in names:
        session.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - names of our own tables
    for _, statement in guards:
        session.execute(text(statement))
