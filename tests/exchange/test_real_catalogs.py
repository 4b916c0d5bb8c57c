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
from tests.catalog.people import NOW

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


# By broken catalog: the field that a remark names and words of it, or words of the refusal of the whole file.
NAMED = {
    "LICENSE": ("", "no catalog in a form that is known"),
    "catalogo-justicia-missing-distribution-identifier.xlsx": ("distribution", "another sheet"),
    "catalogo_justicia.xlsx": ("distribution", "another sheet"),
    "catalogo_justicia_extra_columns.xlsx": ("distribution", "another sheet"),
    "lists_extra_commas.xlsx": ("distribution", "another sheet"),
    "empty_optional_string.json": ("contact", "no name and no address"),
    "example_time_series.json": ("license", "missing"),
    "invalid_catalog_publisher_type.json": ("publisher", "several texts"),
    "invalid_field_description_type.json": ("dictionary", "no text"),
    "invalid_keywords.json": ("keywords", "begins or ends with a mark"),
    "invalid_multiple_emails.json": ("publisher", "not one e-mail address"),
    "invalid_multiple_fields_type.json": ("publisher", "several texts"),
    "invalid_themeTaxonomy.json": ("themeTaxonomy", "have this id"),
    "malformed_accrualperiodicity.json": ("frequency", "no known rhythm"),
    "malformed_date.json": ("issued", "no date"),
    "malformed_datetime.json": ("issued", "no date"),
    "malformed_datetime2.json": ("issued", "no date"),
    "malformed_uri.json": ("superThemeTaxonomy", "no address"),
    "minimum_data.json": ("license", "missing"),
    "malformed_temporal2.json": ("coverage", "read as 2015-01-10/2015-12-31"),
    "mismatched_downloadURL_and_format.json": ("downloadURL", "ends in .pdf"),
    "mismatched_fileName_and_format.json": ("fileName", "ends in .csv"),
    "missing_catalog_dataset.json": ("", "no list of datasets"),
    "missing_catalog_title.json": ("title", "the catalog has none"),
    "missing_dataset.json": ("", "no list of datasets"),
    "missing_dataset_description.json": ("description", "missing"),
    "missing_distribution_title.json": ("distribution title", "missing"),
    "missing_periodicity.json": ("frequency", "missing"),
    "null_catalog_publisher.json": ("publisher", "the catalog has none"),
    "read_table.csv": ("", "no column with the title"),
    "read_table.xlsx": ("", "no column with the title"),
    "resource_sample.csv": ("", "no column with the title"),
    "several_assorted_errors.json": ("dictionary", "no object with a name"),
    "several_datasets.json": ("downloadURL", "no address"),
    "several_datasets_for_harvest.json": ("downloadURL", "no address"),
    "several_datasets_with_types.json": ("publisher", "missing"),
}
# Of these nothing is said, for a reason.
FINE = {
    "border_cases_ditribution_filenames.json": "a file without a name of its own is found by its address",
    "catalogo_justicia.json": "it is whole",
    "catalogo_justicia_removed_publisher.json": "it is whole; the datasets of one publisher were left out",
    "catalogo_justicia_with_defaults.json": "it is whole",
    "federated_2.json": "it is whole",
    "full_data.json": "it is whole",
    "full_data_no_json_suffix": "it is whole, and a file is known by what is in it",
    "null_dataset_theme.json": "the theme is read from superTheme",
    "numeric_distribution_identifier.json": "the identifier of a file is carried along, whatever it is",
    "organization_tree.json": "a bare list of titles claims nothing; the page counts those without a description",
    "too_long_field_title.json": "the name of a column is taken up to 200 characters",
}


def complaints_of(data: bytes) -> list[tuple[str, str]]:
    answer = told(data)
    if isinstance(answer, Unreadable):
        assert answer.remedy
        return [("", answer.problem)]
    found = [one for row in answer for one in ([row] if isinstance(row, Refused) else row.remarks)]
    assert all(one.problem and one.remedy for one in found)
    return [(one.field, one.problem) for one in found]


def test_every_broken_catalog_is_told_what_is_broken_or_is_fine_for_a_reason(shared_data: Path) -> None:
    files = {path.name: path for path in (shared_data / "hostile" / "dcat-ar").iterdir() if path.is_file()}
    assert files.keys() == NAMED.keys() | FINE.keys()
    assert (len(NAMED), len(FINE)) == (36, 11)
    for name, (field, words) in NAMED.items():
        said = complaints_of(files[name].read_bytes())
        assert any(one == field and words in problem for one, problem in said), (name, said)
    for name in FINE:
        assert complaints_of(files[name].read_bytes()) == [], name


def test_a_good_real_catalog_is_not_flooded_with_remarks(shared_data: Path) -> None:
    """What was remarked before catalogs were looked at, and the few remarks that are said once."""
    before = {"catalogue-aws/aws-registry.dcat.jsonld.gz": 221, "catalogue-gee/gee-stac-collections.jsonl.gz": 0}
    for name, count in before.items():
        said = sum(len(row.remarks) for row in rows_of(shared_data / name) if isinstance(row, Described))
        assert count <= said <= count + 6, name


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
