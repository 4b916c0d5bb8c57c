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
_COMMAS = re.compile(r",\s*(?:(?:and|y|e|et|&)\s+)?")
_ANDS = re.compile(r"\s(?:and|y|e|et|&)\s")
_LONGEST = 500
_MOST_PARTS = 1000
# At the end of an address they are as often a state, a city, a region, or either of two countries.
_OF_TWO = frozenset({"congo", "georgia", "granada", "grenade", "jersey", "macedonia", "salvador"})
# A shape is a place without a name: GeoJSON, WKT, GML, a box by its limits, numbers.
_WKT = r"(?:(?:multi)?(?:point|linestring|polygon)|geometrycollection|envelope|box(?:2d|3d)?)(?:\s*(?:zm|z|m))?\s*\("
_SHAPE = re.compile(rf"\s*(?:[{{\[<]|{_WKT}|srid=|.*limit=|[\W\d_]*$)", re.IGNORECASE)
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
        is_one = "://" in word or _SHAPE.match(word) or country_code(word)
        for part in [word] if is_one else _PARTS.split(word, maxsplit=_MOST_PARTS):
            yield _countries_in(part) if len(part) < _LONGEST else [], part.strip()


def _countries_in(part: str) -> list[str]:
    """One country, or several where all of it is countries: "Peru, Chile and Bolivia"; of an address the one at its end.

    In "Congo, Upper Basin" what stands behind the comma says which Congo, so that nothing is read.
    """
    whole = country_code(part)
    if whole:
        return [whole]
    pieces = [piece.strip() for piece in _COMMAS.split(part) if piece.strip()]
    read = [_all_of(piece) for piece in pieces]
    if all(read):
        return [code for codes in read for code in codes]
    return read[-1] if _is_address(pieces) else []


def _all_of(piece: str) -> list[str]:
    """The country that a piece is, or those that it joins; none where one of them is none."""
    codes = [country_code(piece)]
    if codes == [None]:
        codes = [country_code(name) for name in _ANDS.split(piece)]
    known = [code for code in codes if code]
    return known if len(known) == len(codes) else []


def _is_address(pieces: list[str]) -> bool:
    """Whether a country's name stands behind places that are none: "Lima, Peru". A code there may be a state's: "Denver, CO"."""
    *before, last = pieces
    names = [name.strip() for piece in before for name in re.split(rf"{_ANDS.pattern}|\(", piece)]
    are_none = not any(len(name) > 2 and country_code(name) for name in names)
    return are_none and len(last) > 2 and fold(last) not in _OF_TWO and country_code(last) is not None


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Every country's names, folded, and those of the whole world, with their codes."""
    world = [fold(Locale(language).territories.get(WORLD, "")) for language in LANGUAGES]
    countries = names_of_countries()
    known = {**dict.fromkeys((*world, *_WORLD), WORLD), **countries}
    return {**{f"the {name}": code for name, code in known.items()}, **known}
