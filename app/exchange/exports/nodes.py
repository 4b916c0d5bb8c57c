"""What a description is made of, before it is written down: addresses, texts, JSON values and nodes. The shapes of RDF, no more.

Predicates, types and datatypes are short names of `PREFIXES`, or whole addresses. One with `^` in front points the other way.
"""

from collections.abc import Iterator
from dataclasses import dataclass

# Our own terms have a name, not an address: it stays the same wherever an installation moves. The page /ns explains them.
OWN_TERMS = "urn:onepact:terms:"
PREFIXES: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "adms": "http://www.w3.org/ns/adms#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "onepact": OWN_TERMS,
}


@dataclass(frozen=True)
class Iri:
    """The address of something."""

    value: str


@dataclass(frozen=True)
class Text:
    """A literal; without a datatype or a language it is plain text."""

    value: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True)
class Json:
    """A JSON value, kept as it is (rdf:JSON)."""

    value: object


@dataclass(frozen=True)
class Node:
    """Something with an address, described by (predicate, value) pairs in the order in which they are written."""

    iri: str
    types: tuple[str, ...]
    properties: tuple[tuple[str, "Value"], ...] = ()
    # Of a closed list that many descriptions name: said once in a document, however often it is named.
    is_shared: bool = False


Value = Iri | Text | Json | Node


def full(name: str) -> str:
    """The whole address of a short name; one that is whole already gives itself."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def grouped(node: Node) -> Iterator[tuple[str, list[Value]]]:
    """The node's values by predicate, in the order of their first mention."""
    found: dict[str, list[Value]] = {}
    for predicate, value in node.properties:
        found.setdefault(predicate, []).append(value)
    yield from found.items()
