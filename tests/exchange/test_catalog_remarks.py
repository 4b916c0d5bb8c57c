"""What is said of a catalog's own properties, of its files, and once of what all of its datasets lack."""

import io
import json

import openpyxl
import pytest

from app.exchange.foreign import Described, described
from app.readers import Entry, read_catalog

WHOLE = {
    "title": "Trips of a year",
    "description": "By hour.",
    "publisher": {"name": "Buslines"},
    "theme": "transport",
    "accrualPeriodicity": "R/P1Y",
    "contactPoint": {"fn": "Desk"},
    "license": "CC-BY-4.0",
    "distribution": [{"title": "Table", "accessURL": "https://example.org/trips", "format": "CSV"}],
}
AROUND = {"title": "Buslines", "description": "All of it.", "publisher": "Buslines"}
GRAPH = {
    "@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"},
    "@graph": [
        {"@id": "urn:c", "@type": "dcat:Catalog", "dct:title": "All", "dct:issued": "soon", "dcat:dataset": [{"@id": "urn:d"}]},
        {"@id": "urn:d", "@type": "dcat:Dataset", "dct:title": "Trips"},
    ],
}  # fmt: skip
TURTLE = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<urn:c> a dcat:Catalog ; dct:title "All" ; dct:issued "soon" ; dcat:dataset <urn:d> .
<urn:d> a dcat:Dataset ; dct:title "Trips" ."""


def rows(catalog: str | bytes) -> list[Described]:
    data = catalog.encode() if isinstance(catalog, str) else catalog
    return [row for row in described(read_catalog(io.BytesIO(data)).entries) if isinstance(row, Described)]


def said(**around: object) -> list[tuple[int, str, str, str]]:
    """The remarks about a catalog of one whole dataset."""
    return told({**AROUND, "dataset": [WHOLE], **around})


def told(catalog: object) -> list[tuple[int, str, str, str]]:
    return [
        (one.row, one.field, one.value, one.problem) for row in rows(json.dumps(catalog)) for one in row.remarks
    ]  # fmt: skip


def of_files(*files: object) -> list[tuple[str, str]]:
    return [(field, problem) for _row, field, _value, problem in said(dataset=[{**WHOLE, "distribution": [*files]}])]


def test_of_a_whole_catalog_nothing_is_said() -> None:
    assert said() == []
    assert (
        said(issued="2016-04-14T19:48:05-03:00", homepage={"@id": "https://example.org"}, language=["spa", "en"]) == []
    )


@pytest.mark.parametrize(
    ("around", "remark"),
    [
        ({"title": None}, ("title", "", "the catalog has none")),
        ({"description": 7}, ("description", "7", "this is no text")),
        ({"publisher": None}, ("publisher", "", "the catalog has none")),
        ({"publisher": ["Buslines", "desk@example.org"]}, ("publisher", "Buslines, desk@example.org", "these are several texts")),
        ({"publisher": {"mbox": 3}}, ("publisher", "{'mbox': 3}", "the publisher has no name")),
        ({"issued": "2016/04/14"}, ("issued", "2016/04/14", "this is no date")),
        ({"homepage": "example.org"}, ("homepage", "example.org", "this is no address")),
        ({"superThemeTaxonomy": 4}, ("superThemeTaxonomy", "4", "this is no address")),
        ({"language": ["es", "Klingonisch?"]}, ("language", "Klingonisch?", "this is no language")),
        ({"themeTaxonomy": [{"id": "a"}, {"id": "a"}]}, ("themeTaxonomy", "a", "two themes have this id")),
    ],
)  # fmt: skip
def test_a_property_of_the_catalog_that_cannot_be_used_is_named(
    around: dict[str, object], remark: tuple[str, str, str]
) -> None:
    assert said(**around) == [(0, *remark)]


@pytest.mark.parametrize("text", [json.dumps(GRAPH), TURTLE])
def test_the_catalog_of_a_graph_is_looked_at_as_well(text: str) -> None:
    (row,) = rows(text)
    assert (0, "issued", "soon") in [(one.row, one.field, one.value) for one in row.remarks]


def test_what_datasets_lack_is_said_at_the_first_of_them_alone() -> None:
    bare = {name: value for name, value in WHOLE.items() if name not in ("license", "accrualPeriodicity")}
    rows = [WHOLE, {**bare, "identifier": "a"}, {**bare, "identifier": "b", "contactPoint": None}]
    assert [(row, field) for row, field, _value, _problem in said(dataset=rows)] == [
        (2, "frequency"), (2, "license"), (3, "contact"),
    ]  # fmt: skip


def test_a_list_that_does_not_speak_of_itself_is_not_held_to_the_profile() -> None:
    assert told({"dataset": [{"title": "Trips"}]}) == []
    assert told([{"title": "Trips", "keyword": ["bus"]}]) == []


def test_a_file_is_told_where_its_address_or_its_format_cannot_be() -> None:
    there = {"title": "Table", "accessURL": "https://example.org/trips"}
    assert of_files({**there, "downloadURL": 444}) == [("downloadURL", "this is no address")]
    assert of_files({**there, "format": "text/csv", "downloadURL": "https://example.org/a.pdf?x=1"}) == [
        ("downloadURL", "the format is text/csv, but the name of the file ends in .pdf")
    ]
    typed = {"@value": "https://example.org/a.csv", "@type": "xsd:anyURI"}
    assert of_files({"title": "Table", "accessURL": typed, "downloadURL": "http://[broken"}) == []
    listed = {"@id": "http://publications.europa.eu/resource/authority/file-type/CSV"}
    (one,) = of_files({**there, "format": listed, "downloadURL": "https://example.org/a.pdf"})
    assert one[1].endswith("but the name of the file ends in .pdf")
    media = "https://www.iana.org/assignments/media-types/text/csv"
    assert of_files({**there, "mediaType": {"@id": media}, "downloadURL": "https://table.pdf/a.csv"}) == []
    for kind, name in (("CSV", "a.csv"), ("XLS", "a.xlsx"), ("GeoJSON", "a.json"), ("CSV", "a.zip"), ("API", "a.csv")):
        assert of_files({**there, "format": kind, "downloadURL": f"https://example.org/{name}"}) == []
    assert of_files({"accessURL": "https://example.org"}, {"title": "Table"}) == [
        ("distribution title", "it is missing; the first dataset that lacks it is named for all of them"),
        ("accessURL", "it is missing; the first dataset that lacks it is named for all of them"),
    ]


def test_a_column_of_a_file_that_is_no_object_or_has_no_text_is_told() -> None:
    fields = [{"title": "stop", "description": 123}, ["title", "route"], {"title": "x" * 201}, {"title": "hour"}]
    file = {"title": "Table", "accessURL": "https://example.org/trips", "field": fields}
    assert of_files(file) == [
        ("dictionary", "the description of the column “stop” is no text"),
        ("dictionary", "a column is no object with a name"),
        ("dictionary", "the name of a column has 201 characters and is cut"),
    ]


def test_of_one_dataset_so_many_files_are_told_that_the_pattern_shows() -> None:
    files = [{"title": "Table", "accessURL": number} for number in range(1, 90)]
    assert len(of_files(*files)) == 20


def test_a_keyword_with_the_marks_of_a_list_is_told() -> None:
    found = said(dataset=[{**WHOLE, "keyword": [";;goods;;", "C++", "(bus)", "and/or"]}])
    assert [(field, value) for _row, field, value, _problem in found] == [("keywords", ";;goods;;")]


def test_the_files_on_another_sheet_of_a_workbook_are_told_as_not_read() -> None:
    book, file = openpyxl.Workbook(write_only=True), io.BytesIO()
    datasets = book.create_sheet("Dataset")
    datasets.append(["dataset_title", "dataset_description"])
    datasets.append(["Trips", "By hour."])
    book.create_sheet("Files").append(["dataset_title", "distribution_downloadURL"])
    book.create_sheet("Notes").append(["what"])
    book.save(file)
    (row,) = rows(file.getvalue())
    assert [(one.row, one.field, one.value) for one in row.remarks] == [(0, "distribution", "Files")]


def test_a_property_of_a_catalog_that_never_ends_is_passed_over() -> None:
    long = {**AROUND, "spatial": [{"a": 1}] * 10_000, "issued": "soon", "dataset": [WHOLE]}
    entry: Entry = next(read_catalog(io.BytesIO(json.dumps(long).encode())).entries)
    assert entry.catalog.keys() == {"title", "description", "publisher", "issued"}
