"""Figures are measured: the days that were used, the outcomes that were given, and only what the reader may see."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, true
from sqlalchemy.orm import Session

from app.figures.queries.answers import answers, answers_in, by_month, by_outcome, by_reason, typical, typical_of_all
from app.figures.queries.loads import Load, loads
from app.figures.queries.spread import spread
from app.figures.queries.stages import Stage, stage_days, stage_runs
from app.figures.scope import EVERYTHING, Scope, Side, scope_of, scopes_of
from app.foundation.errors import NotFound
from app.history.commands import Subject, record
from app.proposals.commands.intake import Request, request_changes
from app.rules.calendar import took_working_days
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, ProposalState
from tests.factories.pipelines import make_board
from tests.factories.proposals import NOW
from tests.factories.review import MONDAY, Scene, decided_too, scene_in_intake, scene_in_review
from tests.support.application import Client

A, C, N = ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS, ItemState.NOT_APPROVED


def _decided(session: Session) -> Scene:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A, MONDAY + timedelta(days=1))
    scene.decides("pia", "shops", N, MONDAY + timedelta(days=4))
    return scene


def _loads(session: Session, scope: Scope, now: datetime) -> list[Load]:
    return loads(session, scope, answers_in(session, scope), stage_runs(session, scope), now)


def test_an_answer_took_the_days_that_its_own_data_partner_used(session: Session) -> None:
    scene = _decided(session)
    found = {each.partner_id: each.days for each in answers(session, true())}
    assert found == {scene.organizations["acme"].id: 1, scene.organizations["paloma"].id: 4}


def test_days_with_the_team_are_not_the_data_partners(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Shorter?")], MONDAY + timedelta(days=2))
    back = MONDAY + timedelta(days=14)
    scene.proposal.state, scene.proposal.step = ProposalState.IN_REVIEW, "data_partners"
    scene.proposal.waiting_since = back
    session.flush()
    scene.decides("pia", "shops", A, back + timedelta(days=1))
    assert [each.days for each in answers(session, true())] == [3]


def test_a_further_request_lengthens_the_wait_for_the_team_and_begins_no_other(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Shorter?")], MONDAY + timedelta(days=2))
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Fewer?")], MONDAY + timedelta(days=9))
    about, answered = Subject("proposal", scene.ref), MONDAY + timedelta(days=11)
    record(session, Event.PROPOSAL_RESENT, scene.actor("rosa"), about, answered)
    assert [run.days for run in stage_runs(session, EVERYTHING) if run.stage is Stage.CHANGES] == [7]


def test_a_typical_answer_is_told_from_three_on(session: Session) -> None:
    scene = _decided(session)
    streets = scene.datasets["streets"].id
    assert typical(session, [streets]) == {}
    assert typical_of_all(session) is None
    decided_too(scene, 1, 3)
    assert typical(session, [streets]) == {}
    decided_too(scene, 2, 8)
    known = typical(session, [streets, 0])[streets]
    assert (known.median, known.low, known.high, known.count) == (3, 1, 6, 3)
    assert typical_of_all(session) is not None


def test_the_spread_is_the_middle_and_what_nine_in_ten_stay_within() -> None:
    known = spread([5, 1, 2, 3, 4, 6, 7, 8, 9, 100])
    assert known is not None
    assert (known.median, known.p90, known.low, known.high, known.count) == (5.5, 9, 1, 100, 10)
    assert spread([]) is None


def test_answers_are_counted_by_outcome_reason_and_month(session: Session) -> None:
    _decided(session)
    found = answers_in(session, EVERYTHING)
    assert by_outcome(found) == [(A, 1), (N, 1)]
    assert by_reason(found) == [(Reason.TOO_EARLY, 1)]
    months = by_month(found, date(2027, 1, 15))
    assert [month.first_day for month in months][-2:] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert len(months) == 12
    assert sum(sum(month.counts.values()) for month in months) == 2


def test_days_in_each_stage_come_from_the_history(session: Session) -> None:
    scene = scene_in_intake(session)
    scene.pass_on(MONDAY + timedelta(days=2))
    scene.decides("lucia", "streets", A, MONDAY + timedelta(days=3))
    scene.decides("pia", "shops", A, MONDAY + timedelta(days=9))
    found = {
        row.stage: row.spread for row in stage_days(stage_runs(session, EVERYTHING), answers_in(session, EVERYTHING))
    }
    days = {stage: known.median for stage, known in found.items() if known}
    assert days == {Stage.INTAKE: 2, Stage.ANSWER: 3, Stage.WHOLE: 7}
    assert found[Stage.ISSUE] is None


def test_a_load_is_what_names_a_person_now_and_what_they_answered(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A, MONDAY + timedelta(days=1))
    now = MONDAY + timedelta(days=16)
    found = {row.name: row for row in _loads(session, EVERYTHING, now)}
    assert (found["Lucía Prado"].open, found["Lucía Prado"].answered) == (0, 1)
    assert (found["Pia Santos"].open, found["Pia Santos"].overdue) == (1, 1)


def test_steps_of_reviewers_are_stages_and_count_for_whoever_took_them(session: Session) -> None:
    board = make_board(session, "ethics@1")
    two, five = NOW + timedelta(days=2), NOW + timedelta(days=5)
    board.passes("elif", Step.ETHICS, two)
    board.passes("lars", Step.LEGAL, five)
    days = {row.stage: row.spread.median for row in stage_days(stage_runs(session, EVERYTHING), []) if row.spread}
    assert days[Stage.ETHICS] == took_working_days(NOW, two)
    assert days[Stage.LEGAL] == took_working_days(two, five)
    found = {row.name: row for row in _loads(session, EVERYTHING, five)}
    assert [found[name].answered for name in ("Elif Aydin", "Lars Holm", board.people["officer"].name)] == [1, 1, 1]
    assert found["Elif Aydin"].spread is None or found["Elif Aydin"].spread.count == 1


def test_a_vote_counts_for_the_member_and_the_committee_is_one_stage(session: Session) -> None:
    board = make_board(session, "committee@1")
    later = NOW + timedelta(days=1)
    board.carry(later)
    runs = stage_runs(session, EVERYTHING)
    assert [run.stage for run in runs if not run.is_vote] == [Stage.INTAKE, Stage.COMMITTEE]
    found = {row.name: (row.answered, row.organization) for row in _loads(session, EVERYTHING, later)}
    assert found["Rafi Alvarez"] == (1, board.organizations["delta"].name)


def test_who_took_over_is_counted_in_their_own_organization(session: Session) -> None:
    scene = scene_in_review(session)
    late = MONDAY + timedelta(days=30)
    found = {(row.name, row.organization) for row in _loads(session, EVERYTHING, late) if row.open}
    secretariat = scene.organizations["secretariat"].name
    assert found == {("Jonas Oyelaran", secretariat)}


def test_everyone_reads_only_their_own_figures(session: Session) -> None:
    scene = _decided(session)
    sides = {
        who: [(each.side, each.slug) for each in scopes_of(session, scene.actor(who))]
        for who in ("jonas", "lucia", "rosa", "otto")
    }
    assert sides["jonas"][0] == (Side.ALL, "")
    assert sides["lucia"] == [(Side.PARTNER, "acme")]
    assert sides["rosa"] == [(Side.MEMBER, "coastal")]
    for who, side, slug in (("lucia", "all", None), ("lucia", "partner", "paloma"), ("otto", "member", "coastal")):
        with pytest.raises(NotFound):
            scope_of(session, scene.actor(who), side, slug)
    acme = scope_of(session, scene.actor("lucia"), None, None)
    assert {each.partner_id for each in answers_in(session, acme)} == {scene.organizations["acme"].id}
    people = {row.name for row in _loads(session, acme, MONDAY + timedelta(days=5))}
    assert people == {"Lucía Prado"}
    other = Scope(Side.MEMBER, scene.organizations["other"].id)
    assert answers_in(session, other) == []


def test_it_takes_as_many_statements_with_much_as_with_little(session: Session) -> None:
    scene = _decided(session)

    def statements() -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        session.flush()
        loads(session, EVERYTHING, [], [], MONDAY)
        event.listen(session.get_bind(), "before_cursor_execute", note)
        found = answers_in(session, EVERYTHING)
        runs = stage_runs(session, EVERYTHING)
        stage_days(runs, found)
        loads(session, EVERYTHING, found, runs, MONDAY)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen)

    before = statements()
    for number in range(3):
        decided_too(scene, 10 + number, 2)
    assert statements() == before <= 14


def test_the_page_shows_pictures_their_tables_and_files(client: Client, session: Session) -> None:
    scene = _decided(session)
    session.commit()
    client.sign_in_as(scene.people["jonas"])
    text = client.get("/figures").text
    for words in (
        "Days in each stage",
        "Answers over time",
        "Reasons for a no",
        "Load of each person",
        "Show as table",
    ):
        assert words in text, words
    for name in ("stages", "loads", "answers", "months"):
        answer = client.get(f"/figures/{name}.csv?side=all")
        assert (answer.status_code, answer.mimetype) == (200, "text/csv"), name
    assert (
        "Too early,1" in client.get("/figures/answers.csv").text
        or "Too early" in client.get("/figures/answers.csv").text
    )
    assert client.get("/figures/people.csv").status_code == 404
    client.sign_in_as(scene.people["lucia"])
    assert client.get("/figures").status_code == 200
    assert client.get("/figures?side=all").status_code == 404
    assert client.get("/figures/loads.csv?side=partner&of=paloma").status_code == 404


def test_the_register_tells_everyone_what_was_answered_and_why_without_names(client: Client, session: Session) -> None:
    scene = _decided(session)
    session.commit()
    text = client.get("/register/figures").text
    assert "Reasons for a no" in text
    assert "Typical answer" not in text
    for name in ("Acme Maps", "Paloma Pay", "Pia Santos", scene.proposal.title, scene.organizations["coastal"].name):
        assert name not in text, name
    assert client.get("/register/figures.csv").status_code == 200
