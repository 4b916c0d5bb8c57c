"""Nodes as Turtle, one block per node, so that any number can be written one after the other."""

import json
import re
from collections.abc import Iterator

from app.exchange.exports.nodes import PREFIXES, Iri, Json, Node, Text, Value, full, grouped

_SHORT = re.compile(r"([a-z]+):([A-Za-z][A-Za-z0-9_]*)")
_NEXT = " ;\n    "
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def prefixes() -> str:
    """The head of a file."""
    return "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items()) + "\n"


def as_turtle(node: Node) -> str:
    """The node, and after it every node that it holds."""
    return "".join(_blocks(node))


def json_text(value: object) -> str:
    """A JSON value as rdf:JSON compares it: without spaces, keys in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _blocks(node: Node) -> Iterator[str]:
    subject = f"<{node.iri}>"
    lines = [f"a {', '.join(map(_name, node.types))}"] if node.types else []
    held: list[Node] = []
    for predicate, values in grouped(node):
        held += [value for value in values if isinstance(value, Node)]
        if predicate.startswith("^"):
            yield from (f"{_value(value)} {_name(predicate[1:])} {subject} .\n" for value in values)
        else:
            lines.append(f"{_name(predicate)} {', '.join(map(_value, values))}")
    if lines:
        yield f"{subject} {_NEXT.join(lines)} .\n"
    for inner in held:
        yield from _blocks(inner)


def _value(value: Value) -> str:
    match value:
        case Iri():
            return f"<{value.value}>"
        case Node():
            return f"<{value.iri}>"
        case Json():
            return f"{quoted(json_text(value.value))}^^rdf:JSON"
        case Text(text, datatype, language):
            mark = f"@{language}" if language else f"^^{_name(datatype)}" if datatype else ""
            return quoted(text) + mark
    raise TypeError(full(str(value)))


def quoted(text: str) -> str:
    """A text as Turtle and N-Triples write it."""
    return f'"{text.translate(_ESCAPES)}"'


def _name(name: str) -> str:
    found = _SHORT.fullmatch(name)
    return name if found and found[1] in PREFIXES else f"<{full(name)}>"
