"""Names of publishers are compared as people compare them: without case, accents, marks and legal forms."""

import pytest

from app.rules.publishers import Likeness, likeness


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ookla", "OOkla", Likeness.SAME),
        ("ESRI", "Esri, Inc.", Likeness.SAME),
        ("Telefónica S.A.", "TELEFONICA", Likeness.SAME),
        ("The World Fund", "World Fund Ltd", Likeness.SAME),
        ("Map-Box", "Mapbox", Likeness.SAME),
        ("Speedtest by Ookla", "Ookla", Likeness.ALIKE),
        ("Esri Deutschland GmbH", "Esri", Likeness.ALIKE),
        ("World Bank", "World Fund", Likeness.DIFFERENT),
        ("Ooklaburg", "Ookla", Likeness.DIFFERENT),
        ("AB", "AB InBev", Likeness.DIFFERENT),
        ("", "Esri", Likeness.DIFFERENT),
        ("!!!", "Esri", Likeness.DIFFERENT),
    ],
)
def test_names(one: str, other: str, expected: Likeness) -> None:
    assert likeness(one, other) is expected
    assert likeness(other, one) is expected
