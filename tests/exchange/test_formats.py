"""One invented dataset in each format that is known: told apart by its content, read into the same fields, nothing lost."""

import io
import json
import zipfile
from datetime import date

import pytest

from app.exchange.foreign import Described, described
from app.exchange.foreign.keeping import Kept
from app.readers import Unreadable, read_catalog
from app.rules.vocabulary import Frequency
from tests.factories.uploads import workbook

DCAT_US = {
    "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
    "dataset": [
        {
            "@type": "dcat:Dataset", "identifier": "BR-1", "title": "Bridges", "description": "Each bridge once.",
            "keyword": ["bridge"], "publisher": {"@type": "org:Organization", "name": "Roads Office"},
            "contactPoint": {"fn": "Desk", "hasEmail": "mailto:desk@roads.example"}, "accessLevel": "public",
            "bureauCode": ["015:11"], "accrualPeriodicity": "R/P1Y", "temporal": "2019-01-01/2020-12-31",
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "distribution": [{"downloadURL": "https://roads.example/b.csv", "mediaType": "text/csv"}],
        }
    ],
}  # fmt: skip
PACKAGE = {
    "id": "b-1", "name": "bridges", "title": "Bridges", "notes": "Each <b>bridge</b> once.", "license_id": "cc-by-sa-4.0",
    "license_title": "CC BY-SA 4.0", "organization": {"name": "roads", "title": "Roads Office"}, "state": "active",
    "tags": [{"name": "bridge", "display_name": "bridge"}], "maintainer": "Desk", "maintainer_email": "desk@roads.example",
    "extras": [{"key": "frequency", "value": "monthly"}, {"key": "temporal", "value": "2019/2020"}],
    "resources": [{"url": "https://roads.example/b.csv", "format": "CSV"}],
}  # fmt: skip
COLLECTION = {
    "type": "Collection", "stac_version": "1.0.0", "id": "bridges", "title": "Bridges", "description": "Each bridge once.",
    "license": "proprietary", "keywords": ["bridge"], "links": [{"rel": "license", "href": "https://roads.example/terms"}],
    "providers": [{"name": "Cloud", "roles": ["host"]}, {"name": "Roads Office", "roles": ["producer"]}],
    "extent": {"spatial": {"bbox": [[-180, -60, 180, 75]]}, "temporal": {"interval": [["2019-01-01T00:00:00Z", None]]}},
    "sci:doi": "10.1234/bridges", "summaries": {"gsd": [10]}, "cube:variables": {"span": {"type": "data", "unit": "m"}},
}  # fmt: skip
CROISSANT = {
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "sc": "https://schema.org/"},
    "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "name": "Bridges",
    "description": "Each bridge once.", "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://roads.example/bridges", "creator": {"@type": "Organization", "name": "Roads Office"},
    "distribution": [{"@type": "cr:FileObject", "@id": "b.csv", "contentUrl": "https://roads.example/b.csv"}],
    "recordSet": [{"@type": "cr:RecordSet", "name": "bridges", "field": [
        {"@type": "cr:Field", "name": "span", "description": "Length in meters", "dataType": "sc:Float"}]}],
}  # fmt: skip
DATA_PACKAGE = {
    "profile": "tabular-data-package", "name": "bridges", "title": "Bridges", "description": "Each bridge once.",
    "licenses": [{"name": "ODC-PDDL-1.0", "path": "https://opendatacommons.org/licenses/pddl/"}],
    "contributors": [{"title": "Roads Office", "role": "publisher", "email": "desk@roads.example"}],
    "resources": [{"path": "b.csv", "schema": {"fields": [{"name": "span", "type": "number", "description": "Length"}]}}],
}  # fmt: skip
SCHEMA_ORG = {
    "@context": "https://schema.org/", "@type": "Dataset", "name": "Bridges", "description": "Each bridge once.",
    "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1234/bridges"},
    "creator": [{"@type": "Organization", "name": "Roads Office"}], "temporalCoverage": "2019-01-01/2020-12-31",
    "spatialCoverage": {"@type": "Place", "name": "Peru"}, "variableMeasured": ["span", "age"], "isAccessibleForFree": True,
}  # fmt: skip


def read(data: str | bytes | object) -> tuple[str, Described]:
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    catalog = read_catalog(io.BytesIO(raw))
    (row,) = described(catalog.entries)
    assert isinstance(row, Described)
    assert row.title == "Bridges"
    return catalog.form, row


def test_dcat_us() -> None:
    form, row = read(DCAT_US)
    assert form == "DCAT-US (data.json), JSON"
    assert (row.publisher, row.contact, row.frequency) == (
        "Roads Office", "Desk <desk@roads.example>", Frequency.ANNUAL,
    )  # fmt: skip
    assert row.license_text == "CC0-1.0"
    assert Kept.of(row.foreign).put_back(row.fields)["bureauCode"] == ["015:11"]


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "result": PACKAGE},
        {"success": True, "result": {"count": 1, "results": [PACKAGE]}},
        {"success": True, "result": [PACKAGE]},
        PACKAGE,
        [PACKAGE],
    ],
)
def test_every_answer_of_ckan(answer: object) -> None:
    form, row = read(answer)
    assert form == "CKAN packages, JSON"
    assert (row.identifier, row.publisher, row.license_text, row.keywords) == (
        "b-1", "Roads Office", "CC-BY-SA-4.0", ("bridge",),
    )  # fmt: skip
    assert (row.frequency, row.coverage_start, row.contact) == (
        Frequency.MONTHLY, date(2019, 1, 1), "Desk <desk@roads.example>",
    )  # fmt: skip
    assert row.foreign["kept"]["resources"] == PACKAGE["resources"]  # type: ignore[index]


@pytest.mark.parametrize("many", [COLLECTION, [COLLECTION], {"collections": [COLLECTION], "links": []}])
def test_stac_collections(many: object) -> None:
    form, row = read(many)
    assert form == "STAC Collections, JSON"
    assert (row.identifier, row.publisher, row.landing_page) == (
        "bridges", "Roads Office", "https://doi.org/10.1234/bridges",
    )  # fmt: skip
    assert (row.coverage_start, row.coverage_end, row.countries) == (date(2019, 1, 1), None, ("001",))
    assert (row.spatial_resolution, row.license_text) == ("10 m", "https://roads.example/terms")
    assert row.dictionary == ({"name": "span", "meaning": "", "type": "data", "unit": "m"},)
    assert row.foreign["kept"]["extent"] == COLLECTION["extent"]  # type: ignore[index]


def test_croissant_has_its_columns_and_keeps_its_files_and_its_context() -> None:
    form, row = read(CROISSANT)
    assert form == "Croissant, JSON"
    assert (row.identifier, row.publisher, row.license_text) == (
        "https://roads.example/bridges", "Roads Office", "CC-BY-4.0",
    )  # fmt: skip
    assert row.dictionary == ({"name": "span", "meaning": "Length in meters", "type": "Float", "unit": ""},)
    kept = Kept.of(row.foreign)
    assert kept.context == CROISSANT["@context"]
    assert kept.put_back(row.fields)["recordSet"] == CROISSANT["recordSet"]
    assert kept.kept["distribution"] == CROISSANT["distribution"]


def test_a_data_package() -> None:
    form, row = read(DATA_PACKAGE)
    assert form == "Frictionless Data Package, JSON"
    assert (row.identifier, row.publisher, row.contact) == (
        "bridges", "Roads Office", "Roads Office <desk@roads.example>",
    )  # fmt: skip
    assert row.dictionary == ({"name": "span", "meaning": "Length", "type": "number", "unit": ""},)


def test_a_data_package_says_which_values_there_are_and_which_are_missing() -> None:
    fields = [
        {"name": "lane", "type": "string", "constraints": {"enum": ["bus", "car"]}},
        {"name": "state", "type": "integer", "categories": [{"value": 1, "label": "open"}, {"value": 2}], "missingValues": ["?"]},
        {"name": "odd", "constraints": "x", "categories": [None, {"label": "y"}, ["z"]]},
    ]  # fmt: skip
    schema = {"fields": fields, "missingValues": ["", "-99"]}
    _, row = read({**DATA_PACKAGE, "resources": [{"name": "spans", "schema": schema}]})
    assert [(one["name"], one.get("values", ""), one.get("missing", "")) for one in row.dictionary] == [
        ("lane", "bus, car", "-99"), ("state", "1 = open, 2", "?"), ("odd", "", "-99"),
    ]  # fmt: skip


def test_schema_org_as_json_ld_and_inside_a_web_page() -> None:
    page = (
        "<!DOCTYPE html><html><head><script>alert('title')</script>"
        f'<script type="application/ld+json">{json.dumps(SCHEMA_ORG)}</script></head><body>Hello</body></html>'
    )
    for data, form in ((SCHEMA_ORG, "schema.org Dataset, JSON"), (page, "schema.org Dataset, on a web page")):
        found, row = read(data)
        assert found == form
        assert (row.identifier, row.publisher, row.countries) == ("10.1234/bridges", "Roads Office", ("PE",))
        assert [column["name"] for column in row.dictionary] == ["span", "age"]
        assert row.foreign["kept"]["isAccessibleForFree"] is True  # type: ignore[index]


def test_json_lines_of_which_one_is_broken() -> None:
    lines = f"{json.dumps(COLLECTION)}\n{{broken\n\n{json.dumps({**COLLECTION, 'id': 'b2'})}\n"
    catalog = read_catalog(io.BytesIO(lines.encode()))
    assert catalog.form == "STAC Collections, JSON lines"
    rows = list(described(catalog.entries))
    assert [row.row for row in rows] == [1, 2, 4]
    assert [isinstance(row, Described) for row in rows] == [True, False, True]


def test_a_workbook_is_read_from_the_sheet_of_datasets() -> None:
    data = workbook(
        ("Notes", [["Read me"]]),
        ("Datasets", [["dataset_identifier", "dataset_title", "Start date", "End date", "own"],
                      [7, "Bridges", date(2019, 1, 1), date(2020, 12, 31), 1.5], [None, None, None, None, None]]),
    )  # fmt: skip
    form, row = read(data)
    assert form == "workbook, sheet “Datasets”"
    assert (row.identifier, row.coverage_start, row.coverage_end) == ("7", date(2019, 1, 1), date(2020, 12, 31))
    assert row.foreign["kept"]["own"] == "1.5"  # type: ignore[index]


def archive(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        packed.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive("xl/sharedStrings.xml", b" " * (61 * 1024 * 1024)), "unpacks to more than"),
        (archive("xl/other.xml", b"x"), "damaged"),
        (workbook(("Empty", [])), "empty"),
        (workbook(("Dishes", [["Plate", "Price"], ["Soup", 3]])), "no column with the title"),
    ],
)
def test_a_workbook_that_gives_nothing_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        list(read_catalog(io.BytesIO(data)).entries)


def test_a_zip_that_is_no_workbook_says_so() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("catalog.csv", "title\nTrips\n")
    with pytest.raises(Unreadable, match="no workbook"):
        read_catalog(io.BytesIO(file.getvalue()))
