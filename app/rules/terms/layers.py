"""The four layers that terms are made from. What a layer does not name, it leaves unset."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.foundation.words import N_
from app.rules.terms.specs import AddendumKind, Specs
from app.rules.terms.values import Value


class Level(StrEnum):
    """The layers in the order of reading (clause 5.5)."""

    AGREEMENT = "L1"
    ADDENDUM = "L2"
    DATASET = "L3"
    GRANT = "L4"


LEVEL_NAMES: dict[Level, str] = {
    Level.AGREEMENT: N_("Common agreement"),
    Level.ADDENDUM: N_("Addendum"),
    Level.DATASET: N_("Dataset conditions"),
    Level.GRANT: N_("Grant conditions"),
}


@dataclass(frozen=True)
class Rule:
    """The value that one layer gives one parameter."""

    parameter: str
    value: Value
    note: str = ""


@dataclass(frozen=True)
class Layer:
    """One document's rules: the agreement's, an addendum's, a listing's or a grant's.

    `document` names it for people and machines, such as `listing:DS-0042@3`. `caps` are an addendum's limits on how strict
    other layers may be, where a parameter has that exception.
    """

    level: Level
    document: str
    rules: Mapping[str, Rule] = field(default_factory=dict)
    version: str = ""
    sha256: str = ""
    kind: AddendumKind | None = None
    caps: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True)
class AgreementTerms:
    """A version's parameters, and the values that the version itself gives them."""

    specs: Specs
    layer: Layer
