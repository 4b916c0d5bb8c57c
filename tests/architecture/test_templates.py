"""Templates speak the words of the field, decide nothing, and hold nothing that the security policy forbids."""

import re

from app.rules.roles import Role
from app.rules.workflow import STATES
from tests.support.run import ROOT

TEMPLATES = ROOT / "templates"
# docs/contributing.md: one word per idea. A listing is not "rejected" but "not approved".
FORBIDDEN_WORDS = r"\b(rejected|rejection|DAR|entitlements?|blacklist|oops|please|invalid|users?)\b"
# A sentence between tags or in an attribute that a person reads; not code, names of classes, addresses.
COMMENT, EXPRESSION, STATEMENT, TAG = r"\{#.*?#\}", r"\{\{.*?\}\}", r"\{%.*?%\}", r"<[^>]*>"
QUOTED = r"""_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""


TEXTS = {
    str(path.relative_to(ROOT)): re.sub(COMMENT, " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path in sorted(TEMPLATES.rglob("*"))
    if path.is_file()
}
# Mail programs drop stylesheets; no policy guards a mail, and nothing in it runs.
MAILS = "templates/email/"
OF_THE_DOMAIN = {state.value for states in STATES.values() for state in states} | {role.value for role in Role}


def _found(pattern: str) -> dict[str, list[str]]:
    """Where a pattern stands: template → what matched."""
    matches = {name: [m.group() for m in re.finditer(pattern, text, re.DOTALL)] for name, text in TEXTS.items()}
    return {name: found for name, found in matches.items() if found}


def _sentences(text: str) -> str:
    """What a reader may see of a template: its texts and the sentences that go through gettext."""
    translated = " ".join(a or b for a, b in re.findall(QUOTED, text))
    for pattern in (r"<(script|style)\b.*?</\1>", EXPRESSION, STATEMENT, TAG):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return f"{text} {translated}"


def test_the_words_are_the_words_of_the_field() -> None:
    found = {name: re.findall(FORBIDDEN_WORDS, _sentences(text), re.IGNORECASE) for name, text in TEXTS.items()}
    assert not {name: words for name, words in found.items() if words}
    assert TEXTS


def test_there_is_no_inline_style_or_script() -> None:
    # Mail programs know no stylesheets and no content security policy: what every mail is made of may have styles.
    assert not set(_found(r"\sstyle\s*=")) - {"templates/email/base.html", "templates/email/parts.html"}
    assert not _found(r"<[^>{%]*\son\w+\s*=")
    # Data for programs is no script: no browser runs it, so that the policy says nothing of it.
    assert not _found(r"<script(?![^>]*(?:\bsrc=|type=\"application/ld\+json\"))")


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert not _found(r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=["']?(?:https?:)?//""")


def test_a_role_or_state_decides_in_rules_not_here() -> None:
    condition = (
        r"\{%-?\s*(?:el)?if\b[^%]*?\b(?:role|state)(?:\.value)?\s*(?:==|!=|in|not in)\s*[\(\[]?\s*['\"](\w+)['\"]"
    )
    found = {name: re.findall(condition, text) for name, text in TEXTS.items()}
    assert not {name: words for name, words in found.items() if OF_THE_DOMAIN & set(words)}


def test_text_is_never_marked_safe_by_a_template() -> None:
    assert not _found(r"\|\s*safe\b")
