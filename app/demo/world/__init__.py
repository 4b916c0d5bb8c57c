"""The demo's content, read from the TOML files beside this module into values."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class PersonText:
    """One invented person."""

    name: str
    title: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class OrganizationText:
    """One invented organization with its people, and how far its accession has come."""

    slug: str
    name: str
    kind: str
    country: str
    about: str
    accession: str
    people: tuple[PersonText, ...]


# Listings and proposals are read key by key where they are turned into answers; their shape is that of the files.
Text = dict[str, Any]


def secretariat() -> tuple[PersonText, ...]:
    """The people of the secretariat."""
    return _people(_read("organizations.toml")["secretariat"])


def organizations() -> tuple[OrganizationText, ...]:
    """Every other organization."""
    rows = _read("organizations.toml")["organization"]
    return tuple(OrganizationText(**{**row, "people": _people(row)}) for row in rows)


def listings() -> list[Text]:
    """Every listing, each with the slug of its data partner under `partner`."""
    rows = []
    for path in sorted((HERE / "listings").glob("*.toml")):
        rows += [{"partner": path.stem, **row} for row in _read(f"listings/{path.name}")["listing"]]
    return rows


def brought() -> list[Text]:
    """Listings that were brought in one act and wait for the check together, shaped as the others."""
    return list(_read("brought.toml")["listing"])


def proposals() -> list[Text]:
    """Every proposal with its story; answers that it leaves out come from `common`."""
    content = _read("proposals.toml")
    further = _read("pipelines.toml")["proposal"]
    return [{**content["common"], **row} for row in (*content["proposal"], *further)]


def promises() -> Text:
    """What grants gave and owed: acts by the title of the proposal that they were issued on."""
    return _read("promises.toml")


def teams() -> Text:
    """What goes on around teams: who has not answered, further acts by proposal, and who asks to be vouched for."""
    return _read("teams.toml")


def catalog() -> Text:
    """What listings gather in their life, and how their samples are shown."""
    return _read("catalog.toml")


def changes() -> Text:
    """What became of some grants: amended, renewed, handed over, closed."""
    return _read("changes.toml")


def harvested(name: str) -> bytes:
    """A catalog that an invented data partner offers elsewhere, as it would come over the network."""
    return (HERE / "harvest" / f"{name}.jsonld").read_bytes()


def _people(row: Text) -> tuple[PersonText, ...]:
    return tuple(PersonText(one["name"], one["title"], tuple(one["roles"])) for one in row["people"])


def workspace() -> Text:
    """What reviewers said, suggested and decided anew."""
    return _read("workspace.toml")


def _read(name: str) -> Text:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
