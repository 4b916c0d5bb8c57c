"""What catalogs say more than once: columns of several tables, licenses, people; and what CKAN's extensions write."""

import io
import json

import pytest

from app.exchange.foreign import Described, described
from app.readers import read_catalog
from app.rules.vocabulary import WORLD, Frequency


def row(entry: object) -> Described:
    (found,) = described(read_catalog(io.BytesIO(json.dumps(entry).encode())).entries)
    assert isinstance(found, Described)
    return found


def ckan(extras: dict[str, str] | None = None, **more: object) -> Described:
    pairs = [{"key": key, "value": value} for key, value in (extras or {}).items()]
    base = {"id": "lakes", "title": "Lakes", "notes": "By day.", "license_id": "x", "organization": {"title": "Portal"}}
    return row({"success": True, "result": {"results": [{**base, "extras": pairs, **more}]}})


def package(**more: object) -> Described:
    return row({"name": "lakes", "profile": "data-package", **more})


def table(name: str, *fields: dict[str, str]) -> dict[str, object]:
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": list(fields)}}


def names(found: Described) -> list[object]:
    return [column["name"] for column in found.dictionary]


def test_columns_of_one_name_are_told_apart_by_their_tables() -> None:
    lakes = table("lakes", {"name": "id", "type": "integer"}, {"name": "depth", "type": "number"})
    taps = table("taps", {"name": "id", "type": "string"})
    assert names(package(resources=[lakes, taps])) == ["lakes.id", "depth", "taps.id"]


def test_columns_of_record_sets_are_told_apart_as_well() -> None:
    sets = [
        {"@type": "cr:RecordSet", "name": name, "field": [{"name": "id", "dataType": kind}]}
        for name, kind in (("lakes", "sc:Integer"), ("taps", "sc:Text"))
    ]
    assert names(row({"@type": "sc:Dataset", "name": "Water", "recordSet": sets})) == ["lakes.id", "taps.id"]


def test_the_same_column_in_two_files_is_one() -> None:
    field = {"name": "id", "type": "integer"}
    assert names(package(resources=[table("csv", field), table("excel", field)])) == ["id"]


def test_a_publisher_comes_before_an_author() -> None:
    people = [{"title": "Ana", "role": "author"}, {"title": "Office", "role": "publisher"}]
    assert package(resources=[], contributors=people).publisher == "Office"


def test_several_licenses_are_all_named() -> None:
    licenses = [{"name": "CC-BY-4.0"}, {"name": "MIT"}, {"path": "https://creativecommons.org/licenses/by/4.0/"}]
    assert package(resources=[], licenses=licenses).license_text == "CC-BY-4.0; MIT"


def test_extras_of_ckan_say_period_publisher_contact_theme_and_languages() -> None:
    found = ckan({
        "temporal_start": "2010-01-01", "temporal_end": "2012-06-30", "publisher_name": "Lake Office",
        "contact_name": "Desk", "contact_email": "desk@example.org", "language": '["es", "en"]',
        "theme": '["http://publications.europa.eu/resource/authority/data-theme/HEAL"]',
    })  # fmt: skip
    assert (str(found.coverage_start), str(found.coverage_end)) == ("2010-01-01", "2012-06-30")
    assert (found.publisher, found.contact) == ("Lake Office", "Desk <desk@example.org>")
    assert found.languages == ("es", "en")
    assert "health" in found.themes


def test_texts_by_language_are_read_where_there_is_no_other() -> None:
    found = ckan(title="", title_translated={"fr": "Lacs", "en": "Lakes"}, keywords={"en": ["water"], "fr": ["eau"]})
    assert (found.title, found.keywords) == ("Lakes", ("water", "eau"))


@pytest.mark.parametrize(
    ("days", "rhythm"), [("30", Frequency.MONTHLY), (7, Frequency.WEEKLY), ("-1", Frequency.ONCE), ("14", Frequency.UNKNOWN)]
)  # fmt: skip
def test_a_rhythm_may_be_a_number_of_days(days: object, rhythm: Frequency) -> None:
    assert ckan(data_update_frequency=days).frequency is rhythm


@pytest.mark.parametrize("box", [[-180, -90, 180, 90], [-180, -90, 0, 180, 90, 100]])
def test_a_box_around_the_earth_is_the_world_with_heights_as_without(box: list[int]) -> None:
    extent = {"spatial": {"bbox": [box]}}
    assert row({"type": "Collection", "id": "a", "stac_version": "1.0.0", "extent": extent}).countries == (WORLD,)
