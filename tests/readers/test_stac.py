"""What of STAC is no dataset is refused with what to give instead."""

import io
import json

import pytest

from app.exchange.foreign import Refused, described
from app.readers import Unreadable, read_catalog

ITEM = {
    "type": "Feature", "stac_version": "1.0.0", "id": "scene-1", "geometry": None, "properties": {"title": "A scene"},
    "assets": {"red": {"href": "red.tif"}},
    "links": [{"rel": "self", "href": "x"}, {"rel": "collection", "href": "https://stac.example/collections/roads"}],
}  # fmt: skip
CHILD = {"rel": "child", "href": "./roads/collection.json"}
DATA = {"rel": "data", "href": "https://stac.example/collections"}
CATALOG = {"type": "Catalog", "stac_version": "1.0.0", "id": "all", "description": "All of it."}


@pytest.mark.parametrize(
    ("document", "problem", "remedy"),
    [
        (ITEM, "one STAC item", "https://stac.example/collections/roads"),
        ({**ITEM, "links": []}, "one STAC item", "Give the collection"),
        ({"type": "FeatureCollection", "features": [ITEM, ITEM]}, "list of STAC items", "/collections"),
        ({"features": [], "type": "FeatureCollection", "numberMatched": 0}, "list of STAC items", "/collections"),
        ({**CATALOG, "links": [CHILD]}, "only links", "roads/collection.json"),
        ({**CATALOG, "links": [DATA]}, "only links", "Save the answer of https"),
        ({**CATALOG, "links": "none"}, "only links", "/collections"),
    ],
)  # fmt: skip
def test_what_holds_no_collection_says_what_to_give_instead(document: object, problem: str, remedy: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(read_catalog(io.BytesIO(json.dumps(document).encode())).entries)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("separator", [None, "\n"])
def test_an_item_among_others_is_refused_alone(separator: str | None) -> None:
    text = json.dumps([ITEM, ITEM]) if separator is None else separator.join(json.dumps(one) for one in (ITEM, ITEM))
    rows = list(described(read_catalog(io.BytesIO(text.encode())).entries))
    assert all(isinstance(row, Refused) and "STAC item" in row.problem and row.value == "scene-1" for row in rows)
    assert len(rows) == 2
