"""Feeds, the map of addresses and kept pages: what everybody may know, and the same text for the same content."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.catalog.commands.acts import note
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import NOBODY, OPERATOR
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Visibility
from app.rules.workflow import ListingState
from app.search.models import SavedSearch
from app.search.queries import SearchRequest
from app.search.queries.saved import new_listings
from app.search.routes import feeds
from tests.catalog.people import organization, partner, person
from tests.factories.catalog import make_dataset
from tests.support.application import Client

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def parsed(document: bytes) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 - our own answer


def titles(client: Client, address: str) -> list[str | None]:
    return [node.text for node in parsed(client.get(address).data).findall("a:entry/a:title", ATOM)]


def addresses(client: Client, address: str) -> list[str]:
    return [node.text or "" for node in parsed(client.get(address).data).findall(".//m:loc", MAP)]


def test_a_feed_has_what_atom_asks_of_one(session: Session, client: Client, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Trips & <stops>")
    session.commit()
    answer = client.get("/datasets.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = parsed(answer.data)
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM), name
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Trips & <stops>"
    assert entry.findtext("a:updated", namespaces=ATOM) == row.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert str(links["self"]).endswith("/datasets.atom")
    assert str(links["alternate"]).endswith("/datasets")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "New and changed datasets –"),
        ("?sort=title", "New and changed datasets –"),
        ("?q=trips", "Datasets on trips –"),
        ("?q=trips&country=PE", "Datasets on trips · Peru –"),
        ("?country=PE&mode=dashboard", "Datasets on Peru · Dashboard –"),
    ],
)
def test_a_feed_is_called_what_it_follows(
    session: Session, client: Client, acme: Organization, question: str, words: str
) -> None:
    make_dataset(session, acme, title="Trips", countries=["PE"], access_mode=AccessMode.DASHBOARD)
    session.commit()
    title = parsed(client.get("/datasets.atom" + question).data).findtext("a:title", namespaces=ATOM)
    assert str(title).startswith(words)


def test_an_entry_keeps_its_id_when_its_title_changes(session: Session, client: Client, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Old name")
    session.commit()
    ids = []
    for title in ("Old name", "New name"):
        row.title = title
        session.commit()
        feed = parsed(client.get("/datasets.atom").data)
        ids.append(feed.findtext("a:entry/a:id", namespaces=ATOM))
    assert ids[0] == ids[1]
    assert str(ids[0]).endswith(f"/datasets/{row.reference}")


def test_what_changed_last_stands_first(session: Session, client: Client, acme: Organization) -> None:
    make_dataset(session, acme, title="Listed last")
    make_dataset(session, acme, title="Changed last", updated_at=datetime(2026, 4, 1, tzinfo=UTC))
    session.commit()
    assert titles(client, "/datasets.atom") == ["Changed last", "Listed last"]


def test_the_feed_of_a_search_has_what_changed_last_however_long_ago_it_was_listed(
    session: Session, client: Client, acme: Organization
) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    make_dataset(session, acme, title="Heat of old", listed_at=at, updated_at=at + timedelta(days=90))
    for place in range(feeds.ENTRIES + 1):
        day = at + timedelta(days=1 + place)
        make_dataset(session, acme, title=f"Heat {place}", listed_at=day, updated_at=day)
    session.commit()
    found = titles(client, "/datasets.atom?q=heat")
    assert (len(found), found[:2]) == (feeds.ENTRIES, ["Heat of old", f"Heat {feeds.ENTRIES}"])


def test_a_search_has_a_feed_of_its_own(session: Session, client: Client, acme: Organization) -> None:
    make_dataset(session, acme, title="Heat in Lima", countries=["PE"])
    make_dataset(session, acme, title="Heat in Cali", countries=["CO"])
    session.commit()
    assert titles(client, "/datasets.atom?q=heat&country=PE") == ["Heat in Lima"]
    assert "/datasets.atom?q=heat&amp;country=PE" in client.get("/datasets?q=heat&country=PE").text


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("night+heat", ["Night heat in Lima"]),
        ("night+heat+peru", ["Night heat in Lima"]),
        ("night", ["Night trains", "Night heat in Lima"]),
        ("night+zeppelin", []),
        ("what+do+we+know+about+night+heat?", ["Night heat in Lima"]),
        ("nigth+heat", []),  # a guess at a word counts as had nowhere: nobody is told of it unasked
    ],
)
def test_a_feed_of_several_words_follows_what_has_all_of_them_as_a_saved_search_does(
    session: Session, client: Client, acme: Organization, question: str, found: list[str]
) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    for title in ("Night heat in Lima", "Heat in Cali", "Night trains"):
        at += timedelta(days=1)
        make_dataset(session, acme, title=title, countries=["PE"], listed_at=at, updated_at=at)
    session.commit()
    assert titles(client, f"/datasets.atom?q={question}") == found
    asked = SearchRequest(question.replace("+", " "))
    saved = SavedSearch(id=0, created_at=at - timedelta(days=9), since=at - timedelta(days=9))
    assert [row.title for row in new_listings(session, NOBODY, saved, asked)] == found


def test_feed_and_map_tell_what_everybody_may_know_whoever_asks(
    session: Session, client: Client, acme: Organization
) -> None:
    make_dataset(session, acme, title="Open")
    make_dataset(session, acme, title="Closed", visibility=Visibility.MEMBERS)
    make_dataset(session, acme, title="Draft", state=ListingState.DRAFT)
    client.sign_in_as(person(session, acme, Role.STEWARD))
    session.commit()
    assert titles(client, "/datasets.atom") == ["Open"]
    assert [place.rsplit("-", 1)[-1] for place in addresses(client, "/sitemap/datasets-1.xml")] == ["open"]


def test_the_map_names_its_parts_and_no_part_is_larger_than_allowed(
    session: Session, client: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ADDRESSES", 2)
    for _ in range(3):
        make_dataset(session, acme)
    session.commit()
    names = [place.rsplit("/", 1)[-1] for place in addresses(client, "/sitemap.xml")]
    assert names == ["pages.xml", "datasets-1.xml", "datasets-2.xml"]
    monkeypatch.setattr(feeds, "ADDRESSES", 3)
    assert len(addresses(client, "/sitemap/datasets-1.xml")) == 3
    assert client.get("/sitemap/datasets-2.xml").status_code == 404
    assert client.get("/sitemap/datasets-0.xml").status_code == 404


def test_a_listing_stays_in_its_part_of_the_map_whatever_becomes_of_others(
    session: Session, client: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ADDRESSES", 2)
    rows = [make_dataset(session, acme) for _ in range(5)]
    session.commit()
    third = addresses(client, "/sitemap/datasets-2.xml")
    for row in rows[:2]:
        row.visibility = Visibility.NAMED
    session.commit()
    assert addresses(client, "/sitemap/datasets-2.xml") == third
    names = [place.rsplit("/", 1)[-1] for place in addresses(client, "/sitemap.xml")]
    assert names == ["pages.xml", "datasets-2.xml", "datasets-3.xml"]


def test_an_empty_catalog_has_a_valid_map_and_feed(client: Client) -> None:
    assert addresses(client, "/sitemap/datasets-1.xml") == []
    assert titles(client, "/datasets.atom") == []
    assert any(place.endswith("/datasets") for place in addresses(client, "/sitemap/pages.xml"))


def test_crawlers_are_told_where_the_map_is(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "/sitemap.xml" in answer.text


@pytest.mark.parametrize("path", ["/datasets", "/datasets?q=bus", "/datasets.atom", "{dataset}"])
def test_a_page_that_did_not_change_is_not_sent_again(
    session: Session, client: Client, acme: Organization, path: str
) -> None:
    row = make_dataset(session, acme, title="Trips")
    session.commit()
    path = path.format(dataset=f"/datasets/{row.reference}-trips")
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "no-cache"
    assert {"cookie", "accept-encoding"} <= {name.lower() for name in first.vary}
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert {"cookie", "accept-encoding"} <= {name.lower() for name in again.vary}
    row.title = "Other trips"
    note(session, OPERATOR, row, Action.EDIT_LISTING, datetime.now(UTC))
    session.commit()
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]}, follow_redirects=True)
    assert changed.status_code == 200


def test_pages_of_somebody_who_is_signed_in_are_kept_nowhere(
    session: Session, client: Client, acme: Organization
) -> None:
    row = make_dataset(session, acme, title="Trips")
    client.sign_in_as(person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF))
    session.commit()
    for path in ("/datasets", f"/datasets/{row.reference}-trips"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
