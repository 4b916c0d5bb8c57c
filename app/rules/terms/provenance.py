"""Which layers a value comes from, and what became of the others."""

from collections.abc import Sequence

from app.rules.terms.effective import Source
from app.rules.terms.layers import Level
from app.rules.terms.operators import OPERATORS, fold, is_within
from app.rules.terms.specs import Operator, Spec
from app.rules.terms.values import Value, as_codes


def in_order(sources: Sequence[Source]) -> list[Source]:
    """Sources by layer and document, so that the order in which layers were given never shows."""
    return sorted(sources, key=lambda source: (source.level, source.document, source.note, repr(_stable(source.value))))


def reaching(spec: Spec, entries: Sequence[Source], value: Value) -> tuple[Source, ...]:
    """All sources of the folded value; at least one."""
    if OPERATORS[spec.operator].gathers:
        giving = tuple(source for source in entries if source.value)
        return giving or tuple(entries)
    equal = tuple(source for source in entries if source.value == value)
    if equal or spec.operator is not Operator.INTERSECT:
        return equal or tuple(entries)
    # No layer alone allows exactly this: every one that allows less than all of them together has part in it.
    together = spec.vocabulary.normal(frozenset[str]().union(*(as_codes(source.value) for source in entries)))
    return tuple(source for source in entries if source.value != together)


def without_effect(spec: Spec, entries: Sequence[Source], source: Source) -> bool:
    """Whether a source asks for something looser than what the layers above it already hold."""
    above = [other.value for other in entries if other.level < source.level]
    if not above or source.level is Level.AGREEMENT:
        return False
    return is_within(spec, fold(spec, above), source.value)


def _stable(value: Value) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
