"""Conflicts of interest: derived and declared, checked when acting; who is named instead, in every case."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.grants.commands.issuing import issue
from app.organizations.models import Membership, Organization
from app.proposals.commands.deciding import decide
from app.proposals.commands.intake import pass_intake
from app.proposals.commands.recusing import declare_conflict, lift_conflict
from app.proposals.commands.ruling import Ruling
from app.proposals.queries.cases import case
from app.proposals.queries.talk import history
from app.proposals.queries.whose_turn import whose_turn
from app.proposals.step_models import ConflictOfInterest
from app.rules.actions import Action
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.workflow import ItemState, ProposalState
from tests.factories.organizations import acting, make_person
from tests.factories.pipelines import Board, make_board, yes_to
from tests.factories.proposals import NOW, accede


def _named(board: Board) -> list[str]:
    answer = whose_turn(board.session, board.proposal, NOW)
    return [holder.next.name for holder in answer.holders if holder.next]


def _declares(board: Board, who: str) -> ConflictOfInterest:
    return declare_conflict(board.session, board.actor(who), board.ref, "I worked on the pilot.", NOW)


def _decides(board: Board, who: str) -> None:
    dataset, ruling = board.cast.datasets[0], Ruling(board.shown_hash, ItemState.APPROVED)
    decide(board.session, board.actor(who), board.ref, [dataset.reference], ruling, NOW)


def _adds(board: Board, who: str, name: str, organization: str, *roles: Role) -> None:
    board.people[who] = make_person(board.session, board.organizations[organization], *roles, name=name)


def _of_the_member(board: Board, who: str) -> None:
    """Somebody begins to work for the proposing member too."""
    member = board.organizations["member"]
    board.session.add(
        Membership(person_id=board.people[who].id, organization_id=member.id, role=Role.SIGNATORY, since=NOW)
    )
    board.session.flush()


def _with_deputy(board: Board) -> Board:
    board.organizations["partner"] = board.session.get_one(Organization, board.cast.datasets[0].organization_id)
    _adds(board, "deputy", "Dina Farouk", "partner", Role.DEPUTY)
    return board


def test_who_declares_a_conflict_decides_no_longer_and_the_deputy_is_named(session: Session) -> None:
    board = _with_deputy(make_board(session))
    before = _named(board)[0]
    _declares(board, "steward")
    assert _named(board)[0] == "Dina Farouk" != before
    with pytest.raises(NotAllowed):
        _decides(board, "steward")
    _decides(board, "deputy")


def test_a_derived_conflict_names_the_deputy_too(session: Session) -> None:
    board = _with_deputy(make_board(session))
    _of_the_member(board, "steward")
    assert _named(board)[0] == "Dina Farouk"
    with pytest.raises(NotAllowed):
        _decides(board, "steward")


def test_where_nobody_of_a_data_partner_is_left_the_secretariat_is_named_and_decides_nothing(session: Session) -> None:
    board = _with_deputy(make_board(session))
    _declares(board, "steward")
    _declares(board, "deputy")
    answer = whose_turn(session, board.proposal, NOW)
    assert answer.taken_over_by
    assert _named(board)[0] in {board.people["director"].name, board.people["officer"].name}
    for who in ("director", "officer"):
        with pytest.raises(NotAllowed):
            _decides(board, who)


def test_conflicts_are_checked_when_acting_and_not_when_the_case_is_assigned(session: Session) -> None:
    board = make_board(session)
    _of_the_member(board, "steward")
    with pytest.raises(NotAllowed):
        _decides(board, "steward")
    for row in session.scalars(select(Membership).where(Membership.person_id == board.people["steward"].id)):
        if row.role is Role.SIGNATORY:
            row.ended_at = NOW
    session.flush()
    _decides(board, "steward")


def test_an_officer_in_conflict_leaves_the_check_to_a_colleague(session: Session) -> None:
    board = make_board(session, passed=False)
    _adds(board, "colleague", "Mei Castellanos", "secretariat", Role.OFFICER)
    _declares(board, "officer")
    assert _named(board) == ["Mei Castellanos"]
    with pytest.raises(NotAllowed):
        board.pass_intake()
    with pytest.raises(NotAllowed):  # a director steps in only where no officer is left
        _passes_intake(board, "director")
    _passes_intake(board, "colleague")


def test_where_no_officer_is_left_a_director_checks(session: Session) -> None:
    board = make_board(session, passed=False)
    _declares(board, "officer")
    assert _named(board) == [board.people["director"].name]
    assert Action.PASS_INTAKE in case(session, board.actor("director"), board.ref, NOW).acts
    _passes_intake(board, "director")
    assert board.proposal.state is ProposalState.IN_REVIEW


def test_where_the_director_is_in_conflict_another_one_issues_and_without_one_an_officer(session: Session) -> None:
    board = make_board(session)
    board.approve()
    for dataset in board.cast.datasets:
        accede(session, session.get_one(Organization, dataset.organization_id))
    _adds(board, "second", "Henrik Solberg", "secretariat", Role.DIRECTOR)
    _declares(board, "director")
    assert _named(board) == ["Henrik Solberg"]
    assert Action.ISSUE_GRANTS not in case(session, board.actor("officer"), board.ref, NOW).acts
    _declares(board, "second")
    assert _named(board) == [board.people["officer"].name]
    with pytest.raises(NotAllowed):
        issue(session, board.actor("director"), board.ref, "Meridian", NOW)
    assert issue(session, board.actor("officer"), board.ref, "Meridian", NOW)


def test_where_the_ethics_reviewer_is_in_conflict_a_director_reads(session: Session) -> None:
    board = make_board(session, "ethics@1")
    _declares(board, "elif")
    assert _named(board) == [board.people["director"].name]
    with pytest.raises(NotAllowed):
        board.passes("elif", Step.ETHICS)
    board.passes("director", Step.ETHICS)
    assert board.proposal.step == Step.LEGAL


def test_where_everybody_of_the_secretariat_is_in_conflict_somebody_is_still_named(session: Session) -> None:
    board = make_board(session, passed=False)
    _declares(board, "officer")
    _declares(board, "director")
    assert len(_named(board)) == 1
    for who in ("officer", "director"):
        with pytest.raises(NotAllowed):
            _passes_intake(board, who)


def test_a_conflict_is_declared_once_and_with_words(session: Session) -> None:
    board = make_board(session)
    with pytest.raises(Invalid):
        declare_conflict(session, board.actor("steward"), board.ref, " ", NOW)
    _declares(board, "steward")
    with pytest.raises(WrongState):
        _declares(board, "steward")


@pytest.mark.parametrize("who", ["lead", "rafi", "elif"])
def test_who_would_not_act_on_it_declares_nothing(session: Session, who: str) -> None:
    board = make_board(session)
    with pytest.raises((NotAllowed, NotFound)):
        _declares(board, who)


def test_only_a_director_without_a_conflict_lifts_one_and_gives_a_reason(session: Session) -> None:
    board = make_board(session)
    row = _declares(board, "steward")
    for who in ("officer", "steward", "other_steward"):
        with pytest.raises(NotAllowed):
            lift_conflict(session, board.actor(who), board.ref, row.person_id, "It is over.", NOW)
    director = board.actor("director")
    with pytest.raises(Invalid):
        lift_conflict(session, director, board.ref, row.person_id, "", NOW)
    lift_conflict(session, director, board.ref, row.person_id, "The advice ended in 2024.", NOW)
    _decides(board, "steward")
    with pytest.raises(NotFound):
        lift_conflict(session, director, board.ref, row.person_id, "Again.", NOW)
    _declares(board, "other_steward")


def test_a_director_cannot_lift_their_own(session: Session) -> None:
    board = make_board(session)
    row = _declares(board, "director")
    with pytest.raises(NotAllowed):
        lift_conflict(session, board.actor("director"), board.ref, row.person_id, "It is nothing.", NOW)


def test_the_proposer_does_not_read_who_declared_what(session: Session) -> None:
    board = make_board(session)
    _declares(board, "steward")
    for who, reads in (("lead", False), ("director", True)):
        actor = board.actor(who)
        seen = [each.type for each in history(session, actor, case(session, actor, board.ref, NOW))]
        assert (Event.CONFLICT_DECLARED in seen) is reads


def _passes_intake(board: Board, who: str) -> None:
    pass_intake(board.session, acting(board.session, board.people[who]), board.ref, yes_to(Step.INTAKE), NOW)
