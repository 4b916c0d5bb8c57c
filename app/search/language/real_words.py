"""Which of the four languages have a word: common words that a catalog may lack without their being misspelled."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "es", "pt", "fr")
# One word a line, folded; where they come from stands beside them.
_LISTS = Path(__file__).parent / "word_lists"
# By so many words beside it a text shows which language a word is of.
_TELLING = 2


def languages_of(word: str) -> frozenset[str]:
    """The languages in which this folded word, or its singular or plural, is a common one."""
    return frozenset(
        language for language in LANGUAGES if any(_is_in(_listed(language), form) for form in numbers_of(word))
    )


def languages_spoken(words: Iterable[str]) -> frozenset[str]:
    """The languages that have most of these words; all of them where no word is in a list."""
    counted = Counter(language for word in words for language in languages_of(word))
    most = max(counted.values(), default=0)
    return frozenset(language for language in LANGUAGES if counted[language] == most)


def is_meant(word: str, typed: str = "", beside: Iterable[str] = ()) -> bool:
    """Whether a language has the word, so that it is no slip.

    Beside some words of other languages it may be one: "adress" is a word, but not an English one. With its accent it is none.

    Args:
        typed: how it stands in the text.
        beside: the words of the text.
    """
    own = languages_of(word)
    others = [other for other in beside if other != word and languages_of(other)]
    if not own or not typed.isascii() or len(others) < _TELLING:
        return bool(own)
    return not own.isdisjoint(languages_spoken(others))


def numbers_of(word: str) -> tuple[str, ...]:
    """The word, and what may be its singular or its plural in one of the languages.

    Stems would tell more, and more that is wrong: in Spanish "page" and "pago" have the same.
    """
    others = [word + "s", word + "es"]
    for many, one in _ENDINGS:
        if word.endswith(many):
            others.append(word.removesuffix(many) + one)
        if one and word.endswith(one):
            others.append(word.removesuffix(one) + many)
    return tuple(dict.fromkeys([word, *(other for other in others if len(other) > 2)]))


# Plurals that are not made, or not only made, by an s.
_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("oes", "ao"), ("ais", "al"), ("eis", "el"), ("aux", "al"))


def _is_in(listed: str, word: str) -> bool:
    """Whether a line of a sorted text is the word: looked up where it stands, as a set would take ten times the memory."""

    def line(at: int) -> str:
        return listed[listed.rfind("\n", 0, at) + 1 : listed.find("\n", at)]

    at = bisect_left(range(len(listed)), word, key=line)
    return at < len(listed) and line(at) == word


@lru_cache(maxsize=len(LANGUAGES))
def _listed(language: str) -> str:
    return (_LISTS / f"{language}.txt").read_text(encoding="ascii")
