"""Terms of an output made from several datasets: the merge over all inputs, for the clauses that concern outputs."""

from collections.abc import Sequence

from app.rules.terms import clashes
from app.rules.terms.effective import Conflict, EffectiveRule, EffectiveTerms, Source
from app.rules.terms.operators import fold
from app.rules.terms.provenance import in_order, reaching
from app.rules.terms.specs import Operator, Spec, Specs


def combine(specs: Specs, inputs: Sequence[EffectiveTerms]) -> EffectiveTerms:
    """What holds for an output that rests on all of these; the strictest of each rule, with its source.

    Raises:
        ValueError: no terms were given.
    """
    if not inputs:
        raise ValueError("an output rests on at least one dataset")
    rules = {}
    for spec in specs.by_name.values():
        found = [terms.rules[spec.name] for terms in inputs if spec.name in terms.rules]
        if spec.clause in specs.joint_clauses and found:
            rules[spec.name] = _joined(spec, found)
    documents = {(d.level, d.document): d for terms in inputs for d in terms.documents}
    return EffectiveTerms(rules, tuple(documents[key] for key in sorted(documents)))


def _joined(spec: Spec, found: Sequence[EffectiveRule]) -> EffectiveRule:
    value = fold(spec, [rule.value for rule in found])
    # Each dataset's effective value speaks for its sources.
    spoken = [
        Source(s.level, s.document, rule.value, s.clause, s.version, s.sha256, s.note)
        for rule in found
        for s in rule.sources
    ]
    entries = in_order(list(dict.fromkeys(spoken)))
    sources = reaching(spec, entries, value)
    return EffectiveRule(
        parameter=spec.name,
        clause=spec.clause,
        point=spec.point,
        type=spec.type,
        operator=spec.operator,
        mode=spec.mode,
        unit=spec.unit,
        value=value,
        sources=sources,
        narrowed=tuple(entry for entry in entries if entry not in sources),
        conflict=_conflict(spec, found, entries),
    )


def _conflict(spec: Spec, found: Sequence[EffectiveRule], entries: Sequence[Source]) -> Conflict | None:
    held = [rule.conflict for rule in found if rule.conflict is not None]
    inherited = min(held, key=lambda conflict: [source.document for source in conflict.between], default=None)
    if inherited is not None or spec.operator is not Operator.LOCKED:
        return inherited or clashes.clash(spec, entries)
    different = next((entry for entry in entries if entry.value != entries[0].value), None)
    return clashes.unequal(spec, entries[0], different) if different else None
