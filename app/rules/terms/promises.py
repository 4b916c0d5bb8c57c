"""Terms in words: each value for a reader, and the promises that a member makes ("You promise")."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.rules.terms.effective import EffectiveTerms
from app.rules.terms.specs import Spec, Specs
from app.rules.terms.values import Duty, Line, Unit, Value

UNIT_WORDS: dict[Unit, tuple[str, str]] = {
    Unit.HOUR: ("hour", "hours"),
    Unit.CALENDAR_DAY: ("day", "days"),
    Unit.WORKING_DAY: ("working day", "working days"),
    Unit.MONTH: ("month", "months"),
    Unit.YEAR: ("year", "years"),
    Unit.MINUTE: ("minute", "minutes"),
    Unit.METER: ("meter", "meters"),
    Unit.PERSON: ("", ""),
    Unit.UNIT_COUNT: ("", ""),
    Unit.USD: ("US dollar", "US dollars"),
    Unit.VERSION: ("version", "versions"),
}

Names = Callable[[str], str]


@dataclass(frozen=True)
class Promise:
    """One sentence that a member promises, and the point of the agreement that it comes from."""

    parameter: str
    clause: str
    point: str
    sentence: str


def promises(specs: Specs, terms: EffectiveTerms, names: Names = str) -> tuple[Promise, ...]:
    """What a member promises under these terms, in the order of the clauses.

    Args:
        names: the name of a country by its code, in the reader's language.
    """
    clauses = list(dict.fromkeys(spec.clause for spec in specs.by_name.values()))
    found = _promises(specs, terms, names)
    return tuple(
        sorted(found, key=lambda promise: (clauses.index(promise.clause), int(promise.point.partition(".")[2])))
    )


def shown(spec: Spec, value: Value, names: Names = str) -> str:
    """A value in words: labels for codes, the unit behind a number."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _number(spec, value)
    if isinstance(value, str):
        return dict(spec.levels).get(value) or spec.vocabulary.label(value)
    if isinstance(value, date):
        return f"{value:%a} {value.day} {value:%b} {value.year}"
    if isinstance(value, frozenset):
        return ", ".join(_label(spec, code, names) for code in spec.vocabulary.shown(value)) or "none"
    return " ".join(item.text if isinstance(item, Line) else _duty(item) for item in value)


def _promises(specs: Specs, terms: EffectiveTerms, names: Names) -> Iterator[Promise]:
    for spec in specs.by_name.values():
        rule = terms.get(spec.name)
        if rule is None:
            continue
        pattern = dict(spec.promises).get(_key(rule.value), spec.promise)
        if pattern:
            sentence = pattern.replace("{value}", shown(spec, rule.value, names))
            yield Promise(spec.name, spec.clause, spec.point, sentence)


def _key(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(spec: Spec, value: int) -> str:
    one, many = UNIT_WORDS.get(spec.unit, ("", "")) if spec.unit else ("", "")
    return f"{value:,} {one if value == 1 else many}".strip()


def _duty(duty: Duty) -> str:
    unit = UNIT_WORDS[duty.unit][1]
    when = [f"first within {duty.first} {unit}"] if duty.first else []
    when += [f"every {duty.every} {unit}"] if duty.every else []
    return f"{duty.kind.capitalize()}: {', then '.join(when)}." if when else f"{duty.kind.capitalize()}."


def _label(spec: Spec, code: str, names: Names) -> str:
    known = spec.vocabulary.labels.get(code)
    return known if known is not None else names(code) if spec.vocabulary.members else code
