"""From a version's schedule of terms, as TOML gives it, to its parameters and its layer. Does no input or output itself."""

from collections.abc import Mapping

from app.foundation.plain import items, table, tables
from app.rules.terms.layers import AgreementTerms, Layer, Level, Rule
from app.rules.terms.operators import OPERATORS
from app.rules.terms.parsing import BadValue, parse_value
from app.rules.terms.specs import AddendumKind, Anonymous, Cap, Mode, Operator, Spec, Specs, When, Within
from app.rules.terms.values import Unit, Value, ValueType
from app.rules.terms.vocabularies import OPEN, Vocabulary


class BadSchedule(Exception):
    """The schedule of terms contradicts itself or the grammar; the message names the parameter."""


def read_schedule(data: Mapping[str, object], document: str, version: str, sha256: str) -> AgreementTerms:
    """The parameters of a version and the values it gives them.

    Raises:
        BadSchedule: a parameter is incomplete, unknown words are used, or a value does not fit.
    """
    vocabularies = {name: _vocabulary(name, table(raw)) for name, raw in table(data.get("vocabulary", {})).items()}
    by_name: dict[str, Spec] = {}
    rules: dict[str, Rule] = {}
    for raw in tables(data.get("parameter", ())):
        name = str(raw.get("name", "?"))
        try:
            spec = _spec(raw, vocabularies)
            if spec.name in by_name:
                raise ValueError("the name is taken")
            if "value" in raw:
                rules[spec.name] = Rule(spec.name, parse_value(spec, raw["value"]))
        except (BadValue, KeyError, ValueError, TypeError) as error:
            raise BadSchedule(f"{name}: {error}") from error
        by_name[spec.name] = spec
    specs = Specs(by_name, vocabularies, tuple(str(c) for c in items(data.get("joint_clauses", ()))))
    _check_references(specs)
    return AgreementTerms(specs, Layer(Level.AGREEMENT, document, rules, version, sha256))


def _vocabulary(name: str, raw: Mapping[str, object]) -> Vocabulary:
    labels = {code: str(label) for code, label in table(raw.get("codes", {})).items()}
    regions = {region: frozenset(str(codes).split()) for region, codes in table(raw.get("regions", {})).items()}
    members = frozenset(str(raw["members"]).split()) if "members" in raw else frozenset(labels)
    return Vocabulary(name, labels, members, bool(raw.get("tree", False)), regions, str(raw.get("list_version", "")))


def _spec(raw: Mapping[str, object], vocabularies: Mapping[str, Vocabulary]) -> Spec:
    bare = Spec(
        name=str(raw["name"]),
        clause=str(raw["clause"]),
        point=str(raw["point"]),
        type=ValueType(str(raw["type"])),
        operator=Operator(str(raw["operator"])),
        mode=Mode(str(raw["mode"])),
        label=str(raw["label"]),
        unit=Unit(str(raw["unit"])) if "unit" in raw else None,
        vocabulary=vocabularies[str(raw["vocabulary"])] if "vocabulary" in raw else OPEN,
        levels=tuple((str(pair[0]), str(pair[1])) for pair in (items(item) for item in items(raw.get("levels", ())))),
        least=_whole(raw.get("least", 0)),
        may_be_empty=bool(raw.get("empty", False)),
        subtracts_from=tuple(str(name) for name in items(raw.get("subtracts_from", ()))),
        promise=str(raw.get("promise", "")),
        promises=tuple((key, str(text)) for key, text in table(raw.get("promises", {})).items()),
    )
    if bare.type not in OPERATORS[bare.operator].types:
        raise ValueError(f"{bare.operator} cannot merge a {bare.type}")
    if (bare.operator is Operator.LOCKED) != (bare.mode is Mode.LOCKED):
        raise ValueError("operator LOCKED and mode locked go together")
    return _complete(bare, raw)


def _complete(bare: Spec, raw: Mapping[str, object]) -> Spec:
    """The parameter with those parts that need its type to be known."""
    fields = {name: getattr(bare, name) for name in bare.__dataclass_fields__}
    if "ceiling" in raw:
        fields["ceiling"] = parse_value(bare, raw["ceiling"])
    fields["when"] = tuple(_when(bare, item) for item in tables(raw.get("when", ())))
    if "cap" in raw:
        cap = table(raw["cap"])
        fields["cap"] = Cap(AddendumKind(str(cap["kind"])), str(cap["least"]))
    if "within" in raw:
        within = table(raw["within"])
        fields["within"] = Within(str(within["start"]), str(within["months"]))
    if "anonymous" in raw:
        line = table(raw["anonymous"])
        fields["anonymous"] = Anonymous(str(line["when"]), str(line["id"]), str(line["text"]))
    if "odrl" in raw:
        kind, term, operator = (str(word) for word in items(raw["odrl"]))
        fields["odrl"] = (kind, term, operator)
    return Spec(**fields)


def _when(spec: Spec, raw: Mapping[str, object]) -> When:
    value: Value = parse_value(spec, raw["value"])
    return When(str(raw["parameter"]), str(raw["at_least"]), value)


def _check_references(specs: Specs) -> None:
    """Every parameter that another one points at exists, and the level it names too."""
    for spec in specs.by_name.values():
        named = [*spec.subtracts_from, *(when.parameter for when in spec.when)]
        named += [spec.within.start, spec.within.months] if spec.within else []
        named += [spec.anonymous.when] if spec.anonymous else []
        missing = [name for name in named if name not in specs.by_name]
        if missing:
            raise BadSchedule(f"{spec.name}: there is no parameter {missing[0]}")
        wrong = [when for when in spec.when if when.at_least not in dict(specs[when.parameter].levels)]
        if wrong or (spec.cap and spec.cap.least not in dict(spec.levels)):
            raise BadSchedule(f"{spec.name}: a level that it names is not in the list")


def _whole(raw: object) -> int:
    if isinstance(raw, int):
        return raw
    raise TypeError(f"{raw!r} is no whole number")
