"""Every sentence that the forms library could show has one of ours, which names the way to mend it."""

import ast
import re
from pathlib import Path

import pytest
import wtforms
from wtforms import IntegerField, StringField
from wtforms.validators import Length

from app.web.forms import Form
from app.web.messages import SENTENCES
from tests.web.specimen import build

LIBRARY = Path(wtforms.__file__).parent
# Told to programmers, or handled before a form is shown.
NOT_SHOWN = {"Choices cannot be None.", "Invalid field name '%s'."}


def said_by_the_library() -> set[str]:
    calls = (
        node
        for path in LIBRARY.rglob("*.py")
        if "csrf" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("gettext", "ngettext") and node.args
    )
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)} - NOT_SHOWN


def test_the_library_says_nothing_of_its_own() -> None:
    assert said_by_the_library() - SENTENCES.keys() == set()


@pytest.mark.parametrize(("theirs", "ours"), SENTENCES.items())
def test_our_sentence_fills_in_the_same_values(theirs: str, ours: str) -> None:
    values = r"%\(\w+\)[sd]|\{\w+\}"
    assert set(re.findall(values, ours)) <= set(re.findall(values, theirs))
    assert ours.endswith(".")


def test_a_form_speaks_our_words() -> None:
    class Counting(Form):
        people = IntegerField("People")
        name = StringField("Name", [Length(max=3)])

    with build().test_request_context(method="POST", data={"people": "many", "name": "too long"}):
        form = Counting()
        form.validate()
        assert form.people.errors == ["Enter a whole number, like 12."]
        assert form.name.errors == ["Shorten it to 3 characters."]
