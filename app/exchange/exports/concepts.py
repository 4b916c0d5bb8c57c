"""Codes of ours as concepts that other catalogs know: the authority tables of the EU, GeoNames, the UN's goals.

The tables: publications.europa.eu/resource/authority/{country,language,frequency,data-theme,access-right}, as DCAT-AP 3.0.1 asks.
Codes of countries and languages are ISO 3166-1 alpha-3 and ISO 639-3 in capitals, taken from CLDR by way of Babel.
"""

from dataclasses import replace
from functools import cache

from babel import Locale
from babel.core import get_global

from app.exchange.exports.nodes import Iri, Node, Text
from app.rules.goals import name_of
from app.rules.vocabulary import FREQUENCIES, THEMES, WORLD, Frequency, Theme

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
THEME_TAXONOMY = f"{_AUTHORITY}data-theme"
_SDG = "http://metadata.un.org/sdg"
_EARTH = "https://sws.geonames.org/6295630/"

# CLDR knows several three-letter codes for these: codes of states that are gone, and of single languages of a group.
_PAST = frozenset({"BUR", "ZAR", "DDR", "FXX", "TMP", "YMD"})
_OF_THE_GROUP = (
    "srp hrv dzo mon sqi ara aym aze zho cre est ipk aka ful orm grn iku kur kau kon kom lav nep oji ori pus fas mlg que srd swa "
    "uzb yid msa zha san bod ces cym deu ell eus fra guj hye isl kat mri mkd ron mya nld slk"
)

_FREQUENCIES: dict[Frequency, str] = {
    Frequency.CONTINUOUS: "UPDATE_CONT",
    Frequency.HOURLY: "HOURLY",
    Frequency.DAILY: "DAILY",
    Frequency.WEEKLY: "WEEKLY",
    Frequency.MONTHLY: "MONTHLY",
    Frequency.QUARTERLY: "QUARTERLY",
    Frequency.ANNUAL: "ANNUAL",
    Frequency.IRREGULAR: "IRREG",
    Frequency.ONCE: "NEVER",
}
_EU_THEMES: dict[str, str] = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENER": "Energy",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "INTR": "International issues",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}
# The EU's data theme of each of ours; `rules.goals` has their goals.
_THEMES: dict[Theme, str] = {
    Theme.AGRICULTURE: "AGRI",
    Theme.CLIMATE: "ENVI",
    Theme.CONNECTIVITY: "TECH",
    Theme.ECONOMY: "ECON",
    Theme.EDUCATION: "EDUC",
    Theme.ENERGY: "ENER",
    Theme.ENVIRONMENT: "ENVI",
    Theme.GOVERNANCE: "GOVE",
    Theme.HEALTH: "HEAL",
    Theme.HUMANITARIAN: "INTR",
    Theme.LABOR: "SOCI",
    Theme.MOBILITY: "TRAN",
    Theme.PAYMENTS: "ECON",
    Theme.POPULATION: "SOCI",
    Theme.SATELLITE: "TECH",
    Theme.URBAN: "REGI",
    Theme.WATER: "ENVI",
}


@cache
def country(code: str) -> Node | None:
    """A country by its ISO 3166-1 alpha-2 code, or the whole world; None for what the tables do not have."""
    if code == WORLD:
        return Node(_EARTH, ("dct:Location",), (("rdfs:label", Text("World", language="en")),), is_shared=True)
    alpha3 = _alpha3().get(code)
    name = Locale("en").territories.get(code)
    return _concept("country", alpha3, str(name), "dct:Location") if alpha3 and name else None


@cache
def language(code: str) -> Node | None:
    """A language by its ISO 639 code, with or without a region behind it; None for what is none."""
    base = code.strip().lower().replace("_", "-").split("-")[0]
    alpha3 = _languages().get(base) or (base if len(base) == 3 and base.isascii() and base.isalpha() else None)
    name = Locale("en").languages.get(base)
    return _concept("language", alpha3.upper(), str(name), "dct:LinguisticSystem") if alpha3 and name else None


@cache
def frequency(value: Frequency) -> Node | None:
    """How often; None where that is not known."""
    code = _FREQUENCIES.get(value)
    return _concept("frequency", code, FREQUENCIES[value], "dct:Frequency") if code else None


@cache
def themes(theme: str) -> tuple[Node, ...]:
    """The concepts of one of our themes: the EU's data theme first, then the theme itself."""
    known = Theme(theme) if theme in set(Theme) else None
    if known is None:
        return ()
    eu = _THEMES.get(known, "")
    found = [_concept("data-theme", eu, _EU_THEMES[eu])] if eu else []
    return (*found, _labeled(f"urn:onepact:theme:{known}", THEMES[known], "urn:onepact:theme"))


@cache
def goal(number: str) -> Node:
    """One of the UN's goals."""
    return _labeled(f"{_SDG}/{number}", name_of(number), _SDG)


@cache
def access_right(code: str) -> Node:
    """An access right of the EU's table, such as RESTRICTED."""
    return _concept("access-right", code, code.replace("_", "-").capitalize(), "dct:RightsStatement")


@cache
def file_type(code: str) -> Node:
    """A format of files of the EU's table, such as CSV."""
    return _concept("file-type", code, code.replace("_", " "), "dct:MediaTypeOrExtent")


@cache
def status(thing: str, code: str) -> Node:
    """How far a `dataset` or a `distribution` is in its life, of the EU's table, such as WITHDRAWN."""
    table = f"{_AUTHORITY}{thing}-status"
    title = ("dct:title", Text(f"{thing.capitalize()} status", language="en"))
    # The profile's shapes ask of this table alone that it says to be one.
    scheme = Node(table, ("skos:ConceptScheme",), (title,))
    named = ("skos:prefLabel", Text(code.replace("_", " ").capitalize(), language="en"))
    return Node(f"{table}/{code}", ("skos:Concept",), (named, ("skos:inScheme", scheme)), is_shared=True)


@cache
def dcat_ap() -> Node:
    """The profile that our records keep to."""
    title = Text("DCAT-AP 3.0.1", language="en")
    return Node(
        "https://semiceu.github.io/DCAT-AP/releases/3.0.1", ("dct:Standard",), (("dct:title", title),), is_shared=True
    )


def taxonomy() -> Node:
    """The scheme of the EU's data themes."""
    return Node(
        THEME_TAXONOMY, ("skos:ConceptScheme",), (("dct:title", Text("Data theme", language="en")),), is_shared=True
    )


def _concept(table: str, code: str, name: str, kind: str = "") -> Node:
    types = ("skos:Concept", kind) if kind else ("skos:Concept",)
    node = _labeled(f"{_AUTHORITY}{table}/{code}", name, f"{_AUTHORITY}{table}")
    return replace(node, types=types)


def _labeled(iri: str, name: str, scheme: str) -> Node:
    named = ("skos:prefLabel", Text(name, language="en"))
    return Node(iri, ("skos:Concept",), (named, ("skos:inScheme", Iri(scheme))), is_shared=True)


@cache
def _alpha3() -> dict[str, str]:
    aliases = get_global("territory_aliases")
    found = {
        str(names[0]): code
        for code, names in aliases.items()
        if len(code) == 3 and code.isalpha() and code not in _PAST and len(names) == 1
    }
    return {**found, "XK": "XKX"}  # Kosovo: the EU's table has the code that statistics use


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for alpha3, alpha2 in get_global("language_aliases").items():
        if len(alpha3) == 3 and len(alpha2) == 2 and (alpha2 not in found or alpha3 in _OF_THE_GROUP):
            found[alpha2] = alpha3
    return found
