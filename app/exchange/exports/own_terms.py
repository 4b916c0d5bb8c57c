"""What a listing says that DCAT has no word for: our own terms, each with its meaning. The page /ns shows this table.

`listing` and the terms that hold JSON keep lists in their order, so that an export that is imported again changes nothing. What
is asked of proposers is nobody else's, and goes out nowhere.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.catalog.models import Dataset
from app.exchange.exports.nodes import Json, Text, Value
from app.foundation.base import JSONObject
from app.foundation.hashing import sha256_hex
from app.foundation.words import N_

LISTING_CLASS = "onepact:Listing"


@dataclass(frozen=True)
class OwnTerm:
    """One term: its name, what its values are, what it means, and how they are made of a listing."""

    name: str
    kind: str
    meaning: str
    how: Callable[[Dataset], Iterable[Value]]


def own_properties(row: Dataset) -> Iterator[tuple[str, Value]]:
    """The listing's own terms; those without a value are left out."""
    for term in OWN_TERMS_TABLE:
        for value in term.how(row):
            yield f"onepact:{term.name}", value


def mark_of(row: Dataset) -> str:
    """The same for this listing as long as it is there, and for no other."""
    return sha256_hex(f"{row.reference} {row.created_at.isoformat()}".encode())[:32]


def exactly(row: Dataset) -> JSONObject:
    """The fields that DCAT changes on the way, as they are: lists in their order, texts that become addresses there."""
    return {
        "identifier": row.identifier,
        "publisher": row.publisher,
        "contact": row.contact,
        "license": row.license_text,
        "landing_page": row.landing_page,
        "keywords": list(row.keywords),
        "themes": sorted(one.theme for one in row.themes),
        "countries": sorted(one.country for one in row.countries),
        "languages": list(row.languages),
        "good_for": list(row.good_for),
        "not_good_for": list(row.not_good_for),
        "conditions": {one.parameter: one.value.get("value") for one in sorted(row.conditions, key=_parameter)},
        "frequency": row.frequency.value,
        "access_mode": row.access_mode.value if row.access_mode else None,
        "sensitivity": row.sensitivity.value if row.sensitivity else None,
    }


def _parameter(condition: object) -> str:
    return str(getattr(condition, "parameter", ""))


def _text(text: str | None) -> Iterable[Value]:
    return (Text(text),) if text else ()


def _texts(texts: Iterable[str]) -> Iterable[Value]:
    return [Text(text) for text in texts]


def _json(value: object) -> Iterable[Value]:
    return (Json(value),) if value else ()


_TEXT, _JSON = N_("text"), N_("JSON")

OWN_TERMS_TABLE: tuple[OwnTerm, ...] = (
    OwnTerm("reference", _TEXT, N_("The number of the listing in this catalog."), lambda row: _text(row.reference)),
    OwnTerm(
        "mark",
        _TEXT,
        N_("Tells the listing from one of the same number in another catalog."),
        lambda row: _text(mark_of(row)),
    ),
    OwnTerm("summary", _TEXT, N_("What, where and when, in one sentence."), lambda row: _text(row.summary)),
    OwnTerm("unit", _TEXT, N_("What one row of the data stands for."), lambda row: _text(row.unit)),
    OwnTerm("size", _TEXT, N_("How large the data is, in the data partner's words."), lambda row: _text(row.size)),
    OwnTerm(
        "finestArea",
        _TEXT,
        N_("The finest area, in the data partner's words."),
        lambda row: _text(row.spatial_resolution),
    ),
    OwnTerm("goodFor", _TEXT, N_("A use that the data suits."), lambda row: _texts(row.good_for)),
    OwnTerm("notGoodFor", _TEXT, N_("A known limit or bias."), lambda row: _texts(row.not_good_for)),
    OwnTerm(
        "accessMode",
        _TEXT,
        N_("The way in which data, or what comes of it, reaches the member."),
        lambda row: _text(row.access_mode),
    ),
    OwnTerm(
        "collaborativeType",
        _TEXT,
        N_("The type of data collaborative, one of the six that GovLab names."),
        lambda row: _text(row.collaborative_type),
    ),
    OwnTerm(
        "sensitivityClass",
        _TEXT,
        N_("1 could be public, 4 would hurt people if it leaked."),
        lambda row: _text(row.sensitivity),
    ),
    OwnTerm("visibility", _TEXT, N_("Who may know of the listing."), lambda row: _text(row.visibility)),
    OwnTerm("deliverySteps", _TEXT, N_("The steps in which the data arrives."), lambda row: _text(row.delivery_steps)),
    OwnTerm(
        "dictionary",
        _JSON,
        N_(
            "The columns in order: of each its name, meaning, type and unit, its values, and the code of a missing one."
        ),
        lambda row: _json(row.dictionary),
    ),
    OwnTerm("sample", _JSON, N_("A few safe or made-up rows: heads and rows."), lambda row: _json(row.sample)),
    OwnTerm(
        "profile",
        _JSON,
        N_("The shape of the columns: of each how much is filled, its kind, its lowest and highest value, its shares."),
        lambda row: _json(row.profile),
    ),
    OwnTerm(
        "carried",
        _JSON,
        N_("What another catalog said that has no field here, under its own names and exactly as it came."),
        lambda row: _json(row.foreign),
    ),
    OwnTerm(
        "listing",
        _JSON,
        N_("Fields that DCAT changes on the way, exactly as this catalog holds them, for importing this file again."),
        lambda row: _json(exactly(row)),
    ),
)
