"""Every proposal names who must act, by when, and who stands in; or says that it has ended."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.organizations.models import Membership
from app.proposals.commands.intake import Request, request_changes
from app.proposals.models import Proposal
from app.proposals.queries.way import Place
from app.proposals.queries.whose_turn import WhoseTurn, turns, whose_turn
from app.rules.pipelines import PIPELINES, Step, pipeline_of
from app.rules.turns import OPEN_TURNS, Turn
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import (
    MONDAY,
    Scene,
    close_on,
    hand_in,
    make_draft,
    make_scene,
    scene_in_intake,
    scene_in_review,
)

A, N = ItemState.APPROVED, ItemState.NOT_APPROVED


def _names(answer: WhoseTurn) -> list[str]:
    return [name.name for holder in answer.holders for name in holder.people]


def _at(scene: Scene, days: int = 0) -> WhoseTurn:
    return whose_turn(scene.session, scene.proposal, MONDAY + timedelta(days=days))


def _end_membership(scene: Scene, who: str) -> None:
    of = select(Membership).where(Membership.person_id == scene.people[who].id)
    scene.session.scalars(of).one().ended_at = MONDAY
    scene.session.flush()


def test_in_every_state_and_step_somebody_must_act_or_it_has_ended(session: Session) -> None:
    scene = scene_in_review(session)
    proposal = scene.proposal
    proposal.decided_at = MONDAY
    cells = product(ProposalState, [None, *Step], PIPELINES, [MONDAY, None])
    for proposal.state, proposal.step, proposal.pipeline, proposal.waiting_since in cells:
        if proposal.step is not None and proposal.step not in pipeline_of(proposal.pipeline).names:
            continue
        proposal.sent_at = None if proposal.state is ProposalState.DRAFT else MONDAY
        answer = _at(scene, 40)
        cell = (proposal.state, proposal.step)
        assert answer.is_ended != (answer.turn in OPEN_TURNS), cell
        assert answer.is_ended or (all(holder.next for holder in answer.holders) and answer.act), cell
        assert answer.after, cell
        stops = [stop for stop in answer.way if stop.place is Place.NOW]
        assert len(stops) == (0 if answer.turn is Turn.ISSUED else 1), cell
        assert answer.progress is None or (answer.due and answer.is_overdue), cell


def test_a_draft_is_the_leads(session: Session) -> None:
    answer = _at(make_scene(session))
    assert (answer.turn, _names(answer), answer.due) == (Turn.DRAFTING, ["Rosa Lindqvist"], None)


def test_at_intake_the_officers_have_two_working_days(session: Session) -> None:
    answer = _at(scene_in_intake(session), 1)
    assert (answer.turn, _names(answer)) == (Turn.CHECKING, ["Jonas Oyelaran"])
    assert answer.progress is not None
    assert (answer.progress.day, answer.progress.total) == (1, 2)


def test_in_review_each_data_partner_with_something_to_decide_is_named_with_its_deputy(session: Session) -> None:
    scene = scene_in_review(session)
    answer = _at(scene)
    assert [holder.organization for holder in answer.holders] == ["Acme Maps", "Paloma Pay"]
    assert [name.name for name in answer.holders[0].deputies] == ["Tom Ek"]
    scene.decides("lucia", "streets", A)
    assert _names(_at(scene)) == ["Pia Santos"]


def test_a_deputy_joins_on_the_due_day_and_the_secretariat_half_as_much_later(session: Session) -> None:
    scene = scene_in_review(session)
    tom, jonas = scene.people["tom"].id, scene.people["jonas"].id
    waits = [(_at(scene, day).waits_for(tom), _at(scene, day).waits_for(jonas)) for day in (11, 14, 18, 21)]
    assert waits == [(False, False), (True, False), (True, False), (True, True)]
    assert [name.name for name in _at(scene, 21).taken_over_by] == ["Jonas Oyelaran"]


@pytest.mark.both_databases
def test_who_follows_it_up_is_not_said_to_decide(session: Session) -> None:
    acme = _at(scene_in_review(session), 21).holders[0]
    named = acme.next, acme.acts, acme.stands_in
    assert [each.name for each in named if each] == ["Jonas Oyelaran", "Lucía Prado", "Tom Ek"]


@pytest.mark.both_databases
def test_each_reader_is_told_the_clock_of_their_own_organization(session: Session) -> None:
    scene = scene_in_review(session)
    close_on(session, scene.organizations["paloma"], date(2026, 11, 18))
    answer, who = _at(scene, 1), scene.people
    days = {name: answer.as_told_to(who[name].id).due for name in ("lucia", "tom", "pia", "rosa")}
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    assert days == {"lucia": monday, "tom": monday, "pia": tuesday, "rosa": monday}
    assert answer.all_due == tuesday
    assert [stop.by for stop in answer.way if stop.place is Place.NOW] == [tuesday]


def test_where_nobody_is_left_at_a_data_partner_the_secretariat_is_named(session: Session) -> None:
    scene = scene_in_review(session)
    _end_membership(scene, "lucia")
    assert _names(_at(scene)) == ["Tom Ek", "Pia Santos"]
    _end_membership(scene, "tom")
    assert [name.name for name in _at(scene).taken_over_by] == ["Jonas Oyelaran"]


def test_somebody_who_cannot_sign_in_any_more_is_not_waited_for(session: Session) -> None:
    scene = scene_in_review(session)
    scene.people["lucia"].active = False
    session.flush()
    assert _names(_at(scene))[0] == "Tom Ek"


def test_while_the_team_answers_the_clock_is_its_own(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Shorter?")], MONDAY)
    answer = _at(scene, 1)
    assert (answer.turn, _names(answer)) == (Turn.CHANGING, ["Rosa Lindqvist"])
    assert answer.progress is not None
    assert (answer.progress.day, answer.progress.total) == (1, 15)
    now = [stop for stop in answer.way if stop.place is Place.NOW]
    assert [stop.title for stop in now] == ["Team answers"]


def test_after_the_last_decision_the_director_issues(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    scene.decides("pia", "shops", N)
    answer = _at(scene)
    assert (answer.turn, _names(answer)) == (Turn.ISSUING, ["Helena Voss"])
    assert [stop.title for stop in answer.way][:4] == ["Sent", "Checked", "Decided", "Director issues"]


def test_where_nothing_was_approved_it_waits_for_nobody(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    scene.decides("pia", "shops", N)
    answer = _at(scene)
    assert (answer.turn, answer.is_ended, answer.person_ids) == (Turn.NOT_APPROVED, True, frozenset())


def test_many_proposals_take_as_many_statements_as_one(session: Session) -> None:
    scene = scene_in_review(session)
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    turns(session, [scene.proposal], MONDAY)
    one = len(statements)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    for number in range(4):
        more = make_draft(
            session, scene.organizations["other"], [scene.people["otto"]], list(scene.datasets.values()),
            reference=f"PR-2026-06{number:02d}",
        )  # fmt: skip
        hand_in(session, more, scene.people["otto"])
    found = session.scalars(select(Proposal)).all()
    statements.clear()
    event.listen(session.get_bind(), "before_cursor_execute", note)
    answers = turns(session, found, MONDAY)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert len(answers) == 5
    assert len(statements) == one <= 12
