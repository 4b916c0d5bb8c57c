"""What an import carried along, as RDF under its own names, as far as other programs can rely on it.

Everything that was carried stands whole under `onepact:carried`. Beside it stand, under their own names, plain values of
properties that DCAT-AP says nothing of; titles and descriptions with their languages; and the files as `distributions`.
"""

from collections.abc import Iterator, Mapping

from app.catalog.models import Dataset
from app.exchange.exports.addresses import is_address
from app.exchange.exports.distributions import distributions, plain_values
from app.exchange.exports.nodes import PREFIXES, Iri, Text, Value
from app.exchange.exports.site import Site
from app.exchange.foreign.keeping import Kept
from app.readers import Format

_LINKED = frozenset({Format.DCAT, Format.DCAT_US, Format.SCHEMA_ORG})
_MOST_VALUES = 200
# Vocabularies that documents name by prefix without saying what it stands for.
_USUAL = {**PREFIXES, "schema": "http://schema.org/", "dcterms": PREFIXES["dct"], "prov": "http://www.w3.org/ns/prov#"}
# DCAT-AP says what may stand in these, and the listing fills them itself; `carried` alone holds what else was said.
_TAKEN_NAMES = {
    "dct": (
        "accessRights accrualPeriodicity conformsTo creator description hasPart hasVersion identifier isPartOf isReferencedBy "
        "issued language license modified provenance publisher relation rights source spatial temporal title type"
    ),
    "dcat": (
        "catalog contactPoint dataset distribution hasVersion inSeries keyword landingPage qualifiedRelation record "
        "spatialResolutionInMeters temporalResolution theme version"
    ),
    "adms": "identifier sample status versionNotes",
    "foaf": "page primaryTopic isPrimaryTopicOf",
    "rdf": "type",
}
_TAKEN = frozenset(PREFIXES[prefix] + name for prefix, names in _TAKEN_NAMES.items() for name in names.split())
_TAKEN_NAMESPACES = ("http://www.w3.org/ns/prov#", PREFIXES["odrl"], PREFIXES["onepact"], "http://data.europa.eu/r5r/")


def carried(row: Dataset, site: Site) -> Iterator[tuple[str, Value]]:
    """The properties that go out under their own names."""
    kept = Kept.of(row.foreign)
    yield from (("dcat:distribution", node) for node in distributions(kept, row, site))
    if kept.format not in _LINKED:
        return
    prefixes = _prefixes(kept.context)
    for field, now in (("title", row.title), ("description", row.description)):
        fuller = kept.fuller.get(field)
        if fuller is not None and fuller.read == now:
            yield from ((f"dct:{field}", text) for text in _with_languages(fuller.value))
    for name, value in kept.kept.items():
        predicate = _whole(name, prefixes)
        if predicate and predicate not in _TAKEN and not predicate.startswith(_TAKEN_NAMESPACES):
            yield from ((predicate, one) for one in _plain(value))


def _prefixes(context: object) -> dict[str, str]:
    found = dict(_USUAL)
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, Mapping):
            found.update({str(name): iri for name, iri in part.items() if isinstance(iri, str) and is_address(iri)})
    return found


def _whole(name: str, prefixes: Mapping[str, str]) -> str | None:
    """The whole address of a property by the document's own prefixes; None for a name that is nobody's."""
    if name in prefixes:
        return prefixes[name]
    prefix, colon, local = name.partition(":")
    if colon and not local.startswith("//") and prefix in prefixes:
        name = prefixes[prefix] + local
    return name if colon and is_address(name) else None


def _plain(value: object) -> Iterator[Value]:
    for item in (value if isinstance(value, list) else [value])[:_MOST_VALUES]:
        if isinstance(item, Mapping) and set(item) == {"@id"} and is_address(str(item["@id"])):
            yield Iri(str(item["@id"]))
        else:
            yield from plain_values(item if not isinstance(item, list) else None)


def _with_languages(value: object) -> Iterator[Text]:
    """The texts whose language was said; the one that the listing shows stands beside it without."""
    yield from (text for text in plain_values(value) if text.language)
