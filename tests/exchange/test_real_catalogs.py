"""Catalogs that nobody here wrote: all of each comes in, nothing is lost on the way, and a second time changes nothing."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.exchange.commands.importing import Imported, import_rows, in_batches
from app.exchange.foreign import Described, Refused, described
from app.history.queries import faults
from app.organizations.models import Organization
from app.readers import Entry, Unreadable, read_catalog
from app.rules.actors import OPERATOR
from tests.catalog.people import NOW, partner

# By file: what it is read as, how many datasets it has.
WHOLE = {
    "catalogue-aws/aws-registry.dcat.jsonld.gz": ("DCAT, JSON", 837),
    "catalogue-aws/aws-registry.jsonl.gz": ("Rows of a table, JSON lines", 837),
    "catalogue-gee/gee-stac-collections.jsonl.gz": ("STAC Collections, JSON lines", 797),
    "catalogue-eu/eu-datasets.jsonl.gz": ("Rows of a table, JSON lines", 10_912),
    "catalogue-hdx/hdx-datasets.csv.gz": ("CSV", 18_401),
    "catalogue-hdx/hdx-datasets.jsonl.gz": ("Rows of a table, JSON lines", 18_401),
}
CUT = 40


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme")


def rows_of(path: Path) -> Iterator[Described | Refused]:
    with path.open("rb") as file:
        yield from described(read_catalog(file).entries)


def brought(session: Session, organization: Organization, rows: Iterator[Described | Refused]) -> Imported:
    total = Imported()
    for batch in in_batches(rows):
        total += import_rows(session, OPERATOR, organization, batch, NOW, publish=True)
    return total


def entries_of(data: bytes) -> list[Entry]:
    return list(read_catalog(io.BytesIO(data)).entries)


def told(data: bytes) -> Unreadable | list[Described | Refused]:
    """What an import answers to a file."""
    try:
        return list(described(read_catalog(io.BytesIO(data)).entries))
    except Unreadable as error:
        return error


@pytest.mark.parametrize("name", WHOLE)
def test_the_first_datasets_of_a_real_catalog_come_in_and_a_second_time_changes_nothing(
    session: Session, shared_data: Path, acme: Organization, name: str
) -> None:
    rows = list(islice(rows_of(shared_data / name), CUT))
    assert brought(session, acme, iter(rows)).counts == [CUT, CUT, 0, 0, 0]
    assert brought(session, acme, iter(rows)).counts == [CUT, 0, 0, CUT, 0]
    assert faults(session) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_all_of_a_real_catalog_comes_in(session: Session, shared_data: Path, acme: Organization, name: str) -> None:
    form, count = WHOLE[name]
    with (shared_data / name).open("rb") as file:
        assert read_catalog(file).form == form
    assert brought(session, acme, rows_of(shared_data / name)).counts == [count, count, 0, 0, 0]
    assert brought(session, acme, rows_of(shared_data / name)).counts == [count, 0, 0, count, 0]
    assert session.scalar(select(func.count()).select_from(Dataset)) == count


@pytest.mark.parametrize("name", WHOLE)
def test_every_property_of_a_real_dataset_is_in_a_field_or_kept(shared_data: Path, name: str) -> None:
    with (shared_data / name).open("rb") as file:
        entries = list(islice(read_catalog(file).entries, 300))
    for entry, row in zip(entries, described(entries), strict=True):
        assert isinstance(row, Described)
        assert entry.data is not None
        kept = row.foreign["kept"]
        fuller = row.foreign.get("fuller", {})
        assert isinstance(kept, dict)
        assert isinstance(fuller, dict)
        told_fuller = {one["name"]: one["value"] for one in fuller.values()}
        fields = list(row.fields.values())
        for property_name, value in entry.data.items():
            put_back = {**kept, **told_fuller}.get(property_name, value)
            assert put_back == value
            assert property_name in kept or property_name in told_fuller or value in fields


def test_croissant_of_every_version_comes_in_with_its_columns(shared_data: Path) -> None:
    packed = next((shared_data / "validation" / "croissant").glob("*.tar.gz"))
    found: dict[str, list[Described]] = {}
    with tarfile.open(packed) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.name.endswith(".json") else None
            answer = told(file.read()) if file else []
            if isinstance(answer, list):
                version = member.name.split("/")[1] if "/" in member.name else ""
                found.setdefault(version, []).extend(row for row in answer if isinstance(row, Described))
    for version in ("0.8", "1.0", "1.1"):
        rows = [row for row in found[version] if row.foreign["format"] == "croissant"]
        assert len(rows) > 5, version
        assert sum(bool(row.dictionary) for row in rows) > len(rows) / 2, version


@pytest.mark.parametrize("profile", ["dcat-us-3", "dcat-ap-3.0.1"])
def test_every_example_of_a_profile_is_read_or_refused_in_words(shared_data: Path, profile: str) -> None:
    datasets = 0
    for path in sorted((shared_data / "validation" / profile / "examples").rglob("*.*")):
        answer = told(path.read_bytes())
        if isinstance(answer, Unreadable):
            assert answer.problem, path.name
            assert answer.remedy, path.name
        else:
            datasets += sum(isinstance(row, Described) for row in answer)
    assert datasets > 20


def test_every_broken_catalog_is_answered_row_by_row(shared_data: Path) -> None:
    files = [path for path in sorted((shared_data / "hostile" / "dcat-ar").iterdir()) if path.is_file()]
    taken = said = unreadable = 0
    for path in files:
        answer = told(path.read_bytes())
        if isinstance(answer, Unreadable):
            unreadable += 1
            assert answer.problem, path.name
            assert answer.remedy, path.name
            continue
        for row in answer:
            taken += isinstance(row, Described)
            complaints = [row] if isinstance(row, Refused) else row.remarks
            said += len(complaints)
            for one in complaints:
                assert one.row > 0, path.name
                assert one.problem, path.name
                assert one.remedy, path.name
    assert len(files) >= 46
    assert (taken > 100, said >= 3, unreadable > 3) == (True, True, True)


BROKEN = (
    "cannot be read to its end",
    "nested",
    "no catalog in a form that is known",
    "no text",
    "empty",
    "says that it is UTF",
)


def test_json_that_must_be_accepted_is_never_called_broken(shared_data: Path) -> None:
    for path in sorted((shared_data / "hostile" / "json").glob("y_*.json")):
        answer = told(path.read_bytes())
        assert not isinstance(answer, Unreadable) or "no list of datasets" in answer.problem, (path.name, str(answer))


def test_json_that_must_be_refused_is_called_broken(shared_data: Path) -> None:
    for path in sorted((shared_data / "hostile" / "json").glob("n_*.json")):
        answer = told(path.read_bytes())
        assert isinstance(answer, Unreadable), path.name
        assert any(word in answer.problem for word in BROKEN), (path.name, answer.problem)


def test_json_that_may_be_either_is_answered(shared_data: Path) -> None:
    for path in sorted((shared_data / "hostile" / "json").glob("i_*.json")):
        answer = told(path.read_bytes())
        assert not isinstance(answer, Unreadable) or answer.remedy, path.name


def test_the_same_datasets_packed_and_plain_are_the_same(shared_data: Path) -> None:
    packed = (shared_data / "catalogue-aws" / "aws-registry.dcat.jsonld.gz").read_bytes()
    document = json.loads(gzip.decompress(packed))
    assert len(entries_of(packed)) == len(document["dcat:dataset"])
