"""Words that stay with a proposal: who reads them, and reminders of the one who is waited for."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.organizations.models import Membership
from app.proposals.commands.acting import items_of
from app.proposals.commands.conversation import comment
from app.proposals.commands.deciding import settle_by_rule
from app.proposals.commands.gathering import add_team_member, remove_team_member
from app.proposals.commands.intake import Request, close_at_intake, park_overdue, request_changes
from app.proposals.commands.reminding import remind, remind_by_date
from app.proposals.commands.sending import withdraw
from app.proposals.models import Proposal, TeamMember
from app.proposals.queries.cases import case, visible_to
from app.proposals.queries.items import items
from app.proposals.queries.lists import proposals
from app.proposals.queries.talk import conversation, history
from app.proposals.standing import standing
from app.rules.roles import Role
from app.rules.visibility import sees
from app.rules.workflow import ItemState, Machine, ProposalState
from tests.factories.review import MONDAY, Scene, make_scene, scene_in_intake, scene_in_review

EVERYONE = ("jonas", "helena", "aude", "lucia", "tom", "pia", "rosa", "marta", "fenna", "otto")


def _read(scene: Scene, who: str) -> list[str]:
    viewer = scene.actor(who)
    of = case(scene.session, viewer, scene.ref, MONDAY)
    return [message.body for message in conversation(scene.session, viewer, of)]


def test_everyone_on_the_proposal_reads_an_open_message(session: Session) -> None:
    scene = scene_in_review(session)
    comment(session, scene.actor("pia"), scene.ref, "Which months?", MONDAY)
    for who in EVERYONE[:-1]:
        assert _read(scene, who) == ["Which months?"], who


@pytest.mark.parametrize(
    ("author", "readers"),
    [("lucia", {"lucia", "tom", "jonas", "helena", "aude"}), ("jonas", {"jonas", "helena", "aude"})],
)
def test_an_internal_message_stays_inside(session: Session, author: str, readers: set[str]) -> None:
    scene = scene_in_review(session)
    comment(session, scene.actor(author), scene.ref, "Between us.", MONDAY, is_internal=True)
    assert {who for who in EVERYONE[:-1] if _read(scene, who)} == readers


def test_who_joins_the_team_reads_no_internal_word_of_the_own_organization(session: Session) -> None:
    scene = scene_in_review(session)
    comment(session, scene.actor("lucia"), scene.ref, "Between us.", MONDAY, is_internal=True)
    tom = scene.people["tom"]
    row = TeamMember(proposal_id=scene.proposal.id, person_id=tom.id, name=tom.name, email=tom.email, added_at=MONDAY)
    session.add(row)
    session.flush()
    assert _read(scene, "tom") == []
    viewer = scene.actor("tom")
    of = case(session, viewer, scene.ref, MONDAY)
    assert all(not each.facts.get("internal") for each in history(session, viewer, of))


@pytest.mark.parametrize("who", ["rosa", "marta"])
def test_the_team_writes_nothing_internal(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotAllowed):
        comment(session, scene.actor(who), scene.ref, "Between us.", MONDAY, is_internal=True)


@pytest.mark.parametrize("who", ["fenna", "aude"])
def test_who_only_reads_writes_nothing(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotAllowed):
        comment(session, scene.actor(who), scene.ref, "Hello", MONDAY)


def test_others_do_not_learn_that_there_is_something_to_write_to(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotFound):
        comment(session, scene.actor("otto"), scene.ref, "Hello", MONDAY)


@pytest.mark.parametrize("body", ["", " \n\t", "\x00", "x" * 4001])
def test_a_message_has_words_and_an_end(session: Session, body: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises(Invalid) as refused:
        comment(session, scene.actor("rosa"), scene.ref, body, MONDAY)
    assert refused.value.field == "body"


def test_deceptive_characters_are_not_kept(session: Session) -> None:
    scene = scene_in_review(session)
    row = comment(session, scene.actor("rosa"), scene.ref, "a\x00b\u202ec\ud800d", MONDAY)
    assert row.body == "abcd"


def _parked(session: Session) -> Scene:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("lucia"), scene.ref, [Request("Which months?")], MONDAY)
    assert park_overdue(session, MONDAY + timedelta(days=40)) == 1
    return scene


@pytest.mark.parametrize("who", ["rosa", "marta", "lucia", "jonas"])
def test_while_it_is_parked_the_conversation_goes_on(session: Session, who: str) -> None:
    scene = _parked(session)
    comment(session, scene.actor(who), scene.ref, "Would May do?", MONDAY)
    assert _read(scene, "lucia")[-1] == _read(scene, "rosa")[-1] == "Would May do?"


@pytest.mark.parametrize("who", ["lucia", "jonas"])
def test_while_it_is_parked_those_who_read_it_write_to_each_other(session: Session, who: str) -> None:
    scene = _parked(session)
    comment(session, scene.actor(who), scene.ref, "We wait for May.", MONDAY, is_internal=True)
    assert "We wait for May." not in _read(scene, "rosa")


def test_the_lead_of_a_parked_proposal_names_a_colleague_and_takes_one_out(session: Session) -> None:
    scene = _parked(session)
    lead = scene.actor("rosa")
    added = add_team_member(session, lead, scene.ref, "Ada Quint", "ada@elsewhere.example", "", MONDAY)
    assert added.asked_at is not None, "and Ada is asked to accept the terms"
    remove_team_member(session, lead, scene.ref, added.id, MONDAY)
    assert scene.proposal.state is ProposalState.PARKED


@pytest.mark.parametrize("who", ["rosa", "jonas"])
def test_who_reads_that_it_is_not_taken_up_asks_and_is_answered(session: Session, who: str) -> None:
    scene = scene_in_intake(session)
    close_at_intake(session, scene.actor("jonas"), scene.ref, "No dataset of ours fits.", MONDAY)
    comment(session, scene.actor(who), scene.ref, "Daily totals would do.", MONDAY)
    assert _read(scene, "jonas") == _read(scene, "rosa") == ["Daily totals would do."]


def test_a_data_partner_that_was_never_offered_it_does_not_learn_of_what_is_not_taken_up(session: Session) -> None:
    scene = scene_in_intake(session)
    close_at_intake(session, scene.actor("jonas"), scene.ref, "No dataset of ours fits.", MONDAY)
    with pytest.raises(NotFound):
        comment(session, scene.actor("lucia"), scene.ref, "What was it?", MONDAY)


def test_after_a_withdrawal_nothing_is_posted(session: Session) -> None:
    scene = scene_in_intake(session)
    scene.proposal.state = ProposalState.WITHDRAWN
    session.flush()
    with pytest.raises(WrongState):
        comment(session, scene.actor("rosa"), scene.ref, "Hello", MONDAY)


def test_before_it_was_sent_the_history_is_the_teams(session: Session) -> None:
    scene = scene_in_review(session)
    for who, first in {"rosa": "proposal.sent", "lucia": "proposal.sent", "jonas": "proposal.sent"}.items():
        viewer = scene.actor(who)
        found = history(session, viewer, case(session, viewer, scene.ref, MONDAY))
        assert found[-1].type == first


def test_of_another_data_partners_decision_the_history_tells_the_outcome_alone(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("pia", "shops", ItemState.NOT_APPROVED)
    for who, reads in {"pia": True, "rosa": True, "jonas": True, "lucia": False, "tom": False}.items():
        viewer = scene.actor(who)
        [decision] = [
            each
            for each in history(session, viewer, case(session, viewer, scene.ref, MONDAY))
            if each.facts.get("outcome")
        ]
        assert bool(decision.facts.get("words")) == reads, who
        assert bool(decision.actor) == reads, who


def test_a_steward_of_one_data_partner_reads_nothing_of_another_where_they_hold_another_role(session: Session) -> None:
    scene = scene_in_review(session)
    acme, pia = scene.organizations["acme"], scene.people["pia"]
    session.add(Membership(person_id=pia.id, organization_id=acme.id, role=Role.SIGNATORY, since=MONDAY))
    comment(session, scene.actor("lucia"), scene.ref, "Like Lima in May.", MONDAY, is_internal=True)
    scene.decides("lucia", "streets", ItemState.NOT_APPROVED)
    viewer = scene.actor("pia")
    of = case(session, viewer, scene.ref, MONDAY)
    assert conversation(session, viewer, of) == []
    assert not any(each.facts.get("words") for each in history(session, viewer, of))
    streets = next(item for item in items(session, viewer, of, MONDAY) if item.title.startswith("Street"))
    assert streets.decision is None
    assert not streets.is_own


def test_the_list_and_the_standing_agree_for_everyone_in_every_state(session: Session) -> None:
    scene = scene_in_review(session)
    proposal = scene.proposal
    proposal.decided_at = MONDAY
    for state, sent_at, passed_at in product(ProposalState, [MONDAY, None], [MONDAY, None]):
        if sent_at is None and state not in (ProposalState.DRAFT, ProposalState.WITHDRAWN):
            continue  # the database refuses such a row
        if passed_at is None and state in (ProposalState.IN_REVIEW, ProposalState.DECIDED, ProposalState.ISSUED):
            continue
        proposal.state, proposal.sent_at, proposal.passed_at = state, sent_at, passed_at
        session.flush()
        for who in EVERYONE:
            viewer = scene.actor(who)
            knows = sees(standing(session, viewer, proposal), Machine.PROPOSAL, state)
            listed = session.scalar(select(Proposal.id).where(visible_to(viewer))) is not None
            assert listed == knows, (who, state, sent_at, passed_at)


def test_a_lead_who_left_the_organization_neither_sees_the_proposal_nor_acts_on_it(session: Session) -> None:
    scene = scene_in_review(session)
    rosa = select(Membership).where(Membership.person_id == scene.people["rosa"].id)
    session.scalars(rosa).one().ended_at = MONDAY
    session.add(
        Membership(
            person_id=scene.people["rosa"].id,
            organization_id=scene.organizations["other"].id,
            role=Role.PROJECT_STAFF,
            since=MONDAY,
        )
    )
    session.flush()
    viewer = scene.actor("rosa")
    assert Role.PROJECT_LEAD not in standing(session, viewer, scene.proposal)
    assert session.scalar(select(Proposal.id).where(visible_to(viewer))) is None
    with pytest.raises(NotFound):
        withdraw(session, viewer, scene.ref, "I take it with me.", MONDAY)


def test_who_belongs_to_no_organization_any_more_is_of_no_team(session: Session) -> None:
    scene = scene_in_review(session)
    marta = select(Membership).where(Membership.person_id == scene.people["marta"].id)
    session.scalars(marta).one().ended_at = MONDAY
    session.flush()
    viewer = scene.actor("marta")
    assert session.scalar(select(Proposal.id).where(visible_to(viewer))) is None
    with pytest.raises(NotFound):
        case(session, viewer, scene.ref, MONDAY)


def test_the_list_counts_what_it_shows(session: Session) -> None:
    scene = make_scene(session)
    for who, count in {"rosa": 1, "jonas": 0, "lucia": 0}.items():
        found = proposals(session, scene.actor(who), MONDAY)
        assert (found.open_count, found.ended_count, len(found.rows)) == (count, 0, count), who


def test_another_data_partner_reads_that_a_rule_approved_and_not_which(session: Session) -> None:
    scene = scene_in_review(session)
    streets = scene.datasets["streets"].id
    [item] = [each for each in items_of(session, scene.proposal) if each.dataset_id == streets]
    settle_by_rule(session, scene.proposal, item, scene.actor("lucia"), "SC-2026-0001", MONDAY)
    for who, knows in (("pia", False), ("lucia", True), ("jonas", True), ("rosa", True)):
        viewer = scene.actor(who)
        found = history(session, viewer, case(session, viewer, scene.ref, MONDAY))
        [facts] = [each.facts for each in found if each.type == "item.approved_by_rule"]
        assert ("rule" in facts, "conditions" in facts) == (knows, knows), who
        assert facts["outcome"] == ItemState.APPROVED.value


def test_a_reminder_can_be_sent_from_the_eighth_day_on_once_in_three_days(session: Session) -> None:
    scene = scene_in_review(session)
    rosa = scene.actor("rosa")
    with pytest.raises(WrongState):
        remind(session, rosa, scene.ref, MONDAY + timedelta(days=9))
    remind(session, rosa, scene.ref, MONDAY + timedelta(days=10))  # the eighth working day
    with pytest.raises(WrongState):
        remind(session, scene.actor("marta"), scene.ref, MONDAY + timedelta(days=12))
    remind(session, scene.actor("jonas"), scene.ref, MONDAY + timedelta(days=13))


def test_nobody_reminds_themselves_and_no_data_partner_reminds_another(session: Session) -> None:
    scene = scene_in_intake(session)
    later = MONDAY + timedelta(days=7)
    with pytest.raises(WrongState, match="your own turn"):
        remind(session, scene.actor("jonas"), scene.ref, later)
    remind(session, scene.actor("rosa"), scene.ref, later)
    scene.pass_on()
    with pytest.raises(NotAllowed):
        remind(session, scene.actor("pia"), scene.ref, MONDAY + timedelta(days=10))


def test_a_new_wait_is_reminded_anew(session: Session) -> None:
    scene = scene_in_intake(session)
    assert [remind_by_date(session, MONDAY + timedelta(days=1)) for _run in range(2)] == [1, 0]
    scene.pass_on(MONDAY + timedelta(days=1))
    assert remind_by_date(session, MONDAY + timedelta(days=2)) == 0
    assert remind_by_date(session, MONDAY + timedelta(days=9)) == 2, "one for each data partner"
    assert remind_by_date(session, MONDAY + timedelta(days=9)) == 0


def test_when_the_worker_was_away_only_the_latest_share_is_told(session: Session) -> None:
    scene = scene_in_review(session)
    assert remind_by_date(session, MONDAY + timedelta(days=15)) == 2, "one for each data partner"
    viewer = scene.actor("rosa")
    found = history(session, viewer, case(session, viewer, scene.ref, MONDAY))
    assert [each.facts["percent"] for each in found if each.type == "proposal.reminder_sent"] == [100, 100]
