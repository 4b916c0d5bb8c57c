"""From four layers to the terms that hold, parameter by parameter (clause 5.5).

The steps: set aside a default that the dataset conditions replace; fold the rest with the parameter's operator; add what
follows from levels and terms; take out what is prohibited; name contradictions. The result never depends on the order in
which layers are given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.rules.terms import clashes
from app.rules.terms.effective import (
    Conflict,
    ConflictKind,
    EffectiveRule,
    EffectiveTerms,
    Removed,
    Source,
    document_of,
)
from app.rules.terms.layers import AgreementTerms, Layer, Level
from app.rules.terms.months import last_day
from app.rules.terms.operators import exceeds_ceiling, fold
from app.rules.terms.provenance import in_order, reaching, without_effect
from app.rules.terms.specs import Mode, Operator, Spec, Specs
from app.rules.terms.values import Line, Value, as_codes, as_date, as_lines, as_number, as_text

Rules = dict[str, EffectiveRule]
Words = Mapping[str, list[Source]]


def merge(
    agreement: AgreementTerms,
    addenda: Sequence[Layer] = (),
    dataset_conditions: Layer | None = None,
    grant_conditions: Layer | None = None,
) -> EffectiveTerms:
    """The terms that hold for one dataset under one grant.

    Never raises for what layers contain: contradictions stand in `conflicts` and block the grant.
    """
    further = [layer for layer in (*addenda, dataset_conditions, grant_conditions) if layer is not None]
    layers = [agreement.layer, *further]
    words = {name: _words_on(spec, layers) for name, spec in agreement.specs.by_name.items()}
    rules: Rules = {}
    for spec in agreement.specs.by_name.values():
        if not spec.when and not spec.within:
            _settle(rules, spec, words[spec.name])
    for spec in agreement.specs.by_name.values():
        if spec.when:
            _settle(rules, spec, in_order([*words[spec.name], *_following(agreement, words, rules, spec)]))
        if spec.within:
            _settle(rules, spec, in_order([*words[spec.name], *_last_days(rules, spec)]))
    _take_out_prohibited(agreement.specs, rules)
    _apply_caps(agreement.specs, rules, further)
    _keep_unnamed(agreement.specs, rules)
    _check_dates(agreement.specs, rules)
    ordered = {name: rules[name] for name in agreement.specs.by_name if name in rules}
    documents = {(document.level, document.document): document for document in map(document_of, layers)}
    return EffectiveTerms(ordered, tuple(documents[key] for key in sorted(documents)))


def settle(spec: Spec, entries: Sequence[Source]) -> EffectiveRule:
    """One rule from all words on it: `entries` in order, at least one."""
    fixed = [source for source in entries if source.level is Level.AGREEMENT]
    if spec.operator is Operator.LOCKED:
        return _locked(spec, fixed, [source for source in entries if source not in fixed])
    kept, replaced = _set_aside_default(spec, entries)
    value = fold(spec, [source.value for source in kept])
    sources = reaching(spec, kept, value)
    others = [source for source in kept if source not in sources]
    idle = tuple(source for source in others if without_effect(spec, kept, source))
    beyond = next((source for source in entries if source not in fixed and _opens_too_much(spec, source)), None)
    conflict = clashes.clash(spec, kept)
    if beyond is not None:
        conflict = clashes.untouchable(spec, ConflictKind.CEILING, fixed[0] if fixed else None, beyond)
    return _rule(
        spec,
        value,
        sources,
        narrowed=tuple(source for source in others if source not in idle),
        no_effect=idle,
        replaced=replaced,
        conflict=conflict,
    )


def _words_on(spec: Spec, layers: Sequence[Layer]) -> list[Source]:
    return in_order([_source(layer, spec) for layer in layers if spec.name in layer.rules])


def _source(layer: Layer, spec: Spec) -> Source:
    rule = layer.rules[spec.name]
    return Source(layer.level, layer.document, rule.value, spec.clause, layer.version, layer.sha256, rule.note)


def _settle(rules: Rules, spec: Spec, entries: Sequence[Source]) -> None:
    if entries:
        rules[spec.name] = settle(spec, entries)


def _opens_too_much(spec: Spec, source: Source) -> bool:
    """Only dataset conditions open a default, so that only they can open it too far; a burden has a ceiling for everyone."""
    counts = source.level is Level.DATASET or spec.operator is Operator.CLAMP_MAX
    return counts and exceeds_ceiling(spec, source.value)


def _set_aside_default(spec: Spec, entries: Sequence[Source]) -> tuple[list[Source], tuple[Source, ...]]:
    """Drop the agreement's default where dataset conditions set the parameter within the ceiling."""
    opened = any(s.level is Level.DATASET and not exceeds_ceiling(spec, s.value) for s in entries)
    if spec.mode is not Mode.DEFAULT or not opened:
        return list(entries), ()
    kept = [source for source in entries if source.level is not Level.AGREEMENT]
    return kept, tuple(source for source in entries if source.level is Level.AGREEMENT)


def _locked(spec: Spec, fixed: Sequence[Source], others: Sequence[Source]) -> EffectiveRule:
    holds = fixed or others[:1]
    conflict: Conflict | None = None
    if others:
        conflict = clashes.untouchable(spec, ConflictKind.LOCKED, holds[0], others[0])
    return _rule(spec, holds[0].value, tuple(holds), no_effect=tuple(others), conflict=conflict)


def _rule(
    spec: Spec,
    value: Value,
    sources: tuple[Source, ...],
    *,
    narrowed: tuple[Source, ...] = (),
    no_effect: tuple[Source, ...] = (),
    replaced: tuple[Source, ...] = (),
    conflict: Conflict | None = None,
) -> EffectiveRule:
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
        narrowed=narrowed,
        no_effect=no_effect,
        replaced=replaced,
        conflict=conflict,
    )


def _following(agreement: AgreementTerms, words: Words, rules: Rules, spec: Spec) -> list[Source]:
    """The further values of the agreement that hold because another parameter has reached a level."""
    layer, found = agreement.layer, []
    for when in spec.when:
        trigger = agreement.specs[when.parameter]
        reached = _level_reached(trigger, words[when.parameter], rules)
        if reached is not None and trigger.rank(reached) >= trigger.rank(when.at_least):
            note = f"{when.parameter} >= {when.at_least}"
            found.append(
                Source(layer.level, layer.document, when.value, spec.clause, layer.version, layer.sha256, note)
            )
    return found


def _level_reached(trigger: Spec, entries: Sequence[Source], rules: Rules) -> str | None:
    """The level that counts: of a class the effective one; of a freedom what the dataset allows, however a grant narrows it."""
    if trigger.operator is not Operator.ORD_MIN:
        rule = rules.get(trigger.name)
        return None if rule is None else as_text(rule.value)
    of_dataset = [s for s in _set_aside_default(trigger, entries)[0] if s.level in (Level.AGREEMENT, Level.DATASET)]
    return as_text(fold(trigger, [s.value for s in of_dataset])) if of_dataset else None


def _last_days(rules: Rules, spec: Spec) -> list[Source]:
    """The last day that follows from the start and the longest term, with the sources of that term."""
    if spec.within is None or spec.within.start not in rules or spec.within.months not in rules:
        return []
    start, term = rules[spec.within.start], rules[spec.within.months]
    months = as_number(term.value)
    day = last_day(as_date(start.value), months)
    return [replace(source, value=day, note=f"{months} months from {start.value}") for source in term.sources]


def _take_out_prohibited(specs: Specs, rules: Rules) -> None:
    for spec in specs.by_name.values():
        ban = rules.get(spec.name)
        for name in spec.subtracts_from if ban else ():
            if ban is not None and name in rules:
                rules[name] = _less(specs[name], rules[name], spec, ban)


def _less(spec: Spec, permission: EffectiveRule, ban_spec: Spec, ban: EffectiveRule) -> EffectiveRule:
    vocabulary, codes = ban_spec.vocabulary, as_codes(permission.value)
    removed = []
    for code in sorted(codes):
        by = next((s for s in ban.sources if not vocabulary.without(frozenset({code}), as_codes(s.value))), None)
        if by is not None:
            removed.append(Removed(code, by))
    left = codes - {item.code for item in removed}
    conflict = permission.conflict
    if removed and not left and conflict is None:
        conflict = clashes.prohibited(spec, permission.sources[0], removed[0].by)
    return replace(permission, value=left, removed=tuple(removed), conflict=conflict)


def _apply_caps(specs: Specs, rules: Rules, layers: Sequence[Layer]) -> None:
    for spec in specs.by_name.values():
        if spec.cap is None or spec.name not in rules:
            continue
        caps = [
            Source(
                layer.level,
                layer.document,
                layer.caps[spec.name].value,
                spec.clause,
                layer.version,
                layer.sha256,
                "cap",
            )
            for layer in layers
            if layer.kind is spec.cap.kind and layer.level is Level.ADDENDUM and spec.name in layer.caps
        ]
        if caps:
            lowest = min(in_order(caps), key=lambda cap: spec.rank(as_text(cap.value)))
            rules[spec.name] = _under_cap(spec, rules[spec.name], lowest)


def _under_cap(spec: Spec, rule: EffectiveRule, cap: Source) -> EffectiveRule:
    if spec.rank(as_text(rule.value)) <= spec.rank(as_text(cap.value)):
        return rule
    return replace(
        rule,
        value=cap.value,
        sources=(cap,),
        no_effect=(*rule.no_effect, *rule.sources),
        conflict=clashes.capped(spec, cap, rule.sources[-1]),
    )


def _keep_unnamed(specs: Specs, rules: Rules) -> None:
    """Put the consortium's line in the place of the data partner's own, where it wishes to stay unnamed."""
    for spec in specs.by_name.values():
        hidden = rules.get(spec.anonymous.when) if spec.anonymous else None
        if spec.anonymous is None or hidden is None or hidden.value is not True:
            continue
        line = Line(spec.anonymous.id, spec.anonymous.text)
        own = rules.get(spec.name)
        told = (
            {item for s in own.sources if s.level is not Level.DATASET for item in as_lines(s.value)} if own else set()
        )
        # The hidden lines are dropped from the record too: a frozen record must not tell whose data it is.
        sources = tuple(replace(source, value=(line,), note=spec.anonymous.when) for source in hidden.sources)
        rules[spec.name] = _rule(spec, tuple(sorted({*told, line})), sources)


def _check_dates(specs: Specs, rules: Rules) -> None:
    for spec in specs.by_name.values():
        if spec.within is None or spec.name not in rules or spec.within.start not in rules:
            continue
        conflict = clashes.dates(rules[spec.within.start].sources[0], rules[spec.name].sources[0])
        if conflict is not None:
            rules[spec.name] = replace(rules[spec.name], conflict=conflict)
