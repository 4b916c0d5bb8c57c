"""Nodes as JSON-LD: prefixes in the context, predicates under their short names, JSON values as they are."""

from app.exchange.exports.nodes import PREFIXES, Iri, Json, Node, Text, Value, full, grouped

JSONObject = dict[str, object]

CONTEXT: JSONObject = dict(PREFIXES)


def as_object(node: Node) -> JSONObject:
    """The node without a context."""
    written: JSONObject = {"@id": node.iri}
    if node.types:
        written["@type"] = node.types[0] if len(node.types) == 1 else list(node.types)
    turned: JSONObject = {}
    for predicate, values in grouped(node):
        target, name = (turned, predicate[1:]) if predicate.startswith("^") else (written, predicate)
        found = [_value(value) for value in values]
        target[name] = found[0] if len(found) == 1 else found
    return {**written, "@reverse": turned} if turned else written


def document(root: Node, others: list[Node]) -> JSONObject:
    """A document about the root; what else it speaks of stands beside it."""
    written: JSONObject = {"@context": CONTEXT, **as_object(root)}
    if others:
        written["@included"] = [as_object(node) for node in others]
    return written


def _value(value: Value) -> object:
    match value:
        case Iri():
            return {"@id": value.value}
        case Json():
            return {"@type": "@json", "@value": value.value}
        case Node():
            return as_object(value)
        case Text(text, datatype, language):
            if language:
                return {"@value": text, "@language": language}
            return {"@value": text, "@type": datatype} if datatype else text
    raise TypeError(full(str(value)))
