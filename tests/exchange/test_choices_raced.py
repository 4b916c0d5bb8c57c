"""Several people of one data partner say something of their catalogs at once, on PostgreSQL: nothing of it is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.exchange.commands.choices import choose
from app.exchange.models import ImportChoice, KeptChoice
from app.exchange.queries.choices import choices_of
from app.organizations.models import Organization
from app.rules.roles import Role
from tests.catalog.people import NOW, actor, partner, person
from tests.factories.uploads import make_upload
from tests.support.databases import DatabaseMaker

THREADS = 4


@pytest.fixture
def engine(make_database: DatabaseMaker) -> Engine:
    return create_engine(make_database("postgresql"), pool_size=THREADS)


@pytest.mark.slow
def test_what_several_say_at_once_is_all_kept(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as session:
        acme = partner(session)
        steward = actor(acme, Role.STEWARD, who=person(session, acme, Role.STEWARD))
        file = make_upload(session, acme, NOW)
        session.commit()
    for turn in range(2):  # first there is nothing yet, then something
        barrier = Barrier(THREADS)

        def say(name: str, barrier: Barrier = barrier) -> None:
            with Session(engine) as session:
                own = session.get_one(Organization, acme.id)
                choices_of(session, own.id, file.id)
                barrier.wait()
                choose(session, steward, own, file.id, NOW, columns={name: "title"})
                session.commit()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(say, [f"column {turn} {number}" for number in range(THREADS)]))
    with Session(engine) as session:
        assert len(session.get_one(ImportChoice, file.id).columns) == 2 * THREADS
        assert len(session.get_one(KeptChoice, acme.id).columns) == 2 * THREADS
