"""A listing as the index holds it."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from babel import Locale
from tantivy import Document

from app.catalog.models import Dataset
from app.catalog.standing import audience_of
from app.catalog.uses import Wait
from app.rules.vocabulary import THEMES, Theme
from app.search.engine import schema
from app.search.engine.analysis import language_of, stems_of, words_of
from app.search.engine.values import facet_values, years_of
from app.search.language.places import LANGUAGES

# How often the title counts beside everything else.
_TITLE = 2
_HIGHEST_KEY = 2**32 - 1
# Words beyond this many say nothing that the first ones did not.
_MOST_WORDS = 20_000
_MOST_CHARACTERS = 400_000
# How much a word weighs in its text: this power of the text's length, by how often the word stands in it, in steps of
# so much on a logarithmic scale. Small is heavy.
LENGTH_POWER, STEP = 0.6, 0.2


def document(dataset: Dataset, wait: Wait | None, this_year: int) -> Document:
    """The listing with its words, its facets and its audience."""
    made = Document()
    made.add_text(schema.KEY, str(dataset.id))
    made.add_unsigned(schema.ID, dataset.id)
    made.add_unsigned(schema.NEWEST, newest_order(dataset))
    made.add_text(schema.TITLE_ORDER, title_order(dataset))
    for word in sorted(audience_of(dataset)):
        made.add_text(schema.AUDIENCE, word)
    for year in years_of(dataset, this_year):
        made.add_text(schema.YEAR, year)
    for facet, values in facet_values(dataset, wait, this_year).items():
        for value in values:
            made.add_text(facet.value, value)
    if wait is not None:
        made.add_text(schema.WAIT_SHOWN, f"{wait.median} {wait.low} {wait.high} {wait.count}")
    _add_words(made, dataset)
    return made


def newest_order(dataset: Dataset) -> int:
    """A number that is larger for what was listed later, and different for every listing.

    What was listed in one second came from one import, and stays in the order in which its publisher gave it.
    """
    return int((dataset.listed_at or datetime.fromtimestamp(0, UTC)).timestamp()) << 32 | (_HIGHEST_KEY - dataset.id)


def title_order(dataset: Dataset) -> str:
    """A text that sorts as titles do, and is different for every listing."""
    return f"{' '.join(words_of(dataset.title))[:200]}\x00{dataset.id:012d}"


def shown_wait(stored: str) -> Wait:
    """The wait that a document holds."""
    median, low, high, count = map(int, stored.split())
    return Wait(median, low, high, count)


def steps_of(length: int, times: int) -> int:
    """How light a word is that stands so many times in a text of this length, in steps."""
    return round(math.log(max(length, 1) ** LENGTH_POWER / times) / STEP)


def _add_words(made: Document, dataset: Dataset) -> None:
    parts = [(_TITLE, dataset.title), *((1, text) for text in _texts(dataset))]
    split = [(weight, text, words_of(text)) for weight, text in parts]
    language = language_of(dataset.languages, [word for _, _, words in split for word in words])
    beside = words_of(" ; ".join(_beside(dataset)))
    words, stems = Counter(beside), Counter(stems_of(" ".join(beside), "en"))
    length = 0
    for weight, text, found in split:
        length += weight * len(found)
        for word in found:
            words[word] += weight
        for stem in stems_of(text, language):
            stems[stem] += weight
    running = [word for _, _, found in split for word in found][:_MOST_WORDS]
    made.add_unsigned(schema.LENGTH, length)
    made.add_text(schema.WORDS, " ".join(running + beside))
    made.add_text(schema.STEMS, " ".join(stems))
    made.add_text(schema.WORDS_WEIGHED, _weighed(words, length))
    made.add_text(schema.STEMS_WEIGHED, _weighed(stems, length))
    made.add_text(schema.TITLE_WORDS, " ".join(split[0][2]))
    made.add_text(schema.TITLE_STEMS, " ".join(stems_of(dataset.title, language)))


def _weighed(counted: Counter[str], length: int) -> str:
    most = counted.most_common(_MOST_WORDS)
    return " ".join(f"{word}{schema.PARTED}{steps_of(length, times)}" for word, times in most)


def _texts(dataset: Dataset) -> Iterator[str]:
    """What the data partner wrote, in the order in which it is read."""
    opening = dataset.summary.rstrip(" .…")
    if opening not in dataset.description:  # an import takes the first sentence of the description for it
        yield dataset.summary
    yield dataset.description[:_MOST_CHARACTERS]
    yield " ; ".join(dataset.keywords)
    yield dataset.publisher
    yield from (text for text in (dataset.unit, dataset.spatial_resolution) if text)
    yield from (str(row.get(key, "")) for row in dataset.dictionary for key in ("name", "meaning"))


def _beside(dataset: Dataset) -> Iterable[str]:
    """What it is found by though nobody wrote it: its reference, who lists it, its themes, its countries in each language."""
    yield dataset.reference
    if dataset.organization.name != dataset.publisher:
        yield dataset.organization.name
    yield from (THEMES[Theme(row.theme)] for row in dataset.themes if row.theme in set(Theme))
    for row in dataset.countries:
        yield from _country_names(row.country)


@lru_cache(maxsize=512)
def _country_names(code: str) -> tuple[str, ...]:
    """The country's names in the product's languages."""
    return tuple(dict.fromkeys(Locale(language).territories.get(code, code) for language in LANGUAGES))
