"""Several people confirm one import in the same moment, on both databases: it is brought in once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.exchange.commands.import_runs import begin_import, stop
from app.exchange.models import CatalogImport
from app.exchange.queries.choices import Choices
from app.exchange.queries.imports import newest_of
from app.foundation.database import begin_writing, make_engine
from app.foundation.errors import WrongState
from app.organizations.models import Organization
from app.rules.actors import Actor
from app.rules.imports import ImportState
from app.rules.roles import Role
from tests.catalog.people import NOW, actor, partner, person
from tests.factories.uploads import make_upload
from tests.support.databases import DatabaseMaker

THREADS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, make_database: DatabaseMaker) -> Iterator[Engine]:
    """A database of its own, because these tests commit."""
    engine = make_engine(make_database(request.param))
    yield engine
    engine.dispose()


def looked_at(session: Session) -> tuple[Organization, Actor, CatalogImport]:
    """A look at a catalog that has come to its end."""
    acme = partner(session)
    steward = actor(acme, Role.STEWARD, who=person(session, acme, Role.STEWARD))
    look = begins(session, steward, acme, make_upload(session, acme, NOW).id)
    look.state, look.done_at = ImportState.DONE, NOW
    session.flush()
    return acme, steward, look


def begins(
    session: Session, who: Actor, at: Organization, file_id: int, look: CatalogImport | None = None
) -> CatalogImport:
    return begin_import(
        session,
        who,
        at,
        file_id,
        NOW,
        said=Choices(),
        publishes=False,
        is_trial=look is None,
        by_page=True,
        seen={},
        look=look,
    )


@pytest.mark.slow
def test_one_of_many_who_confirm_at_once_brings_it_in(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as session:
        acme, steward, look = looked_at(session)
        session.commit()
    barrier, all_have_read = Barrier(THREADS), Barrier(THREADS)

    def confirm(_: int) -> str:
        with Session(engine) as session:
            barrier.wait(timeout=60)
            begin_writing(session)
            seen = newest_of(session, look.file_id, is_trial=True)
            if engine.dialect.name == "postgresql":  # SQLite lets one in after the other
                assert newest_of(session, look.file_id, is_trial=False) is None
                all_have_read.wait(timeout=60)
            try:
                # A small catalog is in before the transaction ends.
                row = begins(session, steward, session.get_one(Organization, acme.id), look.file_id, seen)
                row.state, row.done_at = ImportState.DONE, NOW
                session.commit()
            except WrongState:
                session.rollback()
                return "told"
            return "begun"

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(confirm, range(THREADS))) == ["begun"] + ["told"] * (THREADS - 1)
    with Session(engine) as session:
        runs = select(func.count()).select_from(CatalogImport).where(~CatalogImport.is_trial)
        assert session.scalar(runs) == 1


def test_the_database_itself_refuses_a_second_run_of_one_look(session: Session) -> None:
    acme, steward, look = looked_at(session)
    first = begins(session, steward, acme, look.file_id, look)
    second, savepoint = begins(session, steward, acme, look.file_id), session.begin_nested()
    second.look_id = look.id
    with pytest.raises(IntegrityError):
        session.flush()
    savepoint.rollback()
    first.state, first.done_at = ImportState.DONE, NOW
    with pytest.raises(WrongState, match="It is being brought in already"):
        begins(session, steward, acme, look.file_id, look)


def test_what_comes_in_is_not_begun_again_by_another_look_at_the_same_file(session: Session) -> None:
    acme, steward, look = looked_at(session)
    first = begins(session, steward, acme, look.file_id, look)
    again = begins(session, steward, acme, look.file_id)
    with pytest.raises(WrongState, match="It is being brought in already"):
        begins(session, steward, acme, look.file_id, again)
    first.state, first.done_at = ImportState.DONE, NOW
    assert begins(session, steward, acme, look.file_id, again).look_id == again.id


def test_what_stopped_can_be_begun_again(session: Session) -> None:
    acme, steward, look = looked_at(session)
    stop(session, begins(session, steward, acme, look.file_id, look), "It stopped.", NOW)
    assert begins(session, steward, acme, look.file_id, look).look_id == look.id


def test_a_look_that_was_replaced_is_not_followed(session: Session) -> None:
    acme, steward, look = looked_at(session)
    begins(session, steward, acme, look.file_id)
    with pytest.raises(WrongState, match="Something else was said"):
        begins(session, steward, acme, look.file_id, look)
