"""Page 4 as a form: one field per parameter of the agreement's clauses that a data partner is asked about."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.catalog.answers import Terms
from app.catalog.terms import Asked
from app.rules.terms import Spec, ValueType
from app.rules.terms.promises import UNIT_WORDS
from app.web.answers import told
from app.web.forms import Form
from app.web.words import country_name

_LONGEST = 4000


class TermsForm(Form):
    """Page 4. Its fields are added by `terms_form`."""

    asked: tuple[Asked, ...] = ()

    def answers(self) -> tuple[Terms, dict[str, str]]:
        """The page as plain JSON values; None where the agreement's own value shall hold."""
        values: dict[str, object] = {}
        unread: dict[str, str] = {}
        for one in self.asked:
            value, wrong = _READ[one.spec.type](one.spec, self[one.spec.name].data)
            values[one.spec.name] = value
            if wrong:
                unread[one.spec.name] = wrong
        return Terms(values), unread


T = TypeVar("T", bound=TermsForm)


def terms_form(
    asked: Sequence[Asked],
    held: Mapping[str, object],
    typed: Mapping[str, str],
    kind: type[T] = TermsForm,
) -> T:
    """The form with a field for each parameter, filled with what is set, or was typed and cannot be used yet."""
    fields = {one.spec.name: _FIELDS[one.spec.type](one) for one in asked}
    made = type("TermsForm", (kind,), {**fields, "asked": tuple(asked)})
    data = {one.spec.name: _shown(one.spec, held.get(one.spec.name)) for one in asked}
    form: T = made(data={**data, **typed})
    return form


def _codes_field(one: Asked) -> Field:
    vocabulary, spec = one.spec.vocabulary, one.spec
    names = {code: told(name) for code, name in vocabulary.labels.items()}
    countries = {code: country_name(code) for code in vocabulary.members if code not in names}
    pairs = [*names.items(), *sorted(countries.items(), key=lambda pair: pair[1])]
    choices = [SelectChoice(code, name) for code, name in pairs]
    return SelectMultipleField(told(spec.label), choices=choices)


def _level_field(one: Asked) -> Field:
    levels = [SelectChoice(code, told(name)) for code, name in one.levels]
    choices = [SelectChoice("", _standing_answer(one)), *levels]
    return RadioField(told(one.spec.label), choices=choices, default="")


def _yesno_field(one: Asked) -> Field:
    answers = {"": _standing_answer(one), "yes": _("Yes"), "no": _("No")}
    choices = [SelectChoice(value, words) for value, words in answers.items()]
    return RadioField(told(one.spec.label), choices=choices, default="")


def _standing_answer(one: Asked) -> str:
    if one.agreement_value:
        return _("As the agreement says: %(value)s", value=told(one.agreement_value))
    return _("Leave it open")


_FIELDS: dict[ValueType, Callable[[Asked], Field]] = {
    ValueType.CODES: _codes_field,
    ValueType.LEVEL: _level_field,
    ValueType.YESNO: _yesno_field,
    ValueType.NUMBER: lambda one: StringField(told(one.spec.label)),
    ValueType.LINES: lambda one: TextAreaField(told(one.spec.label)),
}


def unit_words(spec: Spec) -> str:
    """What a number counts, behind its field."""
    return told(UNIT_WORDS[spec.unit][1]) if spec.unit else ""


def _shown(spec: Spec, value: object) -> object:
    """A value that is set, as its field takes it."""
    if spec.type is ValueType.CODES:
        return sorted(map(str, value)) if isinstance(value, list) else []
    if spec.type is ValueType.LINES:
        return "\n".join(str(item.get("text", "")) for item in value) if isinstance(value, list) else ""
    if spec.type is ValueType.YESNO:
        return "" if value is None else "yes" if value else "no"
    return "" if value is None else str(value)


Read = tuple[object, str]


def _read_codes(_spec: Spec, data: object) -> Read:
    return (list(data) or None, "") if isinstance(data, list) else (None, "")


def _read_word(_spec: Spec, data: object) -> Read:
    return str(data) if data else None, ""


def _read_yesno(_spec: Spec, data: object) -> Read:
    return {"yes": True, "no": False}.get(str(data or "")), ""


def _read_number(_spec: Spec, data: object) -> Read:
    text = str(data or "").strip().replace(",", "")
    if not text:
        return None, ""
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return (int(text), "") if is_number else (None, str(data)[:200])


def _read_lines(spec: Spec, data: object) -> Read:
    lines = [line.strip() for line in str(data or "")[:_LONGEST].splitlines() if line.strip()]
    return [{"id": f"{spec.name}.{place}", "text": line} for place, line in enumerate(lines, 1)] or None, ""


_READ: dict[ValueType, Callable[[Spec, object], Read]] = {
    ValueType.CODES: _read_codes,
    ValueType.LEVEL: _read_word,
    ValueType.YESNO: _read_yesno,
    ValueType.NUMBER: _read_number,
    ValueType.LINES: _read_lines,
}
