"""How listings are ranked: BM25 over words and stems, with weights that come from what the viewer may find.

The library's own BM25 takes its statistics from every document there is, so that a hidden one would move the scores of
the others. Here each word stands in the index with how much it weighs in its text, and a query gives every such term a
constant score. Scores are whole numbers, so that no order of adding them changes a sum.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tantivy import Occur, Query

from app.search.engine import schema
from app.search.engine.analysis import stems_of, variants, words_of
from app.search.engine.view import HEAVIEST, View

# The exact word beside its stem; two words that stand side by side in the title.
_EXACT = 0.35
_POINT = 1000
_LANGUAGES = ("en", "es", "pt", "fr")


@dataclass(frozen=True)
class Phrasing:
    """What it adds that words of the query are neighbors in the title, exactly and by their stems."""

    words: float
    stems: float


KEYWORDS, QUESTION = Phrasing(0.2, 0.2), Phrasing(0.1, 0.8)


@dataclass(frozen=True)
class Term:
    """A word that is looked for, how much it counts, and words that stand for it, with their own share.

    `guesses` are words that may be meant: they find, but what has one of them has not the word that was asked for.
    """

    word: str
    weight: float = 1.0
    others: tuple[tuple[str, float], ...] = ()
    guesses: tuple[tuple[str, float], ...] = ()

    @property
    def forms(self) -> tuple[tuple[str, float], ...]:
        """The word, those that stand for it, and those that may be meant."""
        return ((self.word, 1.0), *self.others, *self.guesses)

    @property
    def itself(self) -> "Term":
        """The same without guesses."""
        return replace(self, guesses=())


def finds(view: View, terms: Iterable[Term]) -> list[Query]:
    """For each word that the view knows a query that finds it: cheap, without a score."""
    return [query for term in terms if (query := found_by(view, term)) is not None]


def found_by(view: View, term: Term) -> Query | None:
    """A query that finds a word or what stands for it; None where the view has neither."""
    known = {form for word, _ in term.forms if _rarity(view, word) for form in variants(word)}
    return view.one_of(schema.STEMS, known) if known else None


def scores(view: View, terms: Sequence[Term], phrasing: Phrasing) -> list[Query]:
    """Queries that find the same as `finds` and whose scores add up to how well a listing fits."""
    made: list[Query] = []
    for term in terms:
        for word, share in term.forms:
            rarity = _rarity(view, word)
            if not rarity:
                continue
            worth = term.weight * share
            for form in variants(word):
                made += _weighed(view, schema.STEMS_WEIGHED, form, worth * rarity)
            exact = view.rarity(schema.WORDS, (word,))
            made += _weighed(view, schema.WORDS_WEIGHED, word, worth * exact * _EXACT)
    return made + [query for pair in pairwise(terms) for query in _neighbors(view, *pair, phrasing)]


def most(rarity: float) -> float:
    """What a word of this rarity adds at most, where a text hardly says anything else."""
    return rarity * (1 + _EXACT) * HEAVIEST


def most_of(view: View, terms: Iterable[Term]) -> float:
    """What all of these words add at most, as a score."""
    return points(sum(term.weight * most(_rarity(view, term.word)) for term in terms))


def _rarity(view: View, word: str) -> float:
    return view.rarity(schema.STEMS, variants(word))


def _weighed(view: View, field: str, word: str, worth: float) -> list[Query]:
    made = []
    for whole, light in view.weights_of(field, word) if worth else []:
        found = Query.term_query(view.snapshot.schema, field, whole, "basic")
        made.append(Query.const_score_query(found, points(worth * view.weight(light))))
    return made


def _neighbors(view: View, first: Term, second: Term, phrasing: Phrasing) -> list[Query]:
    """Titles in which two words follow each other, at most one word between them."""
    worth = _rarity(view, first.word) * first.weight + _rarity(view, second.word) * second.weight
    if not (_rarity(view, first.word) and _rarity(view, second.word)) or first.word == second.word:
        return []
    exact = (
        view.rarity(schema.WORDS, (first.word,)) * first.weight
        + view.rarity(schema.WORDS, (second.word,)) * second.weight
    )
    made = [_phrase(view, schema.TITLE_WORDS, (first.word, second.word), exact * phrasing.words)]
    pairs = {
        (stems_of(first.word, one)[0], stems_of(second.word, one)[0])
        for one in _LANGUAGES
        if stems_of(first.word, one) and stems_of(second.word, one)
    }
    made += [_phrase(view, schema.TITLE_STEMS, pair, worth * phrasing.stems) for pair in sorted(pairs)]
    return made


def _phrase(view: View, field: str, pair: tuple[str, str], worth: float) -> Query:
    found = Query.phrase_query(view.snapshot.schema, field, list(pair), slop=1)
    return Query.const_score_query(found, points(worth))


def points(worth: float) -> float:
    """A score as a whole number; sums below 16 million are exact in the library's arithmetic."""
    return float(max(1, round(worth * _POINT)))


def any_of(queries: Sequence[Query]) -> Query:
    """Listings that one of the queries finds."""
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def telling(view: View, texts: Sequence[tuple[float, str]], leave: frozenset[str], most: int) -> list[Term]:
    """The words that tell a text from others, rarest and most frequent first."""
    counted: dict[str, float] = {}
    for weight, text in texts:
        for word in words_of(text):
            if word not in leave and len(word) > 2:
                counted[word] = counted.get(word, 0.0) + weight
    # A long text has many words; those that stand in it most often are looked at.
    frequent = sorted(counted, key=lambda word: (-counted[word], word))[: 4 * most]
    worth = {word: math.log(1 + counted[word]) * _rarity(view, word) for word in frequent}
    best = sorted((word for word in frequent if worth[word]), key=lambda word: (-worth[word], word))[:most]
    return [Term(word, math.log(1 + counted[word])) for word in best]
