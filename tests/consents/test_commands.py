"""A data partner's rule: tried on the past before it is on, approves by name, can be undone, and never acts in a conflict."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents.commands import Written, apply_consents, give_up, save, simulate, start, switch_off, switch_on
from app.consents.models import ConsentUse
from app.consents.queries.replay import replay
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.models import Membership
from app.proposals.commands.deciding import undo_decision
from app.proposals.models import Decision
from app.rules.consents import from_json
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.workflow import ConsentState, ItemState, ProposalState
from tests.consents.scenes import EVERYTHING, covering, draft, items, switched_on
from tests.factories.review import MONDAY, scene_in_intake, scene_in_review


def test_a_rule_approves_at_once_by_its_name_and_leaves_the_rest_to_people(session: Session) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    [decision] = apply_consents(session, scene.ref, MONDAY)
    assert items(scene) == {"streets": ItemState.APPROVED, "shops": ItemState.PENDING}
    assert decision.by_rule == rule.reference
    assert decision.decided_by_id == scene.people["lucia"].id
    [used] = session.scalars(select(ConsentUse))
    assert (used.consent_id, used.criteria) == (rule.id, rule.criteria)
    [event] = session.scalars(select(HistoryEvent).where(HistoryEvent.type == Event.ITEM_APPROVED_BY_RULE.value))
    assert event.actor_pid is None, "the system acted, by rule"
    assert event.acting_for == "acme"


def test_rules_of_every_data_partner_can_complete_a_proposal(session: Session) -> None:
    scene = scene_in_review(session)
    switched_on(scene)
    other = start(session, scene.actor("pia"), scene.organizations["paloma"], Written("All", covering(scene)), MONDAY)
    simulate(session, scene.actor("pia"), other.reference, MONDAY)
    switch_on(session, scene.actor("pia"), other.reference, other.criteria_hash, MONDAY)
    assert len(apply_consents(session, scene.ref, MONDAY)) == 2
    assert scene.proposal.state is ProposalState.DECIDED


def test_a_rule_is_tried_on_the_past_before_it_can_be_switched_on(session: Session) -> None:
    scene = scene_in_review(session)
    rule = draft(scene)
    with pytest.raises(WrongState, match="Try the rule"):
        switch_on(session, scene.actor("lucia"), rule.reference, rule.criteria_hash, MONDAY)
    simulate(session, scene.actor("lucia"), rule.reference, MONDAY)
    wider = replace(covering(scene), longest_months=36)
    save(session, scene.actor("lucia"), rule.reference, Written("Low risk", wider), MONDAY)
    with pytest.raises(WrongState, match="Try the rule"):
        switch_on(session, scene.actor("lucia"), rule.reference, rule.criteria_hash, MONDAY)
    assert rule.state is ConsentState.DRAFT


def test_what_was_read_is_what_is_switched_on(session: Session) -> None:
    scene = scene_in_review(session)
    rule = draft(scene)
    shown = rule.criteria_hash
    wider = replace(covering(scene), longest_months=36)
    save(session, scene.actor("tom"), rule.reference, Written("Low risk", wider), MONDAY)
    simulate(session, scene.actor("lucia"), rule.reference, MONDAY)
    with pytest.raises(WrongState, match="changed after you opened"):
        switch_on(session, scene.actor("lucia"), rule.reference, shown, MONDAY)


def test_a_rule_that_is_on_cannot_be_changed_under_peoples_feet(session: Session) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    with pytest.raises(WrongState):
        save(session, scene.actor("lucia"), rule.reference, Written("Wider", covering(scene)), MONDAY)
    with pytest.raises(WrongState):
        give_up(session, scene.actor("lucia"), rule.reference, MONDAY)


def test_a_rule_that_could_approve_nothing_cannot_be_tried(session: Session) -> None:
    scene = scene_in_review(session)
    rule = draft(scene, EVERYTHING)
    with pytest.raises(Invalid, match="purpose") as refused:
        simulate(session, scene.actor("lucia"), rule.reference, MONDAY)
    assert refused.value.field == "purposes"


def test_the_trial_shows_what_people_decided_otherwise(session: Session) -> None:
    scene = scene_in_review(session)
    rule = draft(scene)
    scene.decides("lucia", "streets", ItemState.NOT_APPROVED, MONDAY + timedelta(days=2))
    found = replay(session, rule.organization_id, from_json(rule.criteria))
    assert [(each.dataset, each.is_against, each.days) for each in found.items] == [
        (scene.datasets["streets"].reference, True, 2)
    ]
    assert found.counts() == {"items": 1, "approved": 1, "against": 1, "looser": 0, "days_saved": 0}


def test_the_trial_names_the_line_that_an_item_does_not_fit(session: Session) -> None:
    scene = scene_in_review(session)
    found = replay(session, scene.organizations["acme"].id, replace(covering(scene), longest_months=3))
    assert [line.key for line in found.items[0].misfits] == ["longest_months"]


def test_nothing_of_another_data_partner_is_in_the_trial(session: Session) -> None:
    scene = scene_in_review(session)
    found = replay(session, scene.organizations["paloma"].id, covering(scene))
    assert {each.dataset for each in found.items} == {scene.datasets["shops"].reference}


def test_what_a_rule_decided_can_be_undone_after_ten_minutes_and_is_then_left_to_people(session: Session) -> None:
    scene = scene_in_review(session)
    switched_on(scene)
    apply_consents(session, scene.ref, MONDAY)
    later = MONDAY + timedelta(days=1)
    undo_decision(session, scene.actor("tom"), scene.ref, scene.datasets["streets"].reference, later)
    assert items(scene)["streets"] is ItemState.PENDING
    assert apply_consents(session, scene.ref, later) == []
    assert scene.decides("lucia", "streets", ItemState.APPROVED, later).by_rule is None


def test_a_rule_rests_when_who_answers_for_it_has_left(session: Session) -> None:
    scene = scene_in_review(session)
    switched_on(scene)
    for held in session.scalars(select(Membership).where(Membership.person_id == scene.people["lucia"].id)):
        held.ended_at = MONDAY
    session.flush()
    assert apply_consents(session, scene.ref, MONDAY) == []


def test_a_rule_never_acts_where_who_answers_for_it_is_in_conflict(session: Session) -> None:
    scene = scene_in_review(session)
    switched_on(scene)
    coastal = scene.organizations["coastal"]
    session.add(
        Membership(
            person_id=scene.people["lucia"].id, organization_id=coastal.id, role=Role.PROJECT_STAFF, since=MONDAY
        )
    )
    session.flush()
    assert apply_consents(session, scene.ref, MONDAY) == []
    assert session.scalar(select(Decision.id)) is None


def test_a_rule_that_is_off_does_nothing(session: Session) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    switch_off(session, scene.actor("jonas"), rule.reference, "It approved more than was meant.", MONDAY)
    assert apply_consents(session, scene.ref, MONDAY) == []
    assert (rule.state, rule.off_reason) == (ConsentState.OFF, "It approved more than was meant.")


def test_nothing_is_approved_before_the_proposal_has_come_to_the_data_partners(session: Session) -> None:
    scene = scene_in_intake(session)
    switched_on(scene)
    assert apply_consents(session, scene.ref, MONDAY) == []


@pytest.mark.parametrize("who", ["pia", "rosa", "jonas", "aude"])
def test_only_the_data_partners_stewards_write_its_rules(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises((NotAllowed, NotFound)):
        draft(scene, who=who)
    rule = draft(scene)
    with pytest.raises((NotAllowed, NotFound)):
        save(session, scene.actor(who), rule.reference, Written("Mine", covering(scene)), MONDAY)


@pytest.mark.parametrize("who", ["pia", "rosa"])
def test_the_right_is_asked_before_anything_else(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    rule = draft(scene)
    actor, written_then = scene.actor(who), (rule.name, rule.criteria, rule.criteria_hash)
    with pytest.raises((NotAllowed, NotFound)):
        save(session, actor, rule.reference, Written("", covering(scene)), MONDAY)
    with pytest.raises((NotAllowed, NotFound)):
        simulate(session, actor, rule.reference, MONDAY)
    with pytest.raises((NotAllowed, NotFound)):
        switch_on(session, actor, rule.reference, "0" * 64, MONDAY)
    with pytest.raises((NotAllowed, NotFound)):
        switch_off(session, actor, rule.reference, "", MONDAY)
    session.flush()
    assert (rule.name, rule.criteria, rule.criteria_hash) == written_then
    assert (rule.simulated_at, rule.switched_on_at, rule.switched_off_at, rule.off_reason) == (None, None, None, "")


def test_a_rule_names_datasets_of_its_own_data_partner_only(session: Session) -> None:
    scene = scene_in_review(session)
    foreign = replace(covering(scene), datasets=frozenset({scene.datasets["shops"].reference}))
    with pytest.raises(Invalid, match="your own organization"):
        draft(scene, foreign)
