"""What of STAC is no dataset, and what to give instead: an item, a list of items, a catalog that only links to collections."""

from collections.abc import Iterator, Mapping

from app.foundation.text import clean_line
from app.foundation.words import N_
from app.readers.entries import Unreadable

ONE_ITEM = N_("is a STAC item, one scene or file of a collection, not a dataset")
GIVE_COLLECTION = N_("Give the collection that it belongs to instead.")
_LONGEST_SHOWN = 200
_MOST_SHOWN = 3
_ITEM, _ITEMS, _CATALOG = "Feature", "FeatureCollection", "Catalog"


def is_item(data: Mapping[str, object]) -> bool:
    """Whether a node is one STAC item, or another feature of a map."""
    return data.get("type") == _ITEM and bool(data.keys() & {"stac_version", "assets", "geometry"})


def refuse_items(top: Mapping[str, object]) -> None:
    """Refuse a list of items by what stands at its top.

    Raises:
        Unreadable: it is one, or the features of a map.
    """
    if top.get("type") == _ITEMS and "features" in top:
        raise Unreadable(
            N_("This is a list of STAC items or of features on a map, not of datasets."),
            N_(
                "Give the collections that they belong to: save the answer of the address /collections, and import that."
            ),
        )


def refuse_no_collection(data: Mapping[str, object]) -> None:
    """Refuse a document of STAC without collections, with the address of what is meant where it has one.

    Raises:
        Unreadable: it is one.
    """
    if is_item(data):
        links = list(_linked(data, "collection"))
        remedy = f"Give the collection that it belongs to: {links[0]}." if links else GIVE_COLLECTION
        raise Unreadable(N_("This is one STAC item, a single scene or file, not a collection."), remedy)
    if "stac_version" not in data and data.get("type") != _CATALOG:
        return
    links = list(_linked(data, "child"))
    answer = next(_linked(data, "data"), "")
    if answer:
        remedy = f"Save the answer of {answer}, and import that."
    elif links:
        remedy = (
            f"Save its collections and import them, one after the other or as a list: {', '.join(links[:_MOST_SHOWN])}."
        )
    else:
        remedy = N_("Save the answer of its address /collections, and import that.")
    raise Unreadable(N_("This is a STAC catalog that only links to its collections; links are not followed."), remedy)


def _linked(data: Mapping[str, object], rel: str) -> Iterator[str]:
    links = data.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("rel") == rel and isinstance(href := link.get("href"), str):
            yield clean_line(href)[:_LONGEST_SHOWN]
