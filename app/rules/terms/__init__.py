"""The terms of the agreement as data: parameters, layers, and how four layers become the terms that hold.

Plain values in, plain values out; `app/agreements/library.py` reads the files. Unset (no opinion) is not `[]` (nothing allowed).
"""

from app.rules.terms.checks import Finding, Problem, check_layer, read_layer
from app.rules.terms.effective import Conflict, ConflictKind, EffectiveRule, EffectiveTerms, Source
from app.rules.terms.joint import combine
from app.rules.terms.layers import LEVEL_NAMES, AgreementTerms, Layer, Level, Rule
from app.rules.terms.merge import merge
from app.rules.terms.operators import is_within
from app.rules.terms.promises import Promise, promises, shown
from app.rules.terms.reading import BadSchedule, read_schedule
from app.rules.terms.record import as_json, as_record, from_record, terms_hash
from app.rules.terms.specs import AddendumKind, Mode, Operator, Spec, Specs
from app.rules.terms.values import Duty, Line, Unit, Value, ValueType

__all__ = [
    "LEVEL_NAMES",
    "AddendumKind",
    "AgreementTerms",
    "BadSchedule",
    "Conflict",
    "ConflictKind",
    "Duty",
    "EffectiveRule",
    "EffectiveTerms",
    "Finding",
    "Layer",
    "Level",
    "Line",
    "Mode",
    "Operator",
    "Problem",
    "Promise",
    "Rule",
    "Source",
    "Spec",
    "Specs",
    "Unit",
    "Value",
    "ValueType",
    "as_json",
    "as_record",
    "check_layer",
    "combine",
    "from_record",
    "is_within",
    "merge",
    "promises",
    "read_layer",
    "read_schedule",
    "shown",
    "terms_hash",
]
