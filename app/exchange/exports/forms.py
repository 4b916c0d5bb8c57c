"""The forms in which a dataset and the catalog go out. Routes, negotiation, links and the command line follow these rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.catalog.models import Dataset
from app.exchange.exports import documents
from app.exchange.exports.citations import bibtex, ris
from app.exchange.exports.dcat import is_open
from app.exchange.exports.policies import offer_text
from app.exchange.exports.schema_org import CROISSANT, croissant_text, schema_org_text
from app.exchange.exports.site import Site
from app.foundation.words import N_


@dataclass(frozen=True)
class Form:
    """A form of one dataset: what stands behind its address, what it is asked for by, what people call it."""

    suffix: str
    media_type: str
    name: str
    write: Callable[[Dataset, Site], str]
    fits: Callable[[Dataset], bool] = lambda _row: True
    charset: bool = True
    is_citation: bool = False

    @property
    def content_type(self) -> str:
        """The header that goes out with it."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


@dataclass(frozen=True)
class CatalogForm:
    """A form of the whole catalog; `option` is its name on the command line."""

    suffix: str
    option: str
    media_type: str
    name: str
    write: Callable[[Iterable[Dataset], Site, datetime | None], Iterator[str]]
    charset: bool = True

    @property
    def content_type(self) -> str:
        """The header that goes out with it."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


_JSONLD, _TURTLE, _TRIPLES, _XML = (
    "application/ld+json", "text/turtle", "application/n-triples", "application/rdf+xml"
)  # fmt: skip

FORMS: dict[str, Form] = {
    form.suffix: form
    for form in (
        Form("jsonld", _JSONLD, N_("DCAT-AP as JSON-LD"), documents.dataset_jsonld, charset=False),
        Form("ttl", _TURTLE, N_("DCAT-AP as Turtle"), documents.dataset_turtle),
        Form("rdf", _XML, N_("DCAT-AP as RDF/XML"), documents.dataset_xml),
        Form("nt", _TRIPLES, N_("DCAT-AP as N-Triples"), documents.dataset_ntriples),
        Form("schema.json", f'{_JSONLD}; profile="https://schema.org/"', "schema.org", schema_org_text, charset=False),
        Form(
            "croissant.json",
            f'{_JSONLD}; profile="{CROISSANT}"',
            "Croissant",
            croissant_text,
            lambda row: bool(row.dictionary),
            charset=False,
        ),
        Form(
            "odrl.json",
            f'{_JSONLD}; profile="http://www.w3.org/ns/odrl/2/"',
            N_("Terms as ODRL"),
            offer_text,
            is_open,
            charset=False,
        ),
        Form("bib", "application/x-bibtex", "BibTeX", bibtex, is_citation=True),
        Form("ris", "application/x-research-info-systems", "RIS", ris, is_citation=True),
    )
}
CATALOG_FORMS: dict[str, CatalogForm] = {
    form.suffix: form
    for form in (
        CatalogForm(
            "jsonld", "dcat-jsonld", _JSONLD, N_("DCAT-AP as JSON-LD"), documents.catalog_jsonld, charset=False
        ),
        CatalogForm("ttl", "dcat-turtle", _TURTLE, N_("DCAT-AP as Turtle"), documents.catalog_turtle),
        CatalogForm("rdf", "dcat-xml", _XML, N_("DCAT-AP as RDF/XML"), documents.catalog_xml),
        CatalogForm("nt", "dcat-ntriples", _TRIPLES, N_("DCAT-AP as N-Triples"), documents.catalog_ntriples),
    )
}
