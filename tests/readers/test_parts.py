"""A page of a catalog is told from the whole of it."""

import io
import json

import pytest

from app.exchange.foreign import Described, described
from app.readers import Catalog, read_catalog

PACKAGES = [{"id": name, "title": name, "notes": "By day.", "tags": [{"name": "water"}]} for name in ("Lakes", "Taps")]
COLLECTIONS = [{"type": "Collection", "id": "lakes", "stac_version": "1.0.0", "extent": {}, "count": 9_000}]
NEXT = [{"rel": "self", "href": "/1"}, {"rel": "next", "href": "/2"}]
TURTLE = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<urn:lakes> a dcat:Dataset ; dct:title "Lakes" . <urn:page> a hydra:PagedCollection ; """
HYDRA = {"dct": "http://purl.org/dc/terms/", "hydra": "http://www.w3.org/ns/hydra/core#"}


def opened(catalog: object) -> Catalog:
    text = catalog if isinstance(catalog, str) else json.dumps(catalog)
    return read_catalog(io.BytesIO(text.encode()))


@pytest.mark.parametrize(
    ("catalog", "part"),
    [
        ({"success": True, "result": {"count": 4_321, "results": PACKAGES}}, "2 of 4,321"),
        ({"success": True, "result": {"results": PACKAGES, "count": 4_321}}, "2 of 4,321"),
        ({"success": True, "result": {"count": 2, "results": PACKAGES}}, ""),
        ({"collections": COLLECTIONS, "numberMatched": 30}, "1 of 30"),
        ({"collections": COLLECTIONS, "numberMatched": 1, "links": NEXT}, ""),
        ({"collections": COLLECTIONS, "links": NEXT}, "1, and there is a next page"),
        ({"collections": [{**COLLECTIONS[0], "links": NEXT}], "links": NEXT[:1]}, ""),
        ({"@context": HYDRA, "dataset": PACKAGES, "hydra:nextPage": "/2"}, "2, and there is a next page"),
        ({"@context": HYDRA, "dataset": PACKAGES, "hydra:view": {"hydra:next": {"@id": "/2"}}}, "2, and there is a next page"),
        ({"@context": HYDRA, "dataset": PACKAGES, "hydra:totalItems": 12}, "2 of 12"),
        ({"dataset": PACKAGES, "next": None}, ""),
        ({"dataset": PACKAGES, "count": 900}, ""),
        ({"datasets": PACKAGES, "total": 900}, ""),
        ({"results": PACKAGES, "count": 900}, "2 of 900"),
        ({"datasets": PACKAGES, "total": 900, "offset": 0}, "2 of 900"),
        ({"dataset": PACKAGES, "count": 900, "next": "/2"}, "2 of 900"),
        ({"dataset": PACKAGES, "catalog": [{"dataset": PACKAGES[:1]}], "totalItems": 3}, ""),
        ({"dataset": PACKAGES, "catalog": [{"dataset": PACKAGES[:1]}], "totalItems": 9}, "3 of 9"),
        (f'{TURTLE} hydra:totalItems "{"9" * 5_000}" .', ""),
        (f'{TURTLE} hydra:totalItems 12 .', "1 of 12"),
        (f'{TURTLE} hydra:totalItems 1 .', ""),
        (f'{TURTLE} hydra:nextPage "/2" .', "1, and there is a next page"),
    ],
)  # fmt: skip
def test_a_part_says_how_much_of_the_whole_it_is(catalog: object, part: str) -> None:
    assert opened(catalog).part == part


def test_who_imports_a_part_is_told_once() -> None:
    found = list(described(opened({"success": True, "result": {"count": 10, "results": PACKAGES}}).entries))
    told = [
        one.value
        for row in found
        if isinstance(row, Described)
        for one in row.remarks
        if one.problem == "this is only a part of the catalog"
    ]
    assert told == ["2 of 10"]
