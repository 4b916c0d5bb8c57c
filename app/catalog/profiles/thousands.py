"""Numbers whose thousands are set apart: "1,234,567", "1 234", "1.234,50". Told for a whole column, and only beyond doubt.

A comma before three digits may begin the decimals as well. It sets thousands apart where the column shows it: one number has two
of them, or decimals behind another mark, or smaller numbers stand whole beside the others. A point alone is never taken for it:
in tables it begins the decimals. A space sets groups apart in telephone numbers too, which are all of one length.
"""

import re
from collections.abc import Collection

from app.catalog.profiles.shapes import AMBIGUOUS

# No-break and thin spaces count as the space that they look like.
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'"})
# What sets thousands apart, and what may begin the decimals beside it.
_MARKS = ((" ", ".,"), ("'", ".,"), (",", "."), (".", ","))
_MOST = 15
# So many cells are enough to tell by: a comma before three digits in all of them is no chance.
_ENOUGH = 10
# A zero among decimals is often written without any, where something was not measured.
_NOTHING = {"0", "-0"}


def plainly(cell: str, mark: str) -> str:
    """The number without what sets its thousands apart, with a point before its decimals."""
    return cell.translate(_SPACES).replace(mark, "").replace(",", ".")


def set_apart(number: str, mark: str) -> str:
    """A plain number with its thousands set apart again."""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, point, decimals = digits.partition(".")
    groups = [whole[max(end - 3, 0) : end] for end in range(len(whole), 0, -3)][::-1]
    return f"{sign}{mark.join(groups)}{',' if point and mark == '.' else point}{decimals}"


def mark_of(cells: Collection[str]) -> str:
    """What sets thousands apart in the cells of a column; empty where nothing does, `AMBIGUOUS` where nobody can say."""
    held = {cell.translate(_SPACES) for cell in cells}
    for mark, decimals in _MARKS:
        if any(mark in cell for cell in held):
            found = _is_told_by(held, mark, decimals)
            if found is not None:
                return mark if found else AMBIGUOUS if mark == "," else ""
    return ""


def _is_told_by(cells: Collection[str], mark: str, decimals: str) -> bool | None:
    """Whether the mark surely sets thousands apart; None where not every cell is such a number."""
    apart = re.compile(rf"-?[1-9]\d{{0,2}}((?:{re.escape(mark)}\d{{3}})+)([{decimals}]\d+)?")
    plain = re.compile(rf"-?(?:0|[1-9]\d{{0,2}})([{decimals}]\d+)?")
    found = [apart.fullmatch(cell) for cell in cells]
    others = {cell for cell, match in zip(cells, found, strict=True) if match is None}
    if not all(plain.fullmatch(cell) for cell in others) or any(len(cell) > _MOST + _MOST // 3 for cell in cells):
        return None
    several = [match for match in found if match]
    if mark in " '":
        return bool(others) or any(match[2] for match in several) or len({len(match[1]) for match in several}) > 1
    if any(match[2] or len(match[1]) > len("1234") for match in several):
        return True
    # Decimals would not all have three digits while the numbers without any are all below a thousand.
    return mark == "," and bool(others - _NOTHING) and len(several) >= _ENOUGH
