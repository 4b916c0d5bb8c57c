"""Countries in foreign catalogs: by code or by name, in the product's languages."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from app.exchange.foreign.texts import address, one_text
from app.foundation.text import fold
from app.rules.places import LANGUAGES, country_codes
from app.rules.places import country_names as names_of_countries
from app.rules.vocabulary import WORLD

_COUNTRY_ADDRESS = re.compile(r"/(?:authority/)?countr(?:y|ies)/([A-Za-z]{2,3})/?$")
_PARTS = re.compile(r"[;|/\n]")
# Within a part, what stands between several countries, and what may as well stand within the name of one.
_JOINTS = re.compile(r", ?(?:and |y |e |et )?| (?:and|y|e|et|&) ")
_LONGEST = 500
# A shape is a place without a name: GeoJSON, WKT, GML, a box by its limits, numbers.
_SHAPE = re.compile(r"\s*([{\[<]|[A-Z ]*\(|srid=|.*limit=|[^a-z]*$)", re.IGNORECASE)
_WORLD = ("world", "global", "worldwide", "international", "earth", "mundial", "mondial", "whole world")


def countries_of(value: object) -> tuple[str, ...]:
    """The countries that a value names, in its order; what is no country is passed over."""
    return tuple(dict.fromkeys(code for codes, _ in _read(value) for code in codes))


def no_countries(value: object) -> list[str]:
    """The texts of a value in which no country could be read. Shapes are none, and have nothing to mend."""
    return [word for codes, word in _read(value) if not codes and not _SHAPE.match(word)]


def country_code(word: str) -> str | None:
    """The code of one country by its code or name; None when it is none."""
    text = word.strip()
    if re.fullmatch(r"[A-Za-z]{2}", text) and text.upper() in country_codes():
        return text.upper()
    if re.fullmatch(r"[A-Z]{3}", text):
        alias = get_global("territory_aliases").get(text, ())
        known = next((str(code) for code in alias if code in country_codes()), None)
        if known:
            return known
    return country_names().get(fold(text))


def _read(value: object) -> Iterator[tuple[list[str], str]]:
    """Each text of a value with the countries that it names."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping) and isinstance(item.get("spatial"), Mapping | str):
            yield from _read(item["spatial"])
            continue
        said = address(item)
        found = _COUNTRY_ADDRESS.search(said)
        word = found[1].upper() if found else one_text(item) or said
        if len(word) >= _LONGEST:
            continue
        is_one = country_code(word) or "://" in word or _SHAPE.match(word)
        for part in [word] if is_one else _PARTS.split(word):
            yield _countries_in(part), part.strip()


def _countries_in(part: str) -> list[str]:
    """One country, or several where all of it is countries: "Peru, Chile and Bolivia".

    In "Congo, Dem. Rep." what stands behind the comma says which Congo, so that nothing is read where one piece is none.
    """
    whole = country_code(part)
    if whole:
        return [whole]
    codes = [country_code(piece) for piece in _JOINTS.split(part) if piece.strip()]
    known = [code for code in codes if code]
    return known if len(known) == len(codes) else []


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Every country's names, folded, and those of the whole world, with their codes."""
    world = [fold(Locale(language).territories.get(WORLD, "")) for language in LANGUAGES]
    countries = names_of_countries()
    known = {**dict.fromkeys((*world, *_WORLD), WORLD), **countries}
    return {**{f"the {name}": code for name, code in known.items()}, **known}
