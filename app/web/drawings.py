"""Geometry of the pictures that templates draw: maps, year bars, week strips, narrowing flows. Numbers only, no words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

OUTLINES = Path(__file__).resolve().parent.parent / "static/vendor/world-atlas/outlines.json"


@dataclass(frozen=True)
class Land:
    """One country on a map; shade is the ending of its class."""

    code: str
    path: str
    shade: str


@dataclass(frozen=True)
class Spot:
    """A country's place on a drawing."""

    x: float
    y: float
    code: str


@dataclass(frozen=True)
class CoverageMap:
    """A map cut to the countries that it is about."""

    view: str
    height: int
    is_world: bool
    text: float
    dot: float
    lands: tuple[Land, ...]
    names: tuple[Spot, ...]
    dots: tuple[Spot, ...]


@lru_cache(maxsize=1)
def _atlas() -> dict[str, Any]:
    atlas: dict[str, Any] = json.loads(OUTLINES.read_text())
    return atlas


NAMED_AT_MOST = 4  # more names than this would cover one another


def coverage(countries: Iterable[str], counts: Mapping[str, int] | None, width: int, height: int) -> CoverageMap:
    """A map of the countries given, by ISO 3166 code, in a frame of width x height pixels; the world when there are none."""
    atlas = _atlas()
    wanted = list(counts) if counts else list(countries)
    known = [code for code in wanted if code in atlas["countries"]]
    tiny = [code for code in wanted if code in atlas["dots"]]
    left, top, wide, high = _frame(known, tiny, width, height)
    lands = tuple(
        Land(code, country["path"], _shade(code, known, counts))
        for code, country in atlas["countries"].items()
        if _meets(country["box"], left, top, wide, high)
    )
    scale = wide / width
    named = known if len(known) <= NAMED_AT_MOST and not counts else []
    return CoverageMap(
        view=f"{left:.0f} {top:.0f} {wide:.0f} {high:.0f}",
        height=height,
        is_world=wide >= atlas["width"],
        text=round(14 * scale, 1),
        dot=round(5 * scale, 1),
        lands=lands,
        names=_names(named, scale),
        dots=tuple(Spot(atlas["dots"][code][0], atlas["dots"][code][1], code) for code in tiny),
    )


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    r: float


SILHOUETTE = 10  # the silhouette is drawn at a tenth of the map


def silhouette() -> str:
    """All land as one path, in a view of 200 x 84."""
    path: str = _atlas()["silhouette"]
    return path


def glyph_dots(countries: Iterable[str]) -> tuple[Dot, ...]:
    """One dot for each country on the silhouette, as large as the country, but never too small to be seen."""
    atlas, dots = _atlas(), []
    for code in countries:
        if code in atlas["countries"]:
            left, top, right, bottom = atlas["countries"][code]["heart"]
            r = min(max((right - left + bottom - top) / 4 / SILHOUETTE, 4.0), 11.0)
            dots.append(Dot((left + right) / 2 / SILHOUETTE, (top + bottom) / 2 / SILHOUETTE, round(r, 1)))
        elif code in atlas["dots"]:
            x, y = atlas["dots"][code]
            dots.append(Dot(x / SILHOUETTE, y / SILHOUETTE, 4.0))
    return tuple(dots)


LETTER, LINE = 8, 18  # pixels that a name takes on a map, roughly


def _names(codes: Sequence[str], scale: float) -> tuple[Spot, ...]:
    """Where the names of countries stand; one that would run into another is left out, the label of the map has it."""
    spots: list[Spot] = []
    for code in codes:
        x, y = _atlas()["countries"][code]["middle"]
        wide = LETTER * NAME_LENGTH * scale
        if all(abs(x - other.x) > wide or abs(y - other.y) > LINE * scale for other in spots):
            spots.append(Spot(x, round(y + 5 * scale, 1), code))
    return tuple(spots)


NAME_LENGTH = 9  # letters of a usual country's name


WORLDWIDE = 0.6  # of the map's width: from here on, the whole world is shown


def reaches_round(countries: Iterable[str]) -> bool:
    """Whether a map of these countries shows the whole world."""
    return coverage(countries, None, 320, 300).is_world


def _frame(known: Sequence[str], tiny: Sequence[str], width: int, height: int) -> tuple[float, float, float, float]:
    """Left, top, width and height of the part to show: the countries with air around them, never closer than a region."""
    atlas = _atlas()
    boxes = [atlas["countries"][code]["heart"] for code in known]
    boxes += [[x, y, x, y] for x, y in (atlas["dots"][code] for code in tiny)]
    if not boxes or len(boxes) > len(atlas["countries"]) / 2:
        boxes = [[0, 0, atlas["width"], atlas["height"]]]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    wide = max((right - left) * 1.3, (bottom - top) * 1.3 * width / height, 160.0)
    if wide > atlas["width"] * WORLDWIDE:
        left, top, right, bottom = 0, 0, atlas["width"], atlas["height"]
        wide = max(right * 1.02, bottom * 1.02 * width / height)
    high = wide * height / width
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return middle_x - wide / 2, middle_y - high / 2, wide, high


def _meets(box: Sequence[int], left: float, top: float, wide: float, high: float) -> bool:
    return box[0] < left + wide and box[2] > left and box[1] < top + high and box[3] > top


def _shade(code: str, known: Sequence[str], counts: Mapping[str, int] | None) -> str:
    """Class endings: darkest for the countries named, or by thirds of the largest number."""
    if not counts:
        return " op-land--on" if code in known else ""
    share = counts.get(code, 0) / max(counts.values())
    if share <= 0:
        return ""
    return " op-land--3" if share <= 1 / 3 else " op-land--2" if share <= 2 / 3 else " op-land--on"


@dataclass(frozen=True)
class Tick:
    x: float
    text: str
    anchor: str


@dataclass(frozen=True)
class YearBar:
    start: float
    end: float
    ticks: tuple[Tick, ...]


EDGE, LABELS = 12, 4


def years(first: int, last: int, width: int) -> YearBar:
    """Years first to last on an axis that begins two years earlier and ends with the last year or this one."""
    last = max(first, last)
    begin, end = first - 2, max(last, first + 3)
    step = (width - 2 * EDGE) / (end - begin)
    every = max(1, -(-(end - begin) // LABELS))

    def at(year: int) -> float:
        return round(EDGE + (year - begin) * step, 1)

    ticks = tuple(
        Tick(at(year), str(year) if (end - year) % every == 0 else "", _anchor(year, begin, end))
        for year in range(begin, end + 1)
        if end - begin <= 30 or (end - year) % every == 0
    )
    return YearBar(at(first), max(at(last), at(first) + 1), ticks)


def _anchor(value: int, begin: int, end: int) -> str:
    return "start" if value == begin else "end" if value == end else "middle"


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    text_x: float
    anchor: str
    words: str
    mine: bool


@dataclass(frozen=True)
class Week:
    x: float
    start: date


@dataclass(frozen=True)
class WeekStrip:
    now: float
    weeks: tuple[Week, ...]
    marks: tuple[Mark, ...]


WEEKS, WEEK_WIDTH, DAY_WIDTH, FIRST_X = 6, 184.0, 33.0, 10.0


def week_strip(today: date, dates: Iterable[tuple[date, str, bool]]) -> WeekStrip:
    """Six working weeks from this one, as bars; dates outside are left out, those of one day share a mark."""
    monday = today - timedelta(days=today.weekday())
    inside = sorted((d, words, mine) for d, words, mine in dates if 0 <= (d - monday).days < WEEKS * 7)
    marks: list[Mark] = []
    free = [0.0, 0.0]  # how far the two lines of words are taken
    for when, words, mine in inside:
        x = _day_x(monday, when)
        row = 0 if free[0] <= x else 1
        if free[row] > x:
            continue  # no room for the words; the list below has this date
        turned = x > FIRST_X + WEEKS * WEEK_WIDTH - 200
        marks.append(Mark(x, 18.0 + 22 * row, x + 6 if turned else x - 6, "end" if turned else "start", words, mine))
        free[row] = x + 8.0 * len(words)
    weeks = tuple(Week(FIRST_X + WEEK_WIDTH * i, monday + timedelta(weeks=i)) for i in range(WEEKS))
    return WeekStrip(_day_x(monday, today), weeks, tuple(marks))


def _day_x(monday: date, when: date) -> float:
    week, day = divmod((when - monday).days, 7)
    return FIRST_X + WEEK_WIDTH * week + DAY_WIDTH * min(day, 4)


@dataclass(frozen=True)
class Band:
    path: str
    x: float
    words: str


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    height: float
    number: int
    words: str


@dataclass(frozen=True)
class Flow:
    bands: tuple[Band, ...]
    bars: tuple[Bar, ...]


def narrowing(
    steps: Sequence[tuple[int, str, str | None]], width: int = 1120, middle: float = 143, tallest: float = 152
) -> Flow:
    """A flow from step to step, each bar as tall as its number."""
    most = max((number for number, _, _ in steps), default=0) or 1
    gap = (width - 160) / max(len(steps) - 1, 1)
    bars = []
    for place, (number, words, _) in enumerate(steps):
        high = max(tallest * number / most, 3.0)
        bars.append(Bar(round(place * gap, 1), round(middle - high / 2, 1), round(high, 1), number, words))
    bands = []
    for here, there, (_, _, lost) in zip(bars, bars[1:], steps, strict=False):
        left, right, bend = here.x + 10, there.x, (here.x + 10 + there.x) / 2
        path = (
            f"M{left} {here.y}C{bend} {here.y} {bend} {there.y} {right} {there.y}"
            f"V{there.y + there.height:.1f}C{bend} {there.y + there.height:.1f} {bend} {here.y + here.height:.1f}"
            f" {left} {here.y + here.height:.1f}z"
        )
        bands.append(Band(path, round(bend, 1), lost or ""))
    return Flow(tuple(bands), tuple(bars))
