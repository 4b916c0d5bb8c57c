"""The country that a title names, for catalogs that say no place: "Kenya - Roads", "Kenya: roads", "Roads - Kenya, 2015".

A wrong country is worse than none. So it must stand apart, at the beginning or the end, and be the only one in the title; codes
do not count, and names that often mean something else are passed over.
"""

import re
from functools import lru_cache

from app.exchange.foreign.places import country_names
from app.foundation.text import fold
from app.rules.vocabulary import WORLD

_FIRST = re.compile(r"\s[-–—]\s+|(?<=\w)\s*:\s+")
_LAST = re.compile(r"\s[-–—]\s+")  # what follows a colon at the end says more of the content than of the place
_YEAR = re.compile(r"[\s,(]*\b(?:19|20)\d\d\)?$")
_SHORTEST = 4  # shorter names are also words and abbreviations
_MOST_WORDS = 9
_LONGEST = 500
# A state of another country, a part of one, a city, a breed, a bird, a given name; and names of two countries.
_OTHERWISE = frozenset({
    "congo", "dominique", "georgia", "georgie", "granada", "grenade", "guernsey", "jersey", "korea", "luxembourg",
    "luxemburgo", "macedonia", "maurice", "micronesia", "reunion", "salvador", "turkey",
})  # fmt: skip
# Communes, cities and districts of many countries begin so.
_SAINTS = ("saint ", "sainte ", "st ", "san ", "santa ", "santo ", "sao ")


def country_in(title: str) -> str | None:
    """The code of the one country that stands apart in a title; None where there is none, or any doubt."""
    if len(title) > _LONGEST or not _FIRST.search(title):
        return None
    first, last = _FIRST.split(title, maxsplit=1)[0], _LAST.split(title)[-1]
    found = _names().get(fold(first)) or _names().get(fold(_YEAR.sub("", last)))
    return found if found and _all_in(title) == {found} else None


def _all_in(title: str) -> set[str]:
    """Every country that is named anywhere, the longest name first: no "Guinea" in "Equatorial Guinea"."""
    words, found, at = fold(title).split(), set[str](), 0
    while at < len(words):
        length = next((n for n in range(_MOST_WORDS, 0, -1) if " ".join(words[at : at + n]) in country_names()), 0)
        found |= {country_names()[" ".join(words[at : at + length])]} - {WORLD} if length else set()
        at += length or 1
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        name: code
        for name, code in country_names().items()
        if code != WORLD and len(name) >= _SHORTEST and name not in _OTHERWISE and not name.startswith(_SAINTS)
    }
