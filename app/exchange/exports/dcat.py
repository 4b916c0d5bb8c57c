"""A dataset for programs: DCAT as JSON-LD with its context inside, and what an import carried that has no field here."""

from babel import Locale

from app.catalog.models import Dataset
from app.catalog.routes import words
from app.rules.vocabulary import Frequency

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "carried": {"@id": "https://onepact.invalid/terms#carried", "@type": "@json"},
}
_RHYTHM = "http://publications.europa.eu/resource/authority/frequency/"
_CODES = {
    Frequency.CONTINUOUS: "UPDATE_CONT",
    Frequency.HOURLY: "HOURLY",
    Frequency.DAILY: "DAILY",
    Frequency.WEEKLY: "WEEKLY",
    Frequency.MONTHLY: "MONTHLY",
    Frequency.QUARTERLY: "QUARTERLY",
    Frequency.ANNUAL: "ANNUAL",
    Frequency.IRREGULAR: "IRREG",
    Frequency.ONCE: "NEVER",
    Frequency.UNKNOWN: "UNKNOWN",
}


def as_dcat(row: Dataset) -> dict[str, object]:
    """The dataset as DCAT describes one; empty terms are left out."""
    described: dict[str, object] = {
        "@context": _CONTEXT,
        "@id": words.public_address(row),
        "@type": "dcat:Dataset",
        "dct:identifier": row.identifier or row.reference,
        "dct:title": row.title,
        "dct:description": row.description or row.summary,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": row.publisher or row.organization.name},
        "dcat:keyword": row.keywords,
        "dcat:theme": [theme.theme for theme in row.themes],
        "dct:spatial": [_place(country.country) for country in row.countries],
        "dct:temporal": _period(row),
        "dct:accrualPeriodicity": {"@id": _RHYTHM + _CODES[row.frequency]},
        "dct:language": row.languages,
        "dcat:version": row.release,
        "dcat:contactPoint": {"@type": "vcard:Kind", "vcard:fn": row.contact} if row.contact else None,
        "dcat:landingPage": {"@id": row.landing_page} if row.landing_page else None,
        "dct:rights": row.license_text,
        "dct:modified": {"@type": "xsd:dateTime", "@value": row.updated_at.isoformat()},
        "carried": row.foreign,
    }
    return {term: value for term, value in described.items() if value not in ("", None, [], {})}


def _place(code: str) -> dict[str, str]:
    name = str(Locale("en").territories.get(code, code))
    return {"@type": "dct:Location", "rdfs:label": name[:1].upper() + name[1:]}


def _period(row: Dataset) -> dict[str, object] | None:
    days = {"dcat:startDate": row.coverage_start, "dcat:endDate": row.coverage_end}
    said: dict[str, object] = {
        term: {"@type": "xsd:date", "@value": day.isoformat()} for term, day in days.items() if day is not None
    }
    return {"@type": "dct:PeriodOfTime", **said} if said else None
