"""Invented samples for the demo's listings: some hundred rows that follow their dictionary, the same at each loading."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

ROWS = 400
_FIRST_DAY = date(2026, 1, 5)
_DAYS = 240
_CODES = 30
_CITIES = ["Bogotá", "Medellín", "Cali", "Lima", "Recife", "Port Amaya", "Salvador", "Arequipa"]

# Value of one cell, by what the dictionary says of the column: how it looks at random, never what anybody measured.
Make = Callable[[Random, str], str]


def table(seed: str, lines: list[str]) -> list[list[str]]:
    """A table with a header, from dictionary rows: column, meaning, type, share filled."""
    chance = Random(seed)  # noqa: S311 - the same sample at each loading, nothing secret
    columns = [[part.strip() for part in line.split("|")] for line in lines]
    rows = [[_cell(chance, *column) for column in columns] for _row in range(ROWS)]
    return [[column[0] for column in columns], *rows]


def _cell(chance: Random, name: str, meaning: str, kind: str, filled: str) -> str:
    if chance.randrange(100) >= int(filled):
        return ""
    first, _space, rest = kind.partition(" ")
    if first.isdecimal() and rest.startswith("to "):
        return str(round(chance.triangular(int(first), int(rest.removeprefix("to ")))))
    if first.isdecimal():
        return _one_of(chance, _names(meaning, int(first), rest))
    return _MAKE.get(kind, _amount)(chance, name)


def _names(meaning: str, count: int, what: str) -> list[str]:
    """The values that the meaning lists, or numbered ones."""
    listed = [part.strip().lower() for part in meaning.split(",")]
    return listed if len(listed) == count else [f"{what.removesuffix('s')} {number}" for number in range(1, count + 1)]


def _one_of(chance: Random, values: list[str]) -> str:
    return chance.choices(values, weights=[1 / (place + 1) for place in range(len(values))])[0]


def _code(chance: Random, name: str) -> str:
    return f"{name[:1].upper()}{chance.randint(1, _CODES * 40):05d}"


def _amount(chance: Random, _name: str) -> str:
    return f"{abs(chance.gauss(40, 15)):.1f}"


def _moment(chance: Random, _name: str) -> str:
    start = datetime.combine(_FIRST_DAY, datetime.min.time())
    return (start + timedelta(hours=chance.randrange(_DAYS * 24))).strftime("%Y-%m-%dT%H:%M")


_MAKE: dict[str, Make] = {
    "city": lambda chance, _name: _one_of(chance, _CITIES),
    "code": _code,
    "polygon": _code,
    "UN/LOCODE": lambda chance, _name: _one_of(chance, ["XAPRA", "XAMON", "XBSEL", "XBTIR", "XCORA"]),
    "count": lambda chance, _name: str(5 * round(chance.expovariate(0.05))),
    "percent": lambda chance, _name: str(min(round(abs(chance.gauss(35, 18))), 100)),
    "minutes": lambda chance, _name: str(round(chance.lognormvariate(3, 0.5))),
    "hours": lambda chance, _name: str(round(chance.lognormvariate(2.5, 0.6))),
    "date": lambda chance, _name: (_FIRST_DAY + timedelta(days=chance.randrange(_DAYS))).isoformat(),
    "date and hour": _moment,
    "date and time": _moment,
    "yes or no": lambda chance, _name: _one_of(chance, ["no", "yes"]),
}
