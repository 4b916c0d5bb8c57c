"""Values of fields as people read them, where a change is shown: codes in the reader's language."""

from collections.abc import Callable, Iterable

from app.catalog.routes.words import language_names
from app.rules.vocabulary import FREQUENCIES, THEMES, Frequency, Theme
from app.web.answers import told
from app.web.words import country_name


def _each(name: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: ", ".join(name(code) for code in text.split(", "))


def _of(table: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    known = dict(table)
    return lambda code: told(known[code]) if code in known else code


_IN_WORDS: dict[str, Callable[[str], str]] = {
    "countries": _each(country_name),
    "languages": _each(lambda code: language_names([code])),
    "themes": _each(_of((theme.value, THEMES[theme]) for theme in Theme)),
    "frequency": _of((one.value, FREQUENCIES[one]) for one in Frequency),
}


def in_words(field: str, value: str) -> str:
    """A value as it is kept of a change, in words; one that is none of our codes as it is."""
    return _IN_WORDS[field](value) if value and field in _IN_WORDS else value
