"""One table: what each operator makes of two values.

Every operator is commutative, associative and idempotent, so that the order of layers does not matter and merging again
changes nothing. "Strict" protects the data and its giver, except where a parameter protects the member.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from app.rules.terms.specs import Operator, Spec
from app.rules.terms.values import (
    Duty,
    Value,
    ValueType,
    as_codes,
    as_date,
    as_duties,
    as_lines,
    as_number,
    as_text,
    as_yesno,
)

Join = Callable[[Spec, Value, Value], Value]
T = ValueType


@dataclass(frozen=True)
class Row:
    """The types an operator takes, what it does, and whether every layer adds to the result."""

    types: frozenset[ValueType]
    join: Join
    gathers: bool = False


def _intersect(spec: Spec, a: Value, b: Value) -> Value:
    return spec.vocabulary.meet(as_codes(a), as_codes(b))


def _union(_spec: Spec, a: Value, b: Value) -> Value:
    return as_codes(a) | as_codes(b)


def _min(_spec: Spec, a: Value, b: Value) -> Value:
    return min(as_number(a), as_number(b))


def _max(_spec: Spec, a: Value, b: Value) -> Value:
    return max(as_number(a), as_number(b))


def _lower_level(spec: Spec, a: Value, b: Value) -> Value:
    return min(as_text(a), as_text(b), key=spec.rank)


def _higher_level(spec: Spec, a: Value, b: Value) -> Value:
    return max(as_text(a), as_text(b), key=spec.rank)


def _either(_spec: Spec, a: Value, b: Value) -> Value:
    return as_yesno(a) or as_yesno(b)


def _both(_spec: Spec, a: Value, b: Value) -> Value:
    return as_yesno(a) and as_yesno(b)


def _earlier(_spec: Spec, a: Value, b: Value) -> Value:
    return min(as_date(a), as_date(b))


def _later(_spec: Spec, a: Value, b: Value) -> Value:
    return max(as_date(a), as_date(b))


def _concatenate(_spec: Spec, a: Value, b: Value) -> Value:
    return tuple(sorted({*as_lines(a), *as_lines(b)}))


def _duty_merge(_spec: Spec, a: Value, b: Value) -> Value:
    merged: dict[str, Duty] = {}
    for duty in (*as_duties(a), *as_duties(b)):
        merged[duty.id] = _stricter_duty(merged[duty.id], duty) if duty.id in merged else duty
    return tuple(sorted(merged.values()))


def _stricter_duty(a: Duty, b: Duty) -> Duty:
    # Where kinds or units differ the merge reports a conflict; the smaller word keeps the result independent of order.
    return Duty(
        a.id,
        min(a.kind, b.kind),
        _shorter(a.first, b.first),
        _shorter(a.every, b.every),
        min(a.unit, b.unit),
        tuple(sorted({*a.recipients, *b.recipients})),
        tuple(sorted({*a.evidence, *b.evidence})),
    )


def _shorter(a: int, b: int) -> int:
    return min(a, b) if a and b else a or b


def _same(_spec: Spec, a: Value, _b: Value) -> Value:
    return a  # the merge reports a difference as a conflict


OPERATORS: dict[Operator, Row] = {
    Operator.INTERSECT: Row(frozenset({T.CODES}), _intersect),
    Operator.UNION: Row(frozenset({T.CODES}), _union, gathers=True),
    Operator.MIN: Row(frozenset({T.NUMBER}), _min),
    Operator.MAX: Row(frozenset({T.NUMBER}), _max),
    Operator.CLAMP_MAX: Row(frozenset({T.NUMBER}), _max),
    Operator.ORD_MIN: Row(frozenset({T.LEVEL}), _lower_level),
    Operator.ORD_MAX: Row(frozenset({T.LEVEL}), _higher_level),
    Operator.OR_STRICT: Row(frozenset({T.YESNO}), _either),
    Operator.AND_STRICT: Row(frozenset({T.YESNO}), _both),
    Operator.DATE_MIN: Row(frozenset({T.DATE}), _earlier),
    Operator.DATE_MAX: Row(frozenset({T.DATE}), _later),
    Operator.DUTY_MERGE: Row(frozenset({T.DUTIES}), _duty_merge, gathers=True),
    Operator.EQUAL: Row(frozenset({T.CHOICE, T.TEXT}), _same),
    Operator.CONCAT: Row(frozenset({T.LINES}), _concatenate, gathers=True),
    Operator.LOCKED: Row(frozenset(T), _same),
}


def join(spec: Spec, a: Value, b: Value) -> Value:
    """The stricter of two values, in the way stated for the parameter."""
    return OPERATORS[spec.operator].join(spec, a, b)


def fold(spec: Spec, values: Sequence[Value]) -> Value:
    """The strictest of one or more values."""
    return reduce(lambda a, b: join(spec, a, b), values)


def is_within(spec: Spec, value: Value, limit: Value) -> bool:
    """Whether a value allows nothing that the limit does not."""
    return join(spec, value, limit) == value


def exceeds_ceiling(spec: Spec, value: Value) -> bool:
    """Whether a value lies beyond what the agreement lets a layer set.

    The ceiling of CLAMP_MAX limits a burden on the member; every other ceiling limits a freedom.
    """
    if spec.ceiling is None:
        return False
    if spec.operator is Operator.CLAMP_MAX:
        return as_number(value) > as_number(spec.ceiling)
    return not is_within(spec, value, spec.ceiling)
