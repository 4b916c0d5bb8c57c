"""A rule decides whenever a proposal comes to its data partners: after the intake check, a vote, or the last review."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents.commands import Written, simulate, start, switch_on
from app.consents.queries.facts import facts_of
from app.organizations.models import Organization
from app.proposals.commands.acting import current_version
from app.proposals.commands.undoing import take_back
from app.proposals.models import Decision
from app.reactions.work import Work
from app.rules.pipelines import PIPELINES, Step
from app.rules.undoing import UNDO_TIME
from app.rules.workflow import ItemState
from tests.consents.scenes import EVERYTHING
from tests.factories.pipelines import Board, make_board
from tests.factories.proposals import NOW
from tests.support.office import leave

pytestmark = pytest.mark.both_databases
WAITED = NOW + UNDO_TIME


def _with_rule(board: Board) -> str:
    """Switches on a rule that covers the first dataset. Returns its reference."""
    session, dataset = board.session, board.cast.datasets[0]
    version, steward = current_version(session, board.proposal), board.actor("steward")
    assert version is not None
    facts = facts_of(version, dataset)
    criteria = replace(
        EVERYTHING,
        purposes=facts.purposes,
        access_modes=frozenset({facts.access_mode}),
        personal_data=frozenset({facts.personal_data}),
    )
    organization = session.get_one(Organization, dataset.organization_id)
    rule = start(session, steward, organization, Written("Low risk", criteria), NOW)
    simulate(session, steward, rule.reference, NOW)
    switch_on(session, steward, rule.reference, rule.criteria_hash, NOW)
    return rule.reference


def _decided_by_rule(board: Board) -> list[str | None]:
    found = select(Decision.by_rule).where(Decision.outcome == ItemState.APPROVED)
    return list(board.session.scalars(found))


def _reach_data_partners(board: Board) -> None:
    board.pass_intake()
    if board.proposal.step == Step.COMMITTEE:
        board.carry()
    for step, who in ((Step.ETHICS, "elif"), (Step.LEGAL, "lars")):
        if board.proposal.step == step:
            board.passes(who, step)
    assert board.proposal.step == Step.DATA_PARTNERS


@pytest.mark.parametrize("pipeline", sorted(PIPELINES))
def test_a_rule_decides_by_whatever_way_a_proposal_comes(session: Session, at_work: Work, pipeline: str) -> None:
    board = make_board(session, pipeline, passed=False)
    rule = _with_rule(board)
    _reach_data_partners(board)
    mails = leave(session, at_work, WAITED + timedelta(minutes=30))
    assert _decided_by_rule(board) == [rule]
    asked = [mail["subject"] for mail in mails if mail["to_email"] == board.people["steward"].email]
    assert len(asked) == 1, "nobody is asked what the rule has answered"
    assert rule in asked[0] or "approved" in asked[0].lower()


def test_the_rule_waits_while_the_end_of_the_vote_can_be_taken_back(session: Session, at_work: Work) -> None:
    board = make_board(session, "committee@1", passed=False)
    rule = _with_rule(board)
    _reach_data_partners(board)
    leave(session, at_work, WAITED - timedelta(minutes=1))
    assert _decided_by_rule(board) == []
    take_back(session, board.actor("cora"), board.ref, WAITED - timedelta(minutes=1))
    leave(session, at_work, WAITED)
    assert _decided_by_rule(board) == []
    board.close(now=WAITED)
    leave(session, at_work, WAITED + UNDO_TIME)
    assert _decided_by_rule(board) == [rule]


def test_a_vote_that_is_closed_anew_waits_its_own_ten_minutes(session: Session, at_work: Work) -> None:
    board = make_board(session, "committee@1", passed=False)
    rule = _with_rule(board)
    _reach_data_partners(board)
    anew = NOW + timedelta(minutes=8)
    leave(session, at_work, NOW)
    take_back(session, board.actor("cora"), board.ref, NOW + timedelta(minutes=3))
    board.close(now=anew)
    leave(session, at_work, WAITED)
    assert _decided_by_rule(board) == []
    leave(session, at_work, anew + UNDO_TIME)
    assert _decided_by_rule(board) == [rule]
