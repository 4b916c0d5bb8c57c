"""The forms of the five steps, made from the question table; and what a browser sent, read without refusing any of it."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import Form as PlainForm
from wtforms.fields import TextAreaField
from wtforms.fields.choices import SelectChoice

from app.rules.questions import (
    EXTRA_WORDS,
    INDICATOR_FIELDS,
    ExtraQuestion,
    Gap,
    Part,
    Shape,
    Step,
    StepKey,
    mark,
    typed_day,
)
from app.rules.questions.choices import COUNTRIES
from app.web.answers import told
from app.web.dates import DayField
from app.web.words import country_choices

# Up to so many choices stand open as radios; more go into a list.
MOST_RADIOS = 6
_NONE = SelectChoice("", "–")
_IN_NO_FIELD = frozenset({Shape.DATASETS, Shape.TEAM})
_TICKED = frozenset({Shape.CHOICES, Shape.COUNTRIES})

Answers = Mapping[str, object]


class DeclarationForm(FlaskForm):
    """The tick before sending, and the content that it speaks of."""

    declares = BooleanField(_l("I declare this in the name of my organization."))
    shown = HiddenField()


class PersonForm(PlainForm):
    """Somebody for the team. It stands inside the form of its step."""

    person_name = StringField(_l("Name"))
    person_email = StringField(_l("E-mail"))
    person_organization = StringField(_l("Organization"))

    @property
    def is_begun(self) -> bool:
        """Whether anything was typed."""
        return bool((self.person_name.data or "").strip() or (self.person_email.data or "").strip())


def extra_parts(extra: Sequence[ExtraQuestion]) -> list[Part]:
    """The data partners' own questions as fields."""
    return [Part(question.key, Shape.WORDS, label=question.text, limit=EXTRA_WORDS) for question in extra]


def fields_of(step: Step, extra: Sequence[ExtraQuestion]) -> list[Part]:
    """The fields of a step; the data partners' own questions stand with the datasets."""
    own = [part for part in step.parts() if part.shape not in _IN_NO_FIELD]
    return own + (extra_parts(extra) if step.key is StepKey.SUPPLY else [])


def step_form(parts: Sequence[Part], answers: Answers, found: Sequence[Gap] = ()) -> PlainForm:
    """A form with these answers in it, and beside its fields what is to be mended."""
    made: dict[str, Field] = {}
    data: dict[str, object] = {}
    typed: dict[str, list[str]] = {}
    for part in parts:
        for name, field, value in _fields(part, answers.get(part.key)):
            made[name], data[name] = field, value
    for name in [name for name, field in made.items() if field.field_class is DayField]:
        text = str(data[name] or "")
        data[name] = typed_day(text)
        typed[name] = text.split("/") if text.count("/") == 2 else [text]
    form = type("StepForm", (PlainForm,), made)(data=data)
    for name, boxes in typed.items():
        form[name].typed = boxes if not data[name] else []
    _put(form, found)
    return form


def typed_answers(parts: Sequence[Part], sent: MultiDict[str, str]) -> dict[str, object]:
    """What a browser sent for these fields, as it came. Lists without a tick are empty; absent texts stay untouched."""
    values: dict[str, object] = {}
    for part in parts:
        if part.shape in _TICKED:
            values[part.key] = sent.getlist(part.key)
        elif part.shape is Shape.INDICATORS:
            if any(name in sent for name in _indicator_names(part)):
                values[part.key] = [_indicator(part, row, sent) for row in range(part.limit)]
        elif part.key in sent:
            values[part.key] = sent.getlist(part.key)
    return values


def shown_marks(parts: Sequence[Part], answers: Answers) -> str:
    """A mark of each answer as the page shows it, for a hidden field: `title:1f2e… problem:…`."""
    return " ".join(f"{part.key}:{mark(answers.get(part.key))}" for part in parts)


def read_marks(sent: str) -> dict[str, str]:
    """The marks that came back; whatever is none is left out."""
    pairs = (pair.partition(":") for pair in sent[:20_000].split())
    return {key: value for key, colon, value in pairs if colon}


def sentence_of(gap: Gap) -> str:
    """What to mend, in the reader's language."""
    return gettext(gap.sentence, **gap.values) if gap.values else told(gap.sentence)


def field_of(gap: Gap, form: PlainForm) -> str:
    """The name of the field that a gap speaks of; indicators stand in several."""
    first = f"{gap.key}_0_{INDICATOR_FIELDS[0]}"
    return first if first in form else gap.key


def _put(form: PlainForm, found: Sequence[Gap]) -> None:
    for gap in found:
        name = field_of(gap, form)
        if name in form:
            form[name].errors = (sentence_of(gap),)


def _fields(part: Part, answer: object) -> list[tuple[str, object, object]]:
    if part.shape is Shape.INDICATORS:
        return _indicator_fields(part, answer)
    field = _MADE[part.shape](part)
    if part.shape in _TICKED:  # what is ticked stands first, so that nobody has to look for it in a long list
        ticked = set(answer) if isinstance(answer, list) else set()
        field.kwargs["choices"] = sorted(field.kwargs["choices"], key=lambda choice: choice.value not in ticked)
    return [(part.key, field, _shown(part, answer))]


def _shown(part: Part, answer: object) -> object:
    """An answer as its field takes it; what was typed and could not be kept is shown as it was typed."""
    if part.shape in _TICKED:
        return list(answer) if isinstance(answer, list) else []
    if isinstance(answer, list):
        answer = "/".join(map(str, answer)) if part.shape is Shape.DATE else " ".join(map(str, answer))
    return answer


def _line(_part: Part) -> Field:
    return StringField()


def _words(_part: Part) -> Field:
    return TextAreaField()


def _choice(part: Part) -> Field:
    choices = _named(part)
    if len(choices) <= MOST_RADIOS:
        return RadioField(choices=choices)
    return SelectField(choices=[_NONE, *choices])


def _choices(part: Part) -> Field:
    return SelectMultipleField(choices=_named(part))


def _country(_part: Part) -> Field:
    return SelectField(choices=[_NONE, *_countries_by_name()])


def _countries(_part: Part) -> Field:
    return SelectMultipleField(choices=_countries_by_name())


def _named(part: Part) -> list[SelectChoice]:
    return [SelectChoice(code, told(words)) for code, words in part.choices.items()]


def _countries_by_name() -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in country_choices() if code in COUNTRIES]


def _date(_part: Part) -> Field:
    return DayField()


_MADE: dict[Shape, Callable[[Part], Field]] = {
    Shape.LINE: _line,
    Shape.WORDS: _words,
    Shape.CHOICE: _choice,
    Shape.CHOICES: _choices,
    Shape.COUNTRY: _country,
    Shape.COUNTRIES: _countries,
    Shape.DATE: _date,
    Shape.YEAR: _line,
}


def _indicator_names(part: Part) -> list[str]:
    return [f"{part.key}_{row}_{name}" for row in range(part.limit) for name in INDICATOR_FIELDS]


def _indicator(part: Part, row: int, sent: MultiDict[str, str]) -> dict[str, object]:
    first = {name: sent.get(f"{part.key}_{row}_{name}", "") for name in INDICATOR_FIELDS[:3]}
    return {**first, "by": sent.getlist(f"{part.key}_{row}_by")}


def _indicator_fields(part: Part, answer: object) -> list[tuple[str, object, object]]:
    rows = [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, list) else []
    made: list[tuple[str, object, object]] = []
    for number in range(part.limit):
        row = rows[number] if number < len(rows) else {}
        for name in INDICATOR_FIELDS:
            shape = Part(name, Shape.DATE if name == "by" else Shape.LINE)
            made.append((f"{part.key}_{number}_{name}", _MADE[shape.shape](shape), _shown(shape, row.get(name, ""))))
    return made
