"""The demo consortium is complete, plainly invented, and never touches data that is not its own."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.demo import world
from app.foundation.database import make_engine
from app.grants.models import Grant
from app.history.models import HistoryEvent
from app.history.queries import faults
from app.organizations.models import Organization, Person
from app.outbox.models import MessageState, OutboxMessage
from app.proposals.models import Proposal
from app.rules.roles import Kind
from app.rules.workflow import GrantState, ListingState, ProposalState
from tests.support.server import LiveServer, copy_of_demo


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the loaded demo that the tests of this file only read."""
    return copy_of_demo(tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture
def demo(demo_home: Path) -> Iterator[Session]:
    """A session on it."""
    engine: Engine = make_engine(f"sqlite:///{demo_home}/onepact.sqlite3")
    with Session(engine) as session:
        yield session
    engine.dispose()


def _states(session: Session, column: object) -> set[object]:
    return set(session.scalars(select(column).distinct()))  # type: ignore[call-overload]


def test_there_is_enough_to_look_at(demo: Session) -> None:
    kinds = dict(demo.execute(select(Organization.kind, func.count()).group_by(Organization.kind)).all())
    assert kinds[Kind.SECRETARIAT] == 1
    assert kinds[Kind.PARTNER] >= 8
    assert kinds[Kind.MEMBER] + kinds[Kind.BOTH] >= 8
    assert (demo.scalar(select(func.count()).select_from(Dataset)) or 0) >= 40
    assert (demo.scalar(select(func.count()).select_from(Proposal)) or 0) >= 25
    assert (demo.scalar(select(func.count()).select_from(Grant)) or 0) >= 10


def test_proposals_stand_in_every_state(demo: Session) -> None:
    # Nobody of the demo has left the agreement, which alone ends a proposal by itself.
    assert _states(demo, Proposal.state) == set(ProposalState) - {ProposalState.ENDED}


def test_grants_stand_in_every_state(demo: Session) -> None:
    assert _states(demo, Grant.state) == set(GrantState)


def test_listings_stand_in_every_state(demo: Session) -> None:
    assert _states(demo, Dataset.state) == set(ListingState)


def test_every_listing_names_its_limits_and_has_a_dictionary() -> None:
    assert [text["title"] for text in world.listings() if len(text["bad"]) < 1 or len(text["dictionary"]) < 3] == []


def test_everybody_is_marked_as_invented_and_cannot_be_written_to(demo: Session) -> None:
    people = demo.scalars(select(Person)).all()
    assert people
    assert all(person.is_demo and person.email.endswith(".example") for person in people)


def test_its_history_is_whole_and_in_order_of_time(demo: Session) -> None:
    assert faults(demo) == []
    moments = demo.scalars(select(HistoryEvent.at).order_by(HistoryEvent.seq)).all()
    late = [now for before, now in pairwise(moments) if (before - now).total_seconds() > 3600]
    assert late == []


def test_nothing_of_it_went_wrong_on_the_way(demo: Session) -> None:
    troubled = demo.scalars(
        select(OutboxMessage).where(
            OutboxMessage.last_error.is_not(None) | (OutboxMessage.state == MessageState.FAILED)
        )
    ).all()
    assert [(message.kind, message.last_error) for message in troubled] == []


def test_the_links_name_each_role(demo_home: Path) -> None:
    server = LiveServer("", demo_home, {"ONEPACT_HOME": str(demo_home), "PATH": "/usr/bin:/bin"})
    links = json.loads(server.flask("demo", "links", "--json"))
    assert len(links) >= 6
    assert {frozenset(link) for link in links} == {frozenset({"role", "person", "organization", "url"})}


def test_it_is_never_loaded_over_data(tmp_path: Path) -> None:
    server = LiveServer("", tmp_path, {"ONEPACT_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    server.flask("init")
    server.flask("organization", "add", "--kind", "member", "--name", "Real Bank", "--slug", "real-bank")
    server.flask("demo", "load", exit_code=1)
    server.flask("demo", "reset", exit_code=1)
    assert json.loads(server.flask("demo", "links", "--json")) == []
