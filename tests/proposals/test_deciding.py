"""Each data partner decides on its own items, on the version it was shown, and can take it back for ten minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog.models import DatasetCondition
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.models import Membership
from app.proposals.commands.deciding import decide, undo_decision, void_decisions
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.undoing import take_back
from app.proposals.models import Decision, ProposalItem, ProposalVersion, TeamMember
from app.proposals.queries.cases import case
from app.proposals.queries.items import items
from app.proposals.queries.whose_turn import whose_turn
from app.proposals.standing import standing
from app.proposals.step_models import VersionDataset
from app.rules.actions import Action
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.vocabulary import Reason
from app.rules.workflow import ItemState, ProposalState
from tests.factories.review import MONDAY, Scene, scene_in_intake, scene_in_review

A, C, N = ItemState.APPROVED, ItemState.APPROVED_WITH_CONDITIONS, ItemState.NOT_APPROVED


def _item(scene: Scene, dataset: str) -> ProposalItem:
    wanted = select(ProposalItem).where(ProposalItem.dataset_id == scene.datasets[dataset].id)
    return scene.session.scalars(wanted).one()


def test_a_decision_keeps_who_when_and_the_version_it_was_made_on(session: Session) -> None:
    scene = scene_in_review(session)
    decision = scene.decides("lucia", "streets", A)
    assert decision.version_hash == scene.shown_hash
    assert decision.proposal_version_id == scene.proposal.current_version_id
    assert decision.decided_by_id == scene.people["lucia"].id
    assert (decision.decided_at, decision.authentication) == (MONDAY, "password+totp")
    assert (_item(scene, "streets").state, _item(scene, "shops").state) == (A, ItemState.PENDING)
    assert scene.proposal.state is ProposalState.IN_REVIEW


def test_the_history_keeps_the_decision_under_its_data_partner_and_agreement(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    row = session.scalars(select(HistoryEvent).order_by(HistoryEvent.seq.desc()).limit(1)).one()
    assert (row.type, row.acting_for, row.version_hash) == ("item.not_approved", "acme", scene.shown_hash)
    assert row.agreement_version
    detail = session.get_one(HistoryDetail, row.seq)
    assert detail.payload["reason"] == "too_early"


def test_a_deputy_decides_as_a_steward_does(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("tom", "streets", A)
    assert _item(scene, "streets").state is A


@pytest.mark.parametrize("who", ["pia", "jonas", "helena", "aude", "rosa", "fenna"])
def test_nobody_decides_on_the_data_of_another(session: Session, who: str) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotAllowed):
        scene.decides(who, "streets", A)
    assert _item(scene, "streets").state is ItemState.PENDING


def test_who_has_nothing_to_do_with_it_does_not_learn_that_it_exists(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotFound):
        scene.decides("otto", "streets", A)


def test_a_dataset_that_is_not_in_the_proposal_is_not_there(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(NotFound):
        decide(session, scene.actor("lucia"), scene.ref, ["DS-9999"], scene.ruling(A), MONDAY)
    with pytest.raises(Invalid):
        decide(session, scene.actor("lucia"), scene.ref, [], scene.ruling(A), MONDAY)


def test_before_the_intake_check_nobody_decides(session: Session) -> None:
    scene = scene_in_intake(session)
    with pytest.raises(NotFound):
        scene.decides("lucia", "streets", A)


def test_a_decision_on_an_older_version_is_refused_and_says_that_an_edit_happened(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(WrongState, match="changed the proposal after you opened it"):
        scene.decides("lucia", "streets", A, version_hash="0" * 64)
    assert session.scalars(select(Decision)).all() == []


def test_who_shares_an_organization_with_the_team_is_barred(session: Session) -> None:
    scene = scene_in_review(session)
    lucia, coastal = scene.people["lucia"], scene.organizations["coastal"]
    row = Membership(person_id=lucia.id, organization_id=coastal.id, role=Role.PROJECT_STAFF, since=MONDAY)
    session.add(row)
    session.flush()
    assert Role.CONFLICTED in standing(session, scene.actor("lucia"), scene.proposal)
    with pytest.raises(NotAllowed):
        scene.decides("lucia", "streets", A)
    scene.decides("tom", "streets", A)  # the deputy has no such tie


def test_who_works_on_the_proposal_is_barred_from_deciding_on_it(session: Session) -> None:
    scene = scene_in_review(session)
    pia = scene.people["pia"]
    row = TeamMember(proposal_id=scene.proposal.id, person_id=pia.id, name=pia.name, email=pia.email, added_at=MONDAY)
    session.add(row)
    session.flush()
    with pytest.raises(NotAllowed):
        scene.decides("pia", "shops", A)


def test_who_was_named_on_the_team_before_they_had_an_account_is_barred_too(session: Session) -> None:
    scene = scene_in_review(session)
    pia = scene.people["pia"]
    session.add(TeamMember(proposal_id=scene.proposal.id, name=pia.name, email=pia.email, added_at=MONDAY))
    session.flush()
    with pytest.raises(NotAllowed):
        scene.decides("pia", "shops", A)


def test_a_steward_who_left_decides_nothing_from_that_moment_on(session: Session) -> None:
    scene = scene_in_review(session)
    lucia = scene.actor("lucia")
    membership = session.scalars(select(Membership).where(Membership.person_id == scene.people["lucia"].id)).one()
    membership.ended_at = MONDAY
    session.flush()
    assert lucia.held  # as she was signed in; the next request builds her anew
    with pytest.raises(NotFound):
        scene.decides("lucia", "streets", A)


def test_an_item_is_decided_once(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    with pytest.raises(WrongState):
        scene.decides("tom", "streets", N)


def test_a_no_needs_a_reason_and_words(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(Invalid) as refused:
        scene.decides("lucia", "streets", N, reason=None)
    assert refused.value.field == "reason"
    with pytest.raises(Invalid) as refused:
        scene.decides("lucia", "streets", N, words="  ")
    assert refused.value.field == "words"
    with pytest.raises(Invalid):
        scene.decides("lucia", "streets", N, words="x" * 4001)


def test_conditions_are_values_of_the_agreements_parameters(session: Session) -> None:
    scene = scene_in_review(session)
    decision = scene.decides("lucia", "streets", C, conditions={"k_min": 25}, words="Results by stop.")
    assert decision.conditions == {"k_min": 25}
    assert decision.words == "Results by stop."


def test_approving_with_conditions_needs_one(session: Session) -> None:
    scene = scene_in_review(session)
    with pytest.raises(Invalid):
        scene.decides("lucia", "streets", C)


@pytest.mark.parametrize("conditions", [{"k_min": "many"}, {"no_such_thing": 1}, {"interim_stop": False}])
def test_a_condition_that_the_agreement_does_not_take_is_refused_by_name(
    session: Session, conditions: dict[str, object]
) -> None:
    scene = scene_in_review(session)
    with pytest.raises(Invalid) as refused:
        scene.decides("lucia", "streets", C, conditions=conditions)
    assert refused.value.field in conditions
    assert _item(scene, "streets").state is ItemState.PENDING


def test_approving_as_asked_keeps_no_conditions_that_were_ticked_by_mistake(session: Session) -> None:
    scene = scene_in_review(session)
    assert scene.decides("lucia", "streets", A, conditions={"k_min": 25}).conditions == {}


def test_conditions_that_leave_nothing_with_the_listing_are_refused_before_they_block_the_grant(
    session: Session,
) -> None:
    scene = scene_in_review(session)
    streets = scene.datasets["streets"]
    session.add(DatasetCondition(dataset_id=streets.id, parameter="storage_places", value={"value": ["ES"]}))
    session.flush()
    session.expire(streets)
    with pytest.raises(Invalid, match="leave nothing"):
        scene.decides("lucia", "streets", C, conditions={"storage_places": ["KE"]})


def test_the_last_decision_completes_the_proposal_and_the_directors_clock_starts(session: Session) -> None:
    scene = scene_in_review(session)
    later = MONDAY + timedelta(days=2)
    scene.decides("lucia", "streets", C, words="Name us.")
    scene.decides("pia", "shops", N, later)
    proposal = scene.proposal
    assert (proposal.state, proposal.step) == (ProposalState.DECIDED, Step.ISSUE)
    assert (proposal.decided_at, proposal.waiting_since, proposal.ended_at) == (later, later, None)


def test_where_nothing_was_approved_the_case_has_ended(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    scene.decides("pia", "shops", N)
    assert scene.proposal.state is ProposalState.DECIDED
    assert (scene.proposal.ended_at, scene.proposal.waiting_since) == (MONDAY, None)


def test_a_decision_can_be_taken_back_for_ten_minutes(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    reference = scene.datasets["streets"].reference
    with pytest.raises(WrongState):
        undo_decision(session, scene.actor("lucia"), scene.ref, reference, MONDAY + timedelta(minutes=11))
    undo_decision(session, scene.actor("tom"), scene.ref, reference, MONDAY + timedelta(minutes=10))
    assert _item(scene, "streets").state is ItemState.PENDING
    assert session.scalars(select(Decision.undone_at)).one() is not None
    scene.decides("lucia", "streets", A, MONDAY + timedelta(minutes=12))


def test_a_decision_can_be_taken_back_too_while_the_team_answers_somebody_else(session: Session) -> None:
    scene, reference = scene_in_review(session), "streets"
    scene.decides("lucia", reference, N)
    asked = MONDAY + timedelta(minutes=2)
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Say which years.")], asked)
    soon = asked + timedelta(minutes=2)
    lucia, dataset = scene.actor("lucia"), scene.datasets[reference]
    [shown] = [each for each in items(session, lucia, case(session, lucia, scene.ref, soon), soon) if each.is_own]
    assert Action.UNDO_DECISION in shown.acts
    assert Action.REVISE_DECISION not in shown.acts
    undo_decision(session, lucia, scene.ref, dataset.reference, soon)
    assert _item(scene, reference).state is ItemState.PENDING
    assert (scene.proposal.state, scene.proposal.returns_to) == (ProposalState.CHANGES_REQUESTED, Step.DATA_PARTNERS)
    take_back(session, scene.actor("pia"), scene.ref, soon)
    assert (scene.proposal.state, scene.proposal.step) == (ProposalState.IN_REVIEW, Step.DATA_PARTNERS), (
        "they had ten minutes"
    )


def test_taking_back_the_last_decision_opens_the_proposal_again_with_its_old_clock(session: Session) -> None:
    scene = scene_in_review(session)
    later = MONDAY + timedelta(days=7)
    scene.decides("lucia", "streets", A)
    scene.decides("pia", "shops", N, later)
    undo_decision(session, scene.actor("pia"), scene.ref, scene.datasets["shops"].reference, later)
    assert (scene.proposal.state, scene.proposal.step) == (ProposalState.IN_REVIEW, Step.DATA_PARTNERS)
    assert scene.proposal.decided_at is None
    clock = whose_turn(session, scene.proposal, later).progress
    assert clock is not None
    assert clock.day == 5
    types = session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq.desc()).limit(2)).all()
    assert types == ["proposal.reopened", "item.decision_undone"]


def test_an_ended_proposal_opens_again_when_its_last_no_is_taken_back(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", N)
    scene.decides("pia", "shops", N)
    undo_decision(session, scene.actor("pia"), scene.ref, scene.datasets["shops"].reference, MONDAY)
    assert scene.proposal.ended_at is None


def test_nobody_takes_back_the_decision_of_another_data_partner(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    with pytest.raises(NotAllowed):
        undo_decision(session, scene.actor("pia"), scene.ref, scene.datasets["streets"].reference, MONDAY)


def test_after_grants_were_issued_nothing_is_taken_back(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    scene.decides("pia", "shops", A)
    scene.proposal.state = ProposalState.ISSUED
    session.flush()
    with pytest.raises(WrongState):
        undo_decision(session, scene.actor("pia"), scene.ref, scene.datasets["shops"].reference, MONDAY)


def test_while_changes_are_asked_for_nobody_decides(session: Session) -> None:
    scene = scene_in_review(session)
    request_changes(session, scene.actor("pia"), scene.ref, [Request("Shorter?")], MONDAY)
    with pytest.raises(WrongState):
        scene.decides("lucia", "streets", A)


def test_a_new_version_voids_what_was_decided_on_the_old_one(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    old = session.get_one(ProposalVersion, scene.proposal.current_version_id)
    assert void_decisions(session, scene.proposal, MONDAY) == 0
    new = ProposalVersion(
        proposal_id=scene.proposal.id, number=2, content={**old.content, "note": "2"}, content_hash="f" * 64,
        agreement_version=old.agreement_version, agreement_hash=old.agreement_hash, sent_at=MONDAY,
        sent_by_id=scene.people["rosa"].id,
    )  # fmt: skip
    session.add(new)
    session.flush()
    session.add_all(
        VersionDataset(proposal_version_id=new.id, dataset_id=dataset.id) for dataset in scene.datasets.values()
    )
    scene.proposal.current_version_id = new.id
    assert void_decisions(session, scene.proposal, MONDAY) == 1
    assert _item(scene, "streets").state is ItemState.PENDING
    with pytest.raises(WrongState):
        scene.decides("lucia", "streets", A, version_hash=old.content_hash)
    assert scene.decides("lucia", "streets", A).version_hash == "f" * 64


def test_several_datasets_of_one_partner_are_decided_together_or_not_at_all(session: Session) -> None:
    scene = scene_in_review(session)
    scene.datasets["shops"].organization_id = scene.organizations["acme"].id
    session.flush()
    references = [dataset.reference for dataset in scene.datasets.values()]
    scene.decides("lucia", "streets", A)
    with pytest.raises(WrongState):
        decide(session, scene.actor("lucia"), scene.ref, references, scene.ruling(A), MONDAY)
    assert _item(scene, "shops").state is ItemState.PENDING


def test_the_database_refuses_a_second_decision_that_counts(session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", A)
    copied = "item_id, proposal_version_id, version_hash, outcome, words, conditions, decided_by_id, decided_at, authentication"
    with pytest.raises(IntegrityError):
        session.execute(text(f"INSERT INTO decision ({copied}) SELECT {copied} FROM decision"))


def test_reasons_come_from_the_list(session: Session) -> None:
    scene = scene_in_review(session)
    ruling = Ruling(scene.shown_hash, N, Reason.PLACE_OF_STORAGE, "Keep it in the country.")
    reference = scene.datasets["streets"].reference
    [decision] = decide(session, scene.actor("lucia"), scene.ref, [reference], ruling, MONDAY)
    assert decision.reason is Reason.PLACE_OF_STORAGE
