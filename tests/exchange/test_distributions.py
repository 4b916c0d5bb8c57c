"""The files that another catalog named go out as distributions, in the shape of the profile, whatever they came in."""

import io
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.exchange.exports.documents import dataset_jsonld, dataset_turtle
from app.exchange.foreign import Described, described
from app.readers import read_catalog
from tests.catalog.people import partner
from tests.exchange.going_out import AUTHORITY, DCAT, DCT, SITE, read
from tests.exchange.shapes import assert_valid
from tests.factories.catalog import make_dataset

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
IANA = "https://www.iana.org/assignments/media-types/"
FILE = "https://acme.example/trips.csv"
DCAT_FILE = {
    "dct:title": {"@value": "Viajes", "@language": "es"}, "dcat:downloadURL": {"@id": FILE}, "dcat:byteSize": {"@value": "12"},
    "dct:format": {"@id": f"{AUTHORITY}file-type/CSV"}, "dcat:mediaType": {"@id": f"{IANA}text/csv"},
    "dct:license": {"@id": CC_BY},
}  # fmt: skip
# One file of each format, by what that format calls it.
FILES: dict[str, dict[str, object]] = {
    "dcat": {"dcat:distribution": DCAT_FILE},
    "dcat-us": {"distribution": [{"title": "Viajes", "downloadURL": FILE, "format": "csv", "mediaType": "text/csv",
                                  "byteSize": 12, "license": "CC BY 4.0"}]},
    "schema.org": {"distribution": [{"name": "Viajes", "contentUrl": FILE, "fileFormat": "CSV", "encodingFormat": "text/csv",
                                     "contentSize": "12", "license": CC_BY}]},
    "stac": {"assets": {"one": {"title": "Viajes", "href": FILE, "type": "text/csv; header=present", "format": ".csv",
                                "file:size": 12, "license": "CC-BY-4.0"}}},
    "ckan": {"resources": [{"name": "Viajes", "download_url": FILE, "format": "CSV", "mimetype": "text/csv", "size": "12",
                            "license": "CC-BY-4.0"}]},
    "datapackage": {"resources": [{"name": "v", "title": "Viajes", "path": FILE, "format": "csv", "mediatype": "text/csv",
                                   "bytes": 12, "licenses": [{"name": "CC-BY-4.0"}]}]},
}  # fmt: skip


def with_files(session: Session, form: str, kept: object) -> Dataset:
    foreign = {"format": form, "context": {"dct": DCT, "dcat": DCAT}, "kept": kept}
    return make_dataset(session, partner(session, "Acme Maps"), landing_page="", foreign=foreign)


def said(graph: Graph, row: Dataset) -> dict[str, set[str]]:
    """What the first file says, by predicate."""
    node, found = URIRef(f"{SITE.dataset(row)}#distribution-1"), dict[str, set[str]]()
    for predicate, value in graph.predicate_objects(node):
        found.setdefault(str(predicate), set()).add(str(value))
    return found


@pytest.mark.parametrize("form", FILES)
def test_a_file_goes_out_with_all_that_its_catalog_said_of_it(session: Session, form: str) -> None:
    row = with_files(session, form, FILES[form])
    found = said(read(dataset_turtle(row, SITE), "turtle"), row)
    assert found.pop("http://www.w3.org/1999/02/22-rdf-syntax-ns#type") == {f"{DCAT}Distribution"}
    assert found == {
        f"{DCAT}accessURL": {FILE}, f"{DCAT}downloadURL": {FILE}, f"{DCT}title": {"Viajes"}, f"{DCAT}byteSize": {"12"},
        f"{DCT}format": {f"{AUTHORITY}file-type/CSV"}, f"{DCAT}mediaType": {f"{IANA}text/csv"}, f"{DCT}license": {CC_BY},
    }  # fmt: skip


ODD_FILES = [
    {"name": "Bucket", "url": "our server", "format": "S3 Bucket", "size": "12 KB", "mimetype": "none", "license": "Ask us."},
    "no object", {}, {"format": 7, "size": True, "url": ["https://acme.example/a b"], "license": [], "name": {"x": 1}},
]  # fmt: skip


def test_what_is_in_no_list_goes_out_as_words_and_what_is_nothing_goes_out_nowhere(session: Session) -> None:
    row = with_files(session, "ckan", {"resources": ODD_FILES})
    graph = read(dataset_turtle(row, SITE), "turtle")
    found = said(graph, row)
    assert found["http://purl.org/dc/elements/1.1/format"] == {"S3 Bucket"}
    assert found[f"{DCAT}accessURL"] == {SITE.dataset(row)}
    assert "Ask us." in {str(value) for value in graph.objects()}
    assert found.keys().isdisjoint({f"{DCT}format", f"{DCAT}mediaType", f"{DCAT}byteSize", f"{DCT}license"})


@pytest.mark.parametrize("form", [*FILES, "odd"])
def test_what_goes_out_of_files_is_valid_dcat_ap(session: Session, shared_data: Path, form: str) -> None:
    kept = FILES.get(form, {"resources": ODD_FILES})
    assert_valid(dataset_turtle(with_files(session, form if form in FILES else "ckan", kept), SITE), shared_data, 50)


@pytest.mark.parametrize("form", FILES)
def test_files_come_in_again_as_they_were_carried(session: Session, form: str) -> None:
    row = with_files(session, form, FILES[form])
    for text in (dataset_turtle(row, SITE), dataset_jsonld(row, SITE)):
        (found,) = described(read_catalog(io.BytesIO(text.encode())).entries)
        assert isinstance(found, Described)
        assert found.own is not None
        assert found.own.is_in(row)
