"""Words that no listing of a viewer has: what they may be the beginning of, or be meant to be. Only words of the view."""

from tantivy import Occur, Query

from app.search.engine import schema
from app.search.engine.view import View
from app.search.language.real_words import languages_of

_SHORTEST_BEGINNING, _MOST_COMPLETIONS = 3, 8
_SHORTEST_MISTAKE, _TWO_MISTAKES_FROM = 4, 8


def completions(view: View, beginning: str) -> list[str]:
    """The words that begin so, the most frequent first."""
    if len(beginning) < _SHORTEST_BEGINNING:
        return []
    found = view.snapshot.searcher.terms_with_prefix(schema.WORDS, beginning, view.within({}))
    return [word for word, count in found if count][:_MOST_COMPLETIONS]


def corrections(view: View, word: str, languages: frozenset[str]) -> list[str]:
    """The words one or two mistakes away, the nearest first, of these the most frequent first.

    Args:
        languages: what the search is written in; a common word of other languages alone is not what was meant.
    """
    if len(word) < _SHORTEST_MISTAKE or not word.isalpha():
        return []
    allowed = 2 if len(word) >= _TWO_MISTAKES_FROM else 1
    near = Query.fuzzy_term_query(view.snapshot.schema, schema.WORDS, word, allowed)
    within = view.within({}, (Occur.Must, Query.const_score_query(near, 0.0)))
    if not view.snapshot.count(within):
        return []
    # Most people get the first letter right; the whole vocabulary is looked through only where they did not.
    for beginning in (word[0], ""):
        counted = view.snapshot.searcher.terms_with_prefix(schema.WORDS, beginning, within)
        ranked = sorted(
            (mistakes(word, other, allowed), -count, other)
            for other, count in counted
            if count and abs(len(other) - len(word)) <= allowed
        )
        found = [other for wrong, _, other in ranked if wrong <= allowed and _is_of(other, languages)]
        if found:
            return found
    return []


def _is_of(word: str, languages: frozenset[str]) -> bool:
    own = languages_of(word)
    return not own or not own.isdisjoint(languages)


def mistakes(one: str, other: str, most: int) -> int:
    """How many letters were left out, put in, changed or swapped with their neighbor; more than `most` counts as one more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
