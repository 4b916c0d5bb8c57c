"""Nodes as RDF/XML, one element per node, for harvesters that read nothing else.

XML cannot name every property: one whose address does not end in a name of XML is left out here, and stands in the other forms.
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from app.exchange.exports.nodes import PREFIXES, Iri, Json, Node, Text, Value, full, grouped
from app.exchange.exports.writing_turtle import json_text

_NAMED = re.compile(r"(?P<space>.*[/#:])(?P<name>[A-Za-z_][A-Za-z0-9_.\-]*)")
_PREFIX_OF = {address: name for name, address in PREFIXES.items()}
# What XML 1.0 has no way to write, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
END = "</rdf:RDF>\n"


def beginning() -> str:
    """The head of a file."""
    spaces = "".join(f"\n  xmlns:{name}={quoteattr(address)}" for name, address in PREFIXES.items())
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{spaces}>\n'


def as_xml(node: Node) -> str:
    """The node, and after it every node that it holds."""
    return "".join(_elements(node))


def _elements(node: Node) -> Iterator[str]:
    lines = [f"  <rdf:type rdf:resource={quoteattr(full(kind))}/>" for kind in node.types]
    held: list[Node] = []
    for predicate, values in grouped(node):
        held += [value for value in values if isinstance(value, Node)]
        if predicate.startswith("^"):
            for value in values:
                yield _description(_iri_of(value), [_property(predicate[1:], Iri(node.iri))])
        else:
            lines += [_property(predicate, value) for value in values]
    if lines:
        yield _description(node.iri, lines)
    for inner in held:
        yield from _elements(inner)


def _description(iri: str, lines: list[str]) -> str:
    inside = "\n".join(line for line in lines if line)
    return f"<rdf:Description rdf:about={quoteattr(iri)}>\n{inside}\n</rdf:Description>\n"


def _iri_of(value: Value) -> str:
    return value.iri if isinstance(value, Node) else value.value if isinstance(value, Iri) else ""


def _property(predicate: str, value: Value) -> str:
    found = _NAMED.fullmatch(full(predicate))
    if found is None:
        return ""
    prefix = _PREFIX_OF.get(found["space"])
    name = f"{prefix}:{found['name']}" if prefix else f"x:{found['name']}"
    opening = name if prefix else f"{name} xmlns:x={quoteattr(found['space'])}"
    match value:
        case Iri() | Node():
            return f"  <{opening} rdf:resource={quoteattr(_iri_of(value))}/>"
        case Json():
            return (
                f"  <{opening} rdf:datatype={quoteattr(full('rdf:JSON'))}>{_escaped(json_text(value.value))}</{name}>"
            )
        case Text(text, datatype, language):
            mark = (
                f' xml:lang="{language}"'
                if language
                else f" rdf:datatype={quoteattr(full(datatype))}"
                if datatype
                else ""
            )
            return f"  <{opening}{mark}>{_escaped(text)}</{name}>"
    raise TypeError(predicate)


def _escaped(text: str) -> str:
    # A carriage return would be read as a line end.
    return escape(_UNWRITABLE.sub("\ufffd", text), {"\r": "&#13;"})
