"""A catalog of invented listings, written in bulk into an empty, migrated database, for measuring.

The words are made up and drawn by Zipf's law, so that some stand in every third listing and most in a handful, as in real
catalogs. The same seed makes the same catalog. `Words` says which of them are broad (in 10 to 35 % of all listings) and
which are narrow (in at most a thousandth): both have to be measured, as narrow ones hide every cost.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.catalog.commands.writing import unwritten
from app.catalog.models import Dataset, DatasetCountry, DatasetTheme
from app.foundation.base import Base
from app.foundation.database import make_engine
from app.organizations.models import Membership, Organization, Person
from app.rules.roles import Kind, Role
from app.rules.vocabulary import MODES_OF_TYPE, Frequency, Sensitivity, Theme, Visibility
from app.rules.workflow import ListingState

SEED, VOCABULARY, PARTNERS, BATCH = 7, 30_000, 200, 2_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)
COUNTRIES = [
    "BR", "CO", "PE", "MX", "IN", "ID", "KE", "NG", "ZA", "EG", "PH", "VN", "BD", "PK", "TR", "MA", "GH", "SN", "CL", "AR", "BO",
    "EC", "PY", "UY", "GT", "HN", "NI", "SV", "CR", "PA",
]  # fmt: skip
_STARTS = [*"bcdfghklmnprstv", "br", "cr", "dr", "gr", "pl", "pr", "st", "tr"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "io"]
_ENDS = ("", "n", "r", "s", "l", "t", "m")


@dataclass(frozen=True)
class Words:
    """Queries of each kind, drawn from what was written."""

    narrow: tuple[str, ...]
    broad: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """The texts and facets of one listing."""

    number: int
    title: str
    description: str
    keywords: tuple[str, ...]
    partner: int
    country: str
    themes: tuple[Theme, ...]
    first_year: int
    last_year: int


def listings(count: int) -> Iterator[Listing]:
    """So many listings, always the same."""
    chance = random.Random(SEED)  # noqa: S311 - a seeded catalog, nothing secret
    words = _vocabulary(chance)
    weights = list(accumulate(1 / (rank + 3.7) for rank in range(VOCABULARY)))
    partners = list(accumulate(1 / (rank + 3.0) ** 0.9 for rank in range(PARTNERS)))
    places = list(accumulate(1 / (rank + 2.0) ** 0.8 for rank in range(len(COUNTRIES))))
    themes = list(Theme)
    for number in range(1, count + 1):
        drawn = chance.choices(words, cum_weights=weights, k=chance.randint(45, 90))
        title = drawn[: chance.randint(4, 9)]
        last = 2026 - min(int(chance.expovariate(0.25)), 20)
        yield Listing(
            number,
            " ".join(title).capitalize(),
            ". ".join(" ".join(drawn[at : at + 12]).capitalize() for at in range(0, len(drawn), 12)) + ".",
            tuple(drawn[-5:]),
            chance.choices(range(1, PARTNERS + 1), cum_weights=partners)[0],
            chance.choices(COUNTRIES, cum_weights=places)[0],
            tuple(chance.sample(themes, chance.randint(1, 2))),
            last - chance.randint(0, 8),
            last,
        )


def words_of(rows: Sequence[Listing], most: int = 25) -> Words:
    """Narrow and broad words of a catalog."""
    seen = Counter(word for row in rows for word in set(f"{row.title} {row.description}".lower().split()))
    plain = {word: number for word, number in seen.items() if word.isalpha()}
    few = max(len(rows) // 1000, 3)
    narrow = sorted(word for word, number in plain.items() if 2 <= number <= few)
    broad = sorted(word for word, number in plain.items() if 0.10 <= number / len(rows) <= 0.35)
    chance = random.Random(SEED)  # noqa: S311
    return Words(
        tuple(chance.sample(narrow, min(most, len(narrow)))), tuple(chance.sample(broad, min(most, len(broad))))
    )


def fill(url: str, rows: Sequence[Listing]) -> None:
    """Write data partners, a steward, a project lead, and the listings. Searching needs `flask catalog reindex` afterwards."""
    engine = make_engine(url)
    with engine.begin() as connection:
        _people(connection)
        for start in range(0, len(rows), BATCH):
            _datasets(connection, rows[start : start + BATCH])
    with Session(engine) as session:
        session.commit()
    engine.dispose()


def _vocabulary(chance: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < VOCABULARY:
        syllables = (chance.choice(_STARTS) + chance.choice(_VOWELS) for _ in range(chance.choice((1, 2, 2, 2, 3))))
        word = "".join(syllables) + chance.choice(_ENDS)
        if len(word) > 3:
            made[word] = None
    return list(made)


def _people(connection: Connection) -> None:
    member = PARTNERS + 1
    organizations = [
        {"id": key, "slug": f"partner-{key}", "name": f"Partner {key}", "kind": Kind.PARTNER, "created_at": NOW}
        for key in range(1, PARTNERS + 1)
    ]
    organizations.append(
        {"id": member, "slug": "member", "name": "A member", "kind": Kind.MEMBER, "created_at": NOW},
    )
    _write(connection, Organization, organizations)
    people = [(1, "steward", 1, Role.STEWARD), (2, "lead", member, Role.PROJECT_STAFF)]
    _write(
        connection,
        Person,
        [{"id": key, "email": f"{name}@example.org", "name": name, "created_at": NOW} for key, name, *_ in people],
    )
    held = [
        {"person_id": key, "organization_id": organization, "role": role, "since": NOW}
        for key, _name, organization, role in people
    ]
    _write(connection, Membership, held)


def _datasets(connection: Connection, rows: Sequence[Listing]) -> None:
    empty = {name: value for name, value in unwritten().items() if name in Dataset.__table__.columns}
    _write(connection, Dataset, [{**empty, **_dataset(row)} for row in rows])
    _write(connection, DatasetCountry, [{"dataset_id": row.number, "country": row.country} for row in rows])
    _write(
        connection,
        DatasetTheme,
        [{"dataset_id": row.number, "theme": theme.value} for row in rows for theme in row.themes],
    )


def _dataset(row: Listing) -> dict[str, object]:
    kinds = list(MODES_OF_TYPE)
    kind = kinds[row.number % len(kinds)]
    modes = list(MODES_OF_TYPE[kind])
    listed = NOW - timedelta(minutes=row.number)
    return {
        "id": row.number,
        "reference": f"DS-{row.number:04d}",
        "organization_id": row.partner,
        "identifier": f"bench-{row.number}",
        "state": ListingState.LISTED,
        "state_since": listed,
        # One of ten is for members only, so that the filter has something to do.
        "visibility": Visibility.MEMBERS if row.number % 10 == 0 else Visibility.PUBLIC,
        "title": row.title,
        "summary": row.title,
        "description": row.description,
        "publisher": f"Partner {row.partner}",
        "keywords": list(row.keywords),
        "unit": "row",
        "coverage_start": date(row.first_year, 1, 1),
        "coverage_end": date(row.last_year, 12, 31),
        "frequency": list(Frequency)[row.number % len(Frequency)],
        "languages": ["en"],
        "collaborative_type": kind,
        "access_mode": modes[row.number % len(modes)],
        "sensitivity": list(Sensitivity)[row.number % len(Sensitivity)],
        "created_at": listed,
        "updated_at": listed,
        "listed_at": listed,
        "version": 1,
    }


def _write(connection: Connection, table: type[Base], rows: Sequence[dict[str, object]]) -> None:
    if rows:
        connection.execute(table.__table__.insert(), list(rows))  # type: ignore[attr-defined]
