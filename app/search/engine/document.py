"""A listing as the index holds it."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import lru_cache

from babel import Locale
from tantivy import Document

from app.catalog.standing import audience_of
from app.catalog.uses import Wait
from app.rules.places import LANGUAGES
from app.rules.vocabulary import THEMES, Theme
from app.search.engine import schema
from app.search.engine.analysis import language_of, stemmer, words_of
from app.search.engine.listings import Listing
from app.search.engine.values import Facet, facet_values, years_of

# How often the title counts beside everything else.
_TITLE = 2
_THEME_NAMES = {theme.value: THEMES[theme] for theme in Theme if theme is not Theme.OTHER}
_HIGHEST_KEY = 2**32 - 1
# Words beyond this many say nothing that the first ones did not.
_MOST_WORDS = 20_000
_MOST_CHARACTERS = 400_000
_LONGEST_TITLE, _MOST_TITLES = 1000, 50
# How much a word weighs in its text: this power of the text's length, by how often the word stands in it, in steps of
# so much on a logarithmic scale. Small is heavy.
LENGTH_POWER, STEP = 0.6, 0.2


@dataclass(frozen=True)
class Standing:
    """What a listing has of each facet, as the list counts it, and how long answers on it took."""

    facets: Mapping[Facet, Sequence[str]]
    wait: Wait | None


def document(listing: Listing, wait: Wait | None, this_year: int) -> Document:
    """The listing with its words, its facets and its audience."""
    made = Document()
    made.add_text(schema.KEY, str(listing.id))
    made.add_unsigned(schema.ID, listing.id)
    made.add_unsigned(schema.NEWEST, newest_order(listing))
    made.add_unsigned(schema.CHANGED, changed_order(listing))
    for word in sorted(audience_of(listing.visibility, listing.organization_id, listing.admitted)):
        made.add_text(schema.AUDIENCE, word)
    for year in years_of(listing, this_year):
        made.add_text(schema.YEAR, year)
    facets = facet_values(listing, wait, this_year)
    for facet, values in facets.items():
        for value in values:
            made.add_text(facet.value, value)
    for term in schema.together(facets[Facet.PERIOD]):
        made.add_text(schema.PERIODS, term)
    for term in schema.about(facets[Facet.THEME], facets[Facet.GOAL]):
        made.add_text(schema.ABOUT, term)
    made.add_bytes(schema.FACETS_SHOWN, json.dumps({facet.value: list(facets[facet]) for facet in Facet}).encode())
    if wait is not None:
        made.add_bytes(schema.WAIT_SHOWN, json.dumps(astuple(wait)).encode())
    _add_words(made, listing)
    return made


def newest_order(listing: Listing) -> int:
    """A number that is larger for what was listed later, and different for every listing.

    What was listed in one second came from one import, and stays in the order in which its publisher gave it.
    """
    return _moment_order(listing.listed_at or datetime.fromtimestamp(0, UTC), listing.id)


def changed_order(listing: Listing) -> int:
    """The same for what changed later."""
    return _moment_order(listing.updated_at, listing.id)


def _moment_order(moment: datetime, key: int) -> int:
    return int(moment.timestamp()) << 32 | (_HIGHEST_KEY - key)


def title_order(words: Iterable[str], key: int) -> str:
    """A text that sorts as titles of these words do, and is different for every listing."""
    return f"{' '.join(words)[:200]}\x00{key:012d}"


def shown_wait(stored: Document) -> Wait | None:
    """The wait that a document holds; None where there were too few answers of either kind."""
    held = stored.get_first(schema.WAIT_SHOWN)
    return Wait(*json.loads(bytes(held))) if held else None


def shown(stored: Document) -> Standing:
    """What a document holds of each facet, and the wait."""
    (kept,) = stored.get_all(schema.FACETS_SHOWN)
    return Standing(json.loads(bytes(kept)), shown_wait(stored))  # a facet is the text that names it there


def steps_of(length: int, times: int) -> int:
    """How light a word is that stands so many times in a text of this length, in steps."""
    return round(math.log(max(length, 1) ** LENGTH_POWER / times) / STEP)


def _add_words(made: Document, listing: Listing) -> None:
    title, text, beside = words_of(listing.title), words_of(" ; ".join(_texts(listing))), list(_beside(listing))
    running = title + text
    stems = stemmer(language_of(listing.languages, running))
    weighed = title * _TITLE + text
    words, stemmed = Counter(weighed), Counter(map(stems, weighed))
    words.update(beside)
    stemmed.update(map(stemmer("en"), beside))
    themed = [word for theme in listing.themes for word in _words_of_name(_THEME_NAMES.get(theme, ""))]
    words.update(themed)
    stemmed.update(map(stemmer("en"), themed))
    # What its publisher calls it besides finds it and weighs nothing where the listing has the word anyway.
    named = list(_names_beside(listing))
    words.update({word for word in named if word not in words})
    stemmed.update({stem for stem in map(stemmer("en"), named) if stem not in stemmed})
    made.add_unsigned(schema.LENGTH, len(weighed))
    made.add_text(schema.TITLE_ORDER, title_order(title, listing.id))
    made.add_text(schema.WORDS, " ".join(running[:_MOST_WORDS] + beside + themed + named))
    made.add_text(schema.STEMS, " ".join(stemmed))
    made.add_text(schema.WORDS_WEIGHED, _weighed(words, len(weighed)))
    made.add_text(schema.STEMS_WEIGHED, _weighed(stemmed, len(weighed)))
    made.add_text(schema.TITLE_WORDS, " ".join(title))
    made.add_text(schema.TITLE_STEMS, " ".join(map(stems, title)))


def _weighed(counted: Counter[str], length: int) -> str:
    """Each word with how light it is; the most frequent ones, where there are too many."""
    most = counted.items() if len(counted) <= _MOST_WORDS else counted.most_common(_MOST_WORDS)
    ends = {times: f"{schema.PARTED}{steps_of(length, times)}" for times in set(counted.values())}
    return " ".join([word + ends[times] for word, times in most])


def _texts(listing: Listing) -> Iterator[str]:
    """What the data partner wrote below the title, in the order in which it is read."""
    opening = listing.summary.rstrip(" .…")
    if opening not in listing.description:  # an import takes the first sentence of the description for it
        yield listing.summary
    yield listing.description[:_MOST_CHARACTERS]
    yield from listing.keywords
    yield listing.publisher
    yield from (text for text in (listing.unit, listing.spatial_resolution) if text)
    yield from (str(row.get(key, "")) for row in listing.dictionary for key in ("name", "meaning"))


def _beside(listing: Listing) -> Iterator[str]:
    """Words by which it is found though nobody wrote them: its reference, who lists it, its countries' names."""
    yield from words_of(listing.reference)
    if listing.partner_name != listing.publisher:
        yield from _words_of_name(listing.partner_name)
    for code in listing.countries:
        yield from _country_words(code)


def _names_beside(listing: Listing) -> Iterator[str]:
    """The publisher's own identifier, of an address its last part; and the titles in other languages that came with an import."""
    identifier = listing.identifier or ""
    yield from words_of(re.split(r"[/=]", identifier.rstrip("/"))[-1] if "://" in identifier else identifier)
    for title in _said_in(listing.foreign_title):
        yield from words_of(title)


def _said_in(value: object) -> Iterator[str]:
    """The texts of a value of an import: one text, one for each language, or texts that name their language."""
    if isinstance(value, str):
        yield value[:_LONGEST_TITLE]
    elif isinstance(value, list):
        for one in value[:_MOST_TITLES]:
            yield from _said_in(one)
    elif isinstance(value, dict):
        texts = [value[name] for name in ("@value", "value", "#text") if name in value] or list(value.values())
        yield from _said_in(texts)


@lru_cache(maxsize=2048)
def _words_of_name(name: str) -> tuple[str, ...]:
    return tuple(words_of(name))


@lru_cache(maxsize=512)
def _country_words(code: str) -> tuple[str, ...]:
    """The words of the country's names in the product's languages."""
    names = dict.fromkeys(Locale(language).territories.get(code, code) for language in LANGUAGES)
    return tuple(word for name in names for word in words_of(name))
