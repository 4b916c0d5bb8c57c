"""Writing a listing and its way through the check: who may, when, and what is recorded."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import commands
from app.catalog.answers import Access, Answers, Column, Terms, What, Where
from app.catalog.completeness import REQUIRED, completeness, missing
from app.catalog.models import Dataset
from app.catalog.queries import dataset_by_reference, listings_in_check, listings_of
from app.catalog.terms import ASKED, asked, conditions_layer, effective_terms, promised
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.models import Organization
from app.rules.actors import NOBODY, Actor
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity, Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import NOW, actor, organization, partner
from tests.factories.catalog import make_dataset

WHAT = What(
    "Trips", "Trips by hour in Lima.", "How it comes about.", "Acme", ("mobility",), ("bus",), (), ("Rural areas",),
    (Column("hour", "Local hour"),),
)  # fmt: skip
WHERE = Where(("PE",), date(2020, 1, 1), unit="trip", frequency=Frequency.DAILY, contact="a@b.example")
ACCESS = Access(AccessMode.ENCLAVE, Sensitivity.CLASS_3, "By mail.")
TERMS = Terms({"permitted_purposes": ["dev.mobility"], "k_min": 10})
PAGES: tuple[Answers, ...] = (WHAT, WHERE, ACCESS, TERMS)


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme")


@pytest.fixture
def steward(acme: Organization) -> Actor:
    return actor(acme, Role.STEWARD)


@pytest.fixture
def officer(session: Session) -> Actor:
    return actor(organization(session, Kind.SECRETARIAT), Role.OFFICER)


@pytest.fixture
def written(session: Session, acme: Organization, steward: Actor) -> Dataset:
    row = commands.create(session, steward, acme, NOW)
    for answers in PAGES:
        commands.save_page(session, steward, row.reference, answers, NOW)
    return row


def events(session: Session) -> list[str]:
    return list(session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))


def test_a_new_draft_begins_with_the_partners_own_answers(session: Session) -> None:
    acme = partner(
        session, "Acme", defaults={"access_mode": "dashboard", "contact_name": "Desk", "contact_email": "d@a.example"}
    )
    row = commands.create(session, actor(acme, Role.STEWARD), acme, NOW)
    assert (row.state, row.publisher, row.access_mode) == (ListingState.DRAFT, "Acme", AccessMode.DASHBOARD)
    assert (row.contact, row.collaborative_type) == ("Desk <d@a.example>", CollaborativeType.PUBLIC_INTEREST)
    assert events(session) == ["listing.created"]


def test_fourteen_answers_are_required_and_the_four_pages_give_them(written: Dataset) -> None:
    assert len(REQUIRED) == 14
    assert missing(written) == []
    assert completeness(written).met == 14


def test_saving_an_empty_draft_never_fails(session: Session, acme: Organization, steward: Actor) -> None:
    row = commands.create(session, steward, acme, NOW)
    for empty in (What(), Where(), Access(), Terms()):
        commands.save_page(session, steward, row.reference, empty, NOW)
    assert len(missing(row)) == 14
    assert completeness(row).next_fix is REQUIRED[0]


def test_a_page_can_be_saved_again_and_replaces_what_was_there(
    session: Session, steward: Actor, written: Dataset
) -> None:
    again = Where(("CO", "PE"), date(2021, 1, 1), unit="trip", frequency=Frequency.DAILY, contact="x")
    commands.save_page(session, steward, written.reference, again, NOW)
    commands.save_page(session, steward, written.reference, Terms({"k_min": None, "deletion_days": 20}), NOW)
    session.expire_all()
    row = dataset_by_reference(session, steward, written.reference)
    assert {one.country for one in row.countries} == {"CO", "PE"}
    assert {one.parameter: one.value["value"] for one in row.conditions} == {
        "permitted_purposes": ["dev.mobility"], "deletion_days": 20,
    }  # fmt: skip


def test_what_cannot_be_used_yet_is_kept_as_typed(session: Session, steward: Actor, written: Dataset) -> None:
    commands.save_page(session, steward, written.reference, WHERE, NOW, typed={"coverage_end": "31 31 2020\x00"})
    assert written.typed == {"where.coverage_end": "31 31 2020"}
    commands.save_page(session, steward, written.reference, WHAT, NOW)
    assert written.typed == {"where.coverage_end": "31 31 2020"}
    commands.save_page(session, steward, written.reference, WHERE, NOW)
    assert written.typed == {}


def test_a_condition_beyond_the_agreement_is_refused_in_words(
    session: Session, steward: Actor, written: Dataset
) -> None:
    for name, value in (("ai_use", "train_release"), ("review_wd", 45), ("liability_cap", 1), ("nonsense", 1)):
        with pytest.raises(Invalid) as caught:
            commands.save_page(session, steward, written.reference, Terms({name: value}), NOW)
        assert caught.value.field == name
        assert len(caught.value.message.split()) > 4


def test_the_conditions_become_terms_with_the_agreement_around_them(written: Dataset) -> None:
    terms = effective_terms(written)
    assert terms.value("k_min") == 10
    assert terms.value("access_modes") == frozenset({"enclave"})
    assert terms.value("security_tier") == "2"  # follows from class 3
    assert conditions_layer(written).document == f"listing:{written.reference}@{written.version}"
    assert any("fewer than 10" in promise.sentence for promise in promised(written))
    assert {one.spec.name for one in asked()} == set(ASKED)


def test_a_whole_way_from_draft_to_withdrawn_is_recorded(
    session: Session, steward: Actor, officer: Actor, written: Dataset
) -> None:
    reference = written.reference
    commands.send_to_check(session, steward, reference, NOW)
    commands.return_with_message(session, officer, reference, "Say more about limits.", NOW)
    assert (written.state, written.state_reason) == (ListingState.DRAFT, "Say more about limits.")
    commands.send_to_check(session, steward, reference, NOW)
    commands.publish(session, officer, reference, NOW)
    assert (written.state, written.listed_at, written.state_reason) == (ListingState.LISTED, NOW, None)
    commands.pause(session, steward, reference, "A new sampling method.", NOW)
    commands.resume(session, steward, reference, NOW)
    commands.withdraw(session, steward, reference, "Collected no more.", NOW)
    assert events(session)[5:] == [
        "listing.sent_to_check", "listing.returned", "listing.sent_to_check", "listing.published", "listing.paused",
        "listing.resumed", "listing.withdrawn",
    ]  # fmt: skip
    last = session.scalars(select(HistoryDetail).order_by(HistoryDetail.seq.desc())).first()
    assert last is not None
    assert last.payload["reason"] == "Collected no more."


def test_an_incomplete_draft_is_not_sent_and_names_the_field(
    session: Session, acme: Organization, steward: Actor
) -> None:
    row = commands.create(session, steward, acme, NOW, "Trips")
    with pytest.raises(Invalid) as caught:
        commands.send_to_check(session, steward, row.reference, NOW)
    assert caught.value.field == "summary"


def test_a_partner_that_has_not_acceded_keeps_its_drafts_and_cannot_send_them(session: Session) -> None:
    new = organization(session)
    steward = actor(new, Role.STEWARD)
    row = commands.create(session, steward, new, NOW)
    for answers in PAGES:
        commands.save_page(session, steward, row.reference, answers, NOW)
    with pytest.raises(NotAllowed, match="common agreement"):
        commands.send_to_check(session, steward, row.reference, NOW)


def test_a_reason_is_asked_for_where_people_read_one(session: Session, steward: Actor, acme: Organization) -> None:
    row = make_dataset(session, acme)
    for reason in ("", " \x00\n", "x" * 2001):
        with pytest.raises(Invalid) as caught:
            commands.withdraw(session, steward, row.reference, reason, NOW)
        assert caught.value.field == "reason"


def test_only_its_own_stewards_write_and_others_do_not_learn_that_it_is_there(
    session: Session, written: Dataset, officer: Actor, acme: Organization
) -> None:
    reference = written.reference
    strangers = (
        NOBODY,
        actor(partner(session), Role.STEWARD),
        actor(organization(session, Kind.MEMBER), Role.PROJECT_STAFF),
    )
    for who in strangers:
        with pytest.raises(NotFound):
            commands.save_page(session, who, reference, WHAT, NOW)
        with pytest.raises(NotFound):
            dataset_by_reference(session, who, reference)
    for who in (officer, actor(acme, Role.SIGNATORY)):
        assert dataset_by_reference(session, who, reference).id == written.id
        with pytest.raises(NotAllowed):
            commands.save_page(session, who, reference, WHAT, NOW)


def test_nobody_checks_a_listing_of_the_own_organization(
    session: Session, acme: Organization, steward: Actor, officer: Actor, written: Dataset
) -> None:
    commands.send_to_check(session, steward, written.reference, NOW)
    with pytest.raises(NotAllowed):
        commands.publish(session, steward, written.reference, NOW)
    both = Actor(None, None, "Both", "", steward.held | officer.held, "test")
    with pytest.raises(NotAllowed):
        commands.publish(session, both, written.reference, NOW)
    assert listings_in_check(session, both) == []
    tied = Actor(None, None, "Tied", "", actor(acme, Role.SIGNATORY).held | officer.held, "test")
    with pytest.raises(NotAllowed):
        commands.publish(session, tied, written.reference, NOW)
    assert listings_in_check(session, tied) == []
    assert [row.id for row in listings_in_check(session, officer)] == [written.id]
    assert listings_in_check(session, steward) == []


def test_an_act_out_of_turn_says_so(session: Session, steward: Actor, officer: Actor, acme: Organization) -> None:
    row = make_dataset(session, acme)
    with pytest.raises(WrongState):
        commands.resume(session, steward, row.reference, NOW)
    with pytest.raises(WrongState):
        commands.publish(session, officer, row.reference, NOW)
    gone = make_dataset(session, acme, state=ListingState.WITHDRAWN)
    with pytest.raises(WrongState):
        commands.save_page(session, steward, gone.reference, WHAT, NOW)


def test_what_people_see_keeps_its_required_answers(session: Session, steward: Actor, acme: Organization) -> None:
    row = make_dataset(session, acme)
    with pytest.raises(Invalid) as caught:
        commands.save_page(session, steward, row.reference, What("", "", "", "", (), (), (), ()), NOW)
    assert caught.value.field == "title"


def test_an_imported_listing_may_be_mended_page_by_page(session: Session, steward: Actor, acme: Organization) -> None:
    row = make_dataset(session, acme, unit="", contact="", conditions={}, countries=[])
    commands.save_page(session, steward, row.reference, WHAT, NOW)
    assert row.title == "Trips"


def test_a_desk_shows_the_listings_of_ones_own_organizations_only(
    session: Session, acme: Organization, steward: Actor
) -> None:
    own = make_dataset(session, acme, state=ListingState.DRAFT)
    make_dataset(session, partner(session))
    assert [row.id for row in listings_of(session, steward)] == [own.id]
    assert listings_of(session, actor(acme, Role.SIGNATORY)) == []


def test_named_listings_are_known_to_those_named_even_when_withdrawn(session: Session, acme: Organization) -> None:
    member = organization(session, Kind.MEMBER)
    row = make_dataset(session, acme, visibility=Visibility.NAMED, admitted=[member], state=ListingState.WITHDRAWN)
    assert dataset_by_reference(session, actor(member, Role.PROJECT_STAFF), row.reference).id == row.id
    other = organization(session, Kind.MEMBER)
    with pytest.raises(NotFound):
        dataset_by_reference(session, actor(other, Role.PROJECT_STAFF), row.reference)


def test_a_draft_that_is_given_up_stays_unknown_to_others(session: Session, steward: Actor, acme: Organization) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT, listed_at=None)
    commands.withdraw(session, steward, row.reference, "Not ours to lend.", NOW)
    assert dataset_by_reference(session, steward, row.reference).id == row.id
    for who in (NOBODY, actor(organization(session, Kind.MEMBER), Role.PROJECT_STAFF)):
        with pytest.raises(NotFound):
            dataset_by_reference(session, who, row.reference)
        with pytest.raises(NotFound):
            commands.save_page(session, who, row.reference, WHAT, NOW)


@pytest.mark.parametrize("odd", ["", "\x00", "DS-9999", "' OR 1=1", "x" * 3000, "\ud800", "🦆"])
def test_an_odd_reference_is_nothing(session: Session, odd: str) -> None:
    with pytest.raises(NotFound):
        dataset_by_reference(session, NOBODY, odd)
