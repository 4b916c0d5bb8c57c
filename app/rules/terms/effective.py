"""The outcome of a merge: each rule with its value, where the value comes from, and what was without effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.rules.terms.layers import Layer, Level
from app.rules.terms.sentences import Sentence
from app.rules.terms.specs import Mode, Operator
from app.rules.terms.values import Unit, Value, ValueType


@dataclass(frozen=True)
class Source:
    """One layer's word on one parameter, with what is needed to find it again."""

    level: Level
    document: str
    value: Value
    clause: str = ""
    version: str = ""
    sha256: str = ""
    note: str = ""


class ConflictKind(StrEnum):
    """Why no grant can be issued until a layer is changed."""

    EMPTY = "CONFLICT_EMPTY"
    DATES = "CONFLICT_DATES"
    EQUAL = "CONFLICT_EQUAL"
    CAP = "CONFLICT_CAP"
    DUTY = "CONFLICT_DUTY"
    LOCKED = "CONFLICT_LOCKED"
    CEILING = "CONFLICT_CEILING"


@dataclass(frozen=True)
class Conflict:
    """Two layers that leave nothing that both allow, and what would be possible without the later one."""

    kind: ConflictKind
    between: tuple[Source, ...]
    sentence: Sentence
    hint: tuple[str, ...] = ()


@dataclass(frozen=True)
class Removed:
    """A code that a prohibition took out of a permission."""

    code: str
    by: Source


@dataclass(frozen=True)
class EffectiveRule:
    """One rule as it holds.

    `sources` are all layers that reach the value; `narrowed` those whose wider word a later layer narrowed; `no_effect` those
    that asked for something looser than what already held; `replaced` the agreement's default that dataset conditions opened.
    """

    parameter: str
    clause: str
    point: str
    type: ValueType
    operator: Operator
    mode: Mode
    unit: Unit | None
    value: Value
    sources: tuple[Source, ...]
    narrowed: tuple[Source, ...] = ()
    no_effect: tuple[Source, ...] = ()
    replaced: tuple[Source, ...] = ()
    removed: tuple[Removed, ...] = ()
    conflict: Conflict | None = None


@dataclass(frozen=True)
class Document:
    """A layer that took part in a merge."""

    level: Level
    document: str
    version: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class EffectiveTerms:
    """All rules that hold together, for one dataset and one grant, or for an output made from several."""

    rules: Mapping[str, EffectiveRule]
    documents: tuple[Document, ...] = field(default=())

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What blocks a grant; empty when it can be issued."""
        return tuple(rule.conflict for rule in self.rules.values() if rule.conflict is not None)

    @property
    def without_effect(self) -> tuple[tuple[str, Source], ...]:
        """Each parameter and source that asked for something looser, so that its author can be told."""
        return tuple((name, source) for name, rule in self.rules.items() for source in rule.no_effect)

    def get(self, parameter: str) -> EffectiveRule | None:
        """The rule on a parameter; None when no layer has an opinion."""
        return self.rules.get(parameter)

    def value(self, parameter: str) -> Value | None:
        """The effective value; None when no layer has an opinion."""
        rule = self.rules.get(parameter)
        return None if rule is None else rule.value


def document_of(layer: Layer) -> Document:
    """What names a layer in the record."""
    return Document(layer.level, layer.document, layer.version, layer.sha256)
