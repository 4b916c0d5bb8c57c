"""What is refused when a layer is saved, and what is only pointed out. Each sentence says how to mend it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.foundation.words import N_
from app.rules.terms.layers import AgreementTerms, Layer, Level, Rule
from app.rules.terms.operators import exceeds_ceiling, is_within, join
from app.rules.terms.parsing import BadValue, parse_value
from app.rules.terms.sentences import Sentence, say
from app.rules.terms.specs import AddendumKind, Mode, Operator, Spec
from app.rules.terms.values import Value, as_codes, as_text


class Problem(StrEnum):
    """What is the matter with one value of a layer."""

    UNKNOWN = "UNKNOWN"
    INVALID = "INVALID"
    LOCKED = "LOCKED"
    ABOVE_CEILING = "ABOVE_CEILING"
    CONFLICT_EMPTY = "CONFLICT_EMPTY"
    CAP = "CAP"
    NO_EFFECT = "NO_EFFECT"


@dataclass(frozen=True)
class Finding:
    """One thing found in a layer. Only NO_EFFECT may be saved as it is."""

    parameter: str
    problem: Problem
    sentence: Sentence

    @property
    def is_refusal(self) -> bool:
        """Whether the layer cannot be saved like this."""
        return self.problem is not Problem.NO_EFFECT


def read_layer(
    agreement: AgreementTerms,
    level: Level,
    document: str,
    raw: Mapping[str, object],
    *,
    version: str = "",
    sha256: str = "",
    kind: AddendumKind | None = None,
    raw_caps: Mapping[str, object] | None = None,
) -> tuple[Layer, tuple[Finding, ...]]:
    """A layer from what was stored or typed, with everything that is the matter with it.

    Values that cannot be read are left out of the layer and reported. `None` is unset: it is no value and no mistake.
    """
    rules, findings = _read(agreement, raw)
    caps, more = _read(agreement, raw_caps or {})
    layer = Layer(level, document, rules, version, sha256, kind, caps)
    return layer, (*findings, *more, *check_layer(agreement, layer))


def check_layer(agreement: AgreementTerms, layer: Layer) -> tuple[Finding, ...]:
    """All that speaks against saving a layer, and what in it will have no effect."""
    findings = []
    for rule in layer.rules.values():
        spec = agreement.specs.get(rule.parameter)
        if spec is None:
            findings.append(_unknown(rule.parameter))
            continue
        own = agreement.layer.rules.get(rule.parameter)
        found = (check(spec, layer.level, rule.value, own) for check in _CHECKS)
        findings += [finding for finding in found if finding is not None][:1]
    return (*findings, *_check_caps(agreement, layer))


def _read(agreement: AgreementTerms, raw: Mapping[str, object]) -> tuple[dict[str, Rule], list[Finding]]:
    rules: dict[str, Rule] = {}
    findings = []
    for name, given in raw.items():
        spec = agreement.specs.get(name)
        if spec is None:
            findings.append(_unknown(name))
        elif given is not None:
            try:
                rules[name] = Rule(name, parse_value(spec, given))
            except BadValue as bad:
                findings.append(Finding(name, Problem.INVALID, bad.sentence))
    return rules, findings


def _unknown(name: str) -> Finding:
    text = N_("“%(name)s” is no parameter of this version of the agreement. Take it out, or correct its name.")
    return Finding(name, Problem.UNKNOWN, say(text, name=name[:60]))


def _locked(spec: Spec, _level: Level, _value: Value, _own: Rule | None) -> Finding | None:
    if spec.mode is not Mode.LOCKED:
        return None
    text = N_("%(label)s: the common agreement fixes this (%(point)s), and no other document can set it. Take it out.")
    return Finding(spec.name, Problem.LOCKED, say(text, label=spec.label, point=spec.point))


def _nothing(spec: Spec, level: Level, value: Value, own: Rule | None) -> Finding | None:
    if spec.operator is not Operator.INTERSECT or spec.may_be_empty:
        return None
    if not value:
        text = N_("%(label)s: nothing would be allowed. Choose at least one, or leave the answer open.")
        return Finding(spec.name, Problem.CONFLICT_EMPTY, say(text, label=spec.label))
    opens = level is Level.DATASET and spec.mode is Mode.DEFAULT and spec.ceiling is not None
    limit = spec.ceiling if opens else own.value if own else None
    if limit is None or as_codes(join(spec, value, limit)):
        return None
    text = N_("%(label)s: the common agreement (%(point)s) allows none of these. It allows: %(hint)s.")
    hint = ", ".join(spec.vocabulary.shown(as_codes(limit)))
    return Finding(spec.name, Problem.CONFLICT_EMPTY, say(text, label=spec.label, point=spec.point, hint=hint))


def _too_far(spec: Spec, _level: Level, value: Value, _own: Rule | None) -> Finding | None:
    if spec.ceiling is None or not exceeds_ceiling(spec, value):
        return None
    text = N_(
        "%(label)s: the common agreement (%(point)s) goes no further than %(ceiling)s. Choose that, or something stricter."
    )
    return Finding(
        spec.name,
        Problem.ABOVE_CEILING,
        say(text, label=spec.label, point=spec.point, ceiling=_shown(spec, spec.ceiling)),
    )


def _idle(spec: Spec, level: Level, value: Value, own: Rule | None) -> Finding | None:
    opens = level is Level.DATASET and spec.mode is Mode.DEFAULT
    if own is None or opens or value == own.value or not is_within(spec, own.value, value):
        return None
    text = N_("%(label)s: this has no effect, because the common agreement (%(point)s) is stricter: %(own)s.")
    return Finding(
        spec.name, Problem.NO_EFFECT, say(text, label=spec.label, point=spec.point, own=_shown(spec, own.value))
    )


_CHECKS: tuple[Callable[[Spec, Level, Value, Rule | None], Finding | None], ...] = (_locked, _nothing, _too_far, _idle)


def _check_caps(agreement: AgreementTerms, layer: Layer) -> list[Finding]:
    findings = []
    for cap in layer.caps.values():
        spec = agreement.specs.get(cap.parameter)
        if spec is None:
            continue
        allowed = spec.cap is not None and layer.level is Level.ADDENDUM and layer.kind is spec.cap.kind
        if spec.cap is None or not allowed:
            text = N_(
                "%(label)s: a limit on how strict others may be is possible only in an addendum on immunities. Take it out."
            )
            findings.append(Finding(spec.name, Problem.CAP, say(text, label=spec.label)))
        elif spec.rank(as_text(cap.value)) < spec.rank(spec.cap.least):
            text = N_("%(label)s: the limit cannot be lower than “%(least)s”. Raise it.")
            findings.append(
                Finding(spec.name, Problem.CAP, say(text, label=spec.label, least=dict(spec.levels)[spec.cap.least]))
            )
    return findings


def _shown(spec: Spec, value: Value) -> str:
    if isinstance(value, frozenset):
        return ", ".join(spec.vocabulary.shown(value))
    if isinstance(value, str):
        return dict(spec.levels).get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
