"""JSON-LD in its flattened and expanded forms, under other words for its keywords, and in catalogs inside catalogs."""

import json

import pytest

from app.exchange.foreign import Described, described
from tests.readers.test_readers import RDF_XML, entries, refusal, titles

DCT, DCAT, FOAF = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#", "http://xmlns.com/foaf/0.1/"
FLAT = [
    {"@id": "_:office", "@type": [f"{FOAF}Agent"], f"{FOAF}name": [{"@value": "Lake Office"}]},
    {
        "@id": "https://example.org/lakes", "@type": [f"{DCAT}Dataset"], f"{DCT}title": [{"@value": "Lakes"}],
        f"{DCT}publisher": [{"@id": "_:office"}], f"{DCT}temporal": [{"@id": "_:years"}],
    },
    {"@id": "_:years", "@type": [f"{DCT}PeriodOfTime"], f"{DCAT}startDate": [{"@value": "2003-04-01"}]},
]  # fmt: skip
ALIASES = {"dct": DCT, "dcat": DCAT, "foaf": FOAF, "id": "@id", "kind": "@type"}


def rows(catalog: object) -> list[Described]:
    return [row for row in described(iter(entries(json.dumps(catalog)))) if isinstance(row, Described)]


def test_a_list_of_nodes_is_a_graph_of_datasets_and_what_they_refer_to() -> None:
    (row,) = rows(FLAT)
    assert (row.identifier, row.title, row.publisher) == ("https://example.org/lakes", "Lakes", "Lake Office")
    assert str(row.coverage_start) == "2003-04-01"


def test_a_list_of_nodes_without_a_dataset_says_so() -> None:
    assert refusal(json.dumps(FLAT[:1])) == "The JSON-LD describes no dataset."


def test_a_list_of_datasets_alone_is_read_one_by_one() -> None:
    assert titles(json.dumps([FLAT[1], 7])) == [[{"@value": "Lakes"}], "is a number, not a dataset with a title"]


@pytest.mark.parametrize("place", ["dcat:dataset", "@graph"])
def test_other_words_for_the_keywords_are_honored(place: str) -> None:
    lakes = {"id": "urn:lakes", "kind": "dcat:Dataset", "dct:title": "Lakes", "dct:publisher": {"foaf:name": "Office"}}
    (row,) = rows({"@context": ALIASES, place: [lakes]})
    assert (row.identifier, row.publisher) == ("urn:lakes", "Office")


def test_references_under_another_word_for_id_find_their_node() -> None:
    office = {"id": "urn:office", "kind": "foaf:Agent", "foaf:name": "Office"}
    lakes = {"id": "urn:lakes", "kind": "dcat:Dataset", "dct:title": "Lakes", "dct:publisher": {"id": "urn:office"}}
    assert [row.publisher for row in rows({"@context": ALIASES, "@graph": [lakes, office]})] == ["Office"]


PLAIN = {
    "@id": "https://example.org/d", "@type": "dcat:Dataset", "title": "urn:office", "identifier": "urn:file",
    "publisher": "urn:office", "contactPoint": ["urn:desk"], "distribution": ["urn:file", "urn:other"],
    "temporal": "urn:years", "landingPage": "https://example.org/d",
}  # fmt: skip
BESIDE = [
    {"@id": "urn:office", "@type": "foaf:Organization", "name": "Lake Office", "publisher": "urn:office"},
    {"@id": "urn:desk", "@type": "vcard:Kind", "fn": "The desk", "hasEmail": "mailto:desk@example.org"},
    {"@id": "urn:file", "@type": "dcat:Distribution", "title": "File", "downloadURL": "https://example.org/f.csv"},
    {"@id": "urn:years", "@type": "dct:PeriodOfTime", "startDate": "2020-01-01", "endDate": "2021-12-31"},
]


def test_a_plain_text_is_the_node_of_its_name_where_something_is_referred_to() -> None:
    (row,) = rows({"@graph": [PLAIN, *BESIDE]})
    assert (row.title, row.identifier, row.publisher) == ("urn:office", "urn:file", "Lake Office")
    assert (row.contact, row.landing_page) == ("The desk <desk@example.org>", "https://example.org/d")
    assert (str(row.coverage_start), str(row.coverage_end)) == ("2020-01-01", "2021-12-31")
    (data,) = (entry.data or {} for entry in entries(json.dumps({"@graph": [PLAIN, *BESIDE]})))
    assert data["distribution"] == [BESIDE[2], "urn:other"]
    assert data["publisher"] == BESIDE[0]
    assert [one for one in row.remarks if one.field == "@graph"] == []


def test_a_context_says_of_a_term_of_its_own_that_it_refers() -> None:
    lakes = {
        "@id": "urn:l",
        "@type": "dcat:Dataset",
        "dct:title": "Lakes",
        "office": "urn:office",
        "note": "urn:office",
    }
    context = {"office": {"@id": "http://purl.org/dc/terms/relation", "@type": "@id"}}
    (found,) = entries(json.dumps({"@context": context, "@graph": [lakes, BESIDE[0]]}))
    assert found.data is not None
    assert (found.data["office"], found.data["note"]) == (BESIDE[0], "urn:office")


def test_nodes_that_no_dataset_names_are_told() -> None:
    alone = [{"@id": f"urn:{place}", "@type": "dcat:Distribution", "title": f"{place}"} for place in range(5)]
    catalog = {"@id": "urn:all", "@type": "dcat:Catalog", "dct:title": "All", "dcat:dataset": [{"@id": PLAIN["@id"]}]}
    (row,) = rows({"@graph": [catalog, PLAIN, *BESIDE, *alone]})
    told = [(one.value, one.problem) for one in row.remarks if one.field == "@graph"]
    assert told == [("urn:0, urn:1, urn:2 and 2 more", "no dataset names these nodes")]


@pytest.mark.parametrize("in_graph", [False, True])
def test_datasets_of_catalogs_inside_a_catalog_are_read(in_graph: bool) -> None:
    def catalog(title: str, **more: object) -> dict[str, object]:
        held = [{"@type": "dcat:Dataset", "dct:title": f"{title} data"}]
        return {"@type": "dcat:Catalog", "dct:title": title, "dcat:dataset": held, **more}

    deepest = catalog("Third")
    whole = catalog("First", **{"dcat:catalog": [catalog("Second", **{"dcat:catalog": deepest})]})
    document = {"@graph": [whole]} if in_graph else whole
    assert titles(json.dumps(document)) == ["First data", "Second data", "Third data"]


def test_rdf_xml_is_read_in_the_encoding_that_it_declares() -> None:
    text = RDF_XML.replace('"1.0"', '"1.0" encoding="ISO-8859-1"').replace("Trips", "Régions")
    (row,) = described(entries(text.encode("latin-1")))
    assert isinstance(row, Described)
    assert row.title == "Régions"


def test_rdf_xml_in_an_encoding_that_there_is_none_of_says_so() -> None:
    assert "none-such" in refusal(RDF_XML.replace('"1.0"', '"1.0" encoding="none-such"'))


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "cp037", "raw_unicode_escape", "punycode"])
def test_rdf_xml_in_an_encoding_that_can_hide_signs_is_refused_by_its_name(encoding: str) -> None:
    assert encoding in refusal(f'<?xml version="1.0" encoding="{encoding}"?>\n<a>+ADw-!DOCTYPE</a>')


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><?xml version="1.0" encoding="utf-7"?><a/>',
        f'<?xml version="1.0"{" " * 500}encoding="utf-7"?><a/>'.encode(),
        RDF_XML.replace('<?xml version="1.0"?>\n', "<?xml ?>").encode("utf-16-le"),
    ],
)
def test_no_encoding_is_chosen_behind_the_back_of_the_reader(data: bytes) -> None:
    assert refusal(data)


def test_rdf_xml_with_a_doctype_is_refused_in_every_encoding() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "DOCTYPE" in refusal(text.encode("utf-16"))


def test_rdf_xml_in_utf_16_is_read() -> None:
    text = RDF_XML.replace('"1.0"', '"1.0" encoding="UTF-16"').replace("Trips", "Régions")
    (row,) = described(entries(text.encode("utf-16")))
    assert isinstance(row, Described)
    assert row.title == "Régions"


def test_nodes_that_name_each_other_many_times_are_put_in_up_to_a_measure() -> None:
    hub = {"@id": "urn:hub", "dct:relation": [{"@id": "urn:hub"}] * 3_000}
    lakes = {
        "@id": "urn:l",
        "@type": "dcat:Dataset",
        "dct:title": "Lakes",
        "dct:relation": [{"@id": "urn:hub"}] * 3_000,
    }
    (found,) = entries(json.dumps({"@graph": [lakes, hub]}))
    assert found.data is not None
    assert json.dumps(found.data).count("dct:relation") == 1 + 3
