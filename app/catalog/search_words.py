"""The words by which a listing is found, written with every change of its texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from app.catalog.models import Dataset
from app.foundation.text import fold
from app.rules.vocabulary import THEMES, Theme

# People look for a country in their own language.
_LANGUAGES = ("en", "es", "pt", "fr")
# Words beyond this many say nothing that the first ones did not.
_MOST_WORDS = 20_000
_THEMES = {theme.value: theme for theme in Theme}


@dataclass(frozen=True)
class Texts:
    """What of a listing is searched."""

    reference: str
    title: str
    summary: str
    description: str
    publisher: str
    unit: str
    keywords: Sequence[str]
    dictionary: Sequence[Mapping[str, object]]


def write_search_words(dataset: Dataset, countries: Iterable[str], themes: Iterable[str]) -> None:
    """Fill the three search columns from the listing's texts and from the countries and themes given."""
    texts = Texts(
        dataset.reference, dataset.title, dataset.summary, dataset.description, dataset.publisher, dataset.unit,
        dataset.keywords, dataset.dictionary,
    )  # fmt: skip
    for column, words in search_columns(texts, countries, themes).items():
        setattr(dataset, column, words)


def search_columns(texts: Texts, countries: Iterable[str], themes: Iterable[str]) -> dict[str, str]:
    """The three search columns of a listing with these texts, countries and themes."""
    names = [name for code in countries for name in country_words(code)]
    subjects = [THEMES[theme] for name in themes if (theme := _THEMES.get(name))]
    columns = [str(row.get(key, "")) for row in texts.dictionary for key in ("name", "meaning")]
    title, words = _words(texts.title), _words(*texts.keywords, texts.publisher, *subjects, *names)
    rest = _words(texts.reference, texts.summary, texts.description, texts.unit, *columns)
    return {
        "search_title": _padded(title),
        "search_words": _padded(words),
        "search_text": _padded(title + words + rest),
    }


def padded(*texts: str) -> str:
    """Each word of the texts once, in its comparable form, with a space on either side of each."""
    return _padded(_words(*texts))


def _words(*texts: str) -> list[str]:
    return fold(" ".join(texts)).split()


def _padded(words: Iterable[str]) -> str:
    return f" {' '.join(list(dict.fromkeys(words))[:_MOST_WORDS])} "


@lru_cache(maxsize=512)
def country_words(code: str) -> tuple[str, ...]:
    """The country's names in the product's languages, in their comparable form."""
    names = (fold(str(Locale(language).territories.get(code, code))) for language in _LANGUAGES)
    return tuple(dict.fromkeys(names))
