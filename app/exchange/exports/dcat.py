"""A dataset as DCAT-AP 3.0.1 describes one: one table from properties to how they are made of a listing.

What a listing says beyond DCAT stands under terms of our own (`own_terms`); what an import carried along is in `carried`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from app.catalog.goals import goals
from app.catalog.models import Dataset
from app.exchange.exports import concepts
from app.exchange.exports.addresses import escaped, web_address
from app.exchange.exports.nodes import Iri, Node, Text, Value
from app.exchange.exports.site import Site
from app.foundation.words import N_
from app.rules.licenses import license_of
from app.rules.listings import CLOSED, EU_STATUS
from app.rules.vocabulary import ACCESS_MODES

How = Callable[[Dataset, Site], Iterable[Value]]

_CONTACT = re.compile(r"(?:(?P<name>.*?)\s*<)?(?P<mail>[^\s<>@]+@[^\s<>@]+)>?")
_METERS = re.compile(r"(?P<number>\d{1,7}(?:\.\d{1,6})?)\s*(?P<unit>m|km|meters?|metres?|kilometers?|kilometres?)")
# Every dataset is reached by a proposal, which is what this right means.
_ACCESS = "RESTRICTED"
LISTED_BY = N_("Listed by %(partner)s in the catalog of the %(consortium)s.")


def described(row: Dataset, site: Site) -> Iterator[tuple[str, Value]]:
    """The dataset's properties in the order of the table."""
    for predicate, how in TABLE:
        for value in how(row, site):
            yield predicate, value


def publisher(row: Dataset, site: Site) -> Node:
    """Who publishes it: the data partner, or whom the listing names beside it."""
    name = row.publisher or row.organization.name
    own = name == row.organization.name
    iri = site.organization(row.organization) if own else f"{site.dataset(row)}#publisher"
    return Node(iri, ("foaf:Agent",), (("foaf:name", Text(name)),))


def contact(row: Dataset) -> tuple[str, str]:
    """The name and the mail address in the contact, either of them empty."""
    found = _CONTACT.fullmatch(row.contact.strip())
    return (found["name"] or "", found["mail"]) if found else (row.contact, "")


def license_address(row: Dataset) -> str | None:
    """The license as an address, where the listing names one that has one."""
    known = license_of(row.license_text)
    return web_address(row.license_text) or (known.address if known else None)


def meters(row: Dataset) -> str | None:
    """The finest area in meters, where it is said so."""
    found = _METERS.fullmatch(row.spatial_resolution.strip().lower())
    if found is None:
        return None
    return str(float(found["number"]) * 1000) if found["unit"].startswith("k") else found["number"]


def is_open(row: Dataset) -> bool:
    """Whether uses of it can be proposed, or could once it is listed: only then are its terms an offer."""
    return row.state not in CLOSED


def status_of(row: Dataset, thing: str) -> Iterable[Node]:
    """The status of a `dataset`, or of a `distribution` of it, where it is no longer what one takes it for."""
    code = EU_STATUS.get(row.state)
    return (concepts.status(thing, code),) if code else ()


def on_day(day: date) -> Text:
    """A day as a literal."""
    return Text(day.isoformat(), "xsd:date")


def at(moment: datetime) -> Text:
    """A moment as a literal."""
    return Text(moment.isoformat(), "xsd:dateTime")


def _texts(texts: Iterable[str]) -> Iterable[Value]:
    return (Text(text) for text in texts if text)


def _known(nodes: Iterable[Node | None]) -> Iterable[Value]:
    return (node for node in nodes if node is not None)


def _contact_point(row: Dataset, site: Site) -> Iterable[Value]:
    if not row.contact:
        return
    name, mail = contact(row)
    said: list[tuple[str, Value]] = [("vcard:fn", Text(name or mail))]
    if mail:
        said.append(("vcard:hasEmail", Iri(f"mailto:{escaped(mail)}")))
    yield Node(f"{site.dataset(row)}#contact", ("vcard:Kind",), tuple(said))


def _period(row: Dataset, site: Site) -> Iterable[Value]:
    days = (("dcat:startDate", row.coverage_start), ("dcat:endDate", row.coverage_end))
    said = tuple((name, on_day(day)) for name, day in days if day is not None)
    if said:
        yield Node(f"{site.dataset(row)}#period", ("dct:PeriodOfTime",), said)


def _license(row: Dataset, _site: Site) -> Iterable[Value]:
    address = license_address(row)
    if address:
        yield Node(address, ("dct:LicenseDocument",))


def _rights(row: Dataset, site: Site) -> Iterable[Value]:
    if row.license_text and not license_address(row):
        yield _said(f"{site.dataset(row)}#rights", "dct:RightsStatement", row.license_text)


def _provenance(row: Dataset, site: Site) -> Iterable[Value]:
    facts = {"partner": row.organization.name, "consortium": site.consortium}
    yield _said(f"{site.dataset(row)}#provenance", "dct:ProvenanceStatement", LISTED_BY % facts, "en")


def _landing(row: Dataset, _site: Site) -> Iterable[Value]:
    address = web_address(row.landing_page)
    if address:
        yield Node(address, ("foaf:Document",))


def _pages(row: Dataset, site: Site) -> Iterable[Value]:
    if row.dictionary:
        title = ("dct:title", Text("Data dictionary", language="en"))
        yield Node(f"{site.dataset(row)}/dictionary.csv", ("foaf:Document",), (title,))


def _distribution(row: Dataset, site: Site) -> Iterable[Value]:
    if row.access_mode is None:
        return
    said: list[tuple[str, Value]] = [
        ("dct:title", Text(ACCESS_MODES[row.access_mode], language="en")),
        ("dcat:accessURL", Iri(site.dataset(row))),
        *(("adms:status", node) for node in status_of(row, "distribution")),
    ]
    if is_open(row):
        said.append(("odrl:hasPolicy", Node(site.policy(row), ("odrl:Offer", "odrl:Policy"))))
    if row.delivery_steps:
        said.append(("dct:description", Text(row.delivery_steps)))
    address = license_address(row)
    if address:
        said.append(("dct:license", Iri(address)))
    elif row.license_text:
        said.append(("dct:rights", Iri(f"{site.dataset(row)}#rights")))
    yield Node(f"{site.dataset(row)}#access", ("dcat:Distribution",), tuple(said))


def _resolution(row: Dataset, _site: Site) -> Iterable[Value]:
    found = meters(row)
    if found:
        yield Text(found, "xsd:decimal")


def _themes(row: Dataset, _site: Site) -> Iterable[Value]:
    yield from (node for one in row.themes for node in concepts.themes(one.theme))
    yield from map(concepts.goal, goals(row))


def _said(iri: str, kind: str, words: str, language: str = "") -> Node:
    return Node(iri, (kind,), (("rdfs:label", Text(words, language=language)),))


TABLE: tuple[tuple[str, How], ...] = (
    ("dct:identifier", lambda row, _: (Text(row.identifier or row.reference),)),
    ("dct:title", lambda row, _: (Text(row.title or row.reference),)),
    ("dct:description", lambda row, _: (Text(row.description or row.summary or row.title or row.reference),)),
    ("dct:publisher", lambda row, site: (publisher(row, site),)),
    ("dcat:contactPoint", _contact_point),
    ("dcat:keyword", lambda row, _: _texts(row.keywords)),
    ("dcat:theme", _themes),
    ("dct:spatial", lambda row, _: _known(concepts.country(one.country) for one in row.countries)),
    ("dct:temporal", _period),
    ("dcat:spatialResolutionInMeters", _resolution),
    ("dct:accrualPeriodicity", lambda row, _: _known([concepts.frequency(row.frequency)])),
    ("dct:language", lambda row, _: _known(dict.fromkeys(map(concepts.language, row.languages)))),
    ("dct:accessRights", lambda _row, _site: (concepts.access_right(_ACCESS),)),
    ("dct:license", _license),
    ("dct:rights", _rights),
    ("dct:provenance", _provenance),
    ("dcat:version", lambda row, _: _texts([row.release])),
    ("dcat:landingPage", _landing),
    ("foaf:page", _pages),
    ("adms:status", lambda row, _: status_of(row, "dataset")),
    ("dct:issued", lambda row, _: (at(row.listed_at),) if row.listed_at else ()),
    ("dct:modified", lambda row, _: (at(row.updated_at),)),
    ("dcat:distribution", _distribution),
)
