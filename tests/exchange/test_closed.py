"""A withdrawn or paused listing does not look live to programs: its state is told, nothing is offered, nobody is led to it."""

import json
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.exchange.exports.dcat import is_open
from app.exchange.exports.documents import dataset_turtle
from app.exchange.exports.forms import FORMS
from app.exchange.exports.schema_org import croissant, schema_org
from app.organizations.models import Organization
from app.rules.workflow import ListingState
from tests.exchange.going_out import AUTHORITY, CARRIED, SITE
from tests.exchange.shapes import assert_valid
from tests.factories.catalog import make_dataset
from tests.support.application import Client

STATUS = URIRef("http://www.w3.org/ns/adms#status")
POLICY = URIRef("http://www.w3.org/ns/odrl/2/hasPolicy")
CLOSED = (ListingState.PAUSED, ListingState.WITHDRAWN)


def listing(session: Session, acme: Organization, state: ListingState) -> Dataset:
    row = make_dataset(
        session, acme, title="Trips", state=state, foreign=CARRIED, dictionary=[{"name": "stop", "meaning": "Stop"}]
    )
    session.commit()
    return row


def graph_of(row: Dataset) -> Graph:
    return Graph().parse(data=dataset_turtle(row, SITE), format="turtle")


def test_dcat_says_that_a_withdrawn_dataset_and_each_of_its_files_are_withdrawn(
    session: Session, acme: Organization
) -> None:
    row = listing(session, acme, ListingState.WITHDRAWN)
    graph = graph_of(row)
    said = {str(thing): str(status) for thing, status in graph.subject_objects(STATUS)}
    files = [thing for thing in said if thing.startswith(f"{SITE.dataset(row)}#")]
    assert said.pop(SITE.dataset(row)) == f"{AUTHORITY}dataset-status/WITHDRAWN"
    assert len(files) == 3
    assert set(said.values()) == {f"{AUTHORITY}distribution-status/WITHDRAWN"}


@pytest.mark.parametrize("state", [ListingState.LISTED, ListingState.PAUSED])
def test_dcat_says_no_status_of_what_is_there_or_comes_back(
    session: Session, acme: Organization, state: ListingState
) -> None:
    assert list(graph_of(listing(session, acme, state)).objects(None, STATUS)) == []


@pytest.mark.parametrize("state", CLOSED)
def test_what_is_closed_is_no_offer_in_any_form(
    client: Client, session: Session, acme: Organization, state: ListingState
) -> None:
    row = listing(session, acme, state)
    assert list(graph_of(row).objects(None, POLICY)) == []
    assert client.get(f"/datasets/{row.reference}.odrl.json").status_code == 404
    assert ".odrl.json" not in client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    assert [is_open(one) for one in (row, listing(session, acme, ListingState.LISTED))] == [False, True]


@pytest.mark.parametrize(("state", "word"), [(ListingState.PAUSED, "Paused"), (ListingState.WITHDRAWN, "Withdrawn")])
def test_search_engines_read_the_state_and_no_access(
    session: Session, acme: Organization, state: ListingState, word: str
) -> None:
    row = listing(session, acme, state)
    for said in (schema_org(row, SITE), croissant(row, SITE)):
        assert said["creativeWorkStatus"] == word
        assert str(said["conditionsOfAccess"]).startswith(f"{word}: no new use can be proposed")
        assert said.keys().isdisjoint({"isAccessibleForFree", "includedInDataCatalog"})
    assert "creativeWorkStatus" not in schema_org(listing(session, acme, ListingState.LISTED), SITE)


def test_search_engines_keep_no_page_of_a_withdrawn_listing_in_any_form(
    client: Client, session: Session, acme: Organization
) -> None:
    for state, word in ((ListingState.WITHDRAWN, "noindex"), (ListingState.PAUSED, None), (ListingState.LISTED, None)):
        row = listing(session, acme, state)
        bare = f"/datasets/{row.reference}"
        forms = [f"{bare}.{suffix}" for suffix, form in FORMS.items() if form.fits(row)]
        for address in (bare, f"{bare}/dictionary", f"{bare}/dictionary.csv", *forms):
            answer = client.get(address, follow_redirects=True)
            assert (answer.status_code, answer.headers.get("X-Robots-Tag")) == (200, word), (state, address)
        asked = client.get(bare, headers={"Accept": "text/turtle"})
        assert asked.headers.get("X-Robots-Tag") == word


@pytest.mark.parametrize("state", CLOSED)
def test_what_is_closed_stands_in_no_catalog_map_or_feed(
    client: Client, session: Session, acme: Organization, state: ListingState
) -> None:
    row = listing(session, acme, state)
    there = listing(session, acme, ListingState.LISTED)
    for address in (
        "/datasets.ttl",
        "/datasets.jsonld",
        "/datasets.csv",
        "/datasets.atom",
        "/sitemap/datasets-1.xml",
        "/datasets.rdf",
    ):
        text = client.get(address).text
        assert (row.reference in text, there.reference in text) == (False, True), address


def test_a_withdrawn_listing_is_valid_dcat_ap(session: Session, shared_data: Path, acme: Organization) -> None:
    assert_valid(dataset_turtle(listing(session, acme, ListingState.WITHDRAWN), SITE), shared_data, fewest=50)


def test_json_tells_the_name_of_the_status(session: Session, acme: Organization) -> None:
    said = json.loads(FORMS["jsonld"].write(listing(session, acme, ListingState.WITHDRAWN), SITE))
    named = {one["@id"]: one for one in said["@included"]}[f"{AUTHORITY}dataset-status/WITHDRAWN"]
    assert "Withdrawn" in json.dumps(named)
