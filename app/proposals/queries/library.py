"""The conditions that a data partner can tick: parameters of the clauses, with what holds already and what is stricter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.terms import AgreementTerms, EffectiveTerms, Level, Operator, Spec, Value, ValueType, read_layer, shown
from app.rules.terms.promises import UNIT_WORDS

# In the order in which they are offered; the first ones stand open, the rest behind "more conditions".
OFFERED = (
    "k_min",
    "deletion_days",
    "output_openness",
    "ai_use",
    "attribution_lines",
    "max_users",
    "user_categories",
    "training_required",
    "security_tier",
    "member_sharing",
    "link_with",
    "resolution_space_m",
    "resolution_time_minutes",
    "max_term_months",
    "incident_notice_hours",
    "review_wd",
    "derived_delete",
)
OPEN_AT_FIRST = 4


class Input(StrEnum):
    """How a condition is filled in."""

    NUMBER = "number"
    CHOICE = "choice"
    TICKS = "ticks"
    TICK = "tick"
    LINE = "line"


_INPUTS = {
    ValueType.NUMBER: Input.NUMBER,
    ValueType.LEVEL: Input.CHOICE,
    ValueType.CODES: Input.TICKS,
    ValueType.YESNO: Input.TICK,
    ValueType.LINES: Input.LINE,
}
# Filled in by hand, so that there is always something stricter to say.
_FREE = frozenset({Input.NUMBER, Input.LINE, Input.TICK})


@dataclass(frozen=True)
class Condition:
    """One line of the library. `now` says in words what holds without it; `options` are the stricter choices."""

    name: str
    label: str
    clause: str
    point: str
    input: Input
    unit: str
    now: str
    options: tuple[tuple[str, str], ...]


def library(agreement: AgreementTerms, terms: EffectiveTerms) -> list[Condition]:
    """The conditions that could still narrow these terms."""
    found = [agreement.specs.get(name) for name in OFFERED]
    lines = [_condition(spec, terms.value(spec.name)) for spec in found if spec and terms.value(spec.name) is not True]
    return [line for line in lines if line.options or line.input in _FREE]


def typed_conditions(lines: Sequence[Condition], given: Callable[[str], list[str]]) -> dict[str, object]:
    """The ticked conditions as the agreement's parameters take them, or as they were typed where that is no value.

    Args:
        given: the values of a form's field by its name.
    """
    return {line.name: _READERS[line.input](line.name, given) for line in lines if given(f"take-{line.name}")}


def condition_words(agreement: AgreementTerms, conditions: Mapping[str, object]) -> list[tuple[str, str, str, str]]:
    """Stored conditions for a reader: label, value, slug of the clause, point."""
    layer, _findings = read_layer(agreement, Level.GRANT, "decision", conditions)
    specs = [(agreement.specs[name], rule) for name, rule in layer.rules.items()]
    return [(spec.label, shown(spec, rule.value), spec.clause, spec.point) for spec, rule in specs]


def _condition(spec: Spec, now: Value | None) -> Condition:
    _one, many = UNIT_WORDS.get(spec.unit, ("", "")) if spec.unit else ("", "")
    return Condition(
        name=spec.name,
        label=spec.label,
        clause=spec.clause,
        point=spec.point,
        input=_INPUTS[spec.type],
        unit=many,
        now="" if now is None else shown(spec, now),
        options=_options(spec, now),
    )


def _options(spec: Spec, now: Value | None) -> tuple[tuple[str, str], ...]:
    if isinstance(now, str) and spec.operator in (Operator.ORD_MIN, Operator.ORD_MAX):
        rank = spec.rank(now)
        return spec.levels[:rank] if spec.operator is Operator.ORD_MIN else spec.levels[rank + 1 :]
    if now is None and spec.levels:
        return spec.levels
    if isinstance(now, frozenset) and len(now) > 1:
        return tuple((code, spec.vocabulary.label(code)) for code in sorted(now))
    return ()


def _number(name: str, given: Callable[[str], list[str]]) -> object:
    typed = "".join(given(name)[:1]).strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < MOST_DIGITS else typed


MOST_DIGITS = 10


def _choice(name: str, given: Callable[[str], list[str]]) -> object:
    return "".join(given(name)[:1])


def _ticks(name: str, given: Callable[[str], list[str]]) -> object:
    return given(name)


def _tick(_name: str, _given: Callable[[str], list[str]]) -> object:
    return True


def _line(name: str, given: Callable[[str], list[str]]) -> object:
    return [{"id": "decision", "text": "".join(given(name)[:1])}]


_READERS = {
    Input.NUMBER: _number,
    Input.CHOICE: _choice,
    Input.TICKS: _ticks,
    Input.TICK: _tick,
    Input.LINE: _line,
}
