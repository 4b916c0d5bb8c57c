"""The catalog's pages: what each shows to whom, and what bad input gets."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import worker
from app.catalog import uses
from app.catalog.models import Dataset, DatasetCondition
from app.organizations.models import Organization, Person
from app.rules.actors import Actor
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.desk import one, signed_in
from tests.catalog.people import organization, partner, person
from tests.factories.catalog import make_dataset
from tests.support.application import Client

# ---- finding


def test_the_catalog_shows_hits_facets_and_files(client: Client, session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Trips & <b>taps</b>", countries=["PE"])
    make_dataset(session, acme, title="Elsewhere", countries=["CO"])
    session.commit()
    html = client.get("/datasets?q=trips&country=PE").text
    assert "Trips &amp; &lt;b&gt;taps" in html
    assert "Elsewhere" not in html
    assert "Peru" in html
    assert "/datasets.csv?q=trips&amp;country=PE" in html


def test_nothing_found_names_the_filter_to_leave_out(client: Client, session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Trips", countries=["PE"])
    session.commit()
    html = client.get("/datasets?q=trips&country=PE&theme=health").text
    assert re.search(r"with any theme</a>\s*<span[^>]*>one dataset", html)
    assert "any of these words" in client.get("/datasets?q=zeppelin").text


@pytest.mark.parametrize(
    "query",
    [
        "?page=999999999999",
        "?page=-1",
        "?page=%00",
        "?sort=x&theme=%00&country=%ED%A0%80",
        "?q=%00%22'&mode=1",
        "?q=" + "x" * 5000,
    ],
)  # fmt: skip
def test_odd_addresses_are_answered(client: Client, session: Session, acme: Organization, query: str) -> None:
    make_dataset(session, acme)
    session.commit()
    for path in ("/datasets", "/datasets.json", "/datasets.csv"):
        assert client.get(path + query).status_code == 200, path


def test_the_files_hold_the_same_and_formulas_are_defused(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, title='=HYPERLINK("http://x")', identifier="t1")
    session.commit()
    found = json.loads(client.get("/datasets.json").text)
    assert (found["total"], found["datasets"][0]["id"], found["datasets"][0]["identifier"]) == (1, row.reference, "t1")
    assert found["datasets"][0]["url"].startswith("http")
    table = client.get("/datasets.csv").text
    assert "'=HYPERLINK" in table
    assert row.reference in table


def test_members_only_listings_are_in_no_page_or_file_for_others(
    app: Flask, client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, title="Hidden trips", visibility=Visibility.MEMBERS)
    member = person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF)
    session.commit()
    for path in ("/datasets", "/datasets.json", "/datasets.csv"):
        assert "Hidden" not in client.get(path).text
    for path in ("", ".jsonld", "/dictionary.csv"):
        assert client.get(f"/datasets/{row.reference}{path}").status_code == 404
    client = signed_in(app, session, member)
    assert "Hidden" in client.get("/datasets").text
    assert client.get(f"/datasets/{row.reference}", follow_redirects=True).status_code == 200


# ---- one dataset


def test_a_wrong_or_missing_slug_leads_to_the_right_address(
    client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, title="Trips in Lima")
    session.commit()
    right = f"/datasets/{row.reference}-trips-in-lima"
    moved = client.get(f"/datasets/{row.reference.lower()}-old-title")
    assert (moved.status_code, moved.location) == (301, right)
    assert client.get(right).status_code == 200
    bare = client.get(f"/datasets/{row.reference}")
    assert (bare.status_code, bare.location, bare.headers["Cache-Control"]) == (301, right, "no-cache")


@pytest.mark.parametrize("part", ["dictionary", "sample", "uses", "questions", "versions"])
def test_a_part_under_an_old_slug_leads_to_the_right_address_and_a_bare_reference_is_one(
    client: Client, session: Session, acme: Organization, part: str
) -> None:
    row = make_dataset(session, acme, title="Trips in Lima")
    session.commit()
    right = f"/datasets/{row.reference}-trips-in-lima/{part}"
    moved = client.get(f"/datasets/{row.reference}-old-title/{part}")
    assert (moved.status_code, moved.location, moved.headers["Cache-Control"]) == (301, right, "no-cache")
    assert client.get(right).status_code == client.get(f"/datasets/{row.reference}/{part}").status_code == 200


def test_the_page_says_how_it_is_reached_and_what_is_promised(
    client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, conditions={"k_min": 25}, good_for=["Commuting"], not_good_for=["Rural areas"])
    session.commit()
    html = client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    for words in (
        "Secure transfer",
        "fewer than 25",
        "/agreement/2026-1#8.2",
        "Commuting",
        "Rural areas",
        "Propose a use",
    ):
        assert words in html, words


def test_a_withdrawn_page_stays_with_its_date_and_reason(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, state=ListingState.WITHDRAWN, state_reason="Collected no more.")
    session.commit()
    html = client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    assert "was withdrawn on Mon 2 Mar 2026" in html
    assert "Collected no more." in html
    assert f"/proposals/new?dataset={row.reference}" not in html


def test_what_a_partner_writes_does_no_harm(client: Client, session: Session, acme: Organization) -> None:
    nasty = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://e.example/i.png) <img src=x onerror=alert(1)>"
    )
    row = make_dataset(
        session, acme, title=nasty, summary=nasty, description=nasty, keywords=[nasty], good_for=[nasty],
        dictionary=[{"name": nasty, "meaning": nasty}], license_text=nasty, contact=nasty,
        sample={"heads": [nasty], "rows": [[nasty]], "is_synthetic": False},
    )  # fmt: skip
    session.commit()
    parts = [f"/datasets/{row.reference}/{part}" for part in ("dictionary", "sample", "versions", "questions")]
    for path in (f"/datasets/{row.reference}", "/datasets", *parts):
        html = client.get(path, follow_redirects=True).text
        assert "<script>alert" not in html
        assert "onerror=alert(1)&gt;" in html or "onerror" not in html
        assert 'href="javascript:' not in html
        assert "<img" not in html


class Known:
    """A provider that knows of one use, for the page that shows it."""

    def uses_of(self, _session: Session, _viewer: Actor, _dataset_id: int) -> list[uses.Use]:
        return [
            uses.Use(
                "GR-2026-0001", "Clinics", "Bank", "2027", "In force", "green", "1 paper", "/register/GR-2026-0001"
            )
        ]

    def use_counts(self, _session: Session, ids: object) -> dict[int, int]:
        return dict.fromkeys(list(ids), 1)  # type: ignore[call-overload]

    def waits(self, _session: Session, ids: object) -> dict[int, uses.Wait]:
        return dict.fromkeys(list(ids), uses.Wait(6, 3, 11, 23))  # type: ignore[call-overload]

    def in_force(self, _session: Session, _dataset_id: int) -> int:
        return 2

    def effect(self, _session: Session, _dataset_id: int) -> uses.Effect:
        grants = [uses.Grant(f"GR-2026-000{n}", "Bank", "Wed 3 Mar 2027", f"/grants/GR-2026-000{n}") for n in (1, 2)]
        return uses.Effect(tuple(grants), 1)


@pytest.fixture
def provided() -> Iterator[None]:
    before = uses.provider()
    uses.register(Known())
    yield
    uses.register(before)


@pytest.mark.usefixtures("provided")
def test_uses_and_waits_come_from_those_who_know(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme)
    session.commit()
    html = client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    for words in ("6 working days", "Clinics", "/register/GR-2026-0001", "In force"):
        assert words in html
    assert "typical of 23 answers" in client.get("/datasets").text


@pytest.mark.usefixtures("provided")
def test_withdrawing_names_the_grants_that_run_on(desk: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme)
    session.commit()
    html = desk.get(f"/desk/listings/{row.reference}/withdraw").text
    assert "2 grants on it are in force" in html
    assert "/grants/GR-2026-0002" in html
    assert "One open proposal asks for it, and loses it." in html
    assert "and goes on" in desk.get(f"/desk/listings/{row.reference}/pause").text


# ---- the desk


def test_the_desk_is_there_for_stewards_only(app: Flask, client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT)
    paths = (
        "/desk/listings",
        f"/desk/listings/{row.reference}",
        f"/desk/listings/{row.reference}/edit/what",
        "/catalog/import",
    )
    session.commit()
    for path in paths:
        assert client.get(path).status_code == 303
    other = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    for path in paths[1:3]:
        assert other.get(path).status_code == 404
    member = signed_in(app, session, person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF))
    for path in paths:
        assert member.get(path).status_code == 404


def test_a_listing_is_written_on_four_pages_and_sent(desk: Client, session: Session) -> None:
    begun = desk.post("/desk/listings/new", data={"idempotency_key": "k1"})
    assert begun.status_code == 303
    reference = one(session).reference
    edit = f"/desk/listings/{reference}/edit"
    desk.post(f"{edit}/what", data={
        "title": "Trips", "summary": "S", "description": "D", "themes": ["mobility", "nonsense"], "keywords": "bus, rail",
        "not_good_for": "Rural areas\n\nAge", "act": "next",
    })  # fmt: skip
    row = one(session)
    assert (row.title, row.keywords, row.not_good_for) == ("Trips", ["bus", "rail"], ["Rural areas", "Age"])
    desk.post(f"{edit}/where", data={
        "countries": ["PE", "QQ"], "coverage_start": ["1", "2", "2020"], "unit": "trip", "frequency": "daily",
        "contact": "a@b.example",
    })  # fmt: skip
    desk.post(f"{edit}/access", data={"access_mode": "enclave", "sensitivity": "3", "visibility": "public"})
    unfinished = desk.post(f"/desk/listings/{reference}/send", data={"idempotency_key": "k2"})
    assert unfinished.status_code == 422
    assert "/edit/terms?mend=1#permitted_purposes" in unfinished.text
    desk.post(f"{edit}/terms", data={"permitted_purposes": ["dev.mobility"], "k_min": "12"})
    sent = desk.post(f"/desk/listings/{reference}/send", data={"idempotency_key": "k3"})
    assert sent.status_code == 303
    assert one(session).state is ListingState.IN_CHECK


def test_what_cannot_be_used_is_kept_and_said_beside_its_field(
    desk: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT)
    session.commit()
    path = f"/desk/listings/{row.reference}/edit"
    saved = desk.post(
        f"{path}/where",
        data={
            "coverage_start": ["31", "13", "2020"],
            "landing_page": "javascript:alert(1)",
            "contact": "not an address",
        },
    )
    assert saved.location.endswith("/where?mend=1")
    html = desk.get(saved.location).text
    for words in (
        'value="31"',
        'value="13"',
        "javascript:alert(1)",
        "like 14 3 2027",
        "begins with https://",
        'value="not an address"',
        "Enter a mail address, such as",
        "Choose the countries",
    ):
        assert words in html, words
    saved = desk.post(f"{path}/terms", data={"permitted_purposes": ["dev"], "review_wd": "45", "k_min": "many"})
    html = desk.get(saved.location).text
    for words in ('value="45"', "goes no further than 30", 'value="many"', "whole number"):
        assert words in html, words
    assert [one.parameter for one in one_conditions(session)] == ["permitted_purposes"]


def one_conditions(session: Session) -> list[DatasetCondition]:
    session.expire_all()
    return list(session.scalars(select(DatasetCondition)))


@pytest.mark.parametrize(
    ("typed", "kept", "words"),
    [
        ("CC BY 4.0", "CC-BY-4.0", "Creative Commons Attribution 4.0 International (CC-BY-4.0)"),
        (
            "https://opendatacommons.org/licenses/odbl/",
            "ODbL-1.0",
            "Open Data Commons Open Database License 1.0 (ODbL-1.0)",
        ),
        ("CC BY", "CC BY", ""),
        ("For study only, ask first", "For study only, ask first", ""),
    ],
)
def test_a_license_typed_in_other_words_is_known_and_told(
    desk: Client, session: Session, acme: Organization, typed: str, kept: str, words: str
) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT, license_text="")
    session.commit()
    address = f"/desk/listings/{row.reference}/edit/where"
    answer = desk.post(address, data={"license_text": typed, "act": "stay"}, follow_redirects=True)
    assert one(session).license_text == kept
    assert (f"Saved. The terms of the source are {words}" in answer.text) == bool(words) == ("Taken for" in answer.text)
    again = desk.post(address, data={"license_text": kept, "act": "stay"}, follow_redirects=True)
    assert "The terms of the source are" not in again.text
    assert one(session).license_text == kept


@pytest.mark.parametrize(
    "nasty", ["", "x" * 100_000, "\x00\x01", "\u202eevil", "\ud800", "' OR 1=1 --", "{{7*7}}", "=1+1"]
)
def test_any_text_can_be_saved_and_shown_again(desk: Client, session: Session, acme: Organization, nasty: str) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT)
    session.commit()
    for page in ("what", "where", "access", "terms"):
        fields = (
            "title", "summary", "description", "publisher", "themes", "keywords", "good_for", "not_good_for", "license_text",
            "countries", "coverage_start", "coverage_end", "unit", "frequency", "languages", "contact", "landing_page",
            "access_mode", "sensitivity", "visibility", "admitted", "question_1", "permitted_purposes", "ai_use", "k_min",
            "attribution_lines", "training_required",
        )  # fmt: skip
        data = dict.fromkeys(fields, nasty.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
        saved = desk.post(f"/desk/listings/{row.reference}/edit/{page}", data=data)
        assert saved.status_code == 303, page
        assert desk.get(f"/desk/listings/{row.reference}/edit/{page}?mend=1").status_code == 200
    assert desk.get(f"/datasets/{row.reference}", follow_redirects=True).status_code == 200


def test_a_listed_dataset_does_not_lose_an_answer_and_keeps_what_was_typed(
    desk: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme)
    session.commit()
    answer = desk.post(f"/desk/listings/{row.reference}/edit/what", data={"title": "", "summary": "Kept as typed"})
    assert answer.status_code == 422
    assert "Kept as typed" in answer.text
    assert "Error" in answer.text
    assert one(session).title == row.title


def test_pausing_needs_a_reason_and_happens_once(desk: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme)
    session.commit()
    path = f"/desk/listings/{row.reference}/pause"
    assert desk.post(path, data={"reason": " ", "idempotency_key": "k1"}).status_code == 422
    for _again in range(2):
        assert desk.post(path, data={"reason": "New method.", "idempotency_key": "k2"}).status_code == 303
    assert one(session).state is ListingState.PAUSED
    late = desk.get(path)
    assert late.status_code == 409
    assert "this cannot be done with the listing now" in late.text


def test_what_a_steward_cannot_do_any_more_is_said_and_does_not_exist_for_others(
    app: Flask, desk: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, state=ListingState.WITHDRAWN, state_since=datetime(2026, 3, 2, 8, tzinfo=UTC))
    member = signed_in(app, session, person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF))
    for part in ("edit/what", "dictionary", "sample", "release", "pause", "withdraw"):
        answer = desk.get(f"/desk/listings/{row.reference}/{part}")
        assert (answer.status_code, "Withdrawn since Mon 2 Mar 2026" in answer.text) == (409, True), part
        assert member.get(f"/desk/listings/{row.reference}/{part}").status_code == 404, part


def test_only_those_who_work_on_a_listing_are_led_to_the_desk(
    app: Flask, desk: Client, session: Session, acme: Organization
) -> None:
    paused = make_dataset(session, acme, state=ListingState.PAUSED, state_reason="Servers.")
    listed = make_dataset(session, acme)
    member = signed_in(app, session, person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF))
    for row in (paused, listed):
        desk_address = f"/desk/listings/{row.reference}"
        assert desk_address in desk.get(f"/datasets/{row.reference}", follow_redirects=True).text
        for path in (f"/datasets/{row.reference}", f"/datasets/{row.reference}/questions"):
            assert desk_address not in member.get(path, follow_redirects=True).text
        preview = desk.get(f"{desk_address}/preview").text
        assert "note a release, pause it" not in preview


def test_a_draft_that_is_given_up_is_not_said_to_have_a_page(
    desk: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT, listed_at=None)
    session.commit()
    path = f"/desk/listings/{row.reference}/withdraw"
    asked = desk.get(path).text
    assert "Nobody outside learns of it." in asked
    assert "Its page stays" not in asked
    told = desk.post(path, data={"reason": "Twice.", "idempotency_key": "k1"}, follow_redirects=True).text
    assert "Withdrawn. Nobody outside learns of it." in told


def test_what_the_check_asks_for_stands_before_the_button_that_sends_it_again(
    desk: Client, session: Session, acme: Organization
) -> None:
    organization(session, Kind.SECRETARIAT)
    row = make_dataset(session, acme, state=ListingState.DRAFT, state_reason="Name the city.", listed_at=None)
    session.commit()
    text = desk.get(f"/desk/listings/{row.reference}").text
    assert text.index("Name the city.") < text.index("Preview as a member sees it")


def test_a_number_that_is_too_large_is_not_called_no_number(desk: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT)
    session.commit()
    path = f"/desk/listings/{row.reference}/edit/terms"
    answer = desk.post(path, data={"deletion_days": "9" * 30}, follow_redirects=True)
    assert "9" * 30 in answer.text
    assert "Some answers cannot be used yet" in answer.text
    assert "Give a whole number" not in answer.text


def test_before_the_agreement_is_in_force_the_desk_says_what_is_missing(app: Flask, session: Session) -> None:
    new = organization(session, name="Newcomer")
    html = signed_in(app, session, person(session, new, Role.STEWARD)).get("/desk/listings").text
    assert "common agreement" in html
    assert "Newcomer" in html


# ---- the check


def test_an_officer_lists_or_gives_back(app: Flask, session: Session, acme: Organization, acme_steward: Person) -> None:
    secretariat = organization(session, Kind.SECRETARIAT)
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, listed_at=None)
    officer = signed_in(app, session, person(session, secretariat, Role.OFFICER))
    assert row.title in officer.get("/desk/checks").text
    assert "What to look at" in officer.get(f"/desk/checks/{row.reference}").text
    empty = officer.post(f"/desk/checks/{row.reference}/return", data={"reason": "", "idempotency_key": "k1"})
    assert empty.status_code == 422
    officer.post(f"/desk/checks/{row.reference}/return", data={"reason": "Name the limits.", "idempotency_key": "k2"})
    assert (one(session).state, one(session).state_reason) == (ListingState.DRAFT, "Name the limits.")
    assert "Name the limits." in signed_in(app, session, acme_steward).get(f"/desk/listings/{row.reference}").text
    one(session).state = ListingState.IN_CHECK
    session.commit()
    assert officer.post(f"/desk/checks/{row.reference}/list", data={"idempotency_key": "k3"}).status_code == 303
    assert one(session).state is ListingState.LISTED


def test_the_check_is_not_there_for_others(app: Flask, session: Session, acme: Organization, desk: Client) -> None:
    office = organization(session, Kind.SECRETARIAT)
    row = make_dataset(session, acme, state=ListingState.IN_CHECK, listed_at=None)
    session.commit()
    assert desk.get("/desk/checks").status_code == 404
    assert desk.post(f"/desk/checks/{row.reference}/list", data={"idempotency_key": "k"}).status_code == 404
    auditor = signed_in(app, session, person(session, office, Role.AUDITOR))
    assert auditor.get(f"/desk/checks/{row.reference}").status_code == 200
    assert auditor.post(f"/desk/checks/{row.reference}/list", data={"idempotency_key": "k"}).status_code == 404


# ---- importing by page

CATALOG = {"dataset": [{"identifier": "a", "title": "Trips", "description": "By hour."}, {"identifier": "b"}]}


def upload(desk: Client, content: bytes, name: str = "catalog.json") -> TestResponse:
    return desk.post("/catalog/import", data={"file": (io.BytesIO(content), name)})


def test_an_import_shows_what_would_happen_before_it_does(desk: Client, session: Session, acme: Organization) -> None:
    acme.lists_unchecked = True
    session.commit()
    answer = upload(desk, json.dumps(CATALOG).encode())
    review = answer.location
    html = desk.get(review).text
    assert "there is no title" in html
    assert session.scalars(select(Dataset)).all() == []
    done = desk.post(review, data={"publish": "y", "idempotency_key": "k1"}, follow_redirects=True)
    assert "1 created" in done.text
    assert one(session).state is ListingState.LISTED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"{", "to its end"),
        (b"a\n1", "title"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_a_file_that_is_no_catalog_is_answered_with_a_remedy(desk: Client, content: bytes, words: str) -> None:
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert words in answer.text


def test_no_file_at_all_and_the_upload_of_somebody_else(app: Flask, desk: Client, session: Session) -> None:
    assert desk.post("/catalog/import", data={}).status_code == 422
    review = upload(desk, json.dumps(CATALOG).encode()).location
    other = signed_in(app, session, person(session, partner(session), Role.STEWARD))
    assert other.get(review).status_code == 404
    assert other.post(review, data={"idempotency_key": "k"}).status_code == 404


def test_a_large_catalog_is_left_to_the_worker(desk: Client, session: Session) -> None:
    rows = [{"identifier": str(n), "title": f"T{n}", "description": "D"} for n in range(80)]
    review = upload(desk, json.dumps({"dataset": rows}).encode()).location
    assert "about to be looked through" in desk.get(review).text
    worker.drain(desk.application)
    assert "80 datasets read" in desk.get(review).text
    begun = desk.post(review, data={"idempotency_key": "k1"})
    assert begun.location == f"{review}/progress"
    assert "about to begin" in desk.get(begun.location).text
    assert session.scalars(select(Dataset)).all() == []


def test_the_desk_divides_many_listings_into_pages(desk: Client, session: Session, acme: Organization) -> None:
    for number in range(53):
        make_dataset(session, acme, title=f"Set {number:02d}")
    session.commit()
    assert desk.get("/desk/listings").text.count("op-listing__side") == 50
    assert desk.get("/desk/listings?page=2&state=listed").text.count("op-listing__side") == 3
    assert desk.get("/desk/listings?page=99").text.count("op-listing__side") == 3
    assert desk.get("/desk/listings?page=x&state=odd").status_code == 200
