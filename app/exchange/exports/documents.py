"""Whole documents: one dataset, or a catalog of any length, piece by piece."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from app.catalog.models import Dataset
from app.exchange.exports import concepts
from app.exchange.exports.carried import carried
from app.exchange.exports.dcat import at, described
from app.exchange.exports.nodes import Iri, Node, Text, Value
from app.exchange.exports.own_terms import LISTING_CLASS, own_properties
from app.exchange.exports.site import Site
from app.exchange.exports.writing_jsonld import CONTEXT, as_object, document
from app.exchange.exports.writing_ntriples import as_ntriples
from app.exchange.exports.writing_turtle import as_turtle, prefixes
from app.exchange.exports.writing_xml import END, as_xml, beginning
from app.foundation.words import N_

CATALOG_TITLE = N_("Datasets of the %(consortium)s")
CATALOG_WORDS = N_(
    "Data that companies list for development organizations. Each use is proposed, decided and granted in writing."
)


def dataset_node(row: Dataset, site: Site) -> Node:
    """Everything that is said of one dataset, with its record in the catalog."""
    properties = (
        *described(row, site),
        *own_properties(row),
        *carried(row, site),
        ("^foaf:primaryTopic", _record(row, site)),
    )
    return Node(site.dataset(row), ("dcat:Dataset", "dcat:Resource", LISTING_CLASS), tuple(properties))


def dataset_jsonld(row: Dataset, site: Site) -> str:
    """One dataset as a JSON-LD document."""
    return jsonld(dataset_node(row, site))


def dataset_turtle(row: Dataset, site: Site) -> str:
    """One dataset as Turtle."""
    return turtle(dataset_node(row, site))


def dataset_ntriples(row: Dataset, site: Site) -> str:
    """One dataset as N-Triples."""
    return ntriples(dataset_node(row, site))


def dataset_xml(row: Dataset, site: Site) -> str:
    """One dataset as RDF/XML."""
    return xml(dataset_node(row, site))


def jsonld(node: Node) -> str:
    """One thing as a JSON-LD document."""
    said = Said()
    root = said.once(node)
    return json.dumps(document(root, list(said.shared.values())), ensure_ascii=False, indent=1) + "\n"


def turtle(node: Node) -> str:
    """One thing as Turtle."""
    said = Said()
    root = said.once(node)
    return prefixes() + as_turtle(root) + "".join(map(as_turtle, said.shared.values()))


def ntriples(node: Node) -> str:
    """One thing as N-Triples."""
    said = Said()
    root = said.once(node)
    return as_ntriples(root) + "".join(map(as_ntriples, said.shared.values()))


def xml(node: Node) -> str:
    """One thing as RDF/XML."""
    said = Said()
    root = said.once(node)
    return beginning() + as_xml(root) + "".join(map(as_xml, said.shared.values())) + END


def catalog_jsonld(rows: Iterable[Dataset], site: Site, modified: datetime | None) -> Iterator[str]:
    """A catalog as JSON-LD: its own words first, then each dataset on a line of its own."""
    said = Said()
    head = {"@context": CONTEXT, **as_object(said.once(catalog_node(site, modified)))}
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "dcat:dataset": ['
    mark = "\n"
    for row in rows:
        yield mark + json.dumps(as_object(said.once(dataset_node(row, site))), ensure_ascii=False)
        mark = ",\n"
    shared = [as_object(node) for node in said.shared.values()]
    yield f'\n ],\n "@included": {json.dumps(shared, ensure_ascii=False)}\n}}\n'


def catalog_turtle(rows: Iterable[Dataset], site: Site, modified: datetime | None) -> Iterator[str]:
    """A catalog as Turtle: its own words first, then one block after the other."""
    said = Said()
    yield prefixes() + as_turtle(said.once(catalog_node(site, modified)))
    for row in rows:
        yield f"\n<{site.catalog}> dcat:dataset <{site.dataset(row)}> .\n" + as_turtle(
            said.once(dataset_node(row, site))
        )
    yield "\n" + "".join(map(as_turtle, said.shared.values()))


def catalog_ntriples(rows: Iterable[Dataset], site: Site, modified: datetime | None) -> Iterator[str]:
    """A catalog as N-Triples."""
    said = Said()
    yield as_ntriples(said.once(catalog_node(site, modified)))
    for row in rows:
        yield as_ntriples(Node(site.catalog, (), (("dcat:dataset", Iri(site.dataset(row))),)))
        yield as_ntriples(said.once(dataset_node(row, site)))
    yield "".join(map(as_ntriples, said.shared.values()))


def catalog_xml(rows: Iterable[Dataset], site: Site, modified: datetime | None) -> Iterator[str]:
    """A catalog as RDF/XML."""
    said = Said()
    yield beginning() + as_xml(said.once(catalog_node(site, modified)))
    for row in rows:
        yield as_xml(Node(site.catalog, (), (("dcat:dataset", Iri(site.dataset(row))),)))
        yield as_xml(said.once(dataset_node(row, site)))
    yield "".join(map(as_xml, said.shared.values())) + END


def catalog_node(site: Site, modified: datetime | None) -> Node:
    """What is said of the catalog itself."""
    facts = {"consortium": site.consortium}
    properties: list[tuple[str, Value]] = [
        ("dct:title", Text(CATALOG_TITLE % facts, language="en")),
        ("dct:description", Text(CATALOG_WORDS, language="en")),
        ("dct:publisher", Node(site.root, ("foaf:Agent",), (("foaf:name", Text(site.consortium)),))),
        ("foaf:homepage", Node(f"{site.root}/", ("foaf:Document",))),
        ("dcat:themeTaxonomy", concepts.taxonomy()),
    ]
    language = concepts.language("en")
    if language:
        properties.append(("dct:language", language))
    if modified:
        properties.append(("dct:modified", at(modified)))
    return Node(site.catalog, ("dcat:Catalog",), tuple(properties))


def _record(row: Dataset, site: Site) -> Node:
    said: list[tuple[str, Value]] = [
        ("dct:modified", at(row.updated_at)),
        ("dct:conformsTo", concepts.dcat_ap()),
        ("^dcat:record", Iri(site.catalog)),
    ]
    if row.listed_at:
        said.insert(0, ("dct:issued", at(row.listed_at)))
    return Node(f"{site.dataset(row)}#record", ("dcat:CatalogRecord",), tuple(said))


class Said:
    """What a document has named of closed lists so far: as much as the lists are long, whatever the catalog's length."""

    def __init__(self) -> None:
        self.shared: dict[str, Node] = {}

    def once(self, node: Node) -> Node:
        """The node, with the address alone in the place of what is said once in the document."""
        return replace(node, properties=tuple((name, self._named(value)) for name, value in node.properties))

    def _named(self, value: Value) -> Value:
        if not isinstance(value, Node):
            return value
        if value.is_shared:
            self.shared.setdefault(value.iri, value)
            return Iri(value.iri)
        return self.once(value)
