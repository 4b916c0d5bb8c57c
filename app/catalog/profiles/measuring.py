"""From the rows of a sample to its profile. Nothing that stands for fewer than `FEWEST` rows leaves this file."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import gcd

from app.catalog.profiles.reading import NOTHING, SCALES, Scale
from app.catalog.profiles.shapes import AMBIGUOUS, Bar, ColumnProfile, Kind, Profile
from app.catalog.profiles.thousands import mark_of, plainly

# The least number of rows that a value, an edge of a range or a bar must stand for.
FEWEST = 10
# A sample is looked at while somebody waits: so much takes well under two seconds.
MOST_ROWS, MOST_CELLS = 10_000, 200_000
_BARS = 10
_NAMED = 12
# So many frequent values show what whole numbers are rounded to.
_FEW_VALUES = 3
# A list of values is short: beyond this many they are texts.
_SHORT_LIST = 60
_LONGEST_VALUE = 60


def measured(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    missing: Mapping[str, str] | None = None,
    unnamed: Collection[str] = (),
) -> Profile:
    """The profile of these rows, as many of them as may be looked at.

    `missing` is the code of a missing value, by column. Columns that are `unnamed` are measured as texts: no value of theirs,
    and no range, is in the profile.
    """
    seen, codes = looked_at(heads, rows), missing or {}
    columns = [
        _column(
            head,
            [row[place] if place < len(row) else "" for row in seen],
            codes.get(head, ""),
            is_unnamed=head in unnamed,
        )
        for place, head in enumerate(heads)
    ]
    return Profile(len(seen), tuple(columns))


def looked_at(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The first rows, as many as may be looked at. Of the others nothing is kept."""
    return rows[: min(MOST_ROWS, MOST_CELLS // max(len(heads), 1))]


def _column(name: str, cells: Sequence[str], missing: str, *, is_unnamed: bool) -> ColumnProfile:
    held = [cell for cell in cells if cell not in NOTHING and not (missing and cell == missing)]
    filled = 100 * len(held) // len(cells) if cells else 0
    if not held:
        return ColumnProfile(name, Kind.EMPTY, filled, 0)
    counts = Counter(held)
    if is_unnamed:
        return _texts(name, filled, counts)
    mark = mark_of(counts)
    if mark and mark != AMBIGUOUS:
        counts = _plainly(counts, mark)
    for kind, scale in SCALES.items():
        values = _all_read(scale, counts) if mark != AMBIGUOUS else None
        if values is not None:
            return replace(_amounts(name, kind, scale, filled, values), thousands=mark)
    return replace(_words(name, filled, counts), thousands=mark)


def _plainly(counts: Mapping[str, int], mark: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell, count in counts.items():
        found[plainly(cell, mark)] += count
    return found


def _all_read(scale: Scale, counts: Mapping[str, int]) -> Counter[float] | None:
    """Every value as a number with the rows that have it; None where one of them is none."""
    values: Counter[float] = Counter()
    for cell, count in counts.items():
        value = scale.read(cell)
        if value is None:
            return None
        values[value] += count
    return values


def _amounts(name: str, kind: Kind, scale: Scale, filled: int, values: Counter[float]) -> ColumnProfile:
    total = values.total()
    low, high = _edge(sorted(values.items())), _edge(sorted(values.items(), reverse=True))
    if low is None or high is None or low > high:
        return ColumnProfile(name, kind, filled, len(values))
    step = _step(values, low, high) if kind is Kind.WHOLE else 1
    edges = _edges(low, high, scale.step * step)
    rows = [0] * len(edges)
    for value, count in values.items():
        place = sum(1 for begin, _end in edges[1:] if value >= begin)
        rows[place] += count
    bars = [
        Bar(scale.write(begin), _share(count, total), scale.write(end))
        for (begin, end), count in zip(edges, rows, strict=True)
    ]
    return ColumnProfile(name, kind, filled, len(values), scale.write(low), scale.write(high), tuple(bars), step=step)


def _edge(ordered: Sequence[tuple[float, int]]) -> float | None:
    """The first value up to which enough rows lie; None where there are not so many rows."""
    passed = 0
    for value, count in ordered:
        passed += count
        if passed >= FEWEST:
            return value
    return None


def _step(values: Mapping[float, int], low: float, high: float) -> int:
    """What whole numbers are rounded to, as far as those show that stand for enough rows each."""
    frequent = [round(value) for value, count in values.items() if count >= FEWEST]
    return gcd(*frequent, round(low), round(high)) or 1 if len(frequent) >= _FEW_VALUES else 1


def _edges(low: float, high: float, step: float) -> list[tuple[float, float]]:
    """The range cut into even parts that do not overlap: one for each step where there are few."""
    steps = round((high - low) / step) + 1
    size = max(-(-steps // _BARS), 1)
    begins = [low + step * size * number for number in range(-(-steps // size))]
    return [(begin, min(begin + step * (size - 1), high)) for begin in begins]


def _words(name: str, filled: int, counts: Counter[str]) -> ColumnProfile:
    total = counts.total()
    named = [
        (value, count)
        for value, count in counts.most_common(_NAMED)
        if count >= FEWEST and len(value) <= _LONGEST_VALUE
    ]
    if len(counts) <= _SHORT_LIST and named:
        rest = total - sum(count for _value, count in named)
        bars = tuple(Bar(value, _share(count, total)) for value, count in named)
        return ColumnProfile(name, Kind.VALUES, filled, len(counts), bars=bars, others=_share(rest, total))
    return _texts(name, filled, counts)


def _texts(name: str, filled: int, counts: Counter[str]) -> ColumnProfile:
    lengths: Counter[float] = Counter()
    for value, count in counts.items():
        lengths[float(len(value))] += count
    low, high = _edge(sorted(lengths.items())), _edge(sorted(lengths.items(), reverse=True))
    texts = ("", "") if low is None or high is None or low > high else (str(round(low)), str(round(high)))
    return ColumnProfile(name, Kind.TEXT, filled, len(counts), *texts, all_differ=len(counts) == counts.total())


def _share(count: int, total: int) -> int:
    """In percent, never 0 for what may be shown, and always 0 for what may not."""
    return max(round(100 * count / total), 1) if count >= FEWEST else 0
