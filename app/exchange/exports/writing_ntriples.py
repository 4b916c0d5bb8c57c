"""Nodes as N-Triples: one statement a line, every address whole."""

from collections.abc import Iterator

from app.exchange.exports.nodes import Iri, Json, Node, Text, Value, full
from app.exchange.exports.writing_turtle import json_text, quoted


def as_ntriples(node: Node) -> str:
    """The node, and after it every node that it holds."""
    return "".join(_lines(node))


def _lines(node: Node) -> Iterator[str]:
    subject = f"<{node.iri}>"
    yield from (f"{subject} {_name('rdf:type')} {_name(one)} .\n" for one in node.types)
    for predicate, value in node.properties:
        if predicate.startswith("^"):
            yield f"{_value(value)} {_name(predicate[1:])} {subject} .\n"
        else:
            yield f"{subject} {_name(predicate)} {_value(value)} .\n"
    for _predicate, value in node.properties:
        if isinstance(value, Node):
            yield from _lines(value)


def _value(value: Value) -> str:
    match value:
        case Iri():
            return f"<{value.value}>"
        case Node():
            return f"<{value.iri}>"
        case Json():
            return f"{quoted(json_text(value.value))}^^{_name('rdf:JSON')}"
        case Text(text, datatype, language):
            return quoted(text) + (f"@{language}" if language else f"^^{_name(datatype)}" if datatype else "")


def _name(name: str) -> str:
    return f"<{full(name)}>"
