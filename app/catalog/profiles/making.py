"""Made-up rows in the shape of a profile: each cell drawn for itself, so that no row is anybody's."""

from collections.abc import Collection
from random import Random

from app.catalog.profiles.measuring import FEWEST
from app.catalog.profiles.reading import SCALES
from app.catalog.profiles.shapes import ColumnProfile, Kind, Profile
from app.catalog.profiles.thousands import set_apart
from app.foundation.errors import Invalid
from app.foundation.text import slugify
from app.foundation.words import N_

_TRIES = 50
_LONGEST_TEXT = 60
_DIGITS = 3


def made_up(
    profile: Profile, count: int, chance: Random, never: Collection[tuple[str, ...]] = ()
) -> list[tuple[str, ...]]:
    """So many made-up rows, none of which is one of `never`; fewer where the shape allows no more.

    Raises:
        Invalid: the sample had too few rows to say anything without saying it of single ones.
    """
    if profile.rows < 2 * FEWEST:
        raise Invalid(N_("Upload a sample of at least 20 rows first: of fewer, no shape can be shown."), "file")
    avoided = set(never)
    rows: list[tuple[str, ...]] = []
    for _try in range(count * _TRIES):
        row = tuple(_cell(column, len(rows) + 1, chance) for column in profile.columns)
        if row not in avoided:
            rows.append(row)
        if len(rows) == count:
            break
    return rows


def _cell(column: ColumnProfile, number: int, chance: Random) -> str:
    if chance.randrange(100) >= column.filled:
        return ""
    if column.kind is Kind.EMPTY:
        return ""
    shown = [bar for bar in column.bars if bar.share]
    if not shown:
        return _text(column, number, chance)
    bar = chance.choices(shown, weights=[bar.share for bar in shown])[0]
    if column.kind is Kind.VALUES:
        return bar.label
    scale = SCALES[column.kind]
    begin, end = scale.read(bar.label), scale.read(bar.until)
    if begin is None or end is None:
        return bar.label
    step = scale.step * column.step
    written = scale.write(begin + step * chance.randint(0, round((end - begin) / step)))
    is_amount = column.kind in (Kind.WHOLE, Kind.NUMBER)
    return set_apart(written, column.thousands) if column.thousands and is_amount else written


def _text(column: ColumnProfile, number: int, chance: Random) -> str:
    """A text that shows that it is made up, as long as those of the sample are where that leaves room."""
    name, digits = slugify(column.name) or "text", f"{number:0{_DIGITS}d}"
    length = min(chance.randint(int(column.low), int(column.high)), _LONGEST_TEXT) if column.low else 0
    if length < len(digits) + 2:
        return f"{name[:20]}-{digits}"
    stem = f"{name}-"[: length - len(digits)]
    return stem + digits.rjust(length - len(stem), "0")


def is_made_up_text(head: str, cell: str) -> bool:
    """Whether a cell is, or could be, a text that was made up for the column of this name: a part of the name and a number."""
    stem, name = cell.rstrip("0123456789"), slugify(head) or "text"
    is_stem = len(stem) > 1 and (f"{name}-".startswith(stem) or stem == f"{name[:20]}-")
    return is_stem and len(cell) > len(stem) and len(cell[len(stem) :].lstrip("0")) <= _DIGITS
