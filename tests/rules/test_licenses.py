"""The table of licenses: each is found by its id, its name, its address and what else it is called, and by nothing else's."""

import pytest

from app.rules.licenses import LICENSES, license_id, license_of


@pytest.mark.parametrize("spdx", LICENSES)
def test_a_license_is_found_by_everything_it_is_called(spdx: str) -> None:
    row = LICENSES[spdx]
    for words in (spdx, spdx.lower(), row.name, row.address, f"https://spdx.org/licenses/{spdx}.html", *row.also):
        assert license_id(words) == spdx, words


@pytest.mark.parametrize(
    "words",
    [
        "",
        "CC BY",
        "Creative Commons Attribution",
        "Other",
        "x" * 10_000,
        "../../etc",
        "CC BY 4.0, кроме фотографий",
        "CC BY 4.0 以外",
        "нет CC0",
        "MIT 以外",
    ],
)
def test_other_words_are_no_license(words: str) -> None:
    assert license_id(words) is None
    assert license_of(words) is None
