"""A data partner's page at its stable address: what its reader finds of it, for people and for programs, and nothing else."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from rdflib import FOAF, RDF, Graph, Literal, URIRef
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ItemState, ListingState
from tests.catalog.desk import signed_in
from tests.catalog.people import organization, partner, person
from tests.factories.catalog import make_dataset
from tests.factories.review import MONDAY, decided_too, scene_in_review
from tests.support.application import Client

HERE = "/organizations/acme-maps"


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(
        session, "Acme Maps", slug="acme-maps", country="CO", about="We draw\nmaps.", website="https://a.example"
    )


def test_the_address_in_a_description_leads_to_the_page_of_its_publisher(
    client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme)
    session.commit()
    told = json.loads(client.get(f"/datasets/{row.reference}.jsonld").text)["dct:publisher"]
    assert told["@id"].endswith(HERE)
    page = client.get(HERE)
    assert page.status_code == 200
    assert told["foaf:name"] in page.text
    assert f'<link rel="canonical" href="{told["@id"]}">' in page.text


def test_it_tells_what_is_offered_with_numbers_and_leads_to_the_search(
    client: Client, session: Session, acme: Organization
) -> None:
    for number in range(10):
        make_dataset(session, acme, title=f"Trips {number}", countries=["CO" if number < 7 else "PE"])
    make_dataset(session, partner(session, "Other"), title="Elsewhere", countries=["CO"])
    session.commit()
    text = client.get(HERE).text
    assert "10 datasets" in text
    assert text.count("op-hit__title") == 8
    assert "Elsewhere" not in text
    assert 'href="/datasets?partner=acme-maps&amp;country=CO">Colombia <span class="op-num">7</span>' in text
    assert 'href="/datasets?partner=acme-maps"' in text
    assert "/datasets.csv?partner=acme-maps" in text
    assert '<p class="op-serif">We draw</p>' in text
    assert 'href="https://a.example"' in text
    assert "Too few answers so far" in text


@pytest.mark.both_databases
def test_it_is_there_for_those_alone_who_find_something_of_it(
    app: Flask, client: Client, session: Session, acme: Organization
) -> None:
    make_dataset(session, acme, title="Hidden trips", visibility=Visibility.MEMBERS)
    member_organization = organization(session, Kind.MEMBER)
    member = person(session, member_organization, Role.PROJECT_STAFF)
    session.commit()
    assert client.get(HERE).status_code == 404
    inside = signed_in(app, session, member)
    assert "One dataset" in inside.get(HERE).text
    make_dataset(session, acme, title="Open trips")
    session.commit()
    text = client.get(HERE).text
    assert "One dataset" in text
    assert "Hidden" not in text
    assert "2 datasets" in inside.get(HERE).text
    assert inside.get(f"/organizations/{member_organization.slug}").status_code == 404


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.IN_CHECK, ListingState.WITHDRAWN])
def test_a_data_partner_that_lists_nothing_has_no_page_there(
    client: Client, session: Session, acme: Organization, state: ListingState
) -> None:
    make_dataset(session, acme, state=state)
    session.commit()
    assert client.get(HERE).status_code == 404
    assert "/organizations/" not in client.get("/sitemap/pages.xml").text


@pytest.mark.parametrize(
    ("media_type", "read_as"),
    [
        ("application/ld+json", "json-ld"),
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/n-triples", "nt"),
    ],
)
def test_a_program_gets_the_same_as_an_agent(
    client: Client, session: Session, acme: Organization, media_type: str, read_as: str
) -> None:
    make_dataset(session, acme)
    session.commit()
    answer = client.get(HERE, headers={"Accept": media_type})
    assert answer.mimetype == media_type
    assert "Accept" in answer.vary
    graph = Graph().parse(data=answer.text, format=read_as)
    (agent,) = graph.subjects(RDF.type, FOAF.Agent)
    assert str(agent).endswith(HERE)
    assert (agent, FOAF.name, Literal("Acme Maps")) in graph
    assert (agent, FOAF.homepage, URIRef("https://a.example")) in graph
    assert client.get("/organizations/nobody", headers={"Accept": media_type}).status_code == 404


def test_it_is_led_to_from_a_listing_and_from_the_map_of_addresses(
    client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme)
    session.commit()
    text = client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    assert f'<dd><a href="{HERE}">Acme Maps</a></dd>' in text
    assert f"{HERE}</loc>" in client.get("/sitemap/pages.xml").text


def test_a_listing_that_is_not_offered_leads_to_no_page_that_may_not_be_there(
    app: Flask, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, state=ListingState.PAUSED)
    steward = person(session, acme, Role.STEWARD)
    session.commit()
    text = signed_in(app, session, steward).get(f"/datasets/{row.reference}", follow_redirects=True).text
    assert f'href="{HERE}"' not in text
    assert "Acme Maps" in text


def test_how_long_it_takes_to_answer_is_told_from_what_the_reader_finds_alone(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", ItemState.APPROVED, MONDAY + timedelta(days=1))
    for number, days in enumerate((3, 8)):
        decided_too(scene, number, days)
    acme, streets = scene.organizations["acme"], scene.datasets["streets"]
    session.commit()
    address = f"/organizations/{acme.slug}"
    assert "3 working days" in client.get(address).text
    assert "3 answers took" in client.get(address).text
    streets.visibility = Visibility.MEMBERS
    make_dataset(session, acme, title="Answered by nobody yet")
    session.commit()
    assert "3 answers took" not in client.get(f"{address}?anew").text


def test_its_answers_stand_in_where_a_dataset_has_too_few_of_its_own(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", ItemState.APPROVED, MONDAY + timedelta(days=1))
    for number, days in enumerate((3, 8)):
        decided_too(scene, number, days)
    acme, streets = scene.organizations["acme"], scene.datasets["streets"]
    new = make_dataset(session, acme, title="Answered by nobody yet")
    session.commit()
    name = acme.name
    assert f"typical of 3 answers of {name}, in working days" in client.get("/datasets?q=nobody").text
    shown = client.get(f"/datasets/{new.reference}", follow_redirects=True).text
    assert f"Typical answer of {name}: 3 on its public datasets took 1 to 6 days." in shown
    own = client.get(f"/datasets/{streets.reference}", follow_redirects=True).text
    assert "Typical answer. 3 answers took" in own
    found = json.loads(client.get("/datasets.json").text)
    told = {row["id"]: (row["typical_days"], row["typical_answers"], row["typical_of"]) for row in found["datasets"]}
    assert told[new.reference] == (3, 3, "data partner")
    assert told[streets.reference] == (3, 3, "dataset")
    assert {one["value"]: one["count"] for one in found["facets"]["wait"]} == {"5": 2, "none": 1}
    started = client.get(f"/proposals/new?dataset={new.reference}").text
    assert f"{name} typically answers in 3 working days, n=3" in started


@pytest.mark.parametrize("hidden", [Visibility.MEMBERS, Visibility.NAMED])
def test_answers_on_what_not_everyone_may_know_of_stand_in_for_nothing(
    client: Client, session: Session, hidden: Visibility
) -> None:
    scene = scene_in_review(session)
    scene.decides("lucia", "streets", ItemState.APPROVED, MONDAY + timedelta(days=1))
    for number, days in enumerate((3, 8)):
        decided_too(scene, number, days)
    new = make_dataset(session, scene.organizations["acme"], title="Answered by nobody yet")
    scene.datasets["streets"].visibility = hidden
    session.commit()
    found = json.loads(client.get("/datasets.json").text)
    assert {row["typical_days"] for row in found["datasets"]} == {None}
    assert "Too few answers so far" in client.get(f"/datasets/{new.reference}", follow_redirects=True).text
