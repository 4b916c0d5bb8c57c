"""Countries in foreign catalogs: by code or by name, in the product's languages."""

import re
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from app.exchange.foreign.texts import address, one_text
from app.foundation.text import fold
from app.rules.vocabulary import WORLD

_LANGUAGES = ("en", "es", "pt", "fr")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_COUNTRY_ADDRESS = re.compile(r"/(?:authority/)?countr(?:y|ies)/([A-Za-z]{2,3})/?$")

# Names that statistics and law use, and that dictionaries of places do not have.
_FURTHER: dict[str, tuple[str, ...]] = {
    WORLD: ("world", "global", "worldwide", "international", "earth", "the world", "mundial", "mondial", "whole world"),
    "BO": ("bolivia plurinational state of", "plurinational state of bolivia"),
    "BN": ("brunei darussalam",),
    "BS": ("the bahamas",),
    "CD": ("democratic republic of the congo", "dr congo", "drc", "congo dr"),
    "CG": ("congo", "republic of the congo"),
    "CI": ("ivory coast",),
    "CV": ("cabo verde",),
    "CZ": ("czech republic",),
    "FK": ("falkland islands malvinas",),
    "FM": ("micronesia federated states of", "federated states of micronesia"),
    "GB": ("united kingdom of great britain and northern ireland", "great britain", "uk", "england"),
    "GM": ("the gambia",),
    "HK": ("china hong kong special administrative region", "hong kong"),
    "IR": ("iran islamic republic of", "islamic republic of iran"),
    "KP": ("democratic people s republic of korea", "dpr korea"),
    "KR": ("republic of korea", "korea"),
    "LA": ("lao people s democratic republic", "lao pdr"),
    "MD": ("republic of moldova", "moldova republic of"),
    "MK": ("macedonia", "the former yugoslav republic of macedonia"),
    "MM": ("burma",),
    "MO": ("china macao special administrative region", "macao"),
    "NL": ("the netherlands", "holland"),
    "PS": ("state of palestine", "palestine", "occupied palestinian territory", "west bank and gaza"),
    "RU": ("russian federation",),
    "SY": ("syrian arab republic",),
    "SZ": ("swaziland",),
    "TL": ("east timor",),
    "TR": ("turkey", "turkiye"),
    "TW": ("taiwan province of china",),
    "TZ": ("united republic of tanzania", "tanzania united republic of"),
    "US": ("united states of america", "usa", "eeuu"),
    "VA": ("holy see",),
    "VE": ("venezuela bolivarian republic of", "bolivarian republic of venezuela"),
    "VI": ("united states virgin islands",),
    "VN": ("viet nam",),
}


def countries_of(value: object) -> tuple[str, ...]:
    """The countries that a value names, in its order; what is no country is passed over."""
    items = value if isinstance(value, list) else [value]
    found = [code for item in items for code in _codes(item)]
    return tuple(dict.fromkeys(found))


def country_code(word: str) -> str | None:
    """The code of one country by its code or name; None when it is none."""
    text = word.strip()
    if re.fullmatch(r"[A-Za-z]{2}", text) and text.upper() in _known():
        return text.upper()
    if re.fullmatch(r"[A-Z]{3}", text):
        alias = get_global("territory_aliases").get(text, ())
        return next((str(code) for code in alias if code in _known()), None)
    return country_names().get(fold(text))


def _codes(item: object) -> list[str]:
    if isinstance(item, Mapping) and isinstance(item.get("spatial"), Mapping | str):
        return _codes(item["spatial"])
    found = _COUNTRY_ADDRESS.search(address(item))
    word = found[1].upper() if found else one_text(item)
    code = country_code(word) if word else None
    if code or not word:
        return [code] if code else []
    # "Peru, Chile and Bolivia" in one text; a name that holds a comma was found above.
    parts = [country_code(part) for part in re.split(r"[;,|/]| and | y | e | et ", word)] if len(word) < 500 else []
    return [code for code in parts if code]


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES)


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Every country's names, folded, and those of the whole world, with their codes."""
    names: dict[str, str] = {}
    for language in _LANGUAGES:
        territories = Locale(language).territories
        for code in sorted({*_known(), WORLD}):
            name = territories.get(code, "")
            names.setdefault(fold(name), code)
            names.setdefault(fold(name.replace("&", " and ").replace("St.", "Saint")), code)
    names.update({name: code for code, further in _FURTHER.items() for name in further})
    names.pop("", None)
    return names
