"""The effective terms of a grant as an ODRL 2.2 Agreement in JSON-LD: the letter's data for machines, attached to it. And those
that any use of a listing starts from, as an Offer.

Each rule names the clause it comes from and every layer that reached its value, for which ODRL itself has no place. Names of the
Catena-X profile are used where they fit, so that data spaces know them. Nothing is fetched: the contexts are only named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from app.rules.terms import EffectiveTerms, Specs
from app.rules.terms.values import plain

JSONObject = dict[str, object]

# Our own terms have a name, not an address: it stays the same wherever an installation moves.
OWN_TERMS = "urn:onepact:terms:"
_CONTEXT: list[object] = [
    "http://www.w3.org/ns/odrl.jsonld",
    {
        "x": OWN_TERMS,
        "cx-policy": "https://w3id.org/catenax/2025/9/policy/",
        "dct": "http://purl.org/dc/terms/",
        "cc": "http://creativecommons.org/ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "number": "dct:identifier",
    },
]


@dataclass(frozen=True)
class Party:
    """An organization: its address here, and its name."""

    uri: str
    name: str


@dataclass(frozen=True)
class Target:
    """A dataset that may be used, as it was when the grant was issued."""

    uri: str
    reference: str
    title: str
    release: str


@dataclass(frozen=True)
class Source:
    """A layer and document that reached the value, such as L3 and `listing:DS-0038@2`."""

    layer: str
    document: str


@dataclass(frozen=True)
class Rule:
    """One effective term. `kind` and `term` say where it stands in ODRL; `target` is None where it holds for all datasets."""

    kind: str
    term: str
    operator: str
    value: object
    clause: str
    unit: str | None = None
    target: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class DatedDuty:
    """Something the member promised, by a day or always."""

    action: str
    words: str
    clause: str
    due_on: date | None = None


@dataclass(frozen=True)
class Policy:
    """What the letter says, for machines."""

    uri: str
    number: str
    title: str
    issued_at: datetime
    starts_on: date
    ends_on: date
    agreement: str
    agreement_uri: str
    agreement_sha256: str
    record_sha256: str
    assigner: Party
    assignee: Party
    purposes: tuple[str, ...]
    purpose_words: str
    targets: tuple[Target, ...]
    rules: tuple[Rule, ...] = ()
    duties: tuple[DatedDuty, ...] = field(default=())


@dataclass(frozen=True)
class Offer:
    """What the terms of a use of one dataset start from, before there is a member and a day."""

    uri: str
    title: str
    agreement: str
    agreement_uri: str
    assigner: Party
    target: Target
    rules: tuple[Rule, ...] = ()


def offer(offered: Offer) -> JSONObject:
    """The Offer; a grant can only narrow it."""
    constraint = _constraint("cx-policy:FrameworkAgreement", "eq", offered.agreement)
    return {
        "@context": _CONTEXT,
        "@type": "Offer",
        "uid": offered.uri,
        "dct:title": offered.title,
        "profile": OWN_TERMS,
        "conflict": "prohibit",
        "dct:isPartOf": {"uid": offered.agreement_uri, "dct:identifier": offered.agreement},
        "assigner": {"@type": "Party", "uid": offered.assigner.uri, "dct:title": offered.assigner.name},
        "permission": [_permission(offered.rules, offered.target, [constraint])],
        "prohibition": [
            _prohibition([offered.target.uri], rule) for rule in offered.rules if rule.kind == "prohibition"
        ],
    }


def rules_of(terms: EffectiveTerms, specs: Specs, agreement_uri: str, target: str) -> Iterator[Rule]:
    """The rules that ODRL has a place for, as they hold for one dataset. Days and duties are said once for a whole grant."""
    for rule in terms.rules.values():
        spec = specs[rule.parameter]
        if spec.odrl is None or rule.parameter in _FRAMED:
            continue
        kind, term, operator = spec.odrl
        yield Rule(
            kind=kind,
            term=term,
            operator=operator,
            value=plain(rule.value),
            clause=f"{agreement_uri}#{rule.clause}",
            unit=rule.unit.value if rule.unit else None,
            target=target,
            sources=tuple(Source(source.level.value, source.document) for source in rule.sources),
        )


_FRAMED = frozenset({"start", "end", "duties"})


def agreement(policy: Policy) -> JSONObject:
    """The Agreement; the same policy gives the same document."""
    return {
        "@context": _CONTEXT,
        "@type": "Agreement",
        "uid": policy.uri,
        "number": policy.number,
        "dct:title": policy.title,
        "dct:issued": _moment(policy.issued_at),
        "profile": OWN_TERMS,
        "conflict": "prohibit",
        "dct:isPartOf": {
            "uid": policy.agreement_uri,
            "dct:identifier": policy.agreement,
            "x:sha256": policy.agreement_sha256,
        },
        "x:recordSha256": policy.record_sha256,
        "assigner": {"@type": "Party", "uid": policy.assigner.uri, "dct:title": policy.assigner.name},
        "assignee": {"@type": "Party", "uid": policy.assignee.uri, "dct:title": policy.assignee.name},
        "permission": [_permission(policy.rules, target, _frame(policy)) for target in policy.targets],
        "prohibition": [
            _prohibition([t.uri for t in policy.targets if rule.target in (None, t.uri)], rule)
            for rule in policy.rules
            if rule.kind == "prohibition"
        ],
        "obligation": [_obligation(policy, duty) for duty in policy.duties],
    }


def _permission(all_rules: Iterable[Rule], target: Target, frame: list[JSONObject]) -> JSONObject:
    rules = [rule for rule in all_rules if rule.target in (None, target.uri)]
    return {
        "target": {
            "@type": "Asset",
            "uid": target.uri,
            "dct:identifier": target.reference,
            "dct:title": target.title,
            "version": target.release,
            "x:limits": [_term(rule) for rule in rules if rule.kind == "target"],
        },
        "action": sorted(_actions(rules)) or ["use"],
        "constraint": [*frame, *(_term(rule) for rule in rules if rule.kind == "constraint")],
        "duty": [{"action": rule.term, "constraint": [_term(rule)]} for rule in rules if rule.kind == "duty"],
        "x:note": [_term(rule) for rule in rules if rule.kind == "note"],
    }


def _frame(policy: Policy) -> list[JSONObject]:
    """What every data space asks first: under which agreement, for what, and until when."""
    end = f"{policy.ends_on.isoformat()}T23:59:59Z"
    return [
        _constraint("cx-policy:FrameworkAgreement", "eq", policy.agreement),
        _constraint("cx-policy:ContractReference", "eq", policy.number),
        _constraint("cx-policy:UsagePurpose", "isAnyOf", list(policy.purposes))
        | {"dct:description": policy.purpose_words},
        _constraint("cx-policy:DataUsageEndDate", "eq", {"@value": end, "@type": "xsd:dateTime"}),
        _constraint("dateTime", "gteq", {"@value": policy.starts_on.isoformat(), "@type": "xsd:date"}),
        _constraint("dateTime", "lteq", {"@value": policy.ends_on.isoformat(), "@type": "xsd:date"}),
    ]


def _actions(rules: Iterable[Rule]) -> set[str]:
    """The values of `use` are actions of their own; other permissions are named by their term."""
    actions: set[str] = set()
    for rule in rules:
        if rule.kind == "permission" and rule.term == "use" and isinstance(rule.value, list | tuple):
            actions |= {f"x:{value}" for value in rule.value}
        elif rule.kind == "permission" and rule.value not in (False, "none"):
            actions.add(rule.term)
    return actions


def _prohibition(uris: list[str], rule: Rule) -> JSONObject:
    targets: list[object] = [*uris]
    if rule.term == "x:use" and isinstance(rule.value, list | tuple):
        return {"target": targets, "action": [f"x:{value}" for value in rule.value]} | _provenance(rule)
    return {"target": targets, "action": rule.term, "constraint": [_term(rule)]} | _provenance(rule)


def _obligation(policy: Policy, duty: DatedDuty) -> JSONObject:
    due: list[object] = []
    if duty.due_on:
        due = [_constraint("dateTime", "lteq", {"@value": duty.due_on.isoformat(), "@type": "xsd:date"})]
    return {
        "action": duty.action,
        "assignee": policy.assignee.uri,
        "constraint": due,
        "dct:description": duty.words,
        "dct:source": duty.clause,
    }


def _term(rule: Rule) -> JSONObject:
    unit: JSONObject = {"unit": f"x:{rule.unit}"} if rule.unit else {}
    return _constraint(rule.term, rule.operator, rule.value) | unit | _provenance(rule)


def _constraint(left: str, operator: str, right: object) -> JSONObject:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _provenance(rule: Rule) -> JSONObject:
    reached: list[object] = [{"x:layer": s.layer, "x:document": s.document} for s in rule.sources]
    return {"dct:source": rule.clause} | ({"x:reachedBy": reached} if reached else {})


def _moment(moment: datetime) -> JSONObject:
    return {"@value": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "@type": "xsd:dateTime"}
