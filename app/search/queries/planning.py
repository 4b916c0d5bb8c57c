"""From what was read to what the index is asked: what it finds, how it ranks, and how misspelled words are forgiven."""

from dataclasses import dataclass, replace

from tantivy import Occur, Query

from app.search.engine import ranking, schema
from app.search.engine.ranking import Term
from app.search.engine.values import Facet, years_in
from app.search.engine.view import Filters, View
from app.search.language.synonyms import SYNONYMS
from app.search.queries.reading import Reading, Word
from app.search.queries.spelling import completions, corrections

_SYNONYM, _COMPLETION, _CORRECTION = 0.4, 0.6, 0.8
# A place that was recognized counts like a word of this rarity at most; a year only lifts what is found anyway.
_PLACE, _YEAR = 2.0, 1.0


@dataclass(frozen=True)
class Plan:
    """What a text asks of the index. `finding` is cheap and finds what `ranking` finds; both None where all is asked for."""

    terms: tuple[Term, ...]
    finding: Query | None
    ranking: Query | None
    conditions: tuple[tuple[Occur, Query], ...]
    lifting: tuple[tuple[Occur, Query], ...]
    corrected: str | None = None

    def cheap(self, view: View, filters: Filters) -> Query:
        """The query that counts."""
        found = ((Occur.Must, self.finding),) if self.finding is not None else ()
        return view.within(filters, *self.conditions, *found)

    def ranked(self, view: View, filters: Filters) -> Query:
        """The query that scores."""
        found = ((Occur.Must, self.ranking),) if self.ranking is not None else ()
        return view.within(filters, *self.conditions, *found, *self.lifting)


def plan(view: View, reading: Reading, text: str) -> Plan:
    """What the text asks of this view."""
    known = [_term(view, word) for word in reading.words]
    terms = tuple(term for term, _ in known)
    places = [_place(view, one.value) for one in reading.of(Facet.COUNTRY)]
    years = [view.one_of(schema.YEAR, years_in(one.value), ranking.points(_YEAR)) for one in reading.of(Facet.PERIOD)]
    # Where nothing but a year is asked for, what covers it is what is looked for.
    is_about_years = bool(years) and all(word.word.isdecimal() for word in reading.words)
    phrasing = ranking.QUESTION if reading.is_question else ranking.KEYWORDS
    sought = [*places, *(years if is_about_years else ())]
    has_words = bool(terms)
    return Plan(
        terms,
        ranking.any_of([*ranking.finds(view, terms), *sought]) if has_words else None,
        ranking.any_of([*ranking.scores(view, terms, phrasing), *sought]) if has_words else None,
        (
            *((Occur.Must, view.exactly(words)) for words in reading.musts),
            *((Occur.MustNot, view.exactly(words)) for words in reading.nots),
        ),
        tuple((Occur.Should, query) for query in years if not is_about_years),
        _with(text, known),
    )


def with_all_words(view: View, made: Plan, filters: Filters) -> int:
    """How many listings of the view have every word that was asked for, in some form, and keep what its signs ask."""
    queries = [ranking.found_by(view, term) for term in made.terms]
    if None in queries:
        return 0
    found = ((Occur.Must, query) for query in queries if query is not None)
    return view.snapshot.count(view.within(filters, *made.conditions, *found))


def unknown_words(view: View, reading: Reading, made: Plan) -> tuple[str, ...]:
    """The words, as typed, that no listing of the view has in any form."""
    pairs = zip(reading.words, made.terms, strict=True)
    return tuple(word.typed for word, term in pairs if ranking.found_by(view, term) is None)


def _term(view: View, word: Word) -> tuple[Term, tuple[Word, str] | None]:
    """A word as it is looked for; where the view has it not, what it may be meant to be, and its correction."""
    others = tuple((other, _SYNONYM) for other in SYNONYMS.get(word.word, ()))
    term = Term(word.word, word.weight, others)
    if ranking.found_by(view, Term(word.word)) is not None:
        return term, None
    if meant := completions(view, word.word):
        return replace(term, others=(*others, *((one, _COMPLETION) for one in meant))), None
    if meant := corrections(view, word.word):
        return replace(term, others=(*others, (meant[0], _CORRECTION))), (word, meant[0])
    return term, None


def _place(view: View, code: str) -> Query:
    rarity = view.rarity(Facet.COUNTRY.value, (code,))
    return view.one_of(Facet.COUNTRY.value, {code}, ranking.points(min(rarity, _PLACE)))


def _with(text: str, known: list[tuple[Term, tuple[Word, str] | None]]) -> str | None:
    """The text with its misspelled words as they occur; None where there are none."""
    corrected = text
    for _, correction in known:
        if correction is not None:
            word, meant = correction
            corrected = corrected.replace(word.typed, meant, 1)
    return corrected if corrected != text else None
