"""Each organization that is waited for has its own clock, in its own calendar; it stands still while the team is waited for."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.organizations.commands.closed_days import add_closed_day, remove_closed_day, set_time_zone
from app.organizations.models import Membership, Organization
from app.proposals.commands.advancing import resume
from app.proposals.commands.deciding import undo_decision
from app.proposals.commands.intake import Request, park_overdue, request_changes
from app.proposals.commands.reminding import remind, remind_by_date, remind_many
from app.proposals.commands.taking import hand_on, take
from app.proposals.models import Reminder
from app.proposals.queries.handled import handled_by_colleague
from app.proposals.queries.lists import proposals
from app.proposals.queries.whose_turn import Holder, whose_turn
from app.rules.actors import Actor
from app.rules.event_names import EVENT_NAMES
from app.rules.events import Event
from app.rules.pipelines import Step
from app.rules.roles import Kind, Role
from app.rules.workflow import ItemState, ProposalState
from tests.factories.organizations import acting
from tests.factories.pipelines import make_board
from tests.factories.proposals import NOW
from tests.factories.review import MONDAY, Scene, make_person, scene_in_intake, scene_in_review

A = ItemState.APPROVED


def _holder(scene: Scene, slug: str, days: int = 0) -> Holder:
    turn = whose_turn(scene.session, scene.proposal, MONDAY + timedelta(days=days))
    return next(each for each in turn.holders if each.organization_id == scene.organizations[slug].id)


def _day(scene: Scene, slug: str, days: int) -> int:
    clock = _holder(scene, slug, days).progress
    assert clock is not None
    return clock.day


def _due(scene: Scene, slug: str) -> date:
    clock = _holder(scene, slug).progress
    assert clock is not None
    return clock.due


def _changes(scene: Scene, who: str, days: int) -> None:
    asked = [Request("Shorter?")]
    request_changes(scene.session, scene.actor(who), scene.ref, asked, MONDAY + timedelta(days=days))


def _come_back(scene: Scene, days: int) -> None:
    """The team has answered: the review goes on, as sending again does it."""
    proposal, now = scene.proposal, MONDAY + timedelta(days=days)
    proposal.state, proposal.step, proposal.waiting_since = ProposalState.IN_INTAKE, Step.INTAKE, now
    resume(scene.session, proposal, now)
    proposal.returns_to = None
    scene.session.flush()


def test_two_data_partners_of_one_proposal_are_due_on_their_own_days(session: Session) -> None:
    scene = scene_in_intake(session)
    scene.organizations["acme"].country, scene.organizations["paloma"].country = "EG", "ES"
    scene.pass_on()
    assert _due(scene, "acme") == date(2026, 11, 30)  # Sunday to Thursday
    assert _due(scene, "paloma") == date(2026, 11, 30)
    scene.organizations["acme"].country = "CO"
    session.flush()
    add_closed_day(session, _focal(scene, "acme"), scene.organizations["acme"].id, date(2026, 11, 20), "Move", MONDAY)
    assert _due(scene, "acme") == date(2026, 12, 1)
    assert _due(scene, "paloma") == date(2026, 11, 30)


def _focal(scene: Scene, slug: str) -> Actor:
    name = f"focal-{slug}"
    if name not in scene.people:
        organization = scene.organizations[slug]
        scene.people[name] = make_person(scene.session, f"Focal{slug} Point", (organization, Role.FOCAL_POINT))
    return scene.actor(name)


def test_the_clock_stands_still_while_the_team_answers_and_says_since_when(session: Session) -> None:
    scene = scene_in_review(session)
    _changes(scene, "lucia", 3)
    turn = whose_turn(session, scene.proposal, MONDAY + timedelta(days=7))
    assert turn.paused_since == MONDAY + timedelta(days=3)
    _come_back(scene, 10)
    assert (_day(scene, "acme", 10), _day(scene, "acme", 11)) == (3, 4)
    assert whose_turn(session, scene.proposal, MONDAY + timedelta(days=10)).paused_since is None


def test_what_was_parked_and_taken_up_again_has_lost_no_day(session: Session) -> None:
    scene = scene_in_review(session)
    _changes(scene, "lucia", 3)
    assert park_overdue(session, MONDAY + timedelta(days=40)) == 1
    assert scene.proposal.state is ProposalState.PARKED
    assert whose_turn(session, scene.proposal, MONDAY + timedelta(days=50)).paused_since == MONDAY + timedelta(days=3)
    _come_back(scene, 56)
    assert _day(scene, "acme", 57) == 4


def test_a_data_partner_that_decided_is_not_charged_for_the_others(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A, MONDAY + timedelta(days=1))
    scene.decides("pia", "shops", A, MONDAY + timedelta(days=8))
    undo_decision(session, scene.actor("pia"), scene.ref, scene.datasets["shops"].reference, MONDAY + timedelta(days=8))
    ends = {run["organization"]: str(run["to"])[:10] for run in scene.proposal.review_runs}
    assert ends == {scene.organizations["acme"].id: "2026-11-17", scene.organizations["paloma"].id: "2026-11-24"}
    assert _day(scene, "paloma", 9) == 7


def test_each_share_is_reminded_of_once_for_each_data_partner(session: Session) -> None:
    scene = scene_in_intake(session)
    scene.organizations["acme"].country = "CO"
    scene.pass_on()
    add_closed_day(session, _focal(scene, "acme"), scene.organizations["acme"].id, date(2026, 11, 20), "Move", MONDAY)
    at_half = MONDAY + timedelta(days=7)
    assert remind_by_date(session, at_half) == 1
    assert remind_by_date(session, at_half) == 0
    assert remind_by_date(session, at_half + timedelta(days=1)) == 1
    assert remind_by_date(session, MONDAY + timedelta(days=60)) == 2
    rows = session.execute(select(Reminder.organization_id, Reminder.percent).order_by(Reminder.id)).all()
    acme, paloma = scene.organizations["acme"].id, scene.organizations["paloma"].id
    assert [tuple(row) for row in rows] == [(paloma, 50), (acme, 50), (acme, 150), (paloma, 150)]


def test_several_reminders_at_once_leave_out_what_is_too_early(session: Session) -> None:
    scene = scene_in_review(session)
    assert remind_many(session, scene.actor("jonas"), [scene.ref], MONDAY + timedelta(days=1)) == (0, 1)
    assert remind_many(session, scene.actor("jonas"), [scene.ref], MONDAY + timedelta(days=11)) == (1, 0)
    with pytest.raises(Invalid):
        remind_many(session, scene.actor("jonas"), [], MONDAY)


def test_the_team_can_remind_of_the_issue_too(session: Session) -> None:
    scene = scene_in_review(session)
    for who, dataset in (("lucia", "streets"), ("pia", "shops")):
        scene.decides(who, dataset, A, MONDAY)
    assert scene.proposal.state is ProposalState.DECIDED
    with pytest.raises(WrongState, match="too early"):
        remind(session, scene.actor("rosa"), scene.ref, MONDAY + timedelta(days=2))
    sent = remind(session, scene.actor("rosa"), scene.ref, MONDAY + timedelta(days=4))
    assert sent.sent_by_id == scene.people["rosa"].id


def test_who_follows_it_up_is_not_told_that_it_is_theirs_to_do(session: Session) -> None:
    scene, late = scene_in_review(session), MONDAY + timedelta(days=22)
    [row] = proposals(session, scene.actor("jonas"), late).rows
    assert row.turn.waits_for(scene.people["jonas"].id)
    assert not row.is_yours
    [row] = proposals(session, scene.actor("lucia"), late).rows
    assert row.is_yours


def test_who_takes_it_is_named_and_the_colleague_is_not_asked_any_more(session: Session) -> None:
    scene = scene_in_review(session)
    tom, lucia = scene.people["tom"], scene.people["lucia"]
    take(session, scene.actor("tom"), scene.ref, MONDAY)
    holder = _holder(scene, "acme")
    assert holder.next is not None
    assert holder.backup is not None
    assert (holder.next.name, holder.backup.name) == ("Tom Ek", "Lucía Prado")
    assert holder.asked == frozenset({tom.id})
    hand_on(session, scene.actor("tom"), scene.ref, lucia.id, MONDAY)
    assert _holder(scene, "acme").asked == frozenset({lucia.id})


def test_who_took_it_and_left_is_not_named(session: Session) -> None:
    scene = scene_in_review(session)
    take(session, scene.actor("tom"), scene.ref, MONDAY)
    session.scalars(select(Membership).where(Membership.person_id == scene.people["tom"].id)).one().ended_at = MONDAY
    session.flush()
    named = _holder(scene, "acme").next
    assert named is not None
    assert named.name == "Lucía Prado"


@pytest.mark.parametrize(("who", "error"), [("rosa", NotAllowed), ("otto", NotFound), ("jonas", WrongState)])
def test_only_who_could_act_takes_it(session: Session, who: str, error: type[Exception]) -> None:
    scene = scene_in_review(session)
    with pytest.raises(error):
        take(session, scene.actor(who), scene.ref, MONDAY)


def test_it_is_handed_only_to_somebody_who_could_act(session: Session) -> None:
    scene = scene_in_review(session)
    for who in ("pia", "rosa", "jonas"):
        with pytest.raises(Invalid):
            hand_on(session, scene.actor("lucia"), scene.ref, scene.people[who].id, MONDAY)


def test_a_stale_link_says_who_dealt_with_it_and_when(session: Session) -> None:
    scene = scene_in_review(session)
    later = MONDAY + timedelta(hours=2)
    assert handled_by_colleague(session, scene.actor("tom"), scene.proposal, later) is None
    scene.decides("lucia", "streets", A, MONDAY)
    found = handled_by_colleague(session, scene.actor("tom"), scene.proposal, later)
    assert found is not None
    assert (found.by, found.name) == ("Lucía Prado", EVENT_NAMES[Event.ITEM_APPROVED])
    for who in ("lucia", "pia", "rosa", "otto"):
        assert handled_by_colleague(session, scene.actor(who), scene.proposal, later) is None, who
    assert handled_by_colleague(session, scene.actor("tom"), scene.proposal, later + timedelta(days=15)) is None


def test_only_a_colleague_in_the_same_role_has_dealt_with_it(session: Session) -> None:
    board = make_board(session, "ethics@1")
    office = session.scalars(select(Organization).where(Organization.kind == Kind.SECRETARIAT)).one()
    officer = acting(session, make_person(session, "Second Officer", (office, Role.OFFICER)))
    found = handled_by_colleague(session, officer, board.proposal, NOW)
    assert found is not None
    assert found.name == EVENT_NAMES[Event.INTAKE_PASSED]
    ethics = make_person(session, "Ethel Ethics", (office, Role.ETHICS_REVIEWER))
    board.people["ethel"] = ethics
    board.passes("ethel", Step.ETHICS)
    found = handled_by_colleague(session, officer, board.proposal, NOW)
    assert found is not None
    assert found.name == EVENT_NAMES[Event.INTAKE_PASSED], "an officer could not have given the ethics review"
    other = acting(session, make_person(session, "Third Ethics", (office, Role.ETHICS_REVIEWER)))
    found = handled_by_colleague(session, other, board.proposal, NOW)
    assert found is not None
    assert (found.by, found.name) == ("Ethel Ethics", EVENT_NAMES[Event.STEP_PASSED])


def test_closed_days_are_the_focal_points_and_within_reason(session: Session) -> None:
    scene = scene_in_review(session)
    acme, focal = scene.organizations["acme"].id, _focal(scene, "acme")
    row = add_closed_day(session, focal, acme, date(2026, 12, 24), "  Office   party ", MONDAY)
    assert row.reason == "Office party"
    for day, reason in [(date(2026, 12, 24), "Again"), (None, "x"), (date(2036, 1, 1), "x"), (date(2026, 12, 23), " ")]:
        with pytest.raises(Invalid):
            add_closed_day(session, focal, acme, day, reason, MONDAY)
    with pytest.raises(NotAllowed):
        add_closed_day(session, scene.actor("lucia"), acme, date(2026, 12, 23), "Holiday", MONDAY)
    with pytest.raises(NotFound):
        remove_closed_day(session, _focal(scene, "paloma"), acme, row.id, MONDAY)
    with pytest.raises(NotFound):
        remove_closed_day(session, _focal(scene, "paloma"), scene.organizations["paloma"].id, row.id, MONDAY)
    remove_closed_day(session, focal, acme, row.id, MONDAY)
    with pytest.raises(Invalid):
        set_time_zone(session, focal, acme, "Mars/Olympus", MONDAY)
    set_time_zone(session, focal, acme, "America/Bogota", MONDAY)
    calendar = _holder(scene, "acme").calendar
    assert calendar is not None
    assert calendar.zone == "America/Bogota"
