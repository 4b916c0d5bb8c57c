"""A data partner as RDF: what stands at the address by which each description of its datasets names it."""

from collections.abc import Callable

from app.exchange.exports.addresses import web_address
from app.exchange.exports.documents import jsonld, ntriples, turtle, xml
from app.exchange.exports.nodes import Iri, Node, Text, Value
from app.exchange.exports.site import Site
from app.organizations.models import Organization

# The forms by media type, and the header that goes out with each.
AGENT_FORMS: dict[str, tuple[str, Callable[[Node], str]]] = {
    "application/ld+json": ("application/ld+json", jsonld),
    "text/turtle": ("text/turtle; charset=utf-8", turtle),
    "application/n-triples": ("application/n-triples; charset=utf-8", ntriples),
    "application/rdf+xml": ("application/rdf+xml; charset=utf-8", xml),
}


def agent_node(organization: Organization, site: Site) -> Node:
    """Its name, its own pages, and where the descriptions of its datasets are."""
    said: list[tuple[str, Value]] = [("foaf:name", Text(organization.name))]
    if home := web_address(organization.website or ""):
        said.append(("foaf:homepage", Iri(home)))
    if organization.about:
        said.append(("dct:description", Text(organization.about)))
    said.append(("rdfs:seeAlso", Iri(f"{site.catalog}.ttl?partner={organization.slug}")))
    return Node(site.organization(organization), ("foaf:Agent",), tuple(said))
