"""Issuing: who may, what is frozen, and what never happens twice."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.catalog.models import DatasetCondition
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.hashing import content_hash
from app.grants.commands import issue
from app.grants.models import Duty, Grant, GrantDataset
from app.grants.queries.listings import edited_since_decided, still_undoable
from app.grants.record import from_json, to_json
from app.history.models import HistoryEvent
from app.organizations.models import Organization
from app.outbox.models import OutboxMessage
from app.proposals.commands.acting import current_version
from app.proposals.commands.deciding import decide
from app.proposals.commands.ruling import Ruling
from app.proposals.models import Decision, Proposal
from app.rules.terms import Level
from app.rules.undoing import UNDO_TIME
from app.rules.vocabulary import AccessMode
from app.rules.workflow import GrantState, ItemState, ProposalState
from tests.factories.catalog import make_dataset
from tests.factories.grants import CONSORTIUM, NOW, director_of, make_decided, make_issued, make_ready_cast
from tests.factories.organizations import acting, make_person
from tests.factories.proposals import make_cast, make_proposal


def test_one_grant_is_issued_for_each_data_partner_that_approved(session: Session) -> None:
    grants = make_issued(session)
    assert [grant.number for grant in grants] == ["GR-2026-0001", "GR-2026-0002"]
    assert {grant.state for grant in grants} == {GrantState.AWAITING_SIGNATURE}
    assert len({grant.data_partner_id for grant in grants}) == 2
    assert session.get_one(Proposal, grants[0].proposal_id).state is ProposalState.ISSUED
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "letter.seal")).all()
    assert [message.payload["number"] for message in letters] == [grant.number for grant in grants]


def test_two_datasets_of_one_data_partner_make_one_grant(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    both = (cast.datasets[0], make_dataset(session, partner))
    proposal = make_decided(session, cast, datasets=both)
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    assert session.scalar(select(func.count()).select_from(GrantDataset).where(GrantDataset.grant_id == grant.id)) == 2
    assert len(from_json(grant.record).datasets) == 2


def test_a_dataset_that_was_not_approved_is_in_no_grant(session: Session) -> None:
    from app.rules.vocabulary import Reason

    cast = make_ready_cast(session)
    proposal = make_proposal(
        session, ProposalState.IN_REVIEW, cast=cast, answers={"starts_on": "2026-12-01", "ends_on": "2027-11-30"}
    )
    version = current_version(session, proposal)
    assert version is not None
    yes, no = cast.datasets
    for dataset, ruling in (
        (yes, Ruling(version.content_hash, ItemState.APPROVED)),
        (no, Ruling(version.content_hash, ItemState.NOT_APPROVED, Reason.TOO_EARLY, "Ask again in spring.")),
    ):
        steward = acting(session, cast.steward_of(dataset))
        decide(session, steward, proposal.reference, [dataset.reference], ruling, NOW)
    grants = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    assert [grant.data_partner_id for grant in grants] == [yes.organization_id]


def test_the_record_is_frozen_with_its_hash_and_reads_back_the_same(session: Session) -> None:
    grant = make_issued(session)[0]
    record = from_json(grant.record)
    assert to_json(record) == grant.record
    assert content_hash(grant.record) == grant.record_hash
    assert record.number == grant.number
    assert record.agreement_version == grant.agreement_version
    assert record.proposal_sha256 == current_version(session, session.get_one(Proposal, grant.proposal_id)).content_hash  # type: ignore[union-attr]
    assert (record.starts_on, record.ends_on) == (grant.starts_on, grant.ends_on)
    assert [act.dataset for act in record.approvals] == [dataset.reference for dataset in record.datasets]


def test_duties_have_the_dates_that_follow_from_the_terms(session: Session) -> None:
    grant = make_issued(session)[0]
    due = dict(session.execute(select(Duty.kind, Duty.due_on).where(Duty.grant_id == grant.id)).all())
    assert set(due) == {"report", "statement", "clear_output", "attribute", "delete"}
    assert str(due["report"]) == "2027-02-21"  # 90 days after the start
    assert str(due["delete"]) == "2027-12-22"  # 30 days after the end
    assert due["attribute"] is None


def test_a_grant_never_begins_before_the_day_of_its_issue(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    proposal = make_decided(session, cast, answers={"starts_on": "2026-11-23"})
    from datetime import timedelta

    later = NOW + timedelta(days=10)
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, later)
    assert str(grant.starts_on) == "2026-12-03"
    assert str(grant.ends_on) == "2027-11-22"


def test_the_grant_is_never_wider_than_what_was_asked_for(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    proposal = make_decided(session, cast, answers={"ai_use": "none", "storage_country": "CO"})
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    terms = from_json(grant.record).datasets[0].terms
    assert terms.value("ai_use") == "none"
    assert terms.value("storage_places") == frozenset({"CO"})


def test_the_grant_names_no_purpose_and_no_country_beyond_its_terms(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, next(iter(cast.stewards)))
    narrow = make_dataset(session, partner, conditions={"permitted_purposes": ["dev.mobility"]}, countries=["CO"])
    asked = {"purposes": ["dev.health", "dev.mobility"], "countries": ["PE", "CO"]}
    proposal = make_decided(session, cast, answers=asked, datasets=[narrow])
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    record = from_json(grant.record)
    assert record.datasets[0].terms.value("permitted_purposes") == frozenset({"dev.mobility"})
    assert record.purposes == ("dev.mobility",)
    assert record.countries == ("CO",)


def test_the_grant_names_the_way_of_access_that_the_listing_offers(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, next(iter(cast.stewards)))
    guarded = make_dataset(session, partner, access_mode=AccessMode.ENCLAVE)
    proposal = make_decided(session, cast, answers={"access_mode": "secure_transfer"}, datasets=[guarded])
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    assert from_json(grant.record).access_mode == AccessMode.ENCLAVE


def test_datasets_that_share_no_purpose_are_refused_to_the_decider_before_the_director_could_only_not_issue(
    session: Session,
) -> None:
    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, next(iter(cast.stewards)))
    chosen = [
        make_dataset(session, partner, conditions={"permitted_purposes": [code]})
        for code in ("dev.mobility", "dev.health")
    ]
    asked = {"purposes": ["dev.health", "dev.mobility"]}
    with pytest.raises(Invalid, match="share no purpose") as refused:
        make_decided(session, cast, answers=asked, datasets=chosen)
    assert refused.value.field == "datasets"


def test_the_page_for_issuing_says_who_can_take_a_decision_back_still_and_until_when(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    proposal = make_decided(session, cast)
    session.execute(update(Decision).values(decided_at=NOW))
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    assert still_undoable(session, proposal.reference, NOW) == [(partner.name, NOW + UNDO_TIME)]
    assert still_undoable(session, proposal.reference, NOW + UNDO_TIME) == []


def test_a_grant_rests_on_the_listings_terms_as_they_were_decided_on_and_the_page_says_that_they_changed(
    session: Session,
) -> None:
    cast = make_ready_cast(session, 1)
    (dataset,) = cast.datasets
    session.merge(DatasetCondition(dataset_id=dataset.id, parameter="k_min", value={"value": 40}))
    session.flush()
    proposal = make_decided(session, cast)
    assert edited_since_decided(session, proposal.reference) == []
    session.merge(DatasetCondition(dataset_id=dataset.id, parameter="k_min", value={"value": 12}))
    session.flush()
    session.expire_all()
    assert edited_since_decided(session, proposal.reference) == [dataset.title]
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    rule = from_json(grant.record).datasets[0].terms.rules["k_min"]
    decision = session.scalars(select(Decision)).one()
    assert rule.value == 40
    assert {source.sha256 for source in rule.sources if source.level is Level.DATASET} == {decision.terms_hash}


def test_a_condition_of_the_decision_is_a_term_of_the_grant_with_its_source(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    proposal = make_proposal(
        session, ProposalState.IN_REVIEW, cast=cast, answers={"starts_on": "2026-12-01", "ends_on": "2027-11-30"}
    )
    version = current_version(session, proposal)
    assert version is not None
    (dataset,) = cast.datasets
    ruling = Ruling(
        version.content_hash, ItemState.APPROVED_WITH_CONDITIONS, words="No cell under 25.", conditions={"k_min": 25}
    )
    decide(session, acting(session, cast.steward_of(dataset)), proposal.reference, [dataset.reference], ruling, NOW)
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    record = from_json(grant.record)
    rule = record.datasets[0].terms.rules["k_min"]
    assert rule.value == 25
    assert [source.document for source in rule.sources] == [f"decision:{dataset.reference}"]
    assert record.approvals[0].words == "No cell under 25."


def test_a_second_issue_finds_the_proposal_issued(session: Session) -> None:
    cast = make_ready_cast(session)
    proposal = make_decided(session, cast)
    issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    with pytest.raises(WrongState):
        issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    assert session.scalar(select(func.count()).select_from(Grant)) == 2


def test_nobody_but_a_director_issues(session: Session) -> None:
    cast = make_ready_cast(session)
    proposal = make_decided(session, cast)
    for person in (cast.officer, cast.lead, cast.steward_of(cast.datasets[0])):
        with pytest.raises(NotAllowed):
            issue(session, acting(session, person), proposal.reference, CONSORTIUM, NOW)
    stranger = make_person(session, session.get_one(type(cast.member), cast.member.id))
    with pytest.raises(NotFound):
        issue(session, acting(session, stranger), proposal.reference, CONSORTIUM, NOW)


def test_a_director_of_the_member_does_not_issue_on_its_proposal(session: Session) -> None:
    from app.organizations.models import Membership
    from app.rules.roles import Role

    cast = make_ready_cast(session)
    proposal = make_decided(session, cast)
    session.add(
        Membership(person_id=cast.director.id, organization_id=cast.member.id, role=Role.PROJECT_STAFF, since=NOW)
    )
    session.flush()
    with pytest.raises(NotAllowed):
        issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)


def test_nothing_is_issued_where_a_data_partner_has_not_signed(session: Session) -> None:
    cast = make_cast(session)
    proposal = make_decided(session, cast)
    with pytest.raises(Invalid, match="no accession in force"):
        issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    assert session.scalar(select(func.count()).select_from(Grant)) == 0


def test_nothing_is_issued_before_every_data_partner_has_decided(session: Session) -> None:
    cast = make_ready_cast(session)
    proposal = make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    with pytest.raises(WrongState):
        issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)


def test_dates_that_are_over_are_refused_in_words(session: Session) -> None:
    from datetime import timedelta

    cast = make_ready_cast(session, 1)
    proposal = make_decided(session, cast)
    with pytest.raises(Invalid, match="does not come after the start"):
        issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW + timedelta(days=800))


def test_the_history_says_who_issued_under_which_agreement_and_version(session: Session) -> None:
    grant = make_issued(session)[0]
    event = session.scalars(
        select(HistoryEvent).where(HistoryEvent.type == "grant.issued", HistoryEvent.thing_ref == grant.number)
    ).one()
    assert event.agreement_version == grant.agreement_version
    assert event.agreement_hash == grant.agreement_hash
    assert event.version_hash == from_json(grant.record).proposal_sha256
    assert event.authentication == "password+totp"


def test_the_wish_to_stay_unnamed_is_kept_in_the_record(session: Session) -> None:
    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    shy = make_dataset(session, partner, conditions={"permitted_purposes": ["dev.mobility"], "donor_anonymous": True})
    proposal = make_decided(session, cast, datasets=[shy])
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    record = from_json(grant.record)
    assert record.partner_is_unnamed
    assert not any(partner.name in duty.sentence for duty in record.duties)
