"""Two people at the same moment, on PostgreSQL: what must stay, stays."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.foundation.database import make_engine
from app.foundation.errors import DomainError
from app.organizations import commands
from app.organizations.commands.vouching import cards_by_date, renew_card, vouch
from app.organizations.models import Card, Membership, Person
from app.rules.actors import NOBODY, OPERATOR, Actor
from app.rules.roles import Role
from app.rules.workflow import CardState
from tests.factories.organizations import NOW, acting, make_organization, make_person
from tests.support.databases import DatabaseMaker

ROUNDS = 8


@pytest.fixture
def postgres(make_database: DatabaseMaker) -> Iterator[Engine]:
    engine = make_engine(make_database("postgresql"))
    yield engine
    engine.dispose()


def _at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[str]:
    """Run the acts in transactions of their own, begun together; how each ended."""
    together, ends = threading.Barrier(len(acts)), []

    def run(act: Callable[[Session], object]) -> None:
        with Session(engine, expire_on_commit=False) as session:
            session.connection()
            together.wait()
            try:
                act(session)
                session.commit()
                ends.append("done")
            except DomainError as error:
                ends.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def _remove(session: Session, actor: Actor, at: int, other: int) -> None:
    commands.remove_person(session, actor, at, other, NOW)


def _accept(session: Session, token: str) -> None:
    commands.accept_invitation(session, NOBODY, token, "Ada", "hash", NOW)


def test_the_last_two_focal_points_cannot_remove_each_other(postgres: Engine) -> None:
    for _ in range(ROUNDS):
        with Session(postgres, expire_on_commit=False) as session:
            row = make_organization(session)
            people = [make_person(session, row, Role.FOCAL_POINT) for _ in range(2)]
            actors = [acting(session, person) for person in people]
            session.commit()
        first, second = people
        ends = _at_once(
            postgres,
            partial(_remove, actor=actors[0], at=row.id, other=second.id),
            partial(_remove, actor=actors[1], at=row.id, other=first.id),
        )
        assert ends == ["Invalid", "done"]
        with Session(postgres) as session:
            left = select(Membership).where(Membership.organization_id == row.id, Membership.ended_at.is_(None))
            assert len(session.scalars(left).all()) == 1


def test_an_invitation_is_accepted_once_by_two_at_the_same_moment(postgres: Engine) -> None:
    for number in range(ROUNDS):
        email = f"ada{number}@example.org"
        with Session(postgres, expire_on_commit=False) as session:
            row = make_organization(session)
            token = commands.invite(session, OPERATOR, row.id, "Ada", email, [Role.PROJECT_STAFF], NOW).token
            session.commit()
        accept = partial(_accept, token=token)
        assert _at_once(postgres, accept, accept, accept) == ["WrongState", "WrongState", "done"]
        with Session(postgres) as session:
            assert len(session.scalars(select(Person).where(Person.email == email)).all()) == 1


def test_a_card_that_is_renewed_while_cards_run_out_stays(postgres: Engine) -> None:
    with Session(postgres, expire_on_commit=False) as session:
        member = make_organization(session)
        point, lead = make_person(session, member, Role.FOCAL_POINT), make_person(session, member, Role.PROJECT_STAFF)
        focal = acting(session, point)
        card = session.scalars(select(Card).where(Card.person_id == lead.id)).one()
        assert card.until is not None
        key, end = card.id, card.until
        other = make_person(session, member, Role.SIGNATORY)
        vouch(session, focal, member.id, other.id, None, NOW)  # the history has begun
        session.commit()
    with Session(postgres) as renewing:
        renew_card(renewing, focal, key, None, end)
        running_out = threading.Thread(target=_run_out, args=(postgres, end))
        running_out.start()
        running_out.join(timeout=1)  # it waits for the one who renews
        renewing.commit()
        running_out.join()
    with Session(postgres) as session:
        assert session.get_one(Card, key).state is CardState.VALID


def _run_out(engine: Engine, at: datetime) -> None:
    with Session(engine) as session:
        cards_by_date(session, at)
        session.commit()
