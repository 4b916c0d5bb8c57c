"""Templates speak the words of the field, decide nothing, and hold nothing that the security policy forbids."""

import re
from pathlib import Path

import pytest

from tests.support.run import ROOT

TEMPLATES = ROOT / "templates"
# docs/contributing.md: one word per idea. A listing is not "rejected" but "not approved".
FORBIDDEN_WORDS = r"\b(rejected|rejection|DAR|entitlements?|blacklist|oops|please|invalid|users?)\b"
# A sentence between tags or in an attribute that a person reads; not code, names of classes, addresses.
COMMENT, EXPRESSION, STATEMENT, TAG = r"\{#.*?#\}", r"\{\{.*?\}\}", r"\{%.*?%\}", r"<[^>]*>"
QUOTED = r"""_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""


@pytest.fixture(params=sorted(p for p in TEMPLATES.rglob("*") if p.is_file()), ids=lambda p: str(p.relative_to(ROOT)))
def template(request: pytest.FixtureRequest) -> str:
    path = request.param
    assert isinstance(path, Path)
    return path.read_text(encoding="utf-8")


def _sentences(template: str) -> str:
    """What a reader may see of a template: its texts and the sentences that go through gettext."""
    text = re.sub(COMMENT, " ", template, flags=re.DOTALL)
    translated = " ".join(a or b for a, b in re.findall(QUOTED, text))
    for pattern in (r"<(script|style)\b.*?</\1>", EXPRESSION, STATEMENT, TAG):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return f"{text} {translated}"


def test_the_words_are_the_words_of_the_field(template: str) -> None:
    assert not re.findall(FORBIDDEN_WORDS, _sentences(template), re.IGNORECASE)


def test_there_is_no_inline_style_or_script(template: str) -> None:
    text = re.sub(COMMENT, " ", template, flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son\w+\s*=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_nothing_is_loaded_from_elsewhere(template: str) -> None:
    text = re.sub(COMMENT, " ", template, flags=re.DOTALL)
    assert not re.search(r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=["']?(?:https?:)?//""", text)


def test_a_role_or_state_decides_in_rules_not_here(template: str) -> None:
    conditions = re.findall(r"\{%-?\s*(?:el)?if\b(.*?)%\}", template, re.DOTALL)
    assert not [condition for condition in conditions if re.search(r"\b\w*(role|state)\s*(==|!=|in)\s", condition)]


def test_text_is_never_marked_safe_by_a_template(template: str) -> None:
    assert not re.search(r"\|\s*safe\b", template)
