"""Two people of a data partner answer at the same moment, one clearing and one asking for changes: one of them is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.foundation.database import make_engine
from app.foundation.files import FileStore
from app.outputs import commands
from app.outputs.commands import Request, Submission
from app.outputs.models import Output, OutputComment
from app.rules.outputs import Ground, OutputKind
from app.rules.roles import Role
from app.rules.workflow import OutputState
from tests.factories.grants import NOW, make_active, make_ready_cast, press_in
from tests.factories.organizations import acting, make_person
from tests.factories.outputs import make_draft
from tests.support.databases import DatabaseMaker
from tests.support.racing import race

ROUNDS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, make_database: DatabaseMaker) -> Iterator[Engine]:
    """A database of its own, because these tests commit."""
    engine = make_engine(make_database(request.param))
    yield engine
    engine.dispose()


def test_clearing_and_asking_for_changes_at_once_ends_in_one_of_them(engine: Engine, tmp_path: Path) -> None:
    with Session(engine, expire_on_commit=False) as session:
        cast = make_ready_cast(session, 1)
        grant = make_active(session, FileStore("memory:///"), press_in(tmp_path), cast)
        first = acting(session, cast.steward_of(cast.datasets[0]))
        deputy = make_person(session, cast.datasets[0].organization, Role.DEPUTY, name="Tom Ek")
        second, lead = acting(session, deputy), acting(session, cast.lead)
        rows = [
            commands.submit(
                session,
                lead,
                grant.number,
                Submission(f"Brief {n}", OutputKind.BRIEF, file=make_draft(session, f"{n}.pdf")),
                NOW,
            )
            for n in range(ROUNDS)
        ]
        references = [row.reference for row in rows]
        session.commit()
    asked = [Request("page 1", Ground.WRONG, "Say 2025.")]
    for reference in references:
        outcomes = race(
            engine,
            [
                lambda s, r=reference: commands.clear(s, first, r, 1, NOW),  # type: ignore[misc]
                lambda s, r=reference: commands.ask_changes(s, second, r, asked, 1, NOW),  # type: ignore[misc]
            ],
        )
        assert outcomes == ["WrongState", "done"]
    with Session(engine) as session:
        for row in session.scalars(select(Output)).all():
            assert row.state in (OutputState.CLEARED, OutputState.CHANGES_ASKED)
            assert bool(row.cleared_at) == (row.state is OutputState.CLEARED)
        returned = [row for row in session.scalars(select(Output)) if row.state is OutputState.CHANGES_ASKED]
        assert len(session.scalars(select(OutputComment)).all()) == len(returned)  # the loser left nothing behind
