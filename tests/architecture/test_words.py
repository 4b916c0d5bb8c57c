"""Every sentence that a person sees goes through gettext, from the first template on."""

import re
from pathlib import Path

import pytest

from tests.support.run import ROOT

TEMPLATES = ROOT / "templates"
COMMENT, EXPRESSION, STATEMENT = r"\{#.*?#\}", r"\{\{.*?\}\}", r"\{%.*?%\}"
# Attributes that are read out or shown.
SPOKEN = r"""\b(?:aria-label|title|alt|placeholder|aria-description)=(["'])([^"']*[A-Za-z]{2}[^"']*)\1"""
# Names that stay the same in every language.
NAMES = {"Onepact", "PDF", "CSV", "JSON", "UTC", "SHA", "QR", "DCAT", "ODRL", "URL"}


def _bare(text: str) -> str:
    for pattern in (COMMENT, EXPRESSION, STATEMENT):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return text


def _untranslated(text: str) -> list[str]:
    bare = _bare(text)
    spoken = [match[1] for match in re.findall(SPOKEN, bare)]
    without_tags = re.sub(r"<(script|style|svg|code)\b.*?</\1>|<!--.*?-->|<[^>]*>|&\w+;", " ", bare, flags=re.DOTALL)
    words = [word for word in re.findall(r"[A-Za-zÀ-ÿ]{2,}", without_tags) if word not in NAMES]
    return spoken + words


PAGES = [path for path in sorted(TEMPLATES.rglob("*")) if path.is_file() and path.suffix in {".html", ".txt"}]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_sentence_bypasses_translation(path: Path) -> None:
    assert _untranslated(path.read_text(encoding="utf-8")) == []


def test_the_test_sees_a_sentence_that_bypasses_translation() -> None:
    assert _untranslated('<p>{{ _("Yes") }} Please sign</p><a title="Read more">') == ["Read more", "Please", "sign"]
