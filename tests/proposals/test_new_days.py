"""What was approved and not issued before its last day goes back to its team, which alone can set new days."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.grants.commands import issue
from app.grants.queries.listings import issue_before
from app.proposals.commands.acting import items_of
from app.proposals.commands.deciding import decide
from app.proposals.commands.drafting import save_answers
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.new_days import ask_for_new_days
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.sending import send
from app.proposals.commands.undoing import take_back
from app.proposals.models import Decision, Proposal
from app.proposals.queries.last_days import last_days
from app.proposals.queries.requests import open_requests
from app.proposals.queries.versions import content_of, hash_of
from app.proposals.queries.whose_turn import whose_turn
from app.rules.turns import Turn
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, ProposalState
from tests.factories.grants import CONSORTIUM, director_of, make_decided, make_ready_cast
from tests.factories.organizations import acting
from tests.factories.proposals import Cast, make_proposal, send_as_shown

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SHORT = {"starts_on": "2026-11-24", "ends_on": "2026-12-05", "first_report_on": "2026-12-01"}
LATER = {"starts_on": "2027-01-11", "ends_on": "2027-06-30", "first_report_on": "2027-04-01"}
THE_DAY = datetime(2026, 12, 5, 0, 1, tzinfo=UTC)


def _decided(session: Session, partners: int = 1) -> tuple[Cast, Proposal]:
    cast = make_ready_cast(session, partners)
    return cast, make_decided(session, cast, answers=SHORT)


def test_nothing_comes_back_while_it_can_still_be_issued(session: Session) -> None:
    cast, proposal = _decided(session)
    assert ask_for_new_days(session, THE_DAY - timedelta(minutes=2)) == 0
    assert proposal.state is ProposalState.DECIDED
    assert issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, THE_DAY - timedelta(minutes=2))


def test_from_its_last_day_on_it_is_the_leads_turn_under_a_clock_and_no_more_the_directors(session: Session) -> None:
    cast, proposal = _decided(session)
    with pytest.raises(Invalid, match="does not come after the start"):
        issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, THE_DAY)
    assert ask_for_new_days(session, THE_DAY) == 1
    assert proposal.state is ProposalState.CHANGES_REQUESTED
    turn = whose_turn(session, proposal, THE_DAY)
    assert turn.turn is Turn.CHANGING
    assert turn.next_person is not None
    assert turn.next_person.person_id == cast.lead.id
    assert turn.due is not None
    assert (turn.since, turn.paused_since) == (THE_DAY, None)
    assert ask_for_new_days(session, THE_DAY + timedelta(minutes=1)) == 0


def test_the_approvals_are_void_and_a_no_stands(session: Session) -> None:
    cast = make_ready_cast(session, 2)
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast, answers=SHORT)
    shown = hash_of(content_of(session, proposal))
    said = (
        Ruling(shown, ItemState.APPROVED),
        Ruling(shown, ItemState.NOT_APPROVED, reason=next(iter(Reason)), words="With fewer columns."),
    )
    for dataset, ruling in zip(cast.datasets, said, strict=True):
        decide(session, acting(session, cast.steward_of(dataset)), proposal.reference, [dataset.reference], ruling, NOW)
    assert ask_for_new_days(session, THE_DAY) == 1
    assert [item.state for item in items_of(session, proposal)] == [ItemState.PENDING, ItemState.NOT_APPROVED]
    assert list(session.scalars(select(Decision.voided_at).order_by(Decision.id))) == [THE_DAY, None]


def test_the_team_reads_what_is_asked_sets_new_days_and_the_data_partner_has_its_full_time(session: Session) -> None:
    cast, proposal = _decided(session)
    ask_for_new_days(session, THE_DAY)
    lead, at = acting(session, cast.lead), THE_DAY + timedelta(days=2)
    (asked,) = open_requests(session, proposal)
    assert (asked.name, asked.question, asked.is_answered) == ("", "dates", False)
    with pytest.raises(Invalid):
        send(session, lead, proposal.reference, hash_of(content_of(session, proposal)), at, declares=True)
    save_answers(session, lead, proposal.reference, LATER, at)
    assert open_requests(session, proposal)[0].is_answered is True
    send_as_shown(session, lead, proposal, at)
    assert proposal.state is ProposalState.IN_REVIEW
    assert open_requests(session, proposal) == ()
    turn = whose_turn(session, proposal, at)
    assert turn.turn is Turn.DECIDING
    assert turn.progress is not None
    assert turn.progress.percent == 0
    (dataset,) = cast.datasets
    steward = acting(session, cast.steward_of(dataset))
    ruling = Ruling(hash_of(content_of(session, proposal)), ItemState.APPROVED)
    decide(session, steward, proposal.reference, [dataset.reference], ruling, at)
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, at)
    assert grant.ends_on.isoformat() == LATER["ends_on"]


def test_the_earliest_last_day_counts_and_the_page_for_issuing_says_when_it_is_near(session: Session) -> None:
    _cast, proposal = _decided(session, 2)
    found = last_days(session, Proposal.id == proposal.id)
    assert {key: day.isoformat() for key, day in found.items()} == {proposal.reference: SHORT["ends_on"]}
    days = [*found.values()]
    assert issue_before(days, THE_DAY - timedelta(days=14)) == days[0]
    assert issue_before(days, THE_DAY - timedelta(days=15)) is None
    assert issue_before([], THE_DAY) is None


def test_what_was_not_approved_by_anybody_has_no_day_to_pass(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast, answers=SHORT)
    ruling = Ruling(
        hash_of(content_of(session, proposal)), ItemState.NOT_APPROVED, reason=next(iter(Reason)), words="Not this one."
    )
    (dataset,) = cast.datasets
    decide(session, acting(session, cast.steward_of(dataset)), proposal.reference, [dataset.reference], ruling, NOW)
    assert ask_for_new_days(session, THE_DAY) == 0


@pytest.mark.parametrize("is_first_taken_back", [True, False])
def test_a_request_that_comes_while_new_days_are_set_is_taken_back_to_there(
    session: Session, *, is_first_taken_back: bool
) -> None:
    cast = make_ready_cast(session, 1)
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast, answers=SHORT)
    (dataset,) = cast.datasets
    lead, steward = acting(session, cast.lead), acting(session, cast.steward_of(dataset))
    request_changes(session, steward, proposal.reference, [Request("Which streets?")], NOW)
    if is_first_taken_back:
        take_back(session, steward, proposal.reference, NOW)
    else:
        save_answers(session, lead, proposal.reference, {"place": "Cali, the south"}, NOW + timedelta(hours=1))
        send_as_shown(session, lead, proposal, NOW + timedelta(hours=1))
    ruling = Ruling(hash_of(content_of(session, proposal)), ItemState.APPROVED)
    decide(session, steward, proposal.reference, [dataset.reference], ruling, NOW + timedelta(hours=2))
    ask_for_new_days(session, THE_DAY)
    at = THE_DAY + timedelta(hours=9)
    request_changes(session, steward, proposal.reference, [Request("Fewer columns?")], at)
    assert [each.name for each in open_requests(session, proposal)] == ["", cast.steward_of(dataset).name]
    take_back(session, steward, proposal.reference, at + timedelta(minutes=1))
    assert (proposal.state, proposal.waiting_since) == (ProposalState.CHANGES_REQUESTED, THE_DAY)
    assert [each.name for each in open_requests(session, proposal)] == [""]
