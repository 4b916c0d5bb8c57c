"""What goes out comes in again as it was: into the same catalog nothing changes, into an empty one equal listings come."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.profiles import measured
from app.catalog.queries.listings import whole
from app.exchange.commands.importing import Imported, allow_import, import_rows
from app.exchange.exports.documents import catalog_jsonld, catalog_ntriples, catalog_turtle, catalog_xml, dataset_jsonld
from app.exchange.foreign import described
from app.exchange.foreign.keeping import values_of
from app.organizations.models import Organization
from app.readers import read_catalog
from app.rules.actors import OPERATOR
from app.rules.vocabulary import AccessMode, CollaborativeType, Frequency, Sensitivity, Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import partner
from tests.exchange.going_out import CARRIED, ODD, SITE
from tests.exchange.shapes import REAL, brought_in
from tests.factories.catalog import LISTED_AT, make_dataset

FORMS: dict[str, Callable[[list[Dataset]], str]] = {
    "jsonld": lambda rows: "".join(catalog_jsonld(rows, SITE, None)),
    "turtle": lambda rows: "".join(catalog_turtle(rows, SITE, None)),
    "triples": lambda rows: "".join(catalog_ntriples(rows, SITE, None)),
    "xml": lambda rows: "".join(catalog_xml(rows, SITE, None)),
}
# Of the row in this database, not of what the listing says; and what is asked of proposers, which is nobody else's.
OF_THE_ROW = {
    "id", "reference", "organization_id", "state", "state_since", "state_reason", "created_at", "updated_at", "listed_at",
    "content_hash", "version", "typed", "prefilled",
    "extra_questions",
}  # fmt: skip


@pytest.fixture
def rows(session: Session, acme: Organization) -> list[Dataset]:
    """Listings of every kind: full, sparse, imported, in odd words."""
    return [
        make_dataset(
            session, acme, identifier="t1", title="Trips", description=ODD, publisher="Acme & Sons <Lima>",
            contact="Ana Ruiz <ana@acme.example>", keywords=["z last", "a first", "m"], countries=["XK", "PE", "001"],
            themes=["environment", "mobility", "other"], languages=["es-PE", "en", "odd words"], license_text="CC-BY-4.0",
            landing_page="https://acme.example/a", release="2026-10", spatial_resolution="1.5 km", size="7 rows",
            coverage_end=date(2025, 12, 31), frequency=Frequency.CONTINUOUS, delivery_steps="A folder.\nThen a key.",
            good_for=["Z", "A"], not_good_for=["Nights: no data", "Rural"], extra_questions=["Why, in a word?"],
            dictionary=[{"name": "stop", "meaning": "Stop", "type": "text", "unit": ""},
                        {"name": "a", "meaning": "", "type": "", "unit": "m", "values": "1 = yes; 2 = no", "missing": "-99"}],
            sample={"heads": ["stop", "a"], "rows": [["1", "2"], ["3", ""]], "is_synthetic": True},
            profile=measured(["stop"], [["a"]] * 40 + [["b"]] * 30).to_json(),
            access_mode=AccessMode.ENCLAVE, collaborative_type=CollaborativeType.RESEARCH_PARTNERSHIP,
            sensitivity=Sensitivity.CLASS_3, visibility=Visibility.MEMBERS, foreign=CARRIED,
            conditions={"permitted_purposes": ["dev.mobility"], "k_min": 20},
        ),
        make_dataset(session, acme, identifier="t2", title="Plain", license_text="Ask us first", contact="The data desk"),
        make_dataset(session, acme, identifier="https://acme.example/d/3", title="<b>Odd</b> & «quoted»", contact="",
                     foreign={"format": "stac", "kept": {"extent": {"spatial": {"bbox": [[-1.5, 2, 3, 4.25]]}}, "n": 1e-7}},
                     frequency=Frequency.UNKNOWN, countries=[], themes=[], keywords=[], publisher=""),
    ]  # fmt: skip


def taken(session: Session, organization: Organization, text: str, **how: bool) -> Imported:
    found = list(described(read_catalog(io.BytesIO(text.encode())).entries))
    allow_import(session, OPERATOR, organization, LISTED_AT, publish=False)
    return import_rows(session, OPERATOR, organization, found, LISTED_AT, **how)


def said(row: Dataset) -> dict[str, object]:
    """Everything that the listing says."""
    columns = {name: getattr(row, name) for name in Dataset.__table__.columns.keys() if name not in OF_THE_ROW}  # noqa: SIM118
    conditions = {one.parameter: one.value for one in row.conditions}
    fields = values_of(row)
    unordered = {"themes": {one.theme for one in row.themes}, "countries": {one.country for one in row.countries}}
    return {**columns, **fields, **unordered, "conditions": conditions}


@pytest.mark.parametrize("form", FORMS)
def test_an_export_that_comes_in_again_changes_nothing(
    session: Session, acme: Organization, rows: list[Dataset], form: str
) -> None:
    before = [(said(row), row.version, row.updated_at, row.content_hash) for row in rows]
    result = taken(session, acme, FORMS[form](rows))
    assert result.counts == [3, 0, 0, 3, 0]
    session.expire_all()
    assert [(said(row), row.version, row.updated_at, row.content_hash) for row in rows] == before


@pytest.mark.parametrize("form", FORMS)
def test_an_export_makes_equal_listings_elsewhere(session: Session, rows: list[Dataset], form: str) -> None:
    wanted = {row.identifier: said(row) for row in rows}
    text = FORMS[form](rows)
    elsewhere = partner(session, "Acme Elsewhere")
    result = taken(session, elsewhere, text)
    assert result.counts == [3, 3, 0, 0, 0], result.refused
    session.expire_all()
    found = session.scalars(whole().where(Dataset.organization_id == elsewhere.id))
    assert {row.identifier: said(row) for row in found} == wanted
    assert taken(session, elsewhere, text).unchanged == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("file", REAL)
def test_a_real_catalog_goes_out_and_comes_in_as_it_was(
    session: Session, shared_data: Path, file: str, form: str
) -> None:
    rows = brought_in(session, shared_data / file)
    text, wanted = FORMS[form](rows), {row.identifier: said(row) for row in rows}
    assert taken(session, rows[0].organization, text).unchanged == len(rows)
    elsewhere = partner(session, "Acme Elsewhere")
    assert taken(session, elsewhere, text).created == len(rows)
    found = session.scalars(whole().where(Dataset.organization_id == elsewhere.id))
    assert {row.identifier: said(row) for row in found} == wanted


def test_one_dataset_comes_in_again_too(session: Session, acme: Organization, rows: list[Dataset]) -> None:
    assert taken(session, acme, dataset_jsonld(rows[0], SITE)).counts == [1, 0, 0, 1, 0]


def test_a_listing_without_an_identifier_is_known_by_its_number_where_it_was_begun(
    session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, identifier=None)
    text = FORMS["jsonld"]([row])
    assert taken(session, acme, text).counts == [1, 0, 0, 1, 0]
    # Where another listing has this number, a new one is made.
    row.created_at = row.created_at.replace(year=2020)
    session.flush()
    assert taken(session, acme, text).created == 1


def test_what_somebody_changed_in_the_file_is_an_update(
    session: Session, acme: Organization, rows: list[Dataset]
) -> None:
    document = json.loads(FORMS["jsonld"](rows))
    document["dcat:dataset"][1]["dct:title"] = "Plainer"
    assert taken(session, acme, json.dumps(document)).counts == [3, 0, 1, 2, 0]
    assert rows[1].title == "Plainer"


def test_a_listing_that_comes_in_is_never_shown_to_more_than_its_new_home_shows(
    session: Session, rows: list[Dataset]
) -> None:
    elsewhere = partner(session, "Acme Elsewhere")
    elsewhere.defaults = {**elsewhere.defaults, "visibility": "members"}
    taken(session, elsewhere, FORMS["jsonld"](rows))
    found = session.scalars(select(Dataset.visibility).where(Dataset.organization_id == elsewhere.id)).all()
    assert set(found) == {Visibility.MEMBERS}


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("onepact:listing", "no JSON"),
        (
            "onepact:listing",
            {"@value": {"keywords": {"a": 1}, "themes": [7, "health"], "landing_page": "javascript:alert(1)"}},
        ),
        ("onepact:dictionary", {"@value": ["a", {"name": 4}]}),
        ("onepact:sample", {"@value": {"heads": ["a"], "rows": [["1", "2"]]}}),
        ("onepact:profile", {"@value": {"rows": "many", "columns": [{"kind": "x"}]}}),
        ("onepact:visibility", ["public", "x"]),
        ("onepact:carried", 12),
    ],
)
def test_odd_values_under_our_own_terms_are_left_out(
    session: Session, rows: list[Dataset], term: str, value: object
) -> None:
    document = json.loads(dataset_jsonld(rows[0], SITE))
    document[term] = value
    elsewhere = partner(session, "Acme Elsewhere")
    assert taken(session, elsewhere, json.dumps(document)).created == 1
    row = session.scalars(select(Dataset).where(Dataset.organization_id == elsewhere.id)).one()
    assert row.title in ("Trips", "Viajes")
    assert not row.landing_page.startswith("javascript")


NAMING = {"heads": ["email"], "rows": [["ana@acme.example"]], "is_synthetic": True}


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("onepact:sample", NAMING),
        ("onepact:profile", measured(["contact name"], [["Ana Ruiz"]] * 40).to_json()),
    ],
)
def test_a_sample_that_may_name_persons_stays_as_the_listing_has_it(
    session: Session, acme: Organization, rows: list[Dataset], term: str, value: object
) -> None:
    before = rows[0].sample, rows[0].profile
    document = json.loads(dataset_jsonld(rows[0], SITE))
    document[term] = {"@value": value}
    result = taken(session, acme, json.dumps(document))
    assert (result.updated, rows[0].sample, rows[0].profile) == (1, *before)
    assert ["look as if they named persons" in remark.problem for remark in result.remarks] == [True]
    assert taken(session, acme, json.dumps(document)).unchanged == 1
    elsewhere = partner(session, "Acme Elsewhere")
    assert taken(session, elsewhere, json.dumps(document)).created == 1
    row = session.scalars(select(Dataset).where(Dataset.organization_id == elsewhere.id)).one()
    assert (row.sample, row.profile) == (None, None)


def test_a_sample_that_may_name_persons_comes_back_where_it_is(session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, identifier="t1", sample=NAMING)
    assert taken(session, acme, FORMS["jsonld"]([row])).unchanged == 1
    assert row.sample == NAMING


def test_of_a_sample_no_more_comes_in_than_is_shown(session: Session, rows: list[Dataset]) -> None:
    document = json.loads(dataset_jsonld(rows[0], SITE))
    wide = {"heads": [f"c{n}" for n in range(40)], "rows": [["x" * 500] * 40] * 60, "is_synthetic": False}
    document["onepact:sample"] = {"@value": wide}
    elsewhere = partner(session, "Acme Elsewhere")
    taken(session, elsewhere, json.dumps(document))
    row = session.scalars(select(Dataset).where(Dataset.organization_id == elsewhere.id)).one()
    assert row.sample is not None
    kept = row.sample["rows"]
    assert isinstance(kept, list)
    assert (len(row.sample["heads"]), len(kept), {len(cells) for cells in kept}) == (30, 20, {30})  # type: ignore[arg-type]
    assert {len(cell) for cells in kept for cell in cells} == {200}


def test_conditions_beyond_the_agreement_are_refused_with_the_row(session: Session, rows: list[Dataset]) -> None:
    document = json.loads(dataset_jsonld(rows[0], SITE))
    document["onepact:listing"]["@value"]["conditions"] = {"permitted_purposes": ["world.domination"]}
    elsewhere = partner(session, "Acme Elsewhere")
    result = taken(session, elsewhere, json.dumps(document))
    assert (result.created, len(result.refused)) == (0, 1)
    assert session.scalars(select(Dataset).where(Dataset.organization_id == elsewhere.id)).all() == []


def test_what_is_asked_of_proposers_goes_out_nowhere_and_stays_where_it_is(
    session: Session, acme: Organization, rows: list[Dataset]
) -> None:
    for form in FORMS.values():
        assert "Why, in a word?" not in form(rows)
    document = json.loads(FORMS["jsonld"](rows))
    document["dcat:dataset"][0]["dct:title"] = "Trips again"
    assert taken(session, acme, json.dumps(document)).updated == 1
    assert rows[0].extra_questions == ["Why, in a word?"]


def test_the_state_of_a_listing_does_not_travel(session: Session, rows: list[Dataset]) -> None:
    elsewhere = partner(session, "Acme Elsewhere")
    taken(session, elsewhere, FORMS["turtle"](rows))
    states = session.scalars(select(Dataset.state).where(Dataset.organization_id == elsewhere.id)).all()
    assert set(states) == {ListingState.DRAFT}
