"""What is asked to be different in a grant, and how it reads beside the grant as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.agreements.library import version as agreement_version
from app.foundation.base import JSONObject
from app.grants.duties import day_words
from app.grants.letter import country
from app.grants.record import Record
from app.grants.succession import UNTIL, Difference
from app.rules.changes import ChangeKind


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is to handle the data."""

    name: str
    email: str
    organization: str


@dataclass(frozen=True)
class Wanted:
    """A change as it is asked for; what is None or empty stays as it is."""

    renews: bool = False
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    ends_on: date | None = None
    purposes: tuple[str, ...] = ()
    purpose_words: str = ""
    kept_where: str = ""
    kept_in: str = ""
    join: tuple[NewPerson, ...] = ()
    leave: tuple[str, ...] = ()


def kinds_of(wanted: Wanted, record: Record) -> list[ChangeKind]:
    """The kinds of change that are asked for, compared with the grant as it is; empty where nothing would differ."""
    found = {
        ChangeKind.RENEWAL: wanted.renews,
        ChangeKind.ADD_DATASETS: bool(wanted.add),
        ChangeKind.DROP_DATASETS: bool(wanted.drop),
        ChangeKind.LONGER: not wanted.renews and wanted.ends_on is not None and wanted.ends_on > record.ends_on,
        ChangeKind.SHORTER: not wanted.renews and wanted.ends_on is not None and wanted.ends_on < record.ends_on,
        ChangeKind.PURPOSE: bool(wanted.purposes) or bool(wanted.purpose_words),
        ChangeKind.STORAGE: bool(wanted.kept_where) or bool(wanted.kept_in),
        ChangeKind.TEAM: bool(wanted.join) or bool(wanted.leave),
    }
    return [kind for kind, is_asked in found.items() if is_asked]


def only_what_differs(wanted: Wanted, record: Record) -> Wanted:
    """The same without what the grant says already."""
    purposes = wanted.purposes if set(wanted.purposes) != set(record.purposes) else ()
    return Wanted(
        renews=wanted.renews,
        add=wanted.add,
        drop=wanted.drop,
        ends_on=wanted.ends_on if wanted.ends_on != record.ends_on else None,
        purposes=purposes,
        purpose_words=wanted.purpose_words if wanted.purpose_words != record.purpose_words else "",
        kept_where=wanted.kept_where if wanted.kept_where != record.kept_where else "",
        kept_in=wanted.kept_in if wanted.kept_in != record.kept_in else "",
        join=wanted.join,
        leave=wanted.leave,
    )


def differences(before: Record, after: Record) -> tuple[Difference, ...]:
    """What differs between two records, in the words of a letter."""
    pairs = [
        ("Datasets", _datasets(before), _datasets(after)),
        (UNTIL, day_words(before.ends_on), day_words(after.ends_on)),
        ("Agreement", f"version {before.agreement_version}", f"version {after.agreement_version}"),
        ("Purpose", _purposes(before), _purposes(after)),
        ("Purpose in words", before.purpose_words, after.purpose_words),
        ("Countries", _countries(before), _countries(after)),
        ("Kept in", _kept(before), _kept(after)),
        ("People", _people(before), _people(after)),
    ]
    return tuple(Difference(label, was, now) for label, was, now in pairs if was != now)


def _datasets(record: Record) -> str:
    return "; ".join(f"{each.title}, {each.reference}" for each in record.datasets)


def _purposes(record: Record) -> str:
    vocabulary = agreement_version(record.agreement_version).terms.specs["permitted_purposes"].vocabulary
    return ", ".join(vocabulary.label(code) for code in record.purposes)


def _countries(record: Record) -> str:
    return ", ".join(country(code) for code in record.countries)


def _kept(record: Record) -> str:
    place = country(record.kept_in) if record.kept_in else ""
    return ", ".join(filter(None, (record.kept_where.rstrip(" ."), place)))


def _people(record: Record) -> str:
    return ", ".join(person.name for person in record.people)


def to_json(wanted: Wanted) -> JSONObject:
    """As plain values that canonical JSON can carry."""
    return {
        "renews": wanted.renews,
        "add": list(wanted.add),
        "drop": list(wanted.drop),
        "ends_on": wanted.ends_on.isoformat() if wanted.ends_on else None,
        "purposes": list(wanted.purposes),
        "purpose_words": wanted.purpose_words,
        "kept_where": wanted.kept_where,
        "kept_in": wanted.kept_in,
        "join": [{"name": p.name, "email": p.email, "organization": p.organization} for p in wanted.join],
        "leave": list(wanted.leave),
    }


def from_json(data: Mapping[str, object]) -> Wanted:
    """What was stored."""
    ends_on = data.get("ends_on")
    return Wanted(
        renews=data.get("renews") is True,
        add=_texts(data.get("add")),
        drop=_texts(data.get("drop")),
        ends_on=date.fromisoformat(str(ends_on)) if ends_on else None,
        purposes=_texts(data.get("purposes")),
        purpose_words=str(data.get("purpose_words") or ""),
        kept_where=str(data.get("kept_where") or ""),
        kept_in=str(data.get("kept_in") or ""),
        join=tuple(_person(row) for row in _rows(data.get("join"))),
        leave=_texts(data.get("leave")),
    )


def _person(row: Mapping[str, object]) -> NewPerson:
    return NewPerson(str(row["name"]), str(row["email"]), str(row["organization"]))


def _rows(raw: object) -> Sequence[Mapping[str, object]]:
    return [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list) else []


def _texts(raw: object) -> tuple[str, ...]:
    return tuple(str(item) for item in raw) if isinstance(raw, list) else ()
