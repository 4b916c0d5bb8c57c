"""Countries and regions by their names: no name is of two, and regions hold countries alone."""

import pytest

from app.foundation.text import fold
from app.rules.places import country_codes, country_names
from app.rules.regions import REGION_NAMES, countries_of_place, region_names, regions


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("democratic republic of the congo", "CD"),
        ("rd congo", "CD"),
        ("r d congo", "CD"),
        ("republique democratique du congo", "CD"),
        ("congo", "CG"),
        ("korea", "KR"),
        ("republic of korea", "KR"),
        ("korea dem people s rep", "KP"),
        ("saint lucia", "LC"),
        ("bosnia and herzegovina", "BA"),
        ("yemen rep", "YE"),
        ("venezuela rb", "VE"),
        ("estados unidos", "US"),
        ("st kitts and nevis", "KN"),
        ("myanmar", "MM"),
    ],
)
def test_a_country_is_known_by_the_names_of_statistics_and_of_people(name: str, code: str) -> None:
    assert country_names()[name] == code


def test_the_smallest_regions_hold_every_country_once() -> None:
    least = [regions()[code] for code in ("002", "009", "019", "142", "150")]
    whole = frozenset[str]().union(*least)
    assert sum(map(len, least)) == len(whole)
    # Antarctica, and islands that M49 counts to others.
    assert country_codes() - whole <= {"AC", "AQ", "CP", "CQ", "DG", "EA", "IC", "TA"}


def test_regions_hold_countries_alone() -> None:
    for code, countries in regions().items():
        assert countries <= country_codes(), code


def test_no_name_is_of_a_country_and_of_a_region() -> None:
    assert not region_names().keys() & country_names().keys()


@pytest.mark.parametrize(
    ("name", "country", "other"),
    [
        ("latin america", "PE", "US"),
        ("america latina", "DO", "ES"),
        ("caribbean", "JM", "PE"),
        ("afrique de l ouest", "SN", "KE"),
        ("sub saharan africa", "KE", "EG"),
        ("south asia", "BD", "ID"),
        ("mena", "EG", "KE"),
        ("east asia and pacific", "FJ", "IN"),
    ],
)
def test_a_region_is_known_in_four_languages_with_its_countries(name: str, country: str, other: str) -> None:
    countries = countries_of_place(region_names()[name])
    assert country in countries
    assert other not in countries


def test_a_country_is_a_place_of_its_own() -> None:
    assert countries_of_place("PE") == {"PE"}
    assert set(REGION_NAMES) <= set(regions())


def test_each_name_is_folded_and_more_than_a_letter() -> None:
    for name in (*country_names(), *region_names()):
        assert name == fold(name)
        assert len(name) > 1, name
