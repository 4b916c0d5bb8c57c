"""Effective terms as a record: the same bytes for the same terms, whatever the order they were made in; and back again."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.foundation.hashing import canonical_json, sha256_hex
from app.foundation.plain import items, table, tables
from app.rules.terms.effective import Conflict, ConflictKind, Document, EffectiveRule, EffectiveTerms, Removed, Source
from app.rules.terms.layers import Level
from app.rules.terms.sentences import Sentence
from app.rules.terms.specs import Mode, Operator
from app.rules.terms.values import Duty, Line, Unit, Value, ValueType, plain

Json = dict[str, object]


def as_record(terms: EffectiveTerms) -> Json:
    """The terms as plain values that JSON can carry, sorted."""
    return {
        "documents": [_document(document) for document in terms.documents],
        "rules": [_rule(terms.rules[name]) for name in sorted(terms.rules)],
    }


def as_json(terms: EffectiveTerms) -> bytes:
    """The record as canonical JSON (RFC 8785), byte-stable."""
    return canonical_json(as_record(terms))


def terms_hash(terms: EffectiveTerms) -> str:
    """SHA-256 of the record."""
    return sha256_hex(as_json(terms))


def from_record(record: Mapping[str, object]) -> EffectiveTerms:
    """The terms that a frozen record holds. They never change with a later version of the agreement.

    Raises:
        KeyError, ValueError, TypeError: it is no such record.
    """
    rules = [_rule_back(item) for item in tables(record["rules"])]
    documents = tuple(
        Document(Level(_word(d, "level")), _word(d, "document"), _word(d, "version"), _word(d, "sha256"))
        for d in tables(record["documents"])
    )
    return EffectiveTerms({rule.parameter: rule for rule in rules}, documents)


def _document(document: Document) -> Json:
    return {
        "level": document.level.value,
        "document": document.document,
        "version": document.version,
        "sha256": document.sha256,
    }


def _rule(rule: EffectiveRule) -> Json:
    return {
        "param": rule.parameter,
        "clause": rule.clause,
        "point": rule.point,
        "type": rule.type.value,
        "op": rule.operator.value,
        "mode": rule.mode.value,
        "unit": rule.unit.value if rule.unit else None,
        "effective": plain(rule.value),
        "sources": _sources(rule.sources),
        "narrowed": _sources(rule.narrowed),
        "no_effect": _sources(rule.no_effect),
        "replaced": _sources(rule.replaced),
        "removed": [{"code": item.code, "by": _source(item.by)} for item in rule.removed],
        "conflict": _conflict(rule.conflict) if rule.conflict else None,
    }


def _sources(sources: Iterable[Source]) -> list[Json]:
    return [_source(source) for source in sources]


def _source(source: Source) -> Json:
    written: Json = {
        "layer": source.level.value,
        "doc": source.document,
        "clause": source.clause,
        "value": plain(source.value),
    }
    extra = {"version": source.version, "sha256": source.sha256, "note": source.note}
    return written | {name: text for name, text in extra.items() if text}


def _conflict(conflict: Conflict) -> Json:
    return {
        "kind": conflict.kind.value,
        "between": _sources(conflict.between),
        "hint": list(conflict.hint),
        "sentence": {"text": conflict.sentence.text, "facts": dict(conflict.sentence.facts)},
    }


def _rule_back(item: Mapping[str, object]) -> EffectiveRule:
    kind = ValueType(_word(item, "type"))
    return EffectiveRule(
        parameter=_word(item, "param"),
        clause=_word(item, "clause"),
        point=_word(item, "point"),
        type=kind,
        operator=Operator(_word(item, "op")),
        mode=Mode(_word(item, "mode")),
        unit=Unit(_word(item, "unit")) if item.get("unit") else None,
        value=_value(kind, item["effective"]),
        sources=_sources_back(kind, item["sources"]),
        narrowed=_sources_back(kind, item["narrowed"]),
        no_effect=_sources_back(kind, item["no_effect"]),
        replaced=_sources_back(kind, item["replaced"]),
        removed=tuple(
            Removed(_word(r, "code"), _source_back(ValueType.CODES, table(r["by"]))) for r in tables(item["removed"])
        ),
        conflict=_conflict_back(kind, table(item["conflict"])) if item.get("conflict") else None,
    )


def _conflict_back(kind: ValueType, item: Mapping[str, object]) -> Conflict:
    said = table(item["sentence"])
    facts = tuple(sorted((name, str(fact)) for name, fact in table(said["facts"]).items()))
    hint = tuple(str(word) for word in items(item["hint"]))
    return Conflict(
        ConflictKind(_word(item, "kind")),
        _sources_back(kind, item["between"]),
        Sentence(_word(said, "text"), facts),
        hint,
    )


def _sources_back(kind: ValueType, items: object) -> tuple[Source, ...]:
    return tuple(_source_back(kind, item) for item in tables(items))


def _source_back(kind: ValueType, item: Mapping[str, object]) -> Source:
    return Source(
        Level(_word(item, "layer")),
        _word(item, "doc"),
        _value(kind, item["value"]),
        _word(item, "clause"),
        _word(item, "version"),
        _word(item, "sha256"),
        _word(item, "note"),
    )


def _value(kind: ValueType, raw: object) -> Value:
    """A value of a record, which is trusted: it was typed when the record was made."""
    if kind is ValueType.CODES:
        return frozenset(str(code) for code in items(raw))
    if kind is ValueType.DATE:
        return date.fromisoformat(str(raw))
    if kind is ValueType.LINES:
        return tuple(Line(_word(item, "id"), _word(item, "text")) for item in tables(raw))
    if kind is ValueType.DUTIES:
        return tuple(_duty(item) for item in tables(raw))
    if isinstance(raw, bool | int | str):
        return raw
    raise TypeError(f"{raw!r} is no {kind}")


def _duty(item: Mapping[str, object]) -> Duty:
    first, every = (int(str(item[name])) for name in ("first", "every"))
    recipients, evidence = (tuple(str(word) for word in items(item[name])) for name in ("recipients", "evidence"))
    return Duty(_word(item, "id"), _word(item, "kind"), first, every, Unit(_word(item, "unit")), recipients, evidence)


def _word(item: Mapping[str, object], name: str) -> str:
    return str(item.get(name) or "")
