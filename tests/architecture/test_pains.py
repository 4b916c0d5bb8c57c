"""docs/pains.md promises twenty answers, each with a test; the tests are there."""

import re

from tests.support.run import ROOT

ROWS = re.findall(
    r"^\| (\d+) \|.*`(test_\w+)` \|$", (ROOT / "docs" / "pains.md").read_text(encoding="utf-8"), re.MULTILINE
)


def test_each_of_the_twenty_has_its_test() -> None:
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert [int(number) for number, _ in ROWS] == list(range(1, 21))
    assert {test for _, test in ROWS} <= written
