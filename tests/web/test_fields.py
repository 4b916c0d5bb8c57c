"""What a field of each kind shows: label, hint, error, and what was typed."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField, StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Optional

from app.web.dates import DayField
from app.web.fields import field_view
from tests.web.specimen import SpecimenForm, build

FIELD = '{% from "shared/forms.html" import field %}{{ field(form[name], **look) }}'
SUMMARY = '{% from "shared/forms.html" import error_summary %}{{ error_summary(form) }}'


@pytest.fixture(scope="module")
def app() -> Flask:
    """The specimen's application."""
    return build()


@pytest.fixture(autouse=True)
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def shown(form: Form, name: str, **look: object) -> str:
    html = render_template_string(FIELD, form=form, name=name, look=look)
    return re.sub(r"\s+", " ", html)


def checked(**typed: object) -> SpecimenForm:
    form = SpecimenForm(formdata=MultiDict(typed))
    form.validate()
    return form


def test_a_field_names_its_hint_and_its_error_to_screen_readers() -> None:
    html = shown(checked(), "title")
    assert 'aria-describedby="title-hint title-error"' in html
    assert '<span class="govuk-visually-hidden">Error:</span> Give the use a title.' in html
    assert '<label class="govuk-label" for="title"> Title </label>' in html


def test_what_was_typed_stays_and_is_escaped() -> None:
    form = checked(title='<script>"x"</script>', why="two\nlines & more")
    assert "&lt;script&gt;&#34;x&#34;&lt;/script&gt;" in shown(form, "title")
    assert "two lines &amp; more" in shown(form, "why")


def test_a_textarea_keeps_its_lines_as_they_were_typed() -> None:
    html = render_template_string(FIELD, form=checked(why="one\n  two\n\nthree"), name="why", look={"words": 60})
    assert ">one\n  two\n\nthree</textarea>" in html


@pytest.mark.parametrize(
    "name", [name for name in vars(SpecimenForm) if isinstance(vars(SpecimenForm)[name], UnboundField)]
)
def test_every_kind_of_field_has_a_label_and_one_id(name: str) -> None:
    html = shown(SpecimenForm(formdata=None), name)
    assert html.count(f'id="{name}"') == 1
    assert f'name="{name}"' in html
    assert (f'for="{name}"' in html) is (name != "step")


def test_a_date_is_three_boxes_of_one_name_that_keep_what_was_typed() -> None:
    form = SpecimenForm(formdata=MultiDict([("needed_on", "31"), ("needed_on", "2"), ("needed_on", "2027")]))
    form.validate()
    html = shown(form, "needed_on")
    assert form.needed_on.errors == ["Enter a date with day, month and year, like 14 3 2027."]
    assert [part in html for part in ('value="31"', 'value="2"', 'value="2027"')] == [True] * 3
    assert html.count('name="needed_on"') == 3
    assert 'role="group"' in html


@pytest.mark.parametrize("typed", [["14", "3", "2027"], [" 14", "03 ", "2027"], ["2027-03-14"]])
def test_a_date_is_read_from_boxes_and_from_one_text(typed: list[str]) -> None:
    form = DayForm(MultiDict([("day", part) for part in typed]))
    assert form.validate()
    assert form.day.data == date(2027, 3, 14)


def test_an_empty_date_is_no_date_and_is_missed_where_it_is_needed() -> None:
    empty = MultiDict([("day", ""), ("day", ""), ("day", "")])
    assert DayForm(empty).validate()
    needed = NeededDayForm(empty)
    assert not needed.validate()
    assert needed.day.errors == ["Enter the day."]


def test_a_half_filled_date_is_told_even_when_the_day_is_the_missing_part() -> None:
    half = MultiDict([("day", ""), ("day", "3"), ("day", "2027")])
    form = DayForm(half)
    assert not form.validate()
    assert "like 14 3 2027" in form.day.errors[0]


def test_a_known_date_fills_the_boxes() -> None:
    form = DayForm(data={"day": date(2026, 12, 3)})
    assert form.day.parts() == ("3", "12", "2026")


def test_errors_lead_to_the_first_choice_of_a_group() -> None:
    form = checked(title="x")
    summary = render_template_string(SUMMARY, form=form)
    assert 'href="#unit"' in summary
    assert 'id="unit"' in shown(form, "unit")
    assert "needed_on" in summary


def test_no_errors_no_summary() -> None:
    assert render_template_string(SUMMARY, form=SpecimenForm(formdata=None)).strip() == ""


def test_words_count_down_in_the_readers_language() -> None:
    html = shown(SpecimenForm(formdata=None), "why", words=60)
    assert 'data-maxwords="60"' in html
    assert "Up to 60 words." in html
    assert 'data-i18n.words-under-limit.other="%{count} words left"' in html


def test_choices_show_hints_and_counts() -> None:
    html = shown(SpecimenForm(formdata=None), "unit", hints={"block": "Their default"}, extras={"block": "(7)"})
    assert "Their default" in html
    assert '<span class="op-muted">(7)</span>' in html


def test_what_is_ticked_stands_first_in_a_long_list() -> None:
    html = shown(SpecimenForm(formdata=None, data={"countries": ["c7"]}), "countries")
    assert html.index("Country 7") < html.index("Country 0") < html.index("Country 8")


def test_an_answer_filled_in_from_elsewhere_says_so() -> None:
    assert '<span class="op-from">from your profile</span>' in shown(
        SpecimenForm(formdata=None), "title", source="from your profile"
    )


def test_a_kind_without_a_component_is_told_to_the_programmer() -> None:
    class Outer(Form):
        inner = FormField(DayForm)

    with pytest.raises(TypeError, match="FormField has no component"):
        field_view(Outer().inner)


class DayForm(Form):
    """A day that may stay open."""

    day = DayField("Day", [Optional()])


class NeededDayForm(Form):
    """A day that must be there."""

    day = DayField("Day", [InputRequired("Enter the day.")])
    other = StringField("Other")
