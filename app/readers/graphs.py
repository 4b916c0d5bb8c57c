"""Reads a catalog from Turtle, N-Triples or RDF/XML. The door to rdflib; nothing is fetched."""

import logging
import re
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from app.foundation.text import clean, whole_number
from app.foundation.words import N_
from app.readers.entries import Entry, Unreadable
from app.readers.parts import whole_or_part

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Literal, Node

_DEEPEST = 4
_MOST_VALUES = 2000
_DOCTYPE = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\A\s*<\?xml\s[^>]{0,400}?\?>")
_DECLARED = re.compile(rb"\sencoding\s*=\s*[\"']([^\"']{1,40})[\"']")
# Other codecs of Python write signs in ways that no reader of XML knows, or take minutes.
_READ = re.compile(
    r"utf-?(?:8|16)|(?:us-)?ascii|latin-?1|iso[-_]8859-(?:[1-9]|1[0-6])|(?:windows-|cp)125[0-8]", re.IGNORECASE
)
_DCAT = "http://www.w3.org/ns/dcat#"
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_LISTS = frozenset(_DCAT + name for name in ("dataset", "record", "service", "catalog", "resource"))
_TYPES = (
    f"{_DCAT}Dataset",
    f"{_DCAT}DatasetSeries",
    "http://schema.org/Dataset",
    "https://schema.org/Dataset",
)


def read_turtle(data: bytes) -> Iterator[Entry]:
    """One entry per dataset, sorted by its address, because a graph has no order of its own.

    Raises:
        Unreadable: it is no Turtle, or describes no dataset.
    """
    return _entries(_parsed(data, "turtle"))


def read_rdf_xml(data: bytes) -> Iterator[Entry]:
    """The same from RDF/XML. A document with a DOCTYPE is refused, because entities can be made to explode."""
    text = _decoded(data)
    if _DOCTYPE.search(text):
        raise Unreadable(
            N_("This is a web page, or XML with a DOCTYPE, which is not read."),
            N_("Export the catalog as RDF/XML without DOCTYPE, as Turtle or as JSON-LD."),
        )
    # With a declaration of ours in front, any other is a mistake to the parser, and none chooses how it reads.
    return _entries(_parsed(f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode(), "xml"))


def _decoded(data: bytes) -> str:
    """The text of the document in the encoding that it declares, without the declaration."""
    declaration = _DECLARATION.match(data)
    declared = _DECLARED.search(declaration[0]) if declaration else None
    encoding = declared[1].decode("ascii", "replace") if declared else "UTF-8"
    if not _READ.fullmatch(encoding):
        raise Unreadable(f"The file says that it is {encoding}, which is not read.", N_("Save it as UTF-8."))
    # Where the declaration itself could be read, it is not in UTF-16: such files were put into UTF-8 when they were opened.
    codec = "utf-8" if encoding.lower() in ("utf-16", "utf16") else encoding
    try:
        text = data[declaration.end() if declaration else 0 :].decode(codec)
    except (LookupError, UnicodeError) as error:
        raise Unreadable(
            f"The file says that it is {encoding}, but cannot be read so.", N_("Save it as UTF-8.")
        ) from error
    if "\0" in text:
        raise Unreadable(N_("The file is XML in an encoding that it does not declare."), N_("Save it as UTF-8."))
    return text.lstrip()


def _rdflib() -> ModuleType:
    """The library, loaded at its first use: it takes a third of a second, and only an import needs it."""
    import rdflib  # noqa: PLC0415

    return rdflib


def _parsed(data: bytes, form: str) -> "Graph":
    logger = logging.getLogger("rdflib")
    before, logger.level = logger.level, logging.CRITICAL
    try:
        return _rdflib().Graph().parse(data=data, format=form)
    except RecursionError as error:
        raise Unreadable(N_("The graph is nested too deeply."), N_("Export it as JSON-LD or CSV.")) from error
    except Exception as error:  # the parsers raise whatever they meet: syntax, encodings, addresses
        said = " ".join(re.sub(r"[<>^]", "", str(error)).split())[:160]
        name = {"turtle": "Turtle", "xml": "RDF/XML"}[form]
        raise Unreadable(
            f"The file looks like {name}, but cannot be read: {said}.", N_("Mend this place, or export it again.")
        ) from error
    finally:
        logger.level = before


def _entries(graph: "Graph") -> Iterator[Entry]:
    rdf = _rdflib()
    found = {node for address in _TYPES for node in graph.subjects(rdf.RDF.type, rdf.URIRef(address))}
    if not found:
        raise Unreadable(N_("The file describes no dataset."), N_("Give each dataset the type dcat:Dataset."))
    catalog = _catalog(graph) | _part(graph, len(found))
    return (
        Entry(row, _tree(graph, node, frozenset({node}), 0), catalog=catalog)
        for row, node in enumerate(sorted(found, key=str), 1)
    )


def _catalog(graph: "Graph") -> dict[str, object]:
    """What the catalog says of itself; of several none, as nobody can tell which one holds which dataset by this alone."""
    rdf = _rdflib()
    catalogs = list(graph.subjects(rdf.RDF.type, rdf.URIRef(f"{_DCAT}Catalog")))
    if len(catalogs) != 1:
        return {}
    # Its lists name everything that the catalog holds, which each entry says for itself.
    own = rdf.Graph()
    for predicate, value in graph.predicate_objects(catalogs[0]):
        if str(predicate) not in _LISTS:
            own.add((catalogs[0], predicate, value))
            for triple in graph.triples((value, None, None)) if not isinstance(value, rdf.Literal) else ():
                own.add(triple)
    return _tree(own, catalogs[0], frozenset(catalogs), 0)


def _part(graph: "Graph", came: int) -> dict[str, object]:
    """What the catalog says where it comes in pages."""
    rdf = _rdflib()
    totals = [whole_number(str(one)) for one in graph.objects(None, rdf.URIRef(f"{_HYDRA}totalItems"))]
    goes_on = any((None, rdf.URIRef(f"{_HYDRA}{name}"), None) in graph for name in ("nextPage", "next"))
    return whole_or_part(came, max(totals, default=0), goes_on)


def _tree(graph: "Graph", node: "Node", above: frozenset["Node"], depth: int) -> dict[str, object]:
    data: dict[str, object] = {"@id": clean(str(node))} if isinstance(node, _rdflib().URIRef) else {}
    held: dict[str, list[object]] = {}
    for predicate, value in sorted(graph.predicate_objects(node), key=lambda pair: (str(pair[0]), str(pair[1]))):
        name = "@type" if predicate == _rdflib().RDF.type else clean(str(predicate))
        values = held.setdefault(name, [])
        if len(values) < _MOST_VALUES:
            values.append(_value(graph, value, above, depth))
    return {**data, **{name: values[0] if len(values) == 1 else values for name, values in held.items()}}


def _value(graph: "Graph", value: "Node", above: frozenset["Node"], depth: int) -> object:
    if isinstance(value, _rdflib().Literal):
        return _literal(value)
    if depth < _DEEPEST and value not in above and (value, None, None) in graph:
        return _tree(graph, value, above | {value}, depth + 1)
    return {"@id": clean(str(value))} if isinstance(value, _rdflib().URIRef) else {}


def _literal(value: "Literal") -> object:
    """As expanded JSON-LD has it: with its language or its type, or plain where it has neither."""
    text = clean(str(value))
    if value.language:
        return {"@value": text, "@language": value.language}
    is_plain = value.datatype is None or value.datatype == _rdflib().XSD.string
    return text if is_plain else {"@value": text, "@type": str(value.datatype)}
