"""A decision rests on what the decider was shown, and is replaced by a new, logged one until grants are issued."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog.models import DatasetCondition
from app.foundation.errors import Invalid, NotAllowed, WrongState
from app.foundation.hashing import content_hash
from app.history.models import HistoryDetail, HistoryEvent
from app.proposals.commands.deciding import decide, revise, undo_decision
from app.proposals.commands.intake import Request, request_changes
from app.proposals.models import Decision, ProposalItem
from app.proposals.standing import standing
from app.rules.roles import Role
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import ANSWERS, MONDAY, Scene, hand_in, make_scene, scene_in_review

A, C, N = ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS, ItemState.NOT_APPROVED
LATER = MONDAY + timedelta(days=1)


def _item(scene: Scene, dataset: str) -> ProposalItem:
    return scene.session.scalars(
        select(ProposalItem).where(ProposalItem.dataset_id == scene.datasets[dataset].id)
    ).one()


def _revises(scene: Scene, who: str, dataset: str, outcome: ItemState, **more: object) -> Decision:
    reference = scene.datasets[dataset].reference
    ruling = scene.ruling(outcome, **more)
    return revise(scene.session, scene.actor(who), scene.ref, [reference], ruling, LATER)[0]


def _condition(scene: Scene, dataset: str, parameter: str, value: object) -> None:
    row = DatasetCondition(dataset_id=scene.datasets[dataset].id, parameter=parameter, value={"value": value})
    scene.session.merge(row)
    scene.session.flush()
    scene.session.expire(scene.datasets[dataset])


def test_a_new_decision_replaces_the_old_one_which_stays(session: Session) -> None:
    scene = scene_in_review(session)
    old = scene.decides("lucia", "streets", N)
    new = _revises(scene, "tom", "streets", A)
    session.refresh(old)
    assert (old.superseded_at, new.supersedes_id, new.superseded_at) == (LATER, old.id, None)
    assert (old.outcome, new.outcome, new.decided_by_id) == (N, A, scene.people["tom"].id)
    assert (_item(scene, "streets").state, _item(scene, "streets").decision_id) == (A, new.id)


def test_the_history_tells_what_was_replaced_by_what(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    _revises(scene, "lucia", "streets", A)
    types = session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq.desc()).limit(2)).all()
    assert types == ["item.approved", "item.decision_revised"]
    row = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "item.decision_revised")).one()
    facts = session.get_one(HistoryDetail, row.seq).payload
    assert (facts["before"], facts["outcome"]) == ("not_approved", "approved")
    assert row.version_hash == scene.shown_hash


def test_a_decided_proposal_stays_decided_and_a_revived_one_waits_for_the_director_again(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    scene.decides("pia", "shops", N)
    assert scene.proposal.ended_at is not None
    _revises(scene, "pia", "shops", A)
    proposal = scene.proposal
    assert (proposal.state, proposal.ended_at, proposal.waiting_since) == (ProposalState.DECIDED, None, LATER)


def test_where_the_last_approval_is_taken_from_a_decided_proposal_it_has_ended(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    scene.decides("pia", "shops", N)
    _revises(scene, "lucia", "streets", N)
    assert (scene.proposal.state, scene.proposal.ended_at) == (ProposalState.DECIDED, LATER)


def test_after_grants_were_issued_the_decision_stands_and_the_sentence_names_the_way(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    scene.decides("pia", "shops", A)
    scene.proposal.state = ProposalState.ISSUED
    session.flush()
    with pytest.raises(WrongState, match="suspend or revoke it, or to ask for an amendment"):
        _revises(scene, "lucia", "streets", N)
    assert _item(scene, "streets").state is A


def test_nothing_is_replaced_before_there_is_a_decision_nor_while_changes_are_asked_for(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(WrongState):
        _revises(scene, "lucia", "streets", A)
    scene.decides("lucia", "streets", A)
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Shorter?")], MONDAY)
    with pytest.raises(WrongState):
        _revises(scene, "lucia", "streets", N)


def test_the_same_decision_again_is_no_new_one(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", C, conditions={"k_min": 25})
    with pytest.raises(Invalid, match="stands already"):
        _revises(scene, "lucia", "streets", C, conditions={"k_min": 25})
    assert _revises(scene, "lucia", "streets", C, conditions={"k_min": 30}).conditions == {"k_min": 30}


@pytest.mark.parametrize("who", ["pia", "jonas", "helena", "rosa"])
def test_nobody_replaces_the_decision_of_another_data_partner(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    with pytest.raises(NotAllowed):
        _revises(scene, who, "streets", N)


def test_on_another_version_than_the_one_shown_nothing_is_replaced(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    with pytest.raises(WrongState, match="changed the proposal"):
        _revises(scene, "lucia", "streets", N, version_hash="0" * 64)


def test_a_replacement_can_be_taken_back_for_ten_minutes_and_then_waits_for_a_decision(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    _revises(scene, "lucia", "streets", A)
    undo_decision(session, scene.actor("lucia"), scene.ref, scene.datasets["streets"].reference, LATER)
    assert _item(scene, "streets").state is ItemState.PENDING
    assert scene.decides("lucia", "streets", N).outcome is N


def test_who_made_only_a_decision_that_was_replaced_is_no_approver(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    _revises(scene, "tom", "streets", N)
    assert Role.APPROVER not in standing(session, scene.actor("lucia"), scene.proposal)
    assert Role.APPROVER in standing(session, scene.actor("tom"), scene.proposal)


def test_the_database_keeps_one_successor_for_each_decision(session: Session) -> None:
    scene = scene_in_review(session)
    old = scene.decides("lucia", "streets", N)
    new = _revises(scene, "lucia", "streets", A)
    session.add(
        Decision(
            item_id=new.item_id, proposal_version_id=new.proposal_version_id, version_hash=new.version_hash,
            outcome=A, decided_by_id=new.decided_by_id, decided_at=LATER, authentication="test", undone_at=LATER,
            supersedes_id=old.id,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_decision_keeps_the_listings_terms_and_their_hash(session: Session) -> None:
    scene = scene_in_review(session)
    _condition(scene, "streets", "k_min", 15)
    decision = scene.decides("lucia", "streets", A)
    assert decision.terms is not None
    assert decision.terms["listing"] == scene.datasets["streets"].reference
    assert decision.terms["conditions"]["k_min"] == 15  # type: ignore[index]
    assert decision.terms_hash == content_hash(decision.terms)


def test_a_page_with_the_listings_old_terms_decides_nothing_and_says_so(session: Session) -> None:
    scene = scene_in_review(session)
    reference = scene.datasets["streets"].reference
    shown = scene.shown_terms()[f"terms-{reference}"]
    _condition(scene, "streets", "k_min", 15)
    with pytest.raises(WrongState, match="terms of your listing changed"):
        scene.decides("lucia", "streets", A, shown_terms={reference: shown})
    assert _item(scene, "streets").state is ItemState.PENDING
    now_shown = scene.shown_terms()[f"terms-{reference}"]
    assert scene.decides("lucia", "streets", A, shown_terms={reference: now_shown}).terms_hash == now_shown


def test_purposes_that_exclude_each_other_are_refused_whether_decided_together_or_one_after_the_other(
    session: Session,
) -> None:
    scene = make_scene(session)
    scene.proposal.answers = {**ANSWERS, "purposes": ["dev.mobility", "dev.health"]}
    scene.datasets["shops"].organization_id = scene.organizations["acme"].id
    hand_in(session, scene.proposal, scene.people["rosa"])
    scene.pass_on()
    _condition(scene, "streets", "permitted_purposes", ["dev.mobility"])
    _condition(scene, "shops", "permitted_purposes", ["dev.health"])
    references = [dataset.reference for dataset in scene.datasets.values()]
    with pytest.raises(Invalid, match="share no purpose"):
        decide(session, scene.actor("lucia"), scene.ref, references, scene.ruling(A), MONDAY)
    scene.decides("lucia", "streets", A)
    with pytest.raises(Invalid, match="share no purpose"):
        scene.decides("lucia", "shops", A)
    assert scene.decides("lucia", "shops", N).outcome is N
