"""In a crisis hours count, day and night: by when, whose turn it is to the hour, reminders, pauses, and what pages say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import WrongState
from app.grants.commands.issuing import issue
from app.inbox.queries import Part, inbox
from app.organizations.models import Organization
from app.proposals.commands.reminding import remind, remind_by_date
from app.proposals.models import Reminder
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import settle
from app.proposals.queries.waiting import Queue, waiting
from app.proposals.queries.whose_turn import Holder, first_reminder, whose_turn
from app.rules.roles import Role
from app.rules.terms.values import Unit
from app.rules.turns import Turn
from tests.factories.organizations import acting, make_person
from tests.factories.pipelines import Board, make_board
from tests.factories.proposals import accede

FRIDAY = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


def _hours(count: float) -> datetime:
    return FRIDAY + timedelta(hours=count)


def _holder(board: Board, now: datetime) -> Holder:
    return whose_turn(board.session, board.proposal, now).holders[0]


def _board(session: Session) -> Board:
    """Passed on to the data partners on a Friday evening."""
    board = make_board(session, "crisis@1", passed=False)
    board.pass_intake(FRIDAY)
    return board


def test_what_is_sent_on_a_friday_evening_is_decided_before_sunday_night(session: Session) -> None:
    board = make_board(session, "crisis@1", passed=False)
    board.proposal.waiting_since = FRIDAY
    due: list[object] = []
    for act, turn in ((board.pass_intake, Turn.CHECKING), (board.approve, Turn.DECIDING)):
        answer = whose_turn(session, board.proposal, FRIDAY)
        assert answer.turn is turn
        due.append(answer.when)
        act(FRIDAY)
    due.append(whose_turn(session, board.proposal, FRIDAY).when)
    assert due == [_hours(12), _hours(24), _hours(12)]


def test_it_is_overdue_to_the_hour_and_no_minute_before(session: Session) -> None:
    board = _board(session)
    before, after = (whose_turn(session, board.proposal, _hours(h)) for h in (23.99, 24))
    assert (before.is_overdue, after.is_overdue) == (False, True)
    assert before.progress is not None
    assert (before.progress.unit, before.progress.left) == (Unit.HOUR, 1)
    assert after.progress is not None
    assert after.progress.over == 1


def test_a_deputy_joins_at_the_moment_and_the_secretariat_half_as_long_again_later(session: Session) -> None:
    board = _board(session)
    partner = session.get_one(Organization, _holder(board, FRIDAY).organization_id)
    deputy = make_person(session, partner, Role.DEPUTY, name="Dina Osei")
    names = [each.next.name if (each := _holder(board, _hours(h))).next else "" for h in (23.9, 24, 36)]
    assert names == [board.people["steward"].name, deputy.name, board.people["officer"].name]


def test_the_moment_is_told_in_the_time_zone_of_whoever_is_waited_for(session: Session) -> None:
    board = _board(session)
    partner = session.get_one(Organization, _holder(board, FRIDAY).organization_id)
    partner.defaults = {**partner.defaults, "time_zone": "Asia/Dhaka"}
    session.flush()
    clock = _holder(board, FRIDAY).progress
    assert clock is not None
    assert f"{clock.when:%d %H:%M %Z}" == "29 02:00 +06"
    assert clock.due == date(2026, 11, 29)


def test_the_open_wait_holds_every_share_to_the_hour(session: Session) -> None:
    board = _board(session)
    settle(session)
    row = session.scalars(select(OpenWait).where(OpenWait.proposal_id == board.proposal.id)).first()
    assert row is not None
    assert (row.half_at, row.most_at, row.full_at, row.over_at, row.late_at) == tuple(
        _hours(h) for h in (12, 20, 24, 24, 36)
    )


def test_reminders_go_out_at_their_hour_on_a_weekend(session: Session) -> None:
    board = _board(session)
    sent = [remind_by_date(session, _hours(h)) for h in (11.9, 12, 13, 20, 24, 36, 40)]
    partners = len(whose_turn(session, board.proposal, FRIDAY).holders)
    assert sent == [0, partners, 0, partners, partners, partners, 0]
    shares = set(session.scalars(select(Reminder.percent).where(Reminder.proposal_id == board.proposal.id)))
    assert shares == {50, 80, 100, 150}


def test_by_hand_one_may_remind_from_the_twentieth_hour_on_and_three_hours_later_again(session: Session) -> None:
    board = _board(session)
    lead = board.actor("lead")
    assert first_reminder(session, board.proposal, whose_turn(session, board.proposal, FRIDAY)) == _hours(20)
    for hours, may in ((19.9, False), (20, True), (22.9, False), (23, True)):
        if may:
            remind(session, lead, board.ref, _hours(hours))
        else:
            with pytest.raises(WrongState):
                remind(session, lead, board.ref, _hours(hours))


def test_the_clock_stands_still_while_the_team_answers_and_goes_on_where_it_stood(session: Session) -> None:
    board = _board(session)
    board.asks("steward", _hours(10))
    changing = whose_turn(session, board.proposal, _hours(11))
    assert changing.turn is Turn.CHANGING
    assert changing.progress is not None
    assert changing.progress.unit is Unit.WORKING_DAY
    board.answers(_hours(40), changed=False)
    clock = _holder(board, _hours(42)).progress
    assert clock is not None
    assert (clock.day, clock.ends_at) == (12, _hours(54))


def test_the_inbox_puts_the_hour_before_the_day_and_knows_what_is_overdue_to_the_hour(session: Session) -> None:
    board = _board(session)
    steward = board.actor("steward")

    def parts(now: datetime) -> list[Part]:
        found = inbox(session, steward, now)
        return [part for part in Part for row in found.parts[part] if row.ref == board.ref]

    assert parts(_hours(23.9)) == [Part.WEEK]
    assert parts(_hours(24)) == [Part.OVERDUE]
    assert [each.proposal.id for each in waiting(session, steward, _hours(24), Queue.OVERDUE)] == [board.proposal.id]


def test_looking_again_afterwards_stays_in_working_days(session: Session) -> None:
    board = _board(session)
    board.approve(FRIDAY)
    for dataset in board.cast.datasets:
        accede(session, session.get_one(Organization, dataset.organization_id))
    issue(session, acting(session, board.cast.director), board.ref, "Meridian", FRIDAY)
    answer = whose_turn(session, board.proposal, FRIDAY)
    assert answer.turn is Turn.LOOKING_AGAIN
    assert answer.progress is not None
    assert (answer.progress.unit, answer.progress.total) == (Unit.WORKING_DAY, 20)


def test_the_way_says_hours_of_what_lies_ahead(session: Session) -> None:
    board = make_board(session, "crisis@1", passed=False)
    way = whose_turn(session, board.proposal, FRIDAY).way
    lengths = [(stop.length.amount, stop.length.unit) for stop in way if stop.length is not None]
    assert lengths[:3] == [(24, Unit.HOUR), (12, Unit.HOUR), (20, Unit.WORKING_DAY)]
