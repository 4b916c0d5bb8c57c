"""The country in a title: read where there is no place and no doubt, told, and overruled by people."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.commands.writing import set_countries
from app.catalog.models import Dataset
from app.catalog.queries.listings import whole
from app.exchange.commands.importing import Imported, import_rows
from app.exchange.drafting import given_by
from app.exchange.exports.documents import catalog_jsonld
from app.exchange.foreign import Described, described
from app.exchange.foreign.places import country_code
from app.exchange.foreign.titles import country_in
from app.organizations.models import Organization
from app.readers import read_catalog
from app.rules.actors import OPERATOR
from app.rules.roles import Role
from app.rules.vocabulary import WORLD
from tests.catalog.desk import signed_in
from tests.catalog.people import NOW, partner, person
from tests.exchange import test_formats as formats
from tests.exchange.going_out import SITE

TITLE = "Kenya - Bridges"


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps", lists_unchecked=True)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Lebanon - Roads", "LB"),
        ("HAITI: Roads", "HT"),
        ("Roads – Colombia, 2015", "CO"),
        ("Food prices - Perú (2019)", "PE"),
        ("Equatorial Guinea: health posts", "GQ"),
        ("Traffic - the Former Yugoslav Republic of Macedonia, 2015", "MK"),
        ("United Republic of Tanzania - Age structures", "TZ"),
    ],
)
def test_a_country_that_stands_apart_is_read(title: str, code: str) -> None:
    assert country_in(title) == code


@pytest.mark.parametrize(
    "title",
    [
        "Croatia - Intentions of refugees from Ukraine",  # two
        "Roads of Kenya",  # not apart
        "New Jersey: roads",
        "Jersey: cattle by breed",
        "Georgia - Parcels by county",
        "Saint-Martin - Plan local d'urbanisme",
        "Granada - Calidad del aire",
        "Traffic - Salvador",
        "Congo - Roads",  # either of two
        "World - Age structures",
        "IT - Services",
        "Global CHILI: heat load",
        "Food prices: Peru",
        "Kenya",
        "Kenya -",
        "Nairobi-Kenya",
        "Scale 1:2 Kenya",
        f"Kenya - {'x' * 600}",
    ],
)
def test_a_title_that_leaves_doubt_is_not_read(title: str) -> None:
    assert country_in(title) is None


def row_of(catalog: object) -> Described:
    text = catalog if isinstance(catalog, str) else json.dumps(catalog)
    (row,) = described(read_catalog(io.BytesIO(text.encode())).entries)
    assert isinstance(row, Described)
    return row


NO_PLACE: dict[str, object] = {
    "dcat": {"dataset": [{"@type": "dcat:Dataset", "identifier": "b", "title": TITLE}]},
    "dcat-us": {**formats.DCAT_US, "dataset": [{**formats.DCAT_US["dataset"][0], "title": TITLE}]},  # type: ignore[dict-item]
    "ckan": {**formats.PACKAGE, "title": TITLE},
    "stac": {**formats.COLLECTION, "title": TITLE, "extent": {"spatial": {"bbox": [[33, -5, 42, 6]]}}},
    "croissant": {**formats.CROISSANT, "name": TITLE},
    "data package": {**formats.DATA_PACKAGE, "title": TITLE},
    "schema.org": {k: v for k, v in formats.SCHEMA_ORG.items() if k != "spatialCoverage"} | {"name": TITLE},
    "csv": f"identifier,title,description\nb,{TITLE},Each once.\n",
}


@pytest.mark.parametrize("form", NO_PLACE)
def test_every_form_is_read_where_it_says_no_place(form: str) -> None:
    row = row_of(NO_PLACE[form])
    assert (row.title, row.countries, row.placed, row.foreign["placed"]) == (TITLE, (), ("KE",), ["KE"])


@pytest.mark.parametrize("place", ["Peru", "World", "East Africa"])
def test_what_the_catalog_says_of_the_place_counts_before_the_title(place: str) -> None:
    row = row_of({"dataset": [{"identifier": "b", "title": TITLE, "spatial": place}]})
    assert row.placed == ()
    assert "placed" not in row.foreign


def bring(session: Session, acme: Organization, title: str, **more: object) -> Imported:
    catalog = {"dataset": [{"identifier": "b", "title": title, "description": "Each once.", **more}]}
    return import_rows(session, OPERATOR, acme, [row_of(catalog)], NOW, publish=True)


def countries(session: Session) -> list[str]:
    session.expire_all()
    return [one.country for one in session.scalars(whole()).one().countries]


def test_a_listing_has_the_country_of_its_title_and_follows_it(session: Session, acme: Organization) -> None:
    assert bring(session, acme, TITLE).placed == 1
    assert countries(session) == ["KE"]
    assert bring(session, acme, TITLE).counts == [1, 0, 0, 1, 0]
    bring(session, acme, "Peru - Bridges")
    assert countries(session) == ["PE"]
    bring(session, acme, "Bridges")
    assert countries(session) == []
    bring(session, acme, TITLE, spatial="Chile")
    assert countries(session) == ["CL"]


@pytest.mark.parametrize("said", [[], ["UG"], ["KE", "UG"]])
def test_what_a_person_says_instead_stays(session: Session, acme: Organization, said: list[str]) -> None:
    bring(session, acme, TITLE)
    set_countries(session.scalars(whole()).one(), said)
    session.flush()
    bring(session, acme, "Kenya - Bridges and tunnels")
    assert sorted(countries(session)) == said


def test_a_listing_that_came_before_titles_were_read_gets_its_country_when_it_changes(
    session: Session, acme: Organization
) -> None:
    bring(session, acme, "Bridges")
    bring(session, acme, TITLE)
    assert countries(session) == ["KE"]


def exported(session: Session) -> str:
    session.expire_all()
    return "".join(catalog_jsonld(list(session.scalars(whole())), SITE, None))


def test_an_export_of_ours_that_says_no_country_is_not_read_by_its_title(session: Session, acme: Organization) -> None:
    bring(session, acme, TITLE)
    set_countries(session.scalars(whole()).one(), [])
    session.flush()
    row = row_of(exported(session))
    assert (row.title, row.placed) == (TITLE, ())
    assert import_rows(session, OPERATOR, acme, [row], NOW).counts == [1, 0, 0, 1, 0]


def test_it_goes_out_and_comes_back_unchanged(session: Session, acme: Organization) -> None:
    bring(session, acme, TITLE)
    document = exported(session)
    assert '"http://publications.europa.eu/resource/authority/country/KEN"' in document
    assert import_rows(session, OPERATOR, acme, [row_of(document)], NOW).counts == [1, 0, 0, 1, 0]


def test_a_draft_that_begins_with_a_file_has_it_too() -> None:
    (where,) = [page for page in given_by(json.dumps(NO_PLACE["dcat"]).encode()).pages if hasattr(page, "countries")]
    assert tuple(where.countries) == ("KE",)


def test_the_look_and_the_page_of_the_listing_say_where_the_country_is_from(
    app: Flask, session: Session, acme: Organization
) -> None:
    steward = person(session, acme, Role.STEWARD)
    session.commit()
    desk = signed_in(app, session, steward)
    file = (io.BytesIO(f"identifier,title,description\nb,{TITLE},Each once.\nc,Bridges,Each.\n".encode()), "list.csv")
    review = desk.post("/catalog/import", data={"file": file}).location
    html = desk.get(review).text
    assert "One dataset has no place of its own; its country is read from its title" in html
    table = html.split("Countries read from titles")[1]
    assert table.index("row 2") < table.index(TITLE) < table.index(">Kenya</td>")
    desk.post(review, data={"idempotency_key": "k1", "publish": "y"})
    read, other = (session.scalars(select(Dataset).where(Dataset.identifier == key)).one() for key in "bc")
    said = "Its country was read from its title"
    assert said in desk.get(f"/datasets/{read.reference}", follow_redirects=True).text
    assert said not in desk.get(f"/datasets/{other.reference}", follow_redirects=True).text


def test_real_titles_agree_with_what_their_publishers_say_of_the_country(shared_data: Path) -> None:
    read = wrong = 0
    with gzip.open(shared_data / "catalogue-hdx" / "hdx-datasets.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said = {country_code(part) for part in row["countries"].split(";")} - {None}
            if said and WORLD not in said and (code := country_in(row["title"])):
                read += 1
                wrong += code not in said
    assert read > 600
    assert wrong == 0
