"""What pages load: little, from here, current, and free of what belongs to others."""

import gzip
import re
from pathlib import Path

import pytest

from tools import build_styles

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "app/static"
GOVUK = STATIC / "vendor/govuk-frontend"
SHEETS = sorted((STATIC / "css").glob("*.css"))
PAGES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if not {"pdf", "email"} & set(path.relative_to(ROOT / "templates").parts)
]


@pytest.mark.parametrize("word", ["GDS", "crown", "crest", "url("])
@pytest.mark.parametrize("name", ["vendor/govuk-frontend/govuk-frontend.min.css", "onepact.css"])
def test_nothing_is_left_that_belongs_to_gov_uk(name: str, word: str) -> None:
    assert word not in (STATIC / name).read_text()


def test_the_components_are_still_there_after_the_taking_out() -> None:
    style = (GOVUK / "govuk-frontend.min.css").read_text()
    assert all(
        f".govuk-{part}" in style for part in ("error-summary", "checkboxes__item", "date-input", "summary-list")
    )
    assert style.count("{") == style.count("}")


def test_the_served_sheet_is_what_its_sources_make() -> None:
    assert build_styles.TARGET.read_text() == build_styles.built(), "run python -m tools.build_styles"


def test_every_sheet_is_served() -> None:
    assert {path.stem for path in SHEETS} == set(build_styles.SHEETS)


def test_the_first_view_loads_little() -> None:
    loaded = [STATIC / "onepact.css", STATIC / "js/onepact.js", GOVUK / "govuk-frontend.min.js", STATIC / "mark.svg"]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in loaded)
    assert weight < 42_000, f"{weight} bytes"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.name))
def test_sheets_select_by_class_alone(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{};])\s*([^{};@]+)\{", text)
    assert selectors
    assert not [selector for selector in selectors if re.search(r"#[\w-]", selector)]
    classes = set(re.findall(r"\.([a-z][\w-]*)", " ".join(selectors)))
    assert {name for name in classes if not name.startswith(("op-", "govuk-"))} <= {"op", "d", "n"}
    assert "!important" not in text


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_pages_bring_no_style_or_script_of_their_own(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"\sstyle=|<style|\son(?:click|change|submit|load|input)=|javascript:", text)
    # A block of data for search engines is no script: a browser runs none of it, whatever stands in it.
    own = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert set(own) <= {'<script type="application/ld+json">'}


@pytest.mark.parametrize(
    "folder", ["app/static/vendor/govuk-frontend", "app/static/vendor/world-atlas", "app/letters/fonts"]
)
def test_what_others_made_stands_beside_its_license_and_version(folder: str) -> None:
    names = {path.name for path in (ROOT / folder).iterdir()}
    assert "VERSION" in names
    assert any("LICENSE" in name for name in names)
