"""The catalog as it goes out: the same facts in each form, valid by the profile's own shapes, and nothing that is hidden."""

import gzip
import json
from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from rdflib import RDF, Graph, URIRef
from sqlalchemy.orm import Session

from app.catalog.commands.acts import move
from app.catalog.models import Dataset
from app.catalog.queries import Edition, edition
from app.exchange.exports.documents import (
    catalog_jsonld,
    catalog_ntriples,
    catalog_turtle,
    catalog_xml,
    dataset_jsonld,
    dataset_turtle,
    dataset_xml,
)
from app.exchange.exports.forms import CATALOG_FORMS, FORMS
from app.exchange.queries import exporting
from app.organizations.models import Organization
from app.rules.actions import Action
from app.rules.actors import NOBODY
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Frequency, Visibility
from app.rules.workflow import ListingState
from app.web.database import db
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.exchange.going_out import AUTHORITY, CARRIED, DCAT, DCT, ODD, SITE, read
from tests.factories.catalog import make_dataset, make_many
from tests.support.application import Client
from tests.support.demo import people
from tests.support.plans import plans_of


@pytest.fixture
def full(session: Session, acme: Organization) -> Dataset:
    """A listing in which every field says something."""
    return make_dataset(
        session,
        acme,
        title="Trips",
        description=ODD,
        publisher="Acme & Sons <Lima>",
        contact="Ana Ruiz <ana@acme.example>",
        keywords=["buses", "public transport", "buses in Lima"],
        countries=["PE", "XK", "001"],
        themes=["mobility", "environment", "other"],
        languages=["en", "es-PE", "zz-odd"],
        license_text="CC-BY-4.0",
        landing_page="https://acme.example/a page",
        release="2026-10",
        spatial_resolution="1.5 km",
        identifier="t1",
        dictionary=[{"name": "stop", "meaning": "Stop", "type": "text", "unit": ""}],
        delivery_steps="A folder.\nThen a key.",
        foreign=CARRIED,
    )


def values(graph: Graph, predicate: str) -> set[str]:
    return {str(value) for value in graph.objects(None, URIRef(predicate))}


def whole(pieces: Iterable[str]) -> str:
    return "".join(pieces)


# ---- one dataset


def test_all_forms_of_a_dataset_say_the_same(full: Dataset) -> None:
    turtle, jsonld = read(dataset_turtle(full, SITE), "turtle"), read(dataset_jsonld(full, SITE), "json-ld")
    assert set(turtle) == set(jsonld) == set(read(dataset_xml(full, SITE), "xml"))
    assert len(turtle) > 60


def test_codes_of_ours_go_out_as_the_concepts_that_others_know(full: Dataset) -> None:
    graph = read(dataset_turtle(full, SITE), "turtle")
    assert values(graph, f"{DCT}spatial") == {
        f"{AUTHORITY}country/PER", f"{AUTHORITY}country/XKX", "https://sws.geonames.org/6295630/",
    }  # fmt: skip
    assert values(graph, f"{DCT}language") == {f"{AUTHORITY}language/ENG", f"{AUTHORITY}language/SPA"}
    assert values(graph, f"{DCT}accrualPeriodicity") == {f"{AUTHORITY}frequency/MONTHLY"}
    assert values(graph, f"{DCAT}theme") >= {f"{AUTHORITY}data-theme/TRAN", "http://metadata.un.org/sdg/14"}
    assert values(graph, f"{DCT}license") == {"https://creativecommons.org/licenses/by/4.0/"}
    assert values(graph, f"{DCAT}spatialResolutionInMeters") == {"1500.0"}


def test_addresses_and_texts_with_odd_characters_are_read_as_they_were_written(full: Dataset) -> None:
    graph = read(dataset_turtle(full, SITE), "turtle")
    assert ODD in values(graph, f"{DCT}description")
    assert values(graph, "http://xmlns.com/foaf/0.1/name") == {"Acme & Sons <Lima>"}
    assert values(graph, "http://www.w3.org/2006/vcard/ns#hasEmail") == {"mailto:ana@acme.example"}
    # A text that is no address stays a text in our own terms, and is never half an address.
    assert not values(graph, f"{DCAT}landingPage")


def test_what_an_import_carried_comes_back_out_under_its_own_names(full: Dataset) -> None:
    graph = read(dataset_turtle(full, SITE), "turtle")
    assert values(graph, f"{DCT}bibliographicCitation") == {"Acme (2026). Trips."}
    assert values(graph, "https://acme.example/terms#lab") == {"https://acme.example/labs/1"}
    assert "Viajes" in values(graph, f"{DCT}title")
    carried = json.loads(dataset_jsonld(full, SITE))["onepact:carried"]["@value"]
    assert carried == CARRIED


def test_a_distribution_that_leads_nowhere_leads_to_the_page_where_access_begins(full: Dataset) -> None:
    graph = read(dataset_turtle(full, SITE), "turtle")
    page = SITE.dataset(full)
    found = {
        str(node).rsplit("#", 1)[1]: str(graph.value(node, URIRef(f"{DCAT}accessURL")))
        for node in graph.objects(None, URIRef(f"{DCAT}distribution"))
    }
    assert found == {"access": page, "distribution-1": page, "distribution-2": "https://a.example/f.csv"}


def test_a_fuller_title_is_left_out_once_somebody_has_changed_the_title(full: Dataset) -> None:
    full.title = "Bus trips"
    assert values(read(dataset_turtle(full, SITE), "turtle"), f"{DCT}title") & {"Viajes"} == set()


def test_a_listing_that_says_little_goes_out_too(session: Session, acme: Organization) -> None:
    row = make_dataset(
        session, acme, state=ListingState.DRAFT, title="", summary="", description="", publisher="", contact="",
        keywords=[], countries=[], themes=[], coverage_start=None, frequency=Frequency.UNKNOWN, access_mode=None,
        sensitivity=None, collaborative_type=None, listed_at=None, not_good_for=[], conditions={},
    )  # fmt: skip
    graph = read(dataset_turtle(row, SITE), "turtle")
    assert set(graph) == set(read(dataset_jsonld(row, SITE), "json-ld"))
    assert row.reference in values(graph, f"{DCT}title")


# ---- the catalog


def test_all_forms_of_a_catalog_say_the_same(session: Session, full: Dataset, acme: Organization) -> None:
    rows = [full, make_dataset(session, acme, title="Elsewhere", countries=["PE"])]
    turtle = read(whole(catalog_turtle(rows, SITE, full.updated_at)), "turtle")
    assert set(turtle) == set(read(whole(catalog_jsonld(rows, SITE, full.updated_at)), "json-ld"))
    assert set(turtle) == set(read(whole(catalog_xml(rows, SITE, full.updated_at)), "xml"))
    assert set(turtle) == set(read(whole(catalog_ntriples(rows, SITE, full.updated_at)), "nt"))
    assert values(turtle, f"{DCAT}dataset") == {SITE.dataset(row) for row in rows}
    assert len(values(turtle, f"{DCAT}record")) == 2


def test_an_empty_catalog_is_a_document_too() -> None:
    turtle = read(whole(catalog_turtle([], SITE, None)), "turtle")
    assert set(turtle) == set(read(whole(catalog_jsonld([], SITE, None)), "json-ld"))
    assert set(turtle) == set(read(whole(catalog_xml([], SITE, None)), "xml"))


def test_the_catalog_answers_in_the_form_that_is_asked_for(client: Client, session: Session, full: Dataset) -> None:
    session.commit()
    for address, header in (
        ("/datasets.ttl", "*/*"),
        ("/datasets", "text/turtle"),
        ("/datasets", "text/turtle, text/html;q=0.2"),
        ("/datasets", "application/n-quads, text/turtle;q=0.8, application/n-triples;q=0"),
    ):
        answer = client.get(address, headers={"Accept": header})
        assert answer.mimetype == "text/turtle"
        assert full.title in answer.text
    jsonld = client.get("/datasets", headers={"Accept": "application/ld+json"})
    assert jsonld.get_json(force=True)["@type"] == "dcat:Catalog"
    assert "Accept" in jsonld.vary
    assert client.get("/datasets", headers={"Accept": "application/n-triples"}).mimetype == "application/n-triples"
    for header in ("text/html", "*/*", "text/*", "image/png, */*;q=0.1"):
        assert client.get("/datasets", headers={"Accept": header}).mimetype == "text/html"
    told = client.get("/datasets", headers={"Accept": "application/n-quads"})
    assert (told.status_code, "application/n-triples" in told.get_json()["detail"]) == (406, True)


@pytest.mark.parametrize("media_type", ["text/html", "text/turtle", "application/n-triples", "text/csv"])
def test_each_form_tells_its_head_alone_and_whether_it_changed(
    client: Client, session: Session, full: Dataset, media_type: str
) -> None:
    session.commit()
    whole_one = client.get("/datasets", headers={"Accept": media_type})
    head = client.head("/datasets", headers={"Accept": media_type})
    assert (head.status_code, head.mimetype, head.data) == (200, media_type, b"")
    mark = whole_one.headers["ETag"]
    assert head.headers["ETag"] == mark
    for ask in (client.get, client.head):
        again = ask("/datasets", headers={"Accept": media_type, "If-None-Match": mark})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", mark)
    assert full.title.encode() in whole_one.data


def test_what_has_not_changed_is_not_sent_again(client: Client, session: Session, full: Dataset) -> None:
    session.commit()
    for address in ("/datasets.jsonld", f"/datasets/{full.reference}.ttl"):
        mark = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
    before = client.get("/datasets.jsonld").headers["ETag"]
    full.title, full.updated_at = "Trips again", full.updated_at + timedelta(days=1)
    session.commit()
    assert client.get("/datasets.jsonld").headers["ETag"] != before


def test_who_can_read_compressed_answers_gets_one_that_is_packed_on_the_way(
    app: Flask, client: Client, session: Session, acme: Organization
) -> None:
    for number in range(3):
        make_dataset(session, acme, title=f"Trips {number}", description="Each boarding by hour. " * 200)
    member = person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF)
    session.commit()
    plain = client.get("/datasets.ttl")
    packed = client.get("/datasets.ttl", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 4 < len(plain.data)
    assert "Accept-Encoding" in plain.vary
    inside = app.test_client()
    assert isinstance(inside, Client)
    inside.sign_in_as(member)
    assert "Content-Encoding" not in inside.get("/datasets.ttl", headers={"Accept-Encoding": "gzip"}).headers


def test_what_a_search_finds_goes_out_in_the_same_forms(client: Client, session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Trips in Lima", countries=["PE"])
    make_dataset(session, acme, title="Trips elsewhere", countries=["CO"])
    session.commit()
    answer = client.get("/datasets.ttl?q=trips&country=PE").text
    assert "Trips in Lima" in answer
    assert "Trips elsewhere" not in answer


@pytest.mark.parametrize(
    ("suffix", "read_as"), [("jsonld", "json-ld"), ("ttl", "turtle"), ("rdf", "xml"), ("nt", "nt")]
)
def test_all_that_a_search_finds_goes_out_in_its_order_however_many_parts_it_takes(
    client: Client, session: Session, acme: Organization, monkeypatch: pytest.MonkeyPatch, suffix: str, read_as: str
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    first = make_dataset(session, acme, title="Trips in Lima and nowhere else")
    make_many(session, first, 4)
    make_dataset(session, acme, title="Hidden trips", visibility=Visibility.MEMBERS)
    session.commit()
    answer = client.get(f"/datasets.{suffix}?q=bus+lima").text
    described = set(Graph().parse(data=answer, format=read_as).subjects(RDF.type, URIRef(f"{DCAT}Dataset")))
    assert len(described) == 5
    assert "Hidden" not in answer
    assert answer.index("Trips in Lima") < answer.index("Bus boardings 3")


def test_a_catalog_is_sent_while_it_is_written_so_that_nobody_counts_it_beforehand(
    client: Client, full: Dataset, session: Session
) -> None:
    session.commit()
    answer = client.get("/datasets.jsonld")
    assert answer.status_code == 200
    assert full.reference in answer.text
    assert "Content-Length" not in answer.headers


def test_a_page_of_a_large_catalog_is_found_by_its_keys_and_no_listing_is_sorted_for_it(
    session: Session, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    rows = [make_dataset(session, acme, title=f"Trips {number}") for number in range(5)]
    assert [row.id for row in exporting.exported(session, NOBODY)] == [row.id for row in rows]
    if session.get_bind().dialect.name == "sqlite":
        _keys, *pages = plans_of(session, "dataset", lambda: list(exporting.exported(session, NOBODY)))
        assert pages == [["SEARCH dataset USING INTEGER PRIMARY KEY (rowid=?)"]] * 3


def test_what_leaves_while_a_catalog_goes_out_is_not_in_it(
    session: Session, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 1)
    rows = [make_dataset(session, acme, title=f"Trips {number}") for number in range(3)]
    keys, going_out = [row.id for row in rows], exporting.exported(session, NOBODY)
    first = next(going_out).id
    rows[1].visibility = Visibility.NAMED
    session.flush()
    assert [first, *(row.id for row in going_out)] == [keys[0], keys[2]]


@pytest.mark.parametrize(
    "address", ["/datasets.jsonld", "/datasets.ttl", "/datasets.rdf", "/datasets.ttl?q=trips", "/datasets.csv"]
)
def test_an_answer_that_is_sent_or_given_up_lets_its_connection_go(demo_app: Flask, address: str) -> None:
    with demo_app.app_context():
        pool = db.engine.pool
    officer = demo_app.test_client()
    assert isinstance(officer, Client)
    officer.sign_in_as(people(demo_app)["Secretariat officer"])
    for client in (demo_app.test_client(), officer):
        assert client.get(address).status_code == 200
        assert pool.checkedout() == 0  # type: ignore[attr-defined]
        given_up = client.get(address, buffered=False)
        next(given_up.iter_encoded())
        assert pool.checkedout() == 0  # type: ignore[attr-defined] # while a slow reader reads, too
        given_up.close()
        assert pool.checkedout() == 0  # type: ignore[attr-defined]


# ---- what is hidden


def test_hidden_listings_are_in_no_export_for_others(
    app: Flask, client: Client, session: Session, acme: Organization
) -> None:
    hidden_partner = partner(session, "Quiet Partner")
    make_dataset(session, acme, title="Open trips")
    make_dataset(session, hidden_partner, title="Hidden trips", visibility=Visibility.MEMBERS)
    make_dataset(session, hidden_partner, title="Named trips", visibility=Visibility.NAMED)
    for state in (ListingState.DRAFT, ListingState.IN_CHECK, ListingState.PAUSED, ListingState.WITHDRAWN):
        make_dataset(session, hidden_partner, title=f"Trips {state}", state=state)
    member = person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF)
    session.commit()
    public = {form: client.get(f"/datasets.{form}") for form in CATALOG_FORMS}
    for answer in public.values():
        assert "Open trips" in answer.text
        assert answer.text.count("CatalogRecord") == 1
        assert "DS-" in answer.text
        assert "Quiet Partner" not in answer.text
    inside = app.test_client()
    assert isinstance(inside, Client)
    inside.sign_in_as(member)
    seen = inside.get("/datasets.ttl")
    assert "Hidden trips" in seen.text
    assert "Named trips" not in seen.text
    assert seen.headers["Cache-Control"] == "no-store"
    assert "ETag" not in seen.headers


def test_a_hidden_listing_has_no_other_form_either(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, visibility=Visibility.MEMBERS)
    session.commit()
    for suffix, form in FORMS.items():
        answer = client.get(f"/datasets/{row.reference}.{suffix}")
        assert answer.status_code == 404
        # A person may follow the link to a citation, and is told so in a page.
        assert answer.mimetype == ("text/html" if form.is_citation else "application/problem+json")


def test_an_edition_is_another_one_when_a_listing_comes_changes_or_leaves(session: Session, acme: Organization) -> None:
    def act(row: Dataset, action: Action) -> Edition:
        move(session, actor(acme, Role.STEWARD), row, action, NOW)
        session.flush()
        return edition(session, NOBODY)

    row = make_dataset(session, acme)
    first = edition(session, NOBODY)
    draft = make_dataset(session, acme, state=ListingState.DRAFT, listed_at=None)
    assert act(draft, Action.EDIT_LISTING) == first
    came = make_dataset(session, acme)
    seen = [first, edition(session, NOBODY)]
    for one, action in ((row, Action.EDIT_LISTING), (came, Action.PAUSE_LISTING), (came, Action.RESUME_LISTING)):
        seen.append(act(one, action))
    assert len(set(seen)) == len(seen)
