"""What comes by date while a proposal waits: reminders, who is asked too on the due day, who sees to it later; days or hours."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.proposals.queries.ahead import Ahead, ahead_of
from app.proposals.queries.whose_turn import whose_turn
from app.rules.roles import Role
from tests.factories.organizations import make_person
from tests.factories.pipelines import Board, make_board
from tests.factories.proposals import NOW
from tests.support.application import Client

FRIDAY = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


def ahead(board: Board, now: datetime) -> Ahead:
    found = ahead_of(whose_turn(board.session, board.proposal, now), now)
    assert found is not None
    return found


def in_a_crisis(session: Session) -> Board:
    """With both data partners from a Friday evening on; each has a deputy."""
    board = make_board(session, "crisis@1", passed=False)
    for dataset in board.cast.datasets:
        make_person(
            session, session.get_one(Organization, dataset.organization_id), Role.DEPUTY, name=f"Tom Ek {dataset.id}"
        )
    board.pass_intake(FRIDAY)
    return board


@pytest.mark.both_databases
def test_in_a_crisis_each_of_it_is_told_to_the_hour(session: Session) -> None:
    found = ahead(in_a_crisis(session), FRIDAY)
    assert [(moment - FRIDAY) / timedelta(hours=1) for moment in found.reminders if isinstance(moment, datetime)] == [
        12,
        20,
        24,
    ]
    assert found.joins is not None
    assert found.takes_over is not None
    assert (found.joins.when, found.takes_over.when) == (
        FRIDAY + timedelta(hours=24),
        FRIDAY + timedelta(hours=36),
    )
    assert found.joins.name.name.startswith("Tom Ek")


@pytest.mark.parametrize(("hours", "left"), [(13, (2, True, True)), (25, (0, False, True)), (37, (0, False, False))])
def test_what_has_passed_is_told_no_more(session: Session, hours: int, left: tuple[int, bool, bool]) -> None:
    found = ahead(in_a_crisis(session), FRIDAY + timedelta(hours=hours))
    assert (len(found.reminders), found.joins is not None, found.takes_over is not None) == left


def test_days_are_told_where_days_count(session: Session) -> None:
    found = ahead(make_board(session), NOW)
    assert len(found.reminders) == 3
    assert not any(isinstance(day, datetime) for day in found.reminders)
    assert min(found.reminders) > NOW.date()


def test_while_the_team_answers_nobody_is_asked_in_its_place(session: Session) -> None:
    board = make_board(session)
    board.asks("steward")
    found = ahead(board, NOW)
    assert found.reminders
    assert (found.joins, found.takes_over) == (None, None)


def test_where_nobody_waits_nothing_comes(session: Session) -> None:
    board = make_board(session)
    board.approve()
    board.proposal.ended_at = NOW
    assert ahead_of(whose_turn(session, board.proposal, NOW), NOW) is None


def test_the_page_says_it(client: Client, session: Session) -> None:
    board = make_board(session, passed=False)
    board.proposal.waiting_since = datetime.now(UTC)
    session.commit()
    client.sign_in_as(board.cast.lead)
    shown = client.get(f"/proposals/{board.ref}").text
    assert "Reminders:" in shown
    assert "sees to it, from" in shown
