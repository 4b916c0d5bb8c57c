"""schema.org, Croissant and citations: what each must say, and that texts of others break none of them."""

import io
import json
import re
from collections.abc import Mapping

import pytest
from flask import Flask
from rdflib import Graph, URIRef
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.exchange.exports.citations import bibtex, ris
from app.exchange.exports.forms import FORMS
from app.exchange.exports.schema_org import croissant, schema_org
from app.exchange.foreign import Described, described
from app.organizations.models import Organization
from app.readers import read_catalog
from app.rules.vocabulary import Visibility
from tests.exchange.going_out import SITE
from tests.factories.catalog import make_dataset
from tests.support.application import Client

BREAKS_OUT = "</script><script>alert(1)</script> & <!-- {{ 7*7 }}"
DICTIONARY = [
    {"name": "stop", "meaning": "Stop of the line", "type": "text", "unit": ""},
    {"name": "boardings", "meaning": "", "type": "integer", "unit": "people", "values": "0 or more", "missing": "-1"},
    {"name": "day", "meaning": "Local day", "type": "date", "unit": ""},
]
# What the specification asks of each thing, as the reference examples have it.
REQUIRED = {
    "sc:Dataset": {"@context", "@type", "name", "description", "conformsTo", "license", "url", "creator", "datePublished"},
    "cr:FileObject": {"@type", "@id", "name", "contentUrl", "encodingFormat"},
    "cr:RecordSet": {"@type", "@id", "name", "field"},
    "cr:Field": {"@type", "@id", "name", "description", "dataType", "source"},
}  # fmt: skip


@pytest.fixture
def row(session: Session, acme: Organization) -> Dataset:
    sample = {"heads": ["stop", "boardings"], "rows": [["a", "1"]], "is_synthetic": True}
    return make_dataset(
        session, acme, title="Trips", summary=BREAKS_OUT, description=f"Each boarding by hour. {BREAKS_OUT}" * 3,
        dictionary=DICTIONARY, sample=sample, license_text="CC-BY-4.0", release="2026-10", countries=["PE", "001"],
    )  # fmt: skip


def things(value: object) -> list[Mapping[str, object]]:
    """Every object in a document that has a type of Croissant's."""
    if isinstance(value, list):
        return [found for item in value for found in things(item)]
    if not isinstance(value, dict):
        return []
    inner = [found for name, held in value.items() if name != "@context" for found in things(held)]
    return [value, *inner] if value.get("@type") in REQUIRED else inner


def test_croissant_has_what_the_specification_requires(row: Dataset) -> None:
    found = things(croissant(row, SITE))
    assert {str(one["@type"]) for one in found} == set(REQUIRED)
    assert [(one["@type"], REQUIRED[str(one["@type"])] - one.keys()) for one in found] == [
        (one["@type"], set()) for one in found
    ]


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("2026-10", "2026.10.0"), ("2026-10-01", "2026.10.1"), ("v1.2", "1.2.0"), ("3", "3.0.0"), ("1.2.3", "1.2.3"),
        ("Q3 of 2026", None), ("1.2.3.4", None), ("", None),
    ],
)  # fmt: skip
def test_croissant_has_a_version_of_three_numbers_and_the_release_comes_back_in_its_own_words(
    row: Dataset, release: str, version: str | None
) -> None:
    row.release = release
    found = croissant(row, SITE)
    assert found.get("version") == version
    (again,) = described(read_catalog(io.BytesIO(json.dumps(found).encode())).entries)
    assert isinstance(again, Described)
    assert again.release == release
    assert schema_org(row, SITE).get("version", "") == release


def test_croissant_says_how_the_dataset_is_cited(row: Dataset) -> None:
    cited = str(croissant(row, SITE)["citeAs"])
    assert cited.startswith(f"@dataset{{{row.reference},")
    assert "title     = {Trips}" in cited


def test_every_column_is_a_field_that_is_read_from_a_file_that_is_there(row: Dataset) -> None:
    found = croissant(row, SITE)
    files = {one["@id"] for one in things(found) if one["@type"] == "cr:FileObject"}
    fields = [one for one in things(found) if one["@type"] == "cr:Field"]
    assert [(one["name"], one["dataType"]) for one in fields] == [
        ("stop", "sc:Text"), ("boardings", "sc:Integer"), ("day", "sc:Date")
    ]  # fmt: skip
    assert {json.dumps(one["source"]["fileObject"]["@id"]) for one in fields} == {json.dumps(file) for file in files}  # type: ignore[index]
    assert len({one["@id"] for one in fields}) == len(DICTIONARY)
    assert found["recordSet"][0]["examples"] == [{"stop": "a", "boardings": "1"}]  # type: ignore[index]


def test_a_dictionary_comes_back_from_croissant_as_it_was(row: Dataset) -> None:
    text = json.dumps(croissant(row, SITE))
    (entry,) = described(read_catalog(io.BytesIO(text.encode())).entries)
    assert isinstance(entry, Described)
    assert list(entry.dictionary) == DICTIONARY


def test_tools_and_search_engines_read_which_values_there_are(row: Dataset) -> None:
    _, field, _ = (one for one in things(croissant(row, SITE)) if one["@type"] == "cr:Field")
    assert field["description"] == "boardings. Unit: people. Values: 0 or more. Missing: -1"
    variables = schema_org(row, SITE)["variableMeasured"]
    assert isinstance(variables, list)
    assert variables[1]["description"] == "Values: 0 or more. Missing: -1"


def test_croissant_is_linked_data_too(row: Dataset) -> None:
    graph = Graph().parse(data=json.dumps(croissant(row, SITE)), format="json-ld")
    predicates = {str(predicate) for predicate in graph.predicates()}
    assert {"http://mlcommons.org/croissant/recordSet", "http://purl.org/dc/terms/conformsTo"} <= predicates
    assert "http://mlcommons.org/croissant/1.0" in {str(value) for value in graph.objects()}


def test_without_a_dictionary_there_is_no_croissant(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, dictionary=[])
    session.commit()
    assert client.get(f"/datasets/{row.reference}.croissant.json").status_code == 404
    asked = client.get(f"/datasets/{row.reference}", headers={"Accept": FORMS["croissant.json"].media_type})
    assert asked.mimetype == "application/ld+json"  # the nearest that there is
    assert "dcat:Dataset" in asked.text


def test_search_engines_find_the_dataset_in_the_page(client: Client, session: Session, row: Dataset) -> None:
    session.commit()
    html = client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    (block,) = blocks
    said = json.loads(block)
    assert (said["@type"], said["name"]) == ("Dataset", "Trips")
    assert BREAKS_OUT in said["description"]
    assert "alert(1)</script>" not in html
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {place["name"] for place in said["spatialCoverage"]} == {"Peru", "World"}


def test_descriptions_for_search_engines_have_the_length_that_they_read(session: Session, acme: Organization) -> None:
    long = make_dataset(session, acme, description="word " * 4000)
    short = make_dataset(
        session, acme, description="Trips.", summary="Boardings by stop and hour in Lima since 2022, counted."
    )
    assert len(str(schema_org(long, SITE)["description"])) <= 5000
    assert len(str(schema_org(short, SITE)["description"])) >= 50


def test_a_citation_says_who_what_when_and_where(row: Dataset) -> None:
    row.publisher, row.title = "Acme & Sons", "Trips_2026: 100% {of} them"
    found = bibtex(row, SITE)
    assert found.startswith(f"@dataset{{{row.reference},")
    assert r"author    = {{Acme \& Sons}}" in found
    assert r"title     = {Trips\_2026: 100\% \{of\} them}" in found
    assert "year      = {2026}" in found
    assert SITE.dataset(row) in found
    lines = ris(row, SITE).splitlines()
    assert (lines[0], lines[-1]) == ("TY  - DATA", "ER  - ")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)


def test_a_text_of_several_lines_is_one_line_in_a_citation(row: Dataset) -> None:
    row.title = "Trips\r\nER  - \r\nTY  - BOOK"
    assert len([line for line in ris(row, SITE).splitlines() if line.startswith("ER")]) == 1


@pytest.mark.parametrize("suffix", FORMS)
def test_each_form_has_an_address_a_media_type_and_a_link_to_it(
    client: Client, session: Session, row: Dataset, suffix: str
) -> None:
    session.commit()
    form, address = FORMS[suffix], f"/datasets/{row.reference}.{suffix}"
    direct = client.get(address)
    assert direct.status_code == 200
    assert direct.headers["Content-Type"].startswith(form.media_type)
    negotiated = client.get(f"/datasets/{row.reference}", headers={"Accept": form.media_type})
    assert negotiated.data == direct.data
    page = client.get(f"/datasets/{row.reference}", follow_redirects=True)
    assert f'href="{address}"' in page.text
    assert any(address in link for link in page.headers.getlist("Link"))


@pytest.mark.parametrize("suffix", FORMS)
def test_a_form_of_a_hidden_listing_is_not_there(
    client: Client, session: Session, acme: Organization, suffix: str
) -> None:
    row = make_dataset(session, acme, dictionary=DICTIONARY, visibility=Visibility.MEMBERS)
    session.commit()
    assert client.get(f"/datasets/{row.reference}.{suffix}").status_code == 404
    asked = client.get(f"/datasets/{row.reference}", headers={"Accept": FORMS[suffix].media_type})
    assert asked.status_code == 404


def test_the_page_for_programs_names_every_address(client: Client, session: Session, row: Dataset) -> None:
    session.commit()
    html = client.get("/for-programs").text
    for address in ("/datasets.jsonld", "/datasets.ttl", "/datasets.csv", "/datasets.atom", "/ns"):
        assert address in html
    assert f"/datasets/{row.reference}.croissant.json" in html


def test_the_commands_for_bringing_a_catalog_in_name_this_server(client: Client, app: Flask) -> None:
    html = client.get("/for-programs").text
    root = str(app.config["PUBLIC_URL"]).rstrip("/")
    assert html.count("/api/v1/catalog/imports") == html.count(f"{root}/api/v1/catalog/imports") > 2


def test_the_page_for_programs_names_no_hidden_listing(client: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, visibility=Visibility.MEMBERS)
    session.commit()
    assert row.reference not in client.get("/for-programs").text


def test_every_term_of_our_own_has_its_meaning_on_a_page(client: Client, row: Dataset) -> None:
    html = client.get("/ns").text
    said = json.loads(FORMS["jsonld"].write(row, SITE))
    used = {name.removeprefix("onepact:") for name in said if name.startswith("onepact:")}
    assert used
    assert {name for name in used if f'id="{name}"' not in html} == set()


def test_the_terms_that_a_use_starts_from_are_an_offer(row: Dataset) -> None:
    row.conditions[0].value = {"value": ["dev.mobility"]}
    offer = json.loads(FORMS["odrl.json"].write(row, SITE))
    assert (offer["@type"], offer["assigner"]["dct:title"]) == ("Offer", "Acme")
    (permission,) = offer["permission"]
    assert permission["target"]["uid"] == SITE.dataset(row)
    assert "dev.mobility" in json.dumps(permission)
    assert offer["prohibition"]
    graph = Graph().parse(data=FORMS["ttl"].write(row, SITE), format="turtle")
    assert SITE.policy(row) in {
        str(value) for value in graph.objects(None, URIRef("http://www.w3.org/ns/odrl/2/hasPolicy"))
    }
