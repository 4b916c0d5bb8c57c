"""Importing: each row created, updated, unchanged or refused, in a savepoint of its own; the same file changes nothing twice."""

import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.exchange.commands.importing import Imported, allow_import, import_rows, in_batches
from app.exchange.foreign import described
from app.foundation.errors import NotAllowed
from app.history.models import HistoryEvent
from app.organizations.models import Organization
from app.readers import Entry, read_catalog
from app.rules.actors import OPERATOR, Actor
from app.rules.roles import Role
from app.rules.vocabulary import AccessMode, Frequency, Sensitivity
from app.rules.workflow import ListingState
from tests.catalog.people import NOW, actor, organization, partner

AWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "catalogue-aws" / "aws-registry.dcat.jsonld.gz"
TRIPS = {"identifier": "trips", "title": "Trips", "description": "By hour and stop.", "keyword": ["bus"]}
TAPS = {"identifier": "taps", "title": "Taps", "description": "By stop."}


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(
        session, "Acme", defaults={"access_mode": "enclave", "sensitivity": "3", "contact_email": "a@b.example"}
    )


def bring(
    session: Session, at: Organization, *rows: Mapping[str, object], who: Actor = OPERATOR, **how: bool
) -> Imported:
    entries = [Entry(number, row) for number, row in enumerate(rows, 1)]
    return import_rows(session, who, at, list(described(entries)), NOW, **how)


def counts(result: Imported) -> tuple[int, int, int, int, int]:
    return result.read, result.created, result.updated, result.unchanged, len(result.refused)


def only(session: Session) -> Dataset:
    return session.scalars(select(Dataset)).one()


def events(session: Session) -> list[str]:
    return list(session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))


def test_a_new_row_is_a_draft_with_the_partners_defaults(session: Session, acme: Organization) -> None:
    assert counts(bring(session, acme, TRIPS)) == (1, 1, 0, 0, 0)
    row = only(session)
    assert (row.state, row.title, row.identifier) == (ListingState.DRAFT, "Trips", "trips")
    assert (row.access_mode, row.sensitivity, row.contact) == (AccessMode.ENCLAVE, Sensitivity.CLASS_3, "a@b.example")
    assert row.summary == "By hour and stop."
    assert events(session) == ["listing.imported"]


def test_published_rows_are_listed(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS, publish=True)
    row = only(session)
    assert (row.state, row.listed_at) == (ListingState.LISTED, NOW)
    assert events(session) == ["listing.imported", "listing.published"]


def test_a_row_without_description_stays_a_draft(session: Session, acme: Organization) -> None:
    assert counts(bring(session, acme, {"identifier": "a", "title": "A"}, publish=True)) == (1, 1, 0, 0, 0)
    assert only(session).state is ListingState.DRAFT


def test_the_same_rows_again_change_nothing(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS, TAPS, publish=True)
    before = events(session)
    assert counts(bring(session, acme, TRIPS, TAPS, publish=True)) == (2, 0, 0, 2, 0)
    assert events(session) == before


def test_a_changed_row_updates_what_it_says_and_nothing_else(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS)
    row = only(session)
    row.access_mode, row.summary = AccessMode.DASHBOARD, "Written by hand."
    session.flush()
    assert counts(bring(session, acme, {**TRIPS, "title": "All trips"})) == (1, 0, 1, 0, 0)
    assert (row.title, row.access_mode, row.summary) == ("All trips", AccessMode.DASHBOARD, "Written by hand.")
    assert events(session)[-1] == "listing.edited"


WHOLE = {
    **TRIPS, "temporal": "2020-01-01/2021-12-31", "accrualPeriodicity": "monthly", "language": ["en"],
    "license": "By request", "landingPage": "https://acme.example/trips", "version": "3",
}  # fmt: skip
UNSAID = (
    "keywords",
    "coverage_start",
    "coverage_end",
    "frequency",
    "languages",
    "license_text",
    "landing_page",
    "release",
)


def answers(dataset: Dataset) -> dict[str, object]:
    return {name: getattr(dataset, name) for name in UNSAID}


@pytest.mark.both_databases
def test_what_a_steward_answered_stays_where_the_source_says_nothing_of_it(
    session: Session, acme: Organization
) -> None:
    bring(session, acme, TAPS, publish=True)
    row = only(session)
    row.keywords, row.coverage_start, row.coverage_end = ["stops"], date(2020, 1, 1), date(2021, 12, 31)
    row.frequency, row.languages, row.release = Frequency.MONTHLY, ["es"], "2"
    row.license_text, row.landing_page = "Ask us", "https://acme.example/taps"
    session.flush()
    before = answers(row)
    assert all(before.values())
    assert counts(bring(session, acme, {**TAPS, "title": "All taps"})) == (1, 0, 1, 0, 0)
    session.expire_all()
    assert (row.title, answers(row)) == ("All taps", before)


@pytest.mark.both_databases
def test_what_came_from_the_source_goes_with_it(session: Session, acme: Organization) -> None:
    bring(session, acme, WHOLE, publish=True)
    assert all(answers(only(session)).values())
    session.expire_all()
    bring(session, acme, {name: WHOLE[name] for name in ("identifier", "title", "description")})
    assert [str(value) for value in answers(only(session)).values() if value] == ["unknown"]


@pytest.mark.both_databases
def test_what_a_steward_wrote_over_the_source_stays_once_the_source_says_nothing_of_it(
    session: Session, acme: Organization
) -> None:
    bring(session, acme, WHOLE, publish=True)
    row = only(session)
    row.keywords = ["bus", "tram"]
    session.flush()
    bare = {name: value for name, value in WHOLE.items() if name not in {"keyword", "version"}}
    assert counts(bring(session, acme, bare)) == (1, 0, 1, 0, 0)
    assert (row.keywords, row.release) == (["bus", "tram"], "")
    assert counts(bring(session, acme, bare)) == (1, 0, 0, 1, 0)


@pytest.mark.both_databases
def test_a_description_that_a_steward_wrote_stays_and_holds_no_row_up(session: Session, acme: Organization) -> None:
    bare = {"identifier": "trips", "title": "Trips"}
    bring(session, acme, bare)
    row = only(session)
    row.description, row.state, row.listed_at = "By hour, written by hand.", ListingState.LISTED, NOW
    session.flush()
    assert counts(bring(session, acme, {**bare, "title": "All trips"})) == (1, 0, 1, 0, 0)
    assert (row.title, row.description) == ("All trips", "By hour, written by hand.")


def test_a_day_that_contradicts_what_the_source_says_now_does_not_stay(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS)
    row = only(session)
    row.coverage_end = date(2019, 12, 31)
    session.flush()
    bring(session, acme, {**TRIPS, "temporal": "2020-01-01/.."})
    assert [row.coverage_start, row.coverage_end] == [date(2020, 1, 1), None]


def test_drafts_of_an_earlier_import_can_be_published_later(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS)
    assert counts(bring(session, acme, TRIPS, publish=True)) == (1, 0, 1, 0, 0)
    assert only(session).state is ListingState.LISTED
    assert counts(bring(session, acme, TRIPS, publish=True)) == (1, 0, 0, 1, 0)


def test_two_partners_may_use_the_same_identifier(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS)
    assert counts(bring(session, partner(session), TRIPS)) == (1, 1, 0, 0, 0)


def test_a_dry_run_says_what_would_be_and_writes_nothing(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS)
    before = events(session)
    result = bring(session, acme, TRIPS, TAPS, {"identifier": "x"}, {**TRIPS, "title": "Twice"}, dry_run=True)
    assert counts(result) == (4, 1, 0, 1, 2)
    assert events(session) == before
    assert session.scalar(select(func.count()).select_from(Dataset)) == 1


def test_a_withdrawn_listing_stays_withdrawn(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS)
    only(session).state = ListingState.WITHDRAWN
    session.flush()
    assert counts(bring(session, acme, TRIPS)) == (1, 0, 0, 1, 0)
    assert "withdrawn" in bring(session, acme, {**TRIPS, "title": "B"}).refused[0].problem


def test_a_listed_dataset_does_not_lose_its_description(session: Session, acme: Organization) -> None:
    bring(session, acme, TRIPS, publish=True)
    (refusal,) = bring(session, acme, {"identifier": "trips", "title": "Trips"}).refused
    assert refusal.field == "description"
    assert only(session).description == "By hour and stop."


def test_one_row_that_the_database_refuses_takes_no_other_with_it(session: Session, acme: Organization) -> None:
    rows = list(described([Entry(1, TRIPS), Entry(2, TAPS), Entry(3, {"identifier": "z", "title": "Z"})]))
    object.__setattr__(rows[1], "frequency", "sometimes")  # nothing that the column takes
    result = import_rows(session, OPERATOR, acme, rows, NOW)
    assert counts(result) == (3, 2, 0, 0, 1)
    assert set(session.scalars(select(Dataset.title))) == {"Trips", "Z"}


def test_only_those_who_write_the_listings_import_them(session: Session, acme: Organization) -> None:
    allow_import(session, actor(acme, Role.DEPUTY), acme, NOW, publish=False)
    for who in (actor(acme, Role.SIGNATORY), actor(partner(session), Role.STEWARD)):
        with pytest.raises(NotAllowed):
            allow_import(session, who, acme, NOW, publish=False)


def test_stewards_list_unchecked_only_where_the_secretariat_trusts_their_organization(
    session: Session, acme: Organization
) -> None:
    steward = actor(acme, Role.STEWARD)
    with pytest.raises(NotAllowed, match="The datasets of Acme are checked before they are listed"):
        allow_import(session, steward, acme, NOW, publish=True)
    assert counts(bring(session, acme, TRIPS, who=steward, publish=True)) == (1, 0, 0, 0, 1)
    allow_import(session, OPERATOR, acme, NOW, publish=True)
    acme.lists_unchecked = True
    allow_import(session, steward, acme, NOW, publish=True)
    for who in (actor(acme, Role.SIGNATORY), actor(partner(session, lists_unchecked=True), Role.STEWARD)):
        with pytest.raises(NotAllowed):
            allow_import(session, who, acme, NOW, publish=True)
    bring(session, acme, TRIPS, who=steward, publish=True)
    assert only(session).state is ListingState.LISTED


def test_publishing_needs_an_accession_in_force_and_drafts_do_not(session: Session) -> None:
    new = organization(session)
    allow_import(session, OPERATOR, new, NOW, publish=False)
    with pytest.raises(NotAllowed, match="common agreement"):
        allow_import(session, OPERATOR, new, NOW, publish=True)


def test_hostile_texts_are_stored_clean_on_both_databases(session: Session, acme: Organization) -> None:
    nasty = {
        "identifier": "n\x00", "title": "T\u202eX\ud800", "description": "\x00" + "d" * 700_000,
        "other\x00": {"\ud800": ["\x00"]}, "keyword": ["' OR 1=1", "<b>"],
    }  # fmt: skip
    rows = list(described(read_catalog(io.BytesIO(json.dumps({"dataset": [nasty]}).encode())).entries))
    result = import_rows(session, OPERATOR, acme, rows, NOW, publish=True)
    assert counts(result) == (1, 1, 0, 0, 0)
    session.expire_all()
    assert only(session).title.startswith("TX")
    assert len(only(session).description) == 700_000


def test_batches_hold_every_row_once() -> None:
    rows = list(described(Entry(n, {"identifier": str(n), "title": "A"}) for n in range(1, 8)))
    assert [len(batch) for batch in in_batches(rows, 3)] == [3, 3, 1]


@pytest.mark.skipif(not AWS.is_file(), reason="the AWS registry (../shared/data/catalogue-aws) is not here")
@pytest.mark.slow
def test_all_of_a_real_registry_comes_in_and_a_second_time_changes_nothing(
    session: Session, acme: Organization
) -> None:
    for expected in ((837, 837, 0, 0, 0), (837, 0, 0, 837, 0)):
        with AWS.open("rb") as file:
            total = Imported()
            for batch in in_batches(described(read_catalog(file).entries)):
                total += import_rows(session, OPERATOR, acme, batch, NOW, publish=True)
        assert counts(total) == expected
    listed = select(func.count()).select_from(Dataset).where(Dataset.state == ListingState.LISTED)
    assert session.scalar(listed) == 837
