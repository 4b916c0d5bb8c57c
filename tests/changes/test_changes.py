"""A grant changes: asked for, checked, decided on what was shown, issued under a number of its own, and never a fork."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.models import Accession
from app.catalog.models import Dataset, DatasetCondition, DatasetCountry
from app.changes import commands
from app.changes.wanted import NewPerson, Wanted
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.grants.commands import expire_due, revoke, suspend
from app.grants.commands.letters import Press
from app.grants.models import Duty, Grant, GrantPerson
from app.grants.queries.verification import is_in_force, status_of
from app.grants.record import from_json
from app.grants.succession import Difference
from app.proposals.models import ProposalVersion
from app.proposals.queries.versions import answers_of
from app.rules.roles import Kind, Role
from app.rules.workflow import AccessionState, ChangeState, DutyState, GrantState, ListingState
from tests.factories.catalog import make_dataset
from tests.factories.changes import (
    LONGER,
    RENEWED,
    SOON,
    another_dataset,
    approve,
    ask,
    issue,
    seal,
    shown,
    succeed,
)
from tests.factories.grants import director_of
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast


def test_a_later_last_day_is_checked_decided_and_issued(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    change = ask(session, cast, active, LONGER)
    assert change.state.value == "asked"
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    assert change.state is ChangeState.IN_DECISION
    steward = acting(session, cast.stewards[active.data_partner_id])
    commands.approve(session, steward, change.reference, "", shown(session, active, change), SOON)
    successor = issue(session, cast, change)
    assert successor.predecessor_id == active.id
    assert successor.number != active.number
    assert is_in_force(active, SOON)  # until the newer letter is sealed
    assert not is_in_force(successor, SOON)
    seal(session, store, press, successor)
    assert active.state is GrantState.REPLACED
    assert active.successor_number == successor.number
    assert is_in_force(successor, SOON)
    assert status_of(active, SOON).successor == successor.number
    assert successor.ends_on == date(2028, 3, 31)
    succession = from_json(successor.record).succession
    assert succession is not None
    assert {row.label for row in succession.differences} == {"In force until"}


def test_a_chain_is_amended_again_and_has_no_fork(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    second = succeed(session, store, press, cast, active, LONGER)
    third = succeed(session, store, press, cast, second, Wanted(ends_on=date(2028, 6, 30)))
    assert third.predecessor_id == second.id
    assert from_json(third.record).term_began_on == active.starts_on
    with pytest.raises(WrongState):
        ask(session, cast, active, LONGER)


def test_an_amendment_never_lasts_longer_than_the_longest_term(session: Session, active: Grant, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Ask for a renewal"):
        ask(session, cast, active, Wanted(ends_on=date(2028, 11, 23)))


def test_a_grant_that_ends_earlier_than_its_letter_says_is_changed_from_the_day_it_ends_now(
    session: Session, active: Grant, cast: Cast
) -> None:
    active.ends_on = date(2027, 6, 1)  # as where its data partner has left, and come back
    session.flush()
    later = ask(session, cast, active, Wanted(ends_on=date(2027, 8, 1)))
    assert later.kinds == ["longer"]
    commands.withdraw(session, acting(session, cast.lead), later.reference, SOON)
    successor = issue(
        session, cast, approve(session, cast, active, ask(session, cast, active, Wanted(kept_where="Elsewhere")))
    )
    assert successor.ends_on == date(2027, 6, 1)


def test_what_was_decided_before_the_grant_was_shortened_ends_no_later_than_it(
    session: Session, active: Grant, cast: Cast
) -> None:
    change = approve(session, cast, active, ask(session, cast, active, Wanted(kept_where="Elsewhere")))
    active.ends_on = date(2027, 6, 1)
    session.flush()
    assert issue(session, cast, change).ends_on == date(2027, 6, 1)


def test_one_change_at_a_time(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER)
    with pytest.raises(WrongState, match=change.reference):
        ask(session, cast, active, Wanted(ends_on=date(2027, 6, 30)))
    commands.withdraw(session, acting(session, cast.lead), change.reference, SOON)
    assert ask(session, cast, active, Wanted(ends_on=date(2027, 6, 30))).state is ChangeState.IN_DECISION


def test_while_a_successor_waits_for_its_seal_nothing_else_is_asked(
    session: Session, active: Grant, cast: Cast
) -> None:
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    with pytest.raises(WrongState, match=successor.number):
        ask(session, cast, active, Wanted(ends_on=date(2027, 6, 30)))


def test_a_change_without_a_difference_is_none(session: Session, active: Grant, cast: Cast) -> None:
    for wanted in (Wanted(), Wanted(ends_on=active.ends_on), Wanted(purposes=("dev.mobility",))):
        with pytest.raises(Invalid, match="Nothing would differ"):
            ask(session, cast, active, wanted)


def test_only_the_lead_asks_and_a_stranger_knows_of_nothing(session: Session, active: Grant, cast: Cast) -> None:
    steward = acting(session, cast.stewards[active.data_partner_id])
    with pytest.raises(NotAllowed):
        commands.ask(session, steward, active.number, LONGER, "Because.", "", SOON)
    stranger = acting(
        session, make_person(session, make_organization(session, Kind.MEMBER, "Other"), Role.PROJECT_STAFF)
    )
    change = ask(session, cast, active, LONGER)
    with pytest.raises(NotFound):
        commands.ask(session, stranger, active.number, LONGER, "Because.", "", SOON)
    with pytest.raises(NotFound):
        commands.withdraw(session, stranger, change.reference, SOON)


def test_a_wider_purpose_takes_a_new_proposal(session: Session, active: Grant, cast: Cast) -> None:
    with pytest.raises(Invalid, match="takes a new proposal"):
        ask(session, cast, active, Wanted(purposes=("dev.health",)))


def test_a_narrower_purpose_narrows_every_dataset(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    successor = succeed(session, store, press, cast, active, Wanted(purposes=("dev.mobility.safety",)))
    record = from_json(successor.record)
    assert record.purposes == ("dev.mobility.safety",)
    assert all(each.terms.value("permitted_purposes") == frozenset(record.purposes) for each in record.datasets)


def test_a_dataset_of_another_data_partner_is_a_proposal_of_its_own(
    session: Session, active: Grant, cast: Cast
) -> None:
    foreign = make_dataset(session, make_organization(session, Kind.PARTNER, "Elsewhere"))
    with pytest.raises(Invalid, match="belongs to another data partner"):
        ask(session, cast, active, Wanted(add=(foreign.reference,)))


def test_a_dataset_of_the_same_partner_joins_with_terms_merged_anew(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    more = another_dataset(session, active)
    successor = succeed(session, store, press, cast, active, Wanted(add=(more.reference,)))
    record = from_json(successor.record)
    assert {each.reference for each in record.datasets} == {cast.datasets[0].reference, more.reference}
    added = next(each for each in record.datasets if each.reference == more.reference)
    assert added.terms.value("end") == active.ends_on
    assert added.terms.value("start") == SOON.date()


def test_a_dataset_whose_purposes_do_not_meet_the_grants_is_refused(
    session: Session, active: Grant, cast: Cast
) -> None:
    owner = active.data_partner_id
    partner = session.get_one(type(cast.member), owner)
    other = make_dataset(session, partner, conditions={"permitted_purposes": ["dev.health"]})
    with pytest.raises(Invalid):
        ask(session, cast, active, Wanted(add=(other.reference,)))


def test_a_listing_that_changes_after_it_was_shown_stops_the_decision(
    session: Session, active: Grant, cast: Cast
) -> None:
    more = another_dataset(session, active)
    change = ask(session, cast, active, Wanted(add=(more.reference,)))
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    seen = shown(session, active, change)
    session.add(DatasetCondition(dataset_id=more.id, parameter="k_min", value={"value": 50}))
    session.flush()
    session.expire(more)
    steward = acting(session, cast.stewards[active.data_partner_id])
    with pytest.raises(WrongState, match="terms of a listing changed"):
        commands.approve(session, steward, change.reference, "", seen, SOON)


def test_what_was_decided_is_issued_whatever_the_listing_says_afterwards(
    session: Session, active: Grant, cast: Cast
) -> None:
    more = another_dataset(session, active)
    change = approve(session, cast, active, ask(session, cast, active, Wanted(add=(more.reference,))))
    decided = from_json(change.terms)
    session.add(DatasetCondition(dataset_id=more.id, parameter="deletion_days", value={"value": 1}))
    session.flush()
    session.expire(more)
    assert from_json(issue(session, cast, change).record).datasets == decided.datasets


def test_a_place_outside_the_listings_terms_is_refused(session: Session, active: Grant, cast: Cast) -> None:
    record = from_json(active.record)
    dataset = record.datasets[0]
    rule = dataset.terms.rules["storage_places"]
    assert rule.value == frozenset({"CO"})
    change = ask(session, cast, active, Wanted(kept_in="ES", kept_where="A server in Madrid"))
    assert change.state is ChangeState.ASKED


def test_a_renewal_needs_a_report_and_an_agreement_in_force(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    lead = acting(session, cast.lead)
    with pytest.raises(Invalid, match="what was done with the data"):
        commands.ask(session, lead, active.number, RENEWED, "We need more time.", "", SOON)
    renewed = succeed(session, store, press, cast, active, RENEWED)
    assert renewed.starts_on == SOON.date()
    assert renewed.ends_on == date(2028, 11, 30)
    assert from_json(renewed.record).succession.kind == "renews"  # type: ignore[union-attr]
    for accession in session.scalars(select(Accession).where(Accession.organization_id == cast.member.id)):
        accession.state, accession.ended_at = AccessionState.ENDED, SOON
    session.flush()
    with pytest.raises(Invalid, match="no accession in force"):
        ask(session, cast, renewed, replace(RENEWED, ends_on=date(2028, 12, 15)), SOON + timedelta(days=1))


def test_a_renewal_names_the_countries_that_its_datasets_cover_now(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    assert from_json(active.record).countries == ("CO",)
    listing = session.get_one(Dataset, cast.datasets[0].id)
    listing.countries.append(DatasetCountry(country="PE"))
    version = session.get_one(ProposalVersion, active.proposal_version_id)
    answers = {**answers_of(version.content), "countries": ["CO", "PE"]}
    version.content = {**version.content, "answers": answers}
    session.flush()
    renewed = succeed(session, store, press, cast, active, RENEWED)
    record = from_json(renewed.record)
    assert record.countries == ("CO", "PE")
    assert record.succession is not None
    assert Difference("Countries", "Colombia", "Colombia, Peru") in record.succession.differences


def test_a_renewal_asks_for_no_more_than_its_terms_allow(session: Session, active: Grant, cast: Cast) -> None:
    with pytest.raises(Invalid, match="no later last day"):
        ask(session, cast, active, Wanted(renews=True, ends_on=date(2030, 1, 1)))


def test_a_change_of_the_team_is_noted_at_once_and_the_partner_told(
    session: Session, active: Grant, cast: Cast
) -> None:
    new = NewPerson("Ada Quint", "ada@coastal.example", "Coastal Cities Fund")
    change = ask(session, cast, active, Wanted(join=(new,)))
    assert change.state is ChangeState.NOTED
    names = select(GrantPerson.name).where(GrantPerson.grant_id == active.id, GrantPerson.ended_at.is_(None))
    assert set(session.scalars(names)) == {"Rosa Lindqvist", "Ada Quint"}
    ask(session, cast, active, Wanted(leave=("ada@coastal.example",)))
    assert set(session.scalars(names)) == {"Rosa Lindqvist"}
    assert active.state is GrantState.ACTIVE


def test_a_partner_that_wants_to_decide_on_the_team_does(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    steward = acting(session, cast.stewards[active.data_partner_id])
    slug = session.get_one(type(cast.member), active.data_partner_id).slug
    commands.set_wishes(session, steward, slug, {"team": True, "renewal": False}, SOON)
    new = NewPerson("Ada Quint", "ada@coastal.example", "Coastal Cities Fund")
    change = ask(session, cast, active, Wanted(join=(new,)))
    assert change.state is ChangeState.IN_DECISION
    successor = seal(session, store, press, issue(session, cast, approve(session, cast, active, change)))
    assert [each.name for each in from_json(successor.record).people] == ["Rosa Lindqvist", "Ada Quint"]
    renewal = ask(session, cast, successor, RENEWED)  # no partner can give up deciding on a renewal
    commands.check(session, acting(session, cast.officer), renewal.reference, SOON)
    assert renewal.state is ChangeState.IN_DECISION


def test_a_partner_that_wants_no_decision_on_an_earlier_end_is_told(
    session: Session, active: Grant, cast: Cast
) -> None:
    steward = acting(session, cast.stewards[active.data_partner_id])
    slug = session.get_one(type(cast.member), active.data_partner_id).slug
    commands.set_wishes(session, steward, slug, {"shorter": False}, SOON)
    change = ask(session, cast, active, Wanted(ends_on=date(2027, 6, 30)))
    assert change.state is ChangeState.APPROVED
    assert issue(session, cast, change).ends_on == date(2027, 6, 30)


def test_the_lead_stays_and_nobody_joins_twice(session: Session, active: Grant, cast: Cast) -> None:
    with pytest.raises(Invalid, match="lead stays"):
        ask(session, cast, active, Wanted(leave=(cast.lead.email,)))
    with pytest.raises(Invalid, match="on the grant already"):
        ask(session, cast, active, Wanted(join=(NewPerson("Rosa", cast.lead.email, ""),)))


def test_a_no_says_why_and_the_grant_stays(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER)
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    steward = acting(session, cast.stewards[active.data_partner_id])
    with pytest.raises(Invalid, match="Say why"):
        commands.not_approve(session, steward, change.reference, " ", change.content_hash, SOON)
    commands.not_approve(session, steward, change.reference, "Ask after the pilot.", change.content_hash, SOON)
    assert change.state.value == "not_approved"
    commands.undo(session, steward, change.reference, SOON + timedelta(minutes=9))
    assert change.state is ChangeState.IN_DECISION
    assert active.state is GrantState.ACTIVE


def test_a_no_stands_once_another_change_was_asked_for(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER)
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    steward = acting(session, cast.stewards[active.data_partner_id])
    commands.not_approve(session, steward, change.reference, "Ask after the pilot.", change.content_hash, SOON)
    other = ask(session, cast, active, LONGER)
    with pytest.raises(WrongState, match=f"{other.reference} was asked for since"):
        commands.undo(session, steward, change.reference, SOON)
    assert change.state.value == "not_approved"


def test_a_decision_on_a_change_is_taken_back_for_ten_minutes(session: Session, active: Grant, cast: Cast) -> None:
    change = approve(session, cast, active, ask(session, cast, active, LONGER))
    steward = acting(session, cast.stewards[active.data_partner_id])
    with pytest.raises(WrongState, match="ten minutes"):
        commands.undo(session, steward, change.reference, SOON + timedelta(minutes=11))


def test_who_decided_does_not_issue(session: Session, active: Grant, cast: Cast) -> None:
    change = approve(session, cast, active, ask(session, cast, active, LONGER))
    for person in (cast.stewards[active.data_partner_id], cast.officer, cast.lead):
        with pytest.raises(NotAllowed):
            commands.issue_successor(session, acting(session, person), change.reference, SOON)


def test_revoking_a_grant_takes_its_unsealed_successor_with_it(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    revoke(session, director_of(session, cast), active.number, "The data was passed on.", SOON)
    assert successor.state is GrantState.REVOKED
    seal(session, store, press, successor)
    assert successor.state is GrantState.REVOKED
    assert not is_in_force(successor, SOON)


def test_a_suspension_goes_on_with_the_successor(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    suspend(session, director_of(session, cast), active.number, "We look into it.", SOON)
    seal(session, store, press, successor)
    assert active.state is GrantState.REPLACED
    assert successor.state is GrantState.SUSPENDED
    assert successor.state_reason == "We look into it."


def test_after_an_unsealed_successor_was_revoked_the_grant_can_change_again(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    first = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    revoke(session, director_of(session, cast), first.number, "The wrong day.", SOON)
    assert active.state is GrantState.ACTIVE
    second = succeed(session, store, press, cast, active, Wanted(ends_on=date(2028, 2, 29)))
    assert second.predecessor_id == active.id


def test_a_renewal_that_was_approved_in_time_may_be_sealed_after_the_end(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    last = datetime(2027, 11, 22, 12, 0, tzinfo=UTC)
    change = approve(session, cast, active, ask(session, cast, active, RENEWED, last), last)
    after = last + timedelta(days=2)
    expire_due(session, after)
    commands.follow_end(session, active.number, after)
    renewed = seal(session, store, press, issue(session, cast, change, after), after)
    assert renewed.starts_on == after.date()
    assert active.state is GrantState.REPLACED


def test_an_amendment_lapses_when_its_grant_ends(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER)
    assert commands.follow_end(session, active.number, SOON) == 0
    revoke(session, director_of(session, cast), active.number, "The data was passed on.", SOON)
    assert commands.follow_end(session, active.number, SOON) == 1
    assert change.state is ChangeState.LAPSED


def test_an_amendment_goes_on_with_the_duties_and_loses_none(session: Session, active: Grant, cast: Cast) -> None:
    more = another_dataset(session, active)
    report = session.scalars(select(Duty).where(Duty.grant_id == active.id, Duty.kind == "report")).one()
    report.state, report.done_at, day = DutyState.ACCEPTED, SOON, report.due_on
    session.flush()
    change = approve(session, cast, active, ask(session, cast, active, Wanted(add=(more.reference,))))
    successor = issue(session, cast, change)
    kept = {duty.kind: duty for duty in session.scalars(select(Duty).where(Duty.grant_id == successor.id))}
    assert (kept["report"].state, kept["report"].due_on) == (DutyState.ACCEPTED, day)
    assert kept["delete"].state is DutyState.OPEN


def test_a_dataset_that_is_left_out_is_deleted_by_its_own_terms(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    more = another_dataset(session, active)
    second = succeed(session, store, press, cast, active, Wanted(add=(more.reference,)))
    third = issue(
        session, cast, approve(session, cast, second, ask(session, cast, second, Wanted(drop=(more.reference,))))
    )
    deletions = session.scalars(select(Duty).where(Duty.grant_id == third.id, Duty.kind == "delete")).all()
    assert {duty.due_on for duty in deletions} == {
        SOON.date() + timedelta(days=30),
        active.ends_on + timedelta(days=30),
    }


def test_a_grant_is_never_left_without_a_dataset(session: Session, active: Grant, cast: Cast) -> None:
    with pytest.raises(Invalid, match="at least one dataset"):
        ask(session, cast, active, Wanted(drop=(cast.datasets[0].reference,)))


def test_the_record_of_a_first_grant_says_nothing_of_a_succession(active: Grant) -> None:
    assert "succession" not in active.record


def test_the_newer_letter_names_the_older_one_and_what_differs(session: Session, active: Grant, cast: Cast) -> None:
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    from app.grants.letter import letter

    made = letter(from_json(successor.record), successor.verify_token, "https://data.example")
    assert made.heading == "Amended grant of use"
    assert active.number in made.lead
    assert [(row.label, row.before, row.after) for row in made.changes] == [
        ("In force until", "22 November 2027", "31 March 2028")
    ]


def test_a_dataset_for_fewer_people_than_the_grant_names_is_not_added(
    session: Session, active: Grant, cast: Cast
) -> None:
    ask(session, cast, active, Wanted(join=(NewPerson("Ada Quint", "ada@coastal.example", "Coastal Cities Fund"),)))
    more = another_dataset(session, active)
    session.add(DatasetCondition(dataset_id=more.id, parameter="max_users", value={"value": 1}))
    session.flush()
    session.expire(more)
    with pytest.raises(Invalid, match="1 people at most"):
        ask(session, cast, active, Wanted(add=(more.reference,)))


@pytest.mark.parametrize("state", [ListingState.PAUSED, ListingState.WITHDRAWN])
def test_a_listing_that_rests_since_the_decision_is_not_granted_anew(
    session: Session, active: Grant, cast: Cast, state: ListingState
) -> None:
    more = another_dataset(session, active)
    change = approve(session, cast, active, ask(session, cast, active, Wanted(add=(more.reference,))))
    more.state = state
    session.flush()
    with pytest.raises(WrongState, match="not listed any more"):
        issue(session, cast, change)


def test_a_listing_that_rests_stops_no_change_of_what_was_granted_and_every_renewal(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    longer = approve(session, cast, active, ask(session, cast, active, LONGER))
    cast.datasets[0].state = ListingState.PAUSED
    session.flush()
    successor = seal(session, store, press, issue(session, cast, longer))
    cast.datasets[0].state = ListingState.LISTED
    session.flush()
    renewal = approve(session, cast, successor, ask(session, cast, successor, RENEWED))
    cast.datasets[0].state = ListingState.PAUSED
    session.flush()
    with pytest.raises(WrongState, match="not listed any more"):
        issue(session, cast, renewal)
