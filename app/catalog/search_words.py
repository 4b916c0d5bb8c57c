"""The words by which a listing is found, written with every change of its texts."""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale

from app.catalog.models import Dataset
from app.foundation.text import fold
from app.rules.vocabulary import THEMES, Theme

# People look for a country in their own language.
_LANGUAGES = ("en", "es", "pt", "fr")
# Words beyond this many say nothing that the first ones did not.
_MOST_WORDS = 20_000


def write_search_words(dataset: Dataset, countries: Iterable[str], themes: Iterable[str]) -> None:
    """Fill the three search columns from the listing's texts and from the countries and themes given."""
    names = [name for code in countries for name in country_words(code)]
    subjects = [THEMES[Theme(theme)] for theme in themes if theme in set(Theme)]
    words = [*dataset.keywords, dataset.publisher, *subjects, *names]
    dataset.search_title = padded(dataset.title)
    dataset.search_words = padded(*words)
    texts = (dataset.title, dataset.reference, *words, dataset.summary, dataset.description, dataset.unit)
    dataset.search_text = padded(*texts, *_of_dictionary(dataset))


def padded(*texts: str) -> str:
    """Each word of the texts once, in its comparable form, with a space on either side of each."""
    words = list(dict.fromkeys(fold(" ".join(texts)).split()))[:_MOST_WORDS]
    return f" {' '.join(words)} "


@lru_cache(maxsize=512)
def country_words(code: str) -> tuple[str, ...]:
    """The country's names in the product's languages."""
    names = (Locale(language).territories.get(code, code) for language in _LANGUAGES)
    return tuple(dict.fromkeys(names))


def _of_dictionary(dataset: Dataset) -> list[str]:
    return [str(row.get(key, "")) for row in dataset.dictionary for key in ("name", "meaning")]
