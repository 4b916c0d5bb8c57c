"""Sending: everything is checked, exactly what was shown is frozen, and sending again voids what was decided on less."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.foundation.errors import NotAllowed, NotFound, WrongState
from app.history.models import HistoryEvent
from app.organizations.models import Organization
from app.proposals.commands.acting import current_version
from app.proposals.commands.deciding import decide
from app.proposals.commands.drafting import save_answers, start
from app.proposals.commands.gathering import add_dataset, add_team_member, remove_dataset
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.sending import NotReady, send, withdraw
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.queries.versions import changes, content_of, hash_of, sheets, versions_of
from app.rules.actors import Actor
from app.rules.events import Event
from app.rules.pipelines import CURRENT_PIPELINE, Step
from app.rules.roles import Role
from app.rules.workflow import AccessionState, ItemState, ListingState, ProposalState
from tests.factories.catalog import make_dataset
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import ANSWERS, NOW, Cast, accede, make_cast, make_proposal, send_as_shown

LATER = NOW + timedelta(days=1)


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def lead(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.lead)


@pytest.fixture
def whole(session: Session, cast: Cast) -> Proposal:
    """A draft that could be sent."""
    return make_proposal(session, ProposalState.DRAFT, cast=cast)


def shown(session: Session, proposal: Proposal) -> str:
    return hash_of(content_of(session, proposal))


def missing(session: Session, lead: Actor, proposal: Proposal, *, declares: bool = True) -> list[str]:
    with pytest.raises(NotReady) as refused:
        send(session, lead, proposal.reference, shown(session, proposal), NOW, declares=declares)
    return [gap.key for gap in refused.value.gaps]


def events(session: Session, proposal: Proposal, kind: Event) -> list[HistoryEvent]:
    found = select(HistoryEvent).where(HistoryEvent.thing_ref == proposal.reference, HistoryEvent.type == kind.value)
    return list(session.scalars(found))


def ask_for_changes(session: Session, cast: Cast, proposal: Proposal) -> None:
    """The first data partner asks for a change."""
    steward = acting(session, cast.steward_of(cast.datasets[0]))
    request_changes(session, steward, proposal.reference, [Request("Fewer variables.", "variables")], NOW)


def approve(session: Session, cast: Cast, proposal: Proposal, which: int) -> None:
    version = current_version(session, proposal)
    assert version is not None
    steward = acting(session, cast.steward_of(cast.datasets[which]))
    ruling = Ruling(version.content_hash, ItemState.APPROVED)
    decide(session, steward, proposal.reference, [cast.datasets[which].reference], ruling, NOW)


# The first time


def test_sending_freezes_exactly_what_was_shown(session: Session, lead: Actor, whole: Proposal) -> None:
    content, digest = content_of(session, whole), shown(session, whole)
    send(session, lead, whole.reference, digest, NOW, declares=True)
    version = current_version(session, whole)
    assert version is not None
    assert (version.number, version.content_hash) == (1, digest)
    assert version.content == content
    assert hash_of(version.content) == version.content_hash
    assert version.agreement_version == "2026-1"
    assert version.sent_by_id == lead.person_id


def test_what_is_frozen_names_form_datasets_listings_team_and_answers(
    session: Session, cast: Cast, whole: Proposal
) -> None:
    cast.datasets[0].content_hash = "b" * 64
    content = content_of(session, whole)
    assert content["form"] == "2026-1"
    assert content["answers"] == ANSWERS
    datasets, team = content["datasets"], content["team"]
    assert isinstance(datasets, list)
    assert isinstance(team, list)
    assert [row["reference"] for row in datasets] == [dataset.reference for dataset in cast.datasets]
    assert datasets[0]["content_hash"] == "b" * 64
    assert [(row["name"], row["is_lead"]) for row in team] == [(cast.lead.name, True)]


def test_after_sending_the_secretariat_has_it_and_its_clock_runs(
    session: Session, lead: Actor, whole: Proposal
) -> None:
    send_as_shown(session, lead, whole)
    assert (whole.state, whole.step, whole.pipeline) == (ProposalState.IN_INTAKE, Step.INTAKE, CURRENT_PIPELINE)
    assert (whole.sent_at, whole.waiting_since) == (NOW, NOW)
    (event,) = events(session, whole, Event.PROPOSAL_SENT)
    assert (event.version_hash, event.agreement_version) == (shown(session, whole), "2026-1")


def test_a_draft_with_gaps_is_not_sent_and_says_what_is_missing(session: Session, lead: Actor, whole: Proposal) -> None:
    save_answers(session, lead, whole.reference, {"title": "", "indicators": [], "decision_by": ["31", "2", "27"]}, NOW)
    assert missing(session, lead, whole) == ["title", "decision_by", "indicators"]
    assert whole.state is ProposalState.DRAFT


def test_without_the_declaration_it_is_not_sent(session: Session, lead: Actor, whole: Proposal) -> None:
    assert missing(session, lead, whole, declares=False) == ["declares"]


def test_without_an_agreement_in_force_it_is_not_sent(session: Session) -> None:
    cast = make_cast(session, has_acceded=False)
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    assert missing(session, lead, proposal) == ["agreement"]
    accede(session, cast.member)
    send_as_shown(session, lead, proposal)


@pytest.mark.parametrize("state", [ListingState.PAUSED, ListingState.WITHDRAWN])
def test_a_dataset_that_closed_meanwhile_must_go_first(
    session: Session, cast: Cast, lead: Actor, whole: Proposal, state: ListingState
) -> None:
    cast.datasets[0].state = state
    session.flush()
    assert missing(session, lead, whole) == ["datasets"]
    remove_dataset(session, lead, whole.reference, cast.datasets[0].reference, NOW)
    send_as_shown(session, lead, whole)


def test_what_somebody_changed_after_it_was_shown_is_not_sent(session: Session, lead: Actor, whole: Proposal) -> None:
    digest = shown(session, whole)
    save_answers(session, lead, whole.reference, {"title": "Something else"}, NOW)
    with pytest.raises(WrongState, match="changed after you opened"):
        send(session, lead, whole.reference, digest, NOW, declares=True)


def test_a_listing_that_changed_after_it_was_shown_is_not_sent_unseen(
    session: Session, cast: Cast, lead: Actor, whole: Proposal
) -> None:
    digest = shown(session, whole)
    cast.datasets[0].content_hash = "c" * 64
    session.flush()
    with pytest.raises(WrongState):
        send(session, lead, whole.reference, digest, NOW, declares=True)


def test_it_is_sent_once(session: Session, lead: Actor, whole: Proposal) -> None:
    send_as_shown(session, lead, whole)
    with pytest.raises(WrongState):
        send_as_shown(session, lead, whole)
    assert len(versions_of(session, whole)) == 1


def test_only_the_lead_sends(session: Session, cast: Cast, lead: Actor, whole: Proposal) -> None:
    person = make_person(session, cast.member, Role.PROJECT_STAFF)
    add_team_member(session, lead, whole.reference, person.name, person.email, "", NOW)
    with pytest.raises(NotAllowed):
        send_as_shown(session, acting(session, person), whole)
    with pytest.raises(NotFound):
        send_as_shown(session, acting(session, cast.officer), whole)


# Again


def test_an_answer_to_the_secretariat_goes_back_to_intake_as_the_next_version(
    session: Session, cast: Cast, lead: Actor
) -> None:
    proposal = make_proposal(session, ProposalState.CHANGES_REQUESTED, cast=cast)
    save_answers(session, lead, proposal.reference, {"variables": "Trips on foot."}, LATER)
    send_as_shown(session, lead, proposal, LATER)
    assert (proposal.state, proposal.step, proposal.returns_to) == (ProposalState.IN_INTAKE, Step.INTAKE, None)
    assert proposal.waiting_since == LATER
    assert [version.number for version in versions_of(session, proposal)] == [1, 2]
    assert len(events(session, proposal, Event.PROPOSAL_RESENT)) == 1


def test_an_answer_to_a_data_partner_goes_straight_back_to_the_review(
    session: Session, cast: Cast, lead: Actor
) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    ask_for_changes(session, cast, proposal)
    save_answers(session, lead, proposal.reference, {"variables": "Trips on foot."}, LATER)
    send_as_shown(session, lead, proposal, LATER)
    assert (proposal.state, proposal.step, proposal.returns_to) == (ProposalState.IN_REVIEW, Step.DATA_PARTNERS, None)


def test_a_parked_proposal_goes_on_where_it_stood(session: Session, cast: Cast, lead: Actor) -> None:
    proposal = make_proposal(session, ProposalState.PARKED, cast=cast)
    send_as_shown(session, lead, proposal, LATER)
    assert proposal.state is ProposalState.IN_INTAKE


def test_a_decision_on_an_earlier_version_is_void_and_its_item_open_again(
    session: Session, cast: Cast, lead: Actor
) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    approve(session, cast, proposal, 1)
    ask_for_changes(session, cast, proposal)
    save_answers(session, lead, proposal.reference, {"variables": "Other variables."}, LATER)
    send_as_shown(session, lead, proposal, LATER)
    decision = session.scalars(select(Decision)).one()
    assert decision.voided_at == LATER
    items = session.scalars(select(ProposalItem).where(ProposalItem.proposal_id == proposal.id)).all()
    assert {(item.state, item.decision_id) for item in items} == {(ItemState.PENDING, None)}
    assert len(events(session, proposal, Event.DECISION_VOIDED)) == 1


def test_where_nothing_was_changed_there_is_no_new_version_and_decisions_stand(
    session: Session, cast: Cast, lead: Actor
) -> None:
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    approve(session, cast, proposal, 1)
    ask_for_changes(session, cast, proposal)
    send_as_shown(session, lead, proposal, LATER)
    assert len(versions_of(session, proposal)) == 1
    assert session.scalars(select(Decision)).one().voided_at is None
    assert proposal.state is ProposalState.IN_REVIEW


def test_under_another_agreement_the_same_answers_are_a_new_version(session: Session, cast: Cast, lead: Actor) -> None:
    proposal = make_proposal(session, ProposalState.CHANGES_REQUESTED, cast=cast)
    first = current_version(session, proposal)
    assert first is not None
    first.agreement_hash = "f" * 64
    session.flush()
    send_as_shown(session, lead, proposal, LATER)
    second = current_version(session, proposal)
    assert second is not None
    assert (second.number, second.content_hash) == (2, first.content_hash)


def test_what_changed_between_two_versions_can_be_read(session: Session, cast: Cast, lead: Actor) -> None:
    proposal = make_proposal(session, ProposalState.CHANGES_REQUESTED, cast=cast)
    giver = session.get_one(Organization, cast.datasets[0].organization_id)
    added = make_dataset(session, giver, extra_questions=["Why?"])
    add_dataset(session, lead, proposal.reference, added.reference, LATER)
    save_answers(session, lead, proposal.reference, {"granularity": "District, by day"}, LATER)
    before, after = versions_of(session, proposal)[0].content, content_of(session, proposal)
    found = changes(before, after)
    assert [change.row.key for change in found][:2] == ["datasets", "variables"]
    assert found[2].row.partner == giver.name
    assert found[2].before is None
    assert changes(before, before) == []


def test_content_is_read_step_by_step_with_every_answer(session: Session, whole: Proposal) -> None:
    read = sheets(content_of(session, whole))
    assert [len(sheet.rows) for sheet in read] == [5, 4, 4, 6, 4]
    team = read[3].rows[1].lines[0]
    assert not team.is_empty


def test_an_accession_that_ended_stops_sending_again(session: Session, cast: Cast, lead: Actor) -> None:
    proposal = make_proposal(session, ProposalState.CHANGES_REQUESTED, cast=cast)
    version = current_version(session, proposal)
    assert version is not None
    for accession in _accessions(session, cast):
        accession.state = AccessionState.ENDED
    session.flush()
    assert missing(session, lead, proposal) == ["agreement"]


def _accessions(session: Session, cast: Cast) -> list[Accession]:
    return list(session.scalars(select(Accession).where(Accession.organization_id == cast.member.id)))


# Withdrawing


@pytest.mark.parametrize(
    "state",
    [ProposalState.DRAFT, ProposalState.IN_INTAKE, ProposalState.IN_REVIEW, ProposalState.CHANGES_REQUESTED,
     ProposalState.DECIDED, ProposalState.PARKED],
)  # fmt: skip
def test_the_lead_may_withdraw_at_any_time_before_grants_are_issued(
    session: Session, cast: Cast, lead: Actor, state: ProposalState
) -> None:
    proposal = make_proposal(session, state, cast=cast)
    withdraw(session, lead, proposal.reference, " No budget \x00", LATER)
    assert (proposal.state, proposal.ended_at, proposal.end_reason) == (ProposalState.WITHDRAWN, LATER, "No budget")
    assert proposal.waiting_since is None
    assert len(events(session, proposal, Event.PROPOSAL_WITHDRAWN)) == 1


def test_what_is_withdrawn_stays_withdrawn(session: Session, cast: Cast, lead: Actor) -> None:
    proposal = make_proposal(session, ProposalState.WITHDRAWN, cast=cast)
    with pytest.raises(WrongState):
        withdraw(session, lead, proposal.reference, "", LATER)
    with pytest.raises(WrongState):
        send_as_shown(session, lead, proposal)


# Any order


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("save"), st.dictionaries(st.sampled_from(sorted(ANSWERS)), st.text(max_size=30), max_size=3)),
        st.tuples(st.just("mend"), st.just({})),
        st.tuples(st.just("send"), st.just({})),
        st.tuples(st.just("return"), st.just({})),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(steps=STEPS)
def test_in_any_order_saving_never_fails_and_each_version_is_what_was_shown(
    session: Session, cast: Cast, steps: list[tuple[str, dict[str, object]]]
) -> None:
    lead, officer = acting(session, cast.lead), acting(session, cast.officer)
    references = [dataset.reference for dataset in cast.datasets]
    with session.begin_nested() as nested:
        proposal = start(session, lead, cast.member.id, references, NOW)
        frozen: list[str] = []
        for act, values in steps:
            is_open = proposal.state in (ProposalState.DRAFT, ProposalState.CHANGES_REQUESTED)
            if act in ("save", "mend") and is_open:
                save_answers(session, lead, proposal.reference, values or ANSWERS, NOW)
            elif act == "send" and is_open:
                _try_to_send(session, lead, proposal, frozen)
            elif act == "return" and proposal.state is ProposalState.IN_INTAKE:
                request_changes(session, officer, proposal.reference, [Request("More.")], NOW)
        kept = versions_of(session, proposal)
        assert [version.content_hash for version in kept] == frozen
        assert [hash_of(version.content) for version in kept] == frozen
        nested.rollback()


def _try_to_send(session: Session, lead: Actor, proposal: Proposal, frozen: list[str]) -> None:
    digest = shown(session, proposal)
    before = session.scalar(select(func.count()).select_from(ProposalVersion))
    try:
        send(session, lead, proposal.reference, digest, NOW, declares=True)
    except NotReady:
        frozen_now = session.scalar(select(func.count()).select_from(ProposalVersion))
    else:
        frozen_now = before
    assert frozen_now == before, "nothing is frozen when sending is refused"
    if proposal.state is ProposalState.IN_INTAKE and (not frozen or frozen[-1] != digest):
        frozen.append(digest)
