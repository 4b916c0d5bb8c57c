"""From what JSON, TOML or a form brings to a value of the right type, or a sentence that says how to mend it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.rules.terms.sentences import Sentence, say
from app.rules.terms.specs import Operator, Spec
from app.rules.terms.values import Codes, Duty, Line, Unit, Value, ValueType

_LARGEST = 1_000_000_000
_LONGEST_TEXT, _LONGEST_LINE, _MOST_CODES, _MOST_LINES = 500, 2000, 500, 100
_CODE = re.compile(r"[^\s,;|]{1,120}")
# A cap, a period or a count of 0 would forbid everything without saying so.
_POSITIVE = {Operator.MIN}


class BadValue(Exception):
    """What was given is no value for this parameter; `sentence` says how to mend it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def parse_value(spec: Spec, raw: object) -> Value:
    """The typed value.

    Raises:
        BadValue: it has the wrong type, an unknown code, another unit, or lies out of bounds.
    """
    return _PARSERS[spec.type](spec, raw)


def _text(spec: Spec, raw: object) -> str:
    text = clean_line(raw) if isinstance(raw, str) else ""
    if not text or len(text) > _LONGEST_TEXT:
        raise BadValue(say(N_("%(label)s: write 1 to 500 characters."), label=spec.label))
    return text


def _choice(spec: Spec, raw: object) -> str:
    known = {code for code, _label in spec.levels} or spec.vocabulary.members
    if isinstance(raw, bool) or not isinstance(raw, str | int) or str(raw) not in known:
        raise BadValue(
            say(N_("%(label)s: choose one of %(codes)s."), label=spec.label, codes=", ".join(_in_order(spec)))
        )
    return str(raw)


def _in_order(spec: Spec) -> list[str]:
    return [code for code, _label in spec.levels] or sorted(spec.vocabulary.members)


def _yesno(spec: Spec, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise BadValue(say(N_("%(label)s: answer yes or no (true or false)."), label=spec.label))
    return raw


def _number(spec: Spec, raw: object) -> int:
    if isinstance(raw, Mapping):
        unit, raw = raw.get("unit"), raw.get("value")
        if unit != spec.unit:
            wanted = spec.unit.value.replace("_", " ") if spec.unit else "-"
            raise BadValue(
                say(
                    N_("%(label)s is counted in another unit: give it as a number of %(unit)s."),
                    label=spec.label,
                    unit=wanted,
                )
            )
    least = max(spec.least, 1) if spec.operator in _POSITIVE else spec.least
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= _LARGEST:
        raise BadValue(say(N_("%(label)s: give a whole number, %(least)s or more."), label=spec.label, least=least))
    return raw


def _date(spec: Spec, raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(raw if isinstance(raw, str) and len(raw) == 10 else "")
    except ValueError:
        raise BadValue(say(N_("%(label)s: give a day as year-month-day, like 2027-03-14."), label=spec.label)) from None


def _codes(spec: Spec, raw: object) -> Codes:
    if not isinstance(raw, Sequence | set | frozenset) or isinstance(raw, str) or len(raw) > _MOST_CODES:
        raise BadValue(say(N_("%(label)s: give a list of codes."), label=spec.label))
    words = [clean_line(item) if isinstance(item, str) else "" for item in raw]
    unknown = [word for word in words if not _CODE.fullmatch(word) or not spec.vocabulary.knows(word)]
    if unknown:
        shown = ", ".join(repr(word[:40]) for word in unknown[:5])
        raise BadValue(
            say(
                N_("%(label)s: %(codes)s is not in the list. Take a code from the schedule of terms."),
                label=spec.label,
                codes=shown,
            )
        )
    if spec.operator is Operator.UNION:  # a prohibition keeps its own code even beside its parent's
        return frozenset(words)
    return spec.vocabulary.normal(words)


def _lines(spec: Spec, raw: object) -> tuple[Line, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > _MOST_LINES:
        raise BadValue(say(N_("%(label)s: give a list of lines, each with id and text."), label=spec.label))
    return tuple(sorted({_line(spec, item) for item in raw}))


def _line(spec: Spec, raw: object) -> Line:
    given = raw if isinstance(raw, Mapping) else {}
    ident, text = given.get("id"), given.get("text")
    if not isinstance(ident, str) or not _CODE.fullmatch(ident) or not isinstance(text, str):
        raise BadValue(say(N_("%(label)s: each line needs an id without spaces, and a text."), label=spec.label))
    words = clean(text)
    if not words or len(words) > _LONGEST_LINE:
        raise BadValue(say(N_("%(label)s: write 1 to 2,000 characters in each line."), label=spec.label))
    return Line(ident, words)


def _duties(spec: Spec, raw: object) -> tuple[Duty, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > _MOST_LINES:
        raise BadValue(say(N_("%(label)s: give a list of duties."), label=spec.label))
    duties = tuple(sorted(_duty(spec, item) for item in raw))
    if len({duty.id for duty in duties}) < len(duties):
        raise BadValue(say(N_("%(label)s: each duty has an id of its own."), label=spec.label))
    return duties


def _duty(spec: Spec, raw: object) -> Duty:
    given = raw if isinstance(raw, Mapping) else {}
    try:
        ident, kind = given["id"], given["kind"]
        first, every = given.get("first", 0), given.get("every", 0)
        unit = Unit(given.get("unit", Unit.CALENDAR_DAY))
        whole = all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= _LARGEST for n in (first, every))
        if not whole or not _is_code(ident) or not _is_code(kind):
            raise ValueError(ident)
        return Duty(
            ident, kind, first, every, unit, _words(given.get("recipients", ())), _words(given.get("evidence", ()))
        )
    except (KeyError, ValueError, TypeError):
        message = N_("%(label)s: each duty needs id, kind, unit, and whole numbers for first and every.")
        raise BadValue(say(message, label=spec.label)) from None


def _is_code(word: object) -> bool:
    return isinstance(word, str) and bool(_CODE.fullmatch(word))


def _words(raw: Sequence[object]) -> tuple[str, ...]:
    if isinstance(raw, str) or not all(_is_code(word) for word in raw):
        raise ValueError(raw)
    return tuple(sorted({str(word) for word in raw}))


_PARSERS: dict[ValueType, Callable[[Spec, object], Value]] = {
    ValueType.TEXT: _text,
    ValueType.CHOICE: _choice,
    ValueType.LEVEL: _choice,
    ValueType.YESNO: _yesno,
    ValueType.NUMBER: _number,
    ValueType.DATE: _date,
    ValueType.CODES: _codes,
    ValueType.LINES: _lines,
    ValueType.DUTIES: _duties,
}
