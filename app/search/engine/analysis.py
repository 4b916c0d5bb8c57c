"""From texts to words and stems, the same for what is indexed and for what is asked."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from app.search.language.stopwords import TELLTALE

# The languages that are stemmed; a text in another one is compared word by word.
_STEMMERS = {"en": "english", "es": "spanish", "pt": "portuguese", "fr": "french"}
LONGEST_WORD = 60
# A text shows its language within so many words; below so many telltale ones it is taken for English.
_LOOK_AT, _ENOUGH = 300, 2


def _analyzer(stemmer: str | None = None) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer(stemmer)) if stemmer else builder).build()


_WORDS = _analyzer()
_STEMS = {language: _analyzer(name) for language, name in _STEMMERS.items()}


def words_of(text: str) -> list[str]:
    """The words of a text in its order: lower case, without accents."""
    return _WORDS.analyze(text)


def stems_of(text: str, language: str) -> list[str]:
    """The stems of a text in its order; its words where the language has no stemmer."""
    return _STEMS.get(language, _WORDS).analyze(text)


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """What gives the stem of a word of `words_of` in a language; the word itself where the language has no stemmer.

    A catalog says the same words again and again, so that the stems of many are remembered.
    """
    if language not in _STEMMERS:
        return str
    one = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(_STEMMERS[language])).build()
    return lru_cache(maxsize=50_000)(lambda word: one.analyze(word)[0])


@lru_cache(maxsize=20_000)
def variants(word: str) -> tuple[str, ...]:
    """Every form in which a word that is asked for may stand among stems, whatever language its text is in."""
    found = [stem for analyzer in _STEMS.values() for stem in analyzer.analyze(word)]
    return tuple(sorted({word, *found}))


def language_of(declared: Iterable[str], words: Sequence[str]) -> str:
    """The language to stem a text in: the one it declares, else the one whose small words it has most of."""
    for code in declared:
        language = code.lower().replace("_", "-").split("-")[0]
        if language:
            return language
    counted = Counter(words[:_LOOK_AT])
    seen = {language: sum(counted[word] for word in telltale) for language, telltale in TELLTALE.items()}
    best = max(seen, key=lambda language: (seen[language], language == "en"))
    return best if seen[best] >= _ENOUGH else "en"
