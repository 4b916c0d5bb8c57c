"""Foreign catalogs in every form that is known, and in forms that are none."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.readers import Entry, Unreadable, read_catalog

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
HOSTILE = SHARED / "hostile"
needs_hostile = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile files (../shared/data/hostile) are not here"
)

TWO = {
    "@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"},
    "@type": "dcat:Catalog",
    "dcat:dataset": [
        {"@type": "dcat:Dataset", "dct:identifier": "a", "dct:title": "Trips", "dcat:keyword": ["bus", "rail"]},
        {"@type": "dcat:Dataset", "dct:identifier": "b", "dct:title": "Taps"},
    ],
}
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://example.org/trips> a dcat:Dataset ; dct:title "Trips"@en , "Viajes"@es ; dct:description "By hour." ;
  dct:publisher [ a foaf:Agent ; foaf:name "Acme" ] ; dcat:keyword "bus", "rail" .
"""
RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
  xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="https://example.org/trips">
  <dct:title>Trips</dct:title></dcat:Dataset></rdf:RDF>"""


def entries(data: str | bytes) -> list[Entry]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_catalog(io.BytesIO(raw)).entries)


def plainly(entry: Entry) -> dict[str, object]:
    """Its properties by their plain names."""
    assert entry.data is not None
    return {entry.names.of(name): value for name, value in entry.data.items()}


def titles(data: str | bytes) -> list[object]:
    return [plainly(entry)["title"] if entry.data else entry.problem for entry in entries(data)]


def refusal(data: str | bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        entries(data)
    assert caught.value.remedy
    return caught.value.problem


def test_json_ld_with_prefixes() -> None:
    found = entries(json.dumps(TWO))
    assert [(e.row, plainly(e)["identifier"]) for e in found] == [(1, "a"), (2, "b")]
    assert plainly(found[0])["keyword"] == ["bus", "rail"]


def test_properties_keep_their_names_and_values_and_the_context_that_explains_them() -> None:
    document = {
        **TWO,
        "dcat:dataset": [{"@type": "dcat:Dataset", "dct:title": "A", "dct:extent": [0.5, 7, True, None]}],
    }
    (found,) = entries(json.dumps(document))
    assert found.data == {"@type": "dcat:Dataset", "dct:title": "A", "dct:extent": [0.5, 7, True, None]}
    assert found.names.context == TWO["@context"]


def test_the_context_may_stand_behind_the_datasets_and_rename_every_term() -> None:
    document = {"datensatz": [{"naam": "Trips"}], "@context": {"datensatz": "dcat:dataset", "naam": "dct:title"}}
    assert titles(json.dumps({"@context": document["@context"], **document})) == ["Trips"]


def test_a_context_that_stands_elsewhere_is_not_fetched() -> None:
    for context in ("http://127.0.0.1:9/context.jsonld", ["http://127.0.0.1:9/c.jsonld", {"n": "dct:title"}]):
        assert titles(json.dumps({"@context": context, "dataset": [{"title": "Trips"}]})) == ["Trips"]


def test_full_addresses_as_terms() -> None:
    expanded = [{"http://www.w3.org/ns/dcat#dataset": [{"http://purl.org/dc/terms/title": [{"@value": "Trips"}]}]}]
    assert titles(json.dumps(expanded)) == [[{"@value": "Trips"}]]


def test_a_graph_of_nodes_is_put_together() -> None:
    graph = {
        "@graph": [
            {"@id": "c", "@type": "dcat:Catalog", "dcat:dataset": [{"@id": "d"}]},
            {"@id": "d", "@type": "dcat:Dataset", "dct:title": "Trips", "dct:publisher": {"@id": "p"}},
            {"@id": "p", "@type": "foaf:Agent", "foaf:name": "Acme"},
        ]
    }
    (found,) = entries(json.dumps(graph))
    assert plainly(found)["publisher"] == {"@id": "p", "@type": "foaf:Agent", "foaf:name": "Acme"}


def test_nodes_that_name_each_other_do_not_turn_forever() -> None:
    graph = {"@graph": [{"@id": "d", "@type": "Dataset", "title": "Trips", "relation": {"@id": "d"}}]}
    assert titles(json.dumps(graph)) == ["Trips"]


def test_plain_json_of_a_portal_and_a_bare_list() -> None:
    assert titles('{"dataset": [{"title": "Trips"}]}') == ["Trips"]
    assert titles('{"result": {"results": [{"title": "Trips"}]}}') == ["Trips"]
    assert titles('[{"title": "Trips"}, 3, null]') == ["Trips", *["is a number, not a dataset with a title",
                                                                  "is empty, not a dataset with a title"]]  # fmt: skip
    assert titles('{"@type": "Dataset", "title": "Trips"}') == ["Trips"]


def test_turtle_and_rdf_xml() -> None:
    (found,) = entries(TURTLE)
    agent = {"@type": {"@id": "http://xmlns.com/foaf/0.1/Agent"}, "http://xmlns.com/foaf/0.1/name": "Acme"}
    assert plainly(found)["publisher"] == agent
    assert plainly(found)["keyword"] == ["bus", "rail"]
    assert "http://purl.org/dc/terms/title" in (found.data or {})
    assert titles(RDF_XML) == ["Trips"]


def test_the_form_is_seen_in_the_content_and_gzip_is_unpacked() -> None:
    for document in (json.dumps(TWO), TURTLE, RDF_XML, "title\nTrips\n"):
        packed = entries(gzip.compress(document.encode()))
        assert [entry.data for entry in packed] == [entry.data for entry in entries(document)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings(encoding: str) -> None:
    assert titles('{"dataset": [{"title": "Перевозки"}]}'.encode(encoding)) == ["Перевозки"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_with_any_usual_delimiter(delimiter: str) -> None:
    table = delimiter.join(("identifier", "title", "keywords")) + "\n" + delimiter.join(("a", "Trips", "bus"))
    (found,) = entries(table)
    assert (found.row, plainly(found)) == (2, {"identifier": "a", "title": "Trips", "keyword": "bus"})


def test_a_table_in_spanish_and_in_the_encoding_of_spreadsheets() -> None:
    table = "título;descripción;países;columna propia\nMovilidad en Bogotá;Por hora;Perú|Colombia;x\n".encode("cp1252")
    (found,) = entries(table)
    assert plainly(found) == {
        "title": "Movilidad en Bogotá", "description": "Por hora", "spatial": "Perú|Colombia", "": "x",
    }  # fmt: skip
    assert (found.data or {})["columna propia"] == "x"


def test_quotes_line_ends_and_empty_lines_in_a_table() -> None:
    found = entries('title,description\r\n"A, b","Two\nlines"\r\n\r\n,\r\nC,\r\n')
    assert [(e.row, e.data) for e in found] == [
        (2, {"title": "A, b", "description": "Two\nlines"}), (5, {"title": "C"})
    ]  # fmt: skip


def test_a_line_with_more_values_than_the_header_is_named() -> None:
    (found,) = entries("title,description\nA,b,c\n")
    assert (found.row, found.data, found.problem) == (2, None, "has 3 values where the header has 2")
    assert (found.field, found.value) == ("description", "b, c")


def test_a_text_that_was_cut_at_a_comma_of_its_own_is_named_with_its_column() -> None:
    (found,) = entries("title,description,license\nTrips,By hour, by stop, by line,MIT\n")
    assert (found.field, found.value) == ("description", "By hour, by stop, by line")
    assert "quotes" in found.remedy


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest", "workbook is damaged"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08\x00broken", "damaged"),
        (gzip.compress(b"title\nTrips\n", mtime=0)[:-6], "damaged"),
        (b"{", "cannot be read to its end"),
        (b'{"dataset": [{"title": "A"}', "cannot be read to its end"),
        (b'{"dataset": [{"title": NaN}]}', "cannot be read to its end"),
        (b'{"dataset": [{"title": "\xff"}]}', "cannot be read to its end"),
        (b'{"title": "no list"}', "no list of datasets"),
        (b'["a", "b"]', "no list of datasets"),
        (b"[" * 100_000, "nested"),
        (b'{"dataset":' * 3000 + b"1" + b"}" * 3000, "nested"),
        (b"<html><body>Hello</body></html>", "describes no dataset"),
        (b"<a><b>Hello</b></a>", "describes no dataset"),
        (b"<a><b>Hello</a>", "cannot be read"),
        (b'<!DOCTYPE html><html></html>', "web page"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<a> a dcat:Dataset", "cannot be read"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<http://a> a dcat:Catalog .", "describes no dataset"),
        (b"a,b,c\n1,2,3\n", "no column with the title"),
        (b"hello world", "no table"),
        (b'"asd"', "no list of datasets"),
        (b"42", "no list of datasets"),
        (b'{"stac_version": "1.0.0", "type": "Catalog", "links": []}', "links are not followed"),
        (b'{"result": ["a", "b"]}', "list of names"),
        (b"title\n\x00\x01", "no text"),
        (b"\xff\xfet", "UTF-16"),
    ],
)  # fmt: skip
def test_what_is_no_catalog_is_refused_with_a_remedy(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read_catalog(io.BytesIO(gzip.compress(b" " * 5_000_000)), largest=1024 * 1024)


def test_numbers_that_cannot_be_written_out_stay_short() -> None:
    (found,) = entries('{"dataset": [{"title": "A", "size": 1e99999, "ratio": 0.5, "count": 7}]}')
    assert found.data is not None
    assert (found.data["size"], found.data["ratio"], found.data["count"]) == ("1E+99999", 0.5, 7)


def hostile_files() -> Iterator[Path]:
    yield from (path for path in sorted(HOSTILE.rglob("*")) if path.is_file()) if HOSTILE.is_dir() else ()


@needs_hostile
def test_every_hostile_file_is_read_or_refused_in_words() -> None:
    told: list[str] = []
    files = list(hostile_files())
    for path in files:
        try:
            with path.open("rb") as file:
                list(read_catalog(file).entries)
        except Unreadable as error:
            told += [error.problem, error.remedy]
    assert len(files) > 300
    assert len(told) > 100
    assert all(told)


@needs_hostile
def test_what_must_not_be_accepted_as_json_is_not() -> None:
    for path in sorted((HOSTILE / "json").glob("n_*.json")):
        with path.open("rb") as file, pytest.raises(Unreadable):
            list(read_catalog(file).entries)
