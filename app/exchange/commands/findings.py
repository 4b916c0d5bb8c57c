"""What an import found, as it is kept with it part by part, and read again for its page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from app.exchange.commands.results import MOST_NAMED, MOST_PREVIEWED, Difference, Imported, Preview, Touched
from app.exchange.foreign import Described, Refused
from app.exchange.models import CatalogImport
from app.foundation.base import JSONObject
from app.readers import Catalog, Column, NoTitle
from app.readers.entries import Layout, Sheet

# So many refused rows are kept for a program, which mends them one after the other, and for the file that a page offers.
_NEW_PLACED = "new_placed"
MOST_REFUSALS, MOST_REFUSALS_ON_PAGE = 200, 5000
MOST_REMARKS = _MOST_PLACED = 50
_MOST_PUBLISHERS = 2000


@dataclass(frozen=True)
class PlacedByTitle:
    """A row whose country is read from its title."""

    row: int
    title: str
    country: str


@dataclass(frozen=True)
class Findings:
    """What is shown of an import besides its numbers.

    `remarked` counts the remarks, of which some are kept; `undescribed` the rows that cannot be listed yet;
    `placed` those whose country is read from the title, of which some are kept.
    """

    form: str
    columns: tuple[Column, ...]
    layout: Layout
    touched: tuple[Touched, ...]
    remarks: tuple[Refused, ...]
    remarked: int
    publishers: Mapping[str, int]
    refused: tuple[Refused, ...]
    undescribed: int
    placed: int
    placed_rows: tuple[PlacedByTitle, ...]
    # Of a look, the first rows as they would be listed.
    previews: tuple[Preview, ...]


def seen_as(catalog: Catalog | NoTitle) -> JSONObject:
    """How a catalog was read, to be kept with its import."""
    return {
        "form": catalog.form if isinstance(catalog, Catalog) else "",
        "columns": [asdict(one) for one in catalog.columns],
        **asdict(catalog.layout),
    }


def add(row: CatalogImport, result: Imported, part: Collection[Described | Refused]) -> None:
    """Add what a part of it gave."""
    row.rows += result.read
    row.created += result.created
    row.updated += result.updated
    row.unchanged += result.unchanged
    row.listed += result.listed
    row.refused += len(result.refused)
    most = MOST_REFUSALS_ON_PAGE if row.by_page else MOST_REFUSALS
    row.refusals = [*row.refusals, *_written(result.refused)][:most]
    row.found = {**row.found, _NEW_PLACED: new_placed(row) + result.placed}
    row.found = {**row.found, **_joined(findings_of(row), result, part)}


def new_placed(row: CatalogImport) -> int:
    """How many of those that it created have the country that their title names."""
    return _number(row.found.get(_NEW_PLACED))


def findings_of(row: CatalogImport) -> Findings:
    """What is kept with it."""
    kept = row.found
    return Findings(
        str(kept.get("form", "")),
        tuple(
            Column(*(str(one.get(name, "")) for name in ("name", "sample", "term")))
            for one in _objects(kept.get("columns"))
        ),
        _layout(kept),
        tuple(_touched(one) for one in _objects(kept.get("touched"))),
        tuple(refused_in(one) for one in _objects(kept.get("remarks"))),
        _number(kept.get("remarked")),
        {name: _number(count) for name, count in _object(kept.get("publishers")).items()},
        tuple(refused_in(one) for one in row.refusals),
        _number(kept.get("undescribed")),
        _number(kept.get("placed")),
        tuple(
            PlacedByTitle(_number(one.get("row")), *(str(one.get(name, "")) for name in ("title", "country")))
            for one in _objects(kept.get("placed_rows"))
        ),
        tuple(_preview(one) for one in _objects(kept.get("previews"))),
    )


def _layout(kept: JSONObject) -> Layout:
    """How the table stands in its file. Of older ones the sheets have their names alone."""
    sheets = tuple(
        Sheet(str(one.get("name", "")), _number(one.get("rows")), bool(one.get("is_hidden")))
        if isinstance(one, Mapping)
        else Sheet(str(one))
        for one in _list(kept.get("sheets"))
    )
    first = tuple((_number(one[0]), str(one[1])) for one in _list(kept.get("first")) if isinstance(one, list | tuple))
    return Layout(sheets, str(kept.get("sheet", "")), _number(kept.get("header")), first)


def _joined(before: Findings, result: Imported, part: Collection[Described | Refused]) -> JSONObject:
    both = Imported(touched=before.touched) + Imported(touched=result.touched)
    counts = dict(before.publishers)
    for name, count in _publishers_in(part).items():
        if name in counts or len(counts) < _MOST_PUBLISHERS:
            counts[name] = counts.get(name, 0) + count
    placed = [
        PlacedByTitle(one.row, one.title, one.placed[0]) for one in part if isinstance(one, Described) and one.placed
    ]
    return {
        "touched": [asdict(one) for one in both.touched[: 2 * MOST_NAMED]],
        "remarks": _written((*before.remarks, *result.remarks)[:MOST_REMARKS]),
        "remarked": before.remarked + len(result.remarks),
        "publishers": counts,
        "undescribed": before.undescribed + sum(isinstance(one, Described) and not one.description for one in part),
        "placed": before.placed + len(placed),
        "placed_rows": [asdict(one) for one in (*before.placed_rows, *placed)[:_MOST_PLACED]],
        "previews": [asdict(one) for one in (*before.previews, *result.previews)[:MOST_PREVIEWED]],
    }


def _publishers_in(rows: Iterable[Described | Refused]) -> dict[str, int]:
    """How many rows each publisher has."""
    counts: dict[str, int] = {}
    for row in rows:
        if isinstance(row, Described) and row.publisher:
            counts[row.publisher] = counts.get(row.publisher, 0) + 1
    return counts


def _written(refused: Iterable[Refused]) -> list[JSONObject]:
    return [asdict(one) for one in refused]


def refused_in(kept: Mapping[str, object]) -> Refused:
    """A refused row, or a remark, as it is kept."""
    said = [str(kept.get(name, "")) for name in ("field", "value", "problem", "remedy")]
    return Refused(_number(kept.get("row")), *said)


def _touched(kept: Mapping[str, object]) -> Touched:
    changes = tuple(
        Difference(*(str(one.get(name, "")) for name in ("field", "before", "after")))
        for one in _objects(kept.get("differences"))
    )
    return Touched(str(kept.get("reference", "")), str(kept.get("title", "")), bool(kept.get("is_new")), changes)


def _preview(kept: Mapping[str, object]) -> Preview:
    title, publisher, terms, access = (str(kept.get(name, "")) for name in ("title", "publisher", "license", "access"))
    countries, period, lacks = (
        [str(one) for one in _list(kept.get(name))] for name in ("countries", "period", "lacks")
    )
    days = (period[0], period[1]) if len(period) == 2 else ("", "")
    return Preview(_number(kept.get("row")), title, publisher, tuple(countries), days, terms, access, tuple(lacks))


def _objects(value: object) -> list[Mapping[str, object]]:
    return [one for one in _list(value) if isinstance(one, Mapping)]


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
