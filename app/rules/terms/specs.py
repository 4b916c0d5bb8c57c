"""The typed parameters of the agreement's clauses. Their values come from a version's schedule of terms, read by reading.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.rules.terms.values import Unit, Value, ValueType
from app.rules.terms.vocabularies import OPEN, Vocabulary


class Operator(StrEnum):
    """How the values of several layers become one; operators.py holds what each does."""

    INTERSECT = "INTERSECT"
    UNION = "UNION"
    MIN = "MIN"
    MAX = "MAX"
    CLAMP_MAX = "CLAMP_MAX"
    ORD_MIN = "ORD_MIN"
    ORD_MAX = "ORD_MAX"
    OR_STRICT = "OR_STRICT"
    AND_STRICT = "AND_STRICT"
    DATE_MIN = "DATE_MIN"
    DATE_MAX = "DATE_MAX"
    DUTY_MERGE = "DUTY_MERGE"
    EQUAL = "EQUAL"
    CONCAT = "CONCAT"
    LOCKED = "LOCKED"


class Mode(StrEnum):
    """What further layers may do with a rule of the agreement (clause 5.5)."""

    LOCKED = "locked"
    MANDATORY = "mandatory"
    DEFAULT = "default"


class AddendumKind(StrEnum):
    """The only kinds of addendum there are (clause 10.7)."""

    IMMUNITIES_ARCHIVES = "immunities_archives"
    LOCAL_PRIVACY_LAW = "local_privacy_law"
    COUNTRY_STORAGE = "country_storage"
    AFFILIATES = "affiliates"
    FISCAL_LEGAL_FORM = "fiscal_legal_form"


@dataclass(frozen=True)
class When:
    """A further value of the agreement that holds from a level of another parameter on."""

    parameter: str
    at_least: str
    value: Value


@dataclass(frozen=True)
class Cap:
    """The one exception by which an addendum may limit how strict others are, and the least it must accept."""

    kind: AddendumKind
    least: str


@dataclass(frozen=True)
class Within:
    """A last day that follows from a first day and a number of months."""

    start: str
    months: str


@dataclass(frozen=True)
class Anonymous:
    """The line that stands in for the data partner's own when it wishes to stay unnamed."""

    when: str
    id: str
    text: str


@dataclass(frozen=True)
class Spec:
    """One parameter: where it stands in the text, what it can hold, and how it is merged."""

    name: str
    clause: str
    point: str
    type: ValueType
    operator: Operator
    mode: Mode
    label: str
    unit: Unit | None = None
    vocabulary: Vocabulary = OPEN
    levels: tuple[tuple[str, str], ...] = ()
    ceiling: Value | None = None
    least: int = 0
    may_be_empty: bool = False
    subtracts_from: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    cap: Cap | None = None
    within: Within | None = None
    anonymous: Anonymous | None = None
    promise: str = ""
    promises: tuple[tuple[str, str], ...] = ()
    odrl: tuple[str, str, str] | None = None

    def rank(self, level: str) -> int:
        """The place of a level among the parameter's levels, from 0."""
        return [code for code, _label in self.levels].index(level)


@dataclass(frozen=True)
class Specs:
    """All parameters of one version, in the order of its clauses."""

    by_name: Mapping[str, Spec]
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    joint_clauses: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Spec:
        """The parameter of that name; KeyError when this version has none."""
        return self.by_name[name]

    def get(self, name: str) -> Spec | None:
        """The parameter of that name, if this version has it."""
        return self.by_name.get(name)

    def of_clause(self, clause: str) -> tuple[Spec, ...]:
        """The parameters of one clause."""
        return tuple(spec for spec in self.by_name.values() if spec.clause == clause)
