"""From what was read to what the index is asked: what it finds, how it ranks, and how misspelled words are forgiven."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tantivy import Occur, Query

from app.rules.vocabulary import WORLD
from app.search.engine import ranking, schema
from app.search.engine.analysis import words_of
from app.search.engine.ranking import Term
from app.search.engine.values import Facet, years_in
from app.search.engine.view import Filters, View
from app.search.language.places import names_of
from app.search.language.real_words import is_meant, languages_spoken
from app.search.language.synonyms import synonyms
from app.search.queries.asking import Understood
from app.search.queries.reading import Reading, Word
from app.search.queries.spelling import completions, corrections

_SYNONYM, _COMPLETION, _CORRECTION, _OF_PLACE = 0.4, 0.6, 0.8, 0.6
_PART = re.compile(r"[^\W_]+")
# A place, goal or theme that was recognized counts like a word of this rarity at most; a year only lifts what is found anyway.
_OF_KIND, _YEAR = 2.0, 1.0
# More than all words of a text together: what says that it is of other places comes last.
_NOT_ELSEWHERE = 4000.0
# Beside a place, what has a word of what is asked about comes before what has only the place.
_ABOUT_IT = 2000.0


@dataclass(frozen=True)
class Plan:
    """What a text asks of the index. `finding` is cheap and finds what `ranking` finds; both None where all is asked for.

    `covering`: for a word of a period, a country, a goal or a theme what covers it, which has that word however it says so.
    """

    terms: tuple[Term, ...]
    finding: Query | None
    ranking: Query | None
    conditions: tuple[tuple[Occur, Query], ...]
    lifting: tuple[tuple[Occur, Query], ...]
    corrected: str | None = None
    covering: Mapping[str, Query] = field(default_factory=dict)

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
    named = {word: one for one in reading.of(Facet.COUNTRY) for word in words_of(one.words)}
    spoken = [word for word in words_of(text) if word not in named]
    terms = tuple(_term(view, word, spoken, named.get(word.word)) for word in reading.words)
    places, here = _places(view, reading, terms)
    years = [view.one_of(schema.YEAR, years_in(one.value), ranking.points(_YEAR)) for one in reading.of(Facet.PERIOD)]
    # Where nothing but a year is asked for, what covers it is what is looked for.
    is_about_years = bool(years) and all(word.word.isdecimal() for word in reading.words)
    phrasing = ranking.QUESTION if reading.is_question else ranking.KEYWORDS
    about = (*reading.of(Facet.GOAL), *reading.of(Facet.THEME))
    called = [_of(view, one.facet, one.value) for one in about if not one.narrows]
    only = _numbered(view, reading)
    sought = [*places, *(years if is_about_years else ()), *called, *(() if terms else only)]
    is_about = bool(terms or sought)
    return Plan(
        terms,
        ranking.any_of([*ranking.finds(view, terms), *sought]) if is_about else None,
        ranking.any_of([*ranking.scores(view, terms, phrasing), *sought]) if is_about else None,
        (
            *((Occur.Must, view.exactly(words)) for words in reading.musts),
            *((Occur.MustNot, view.exactly(words)) for words in reading.nots),
            *((Occur.Must, query) for query in only),
        ),
        tuple(
            (Occur.Should, query)
            for query in (*(years if not is_about_years else ()), *here, *_about_it(view, terms, named))
        ),
        _with(text, reading.words, terms),
        _covering(view, reading),
    )


def narrowed(view: View, made: Plan) -> Plan:
    """The same for what has every word alone; of a question every word that is not only asked about."""
    terms = tuple(term for term in made.terms if term.weight >= 1) or made.terms
    if not terms:
        return made
    wanted = _all_of(view, terms, made.covering) or [(Occur.Must, Query.empty_query())]
    return replace(made, conditions=(*made.conditions, *wanted))


def with_all_words(view: View, made: Plan, filters: Filters) -> int:
    """How many listings of the view have every word that was asked for, in some form, and keep what its signs ask."""
    found = _all_of(view, made.terms, made.covering)
    return view.snapshot.count(view.within(filters, *made.conditions, *found)) if found else 0


def those_with_all_words(view: View, made: Plan, among: Collection[int]) -> frozenset[int]:
    """Which of some listings, by their keys, have every word."""
    asked = [(Occur.Must, view.one_of(schema.KEY, map(str, among))), *_all_of(view, made.terms, made.covering)]
    found, _ = view.best(view.within({}, *asked), 0, max(len(among), 1))
    return frozenset(one.dataset_id for one in found)


def _covering(view: View, reading: Reading) -> dict[str, Query]:
    """For each word of a period, a country, a goal or a theme what covers it; what nothing of the view covers is left out.

    A city is not covered by its country.
    """
    made: dict[str, Query] = {}
    for one in (one for one in reading.understood if not one.city):
        covers = view.has(one.facet, [one.value])
        if view.count(covers):
            made |= dict.fromkeys(words_of(one.words), covers)
    return made


def _has(view: View, term: Term, covering: Mapping[str, Query]) -> Query | None:
    """What has the word in some form, or covers the year that it is; None where the view has neither. A guess is not had."""
    found, covers = ranking.found_by(view, term.itself), covering.get(term.word)
    return ranking.any_of([found, covers]) if found is not None and covers is not None else found or covers


def _all_of(view: View, terms: tuple[Term, ...], covering: Mapping[str, Query]) -> list[tuple[Occur, Query]]:
    """What finds every one of the words; nothing where the view has one of them in no form."""
    queries = [_has(view, term, covering) for term in terms]
    return [(Occur.Must, query) for query in queries if query is not None] if None not in queries else []


def is_guessed(view: View, made: Plan) -> bool:
    """Whether a word is had by no listing of the view, and others that may be meant are looked for in its place."""
    return any(term.guesses and _has(view, term, made.covering) is None for term in made.terms)


def unknown_words(view: View, reading: Reading, made: Plan) -> tuple[str, ...]:
    """The words, as typed, that no listing of the view has in any form.

    Those of a place stand for it together, and are missing where nothing is of its country either.
    """
    places = {word: one for one in reading.of(Facet.COUNTRY) for word in words_of(one.words)}
    told: list[str] = []
    for word, term in zip(reading.words, made.terms, strict=True):
        place = places.get(word.word)
        if _has(view, term, made.covering) is None and (
            place is None or not view.count(view.has(place.facet, [place.value]))
        ):
            told.append(place.words if place else word.typed)
    return tuple(dict.fromkeys(told))


def _term(view: View, word: Word, spoken: Sequence[str], place: Understood | None) -> Term:
    """A word as it is looked for; where the view has it not in any form, with what it may be the beginning of or be meant to be.

    A word of a place that was recognized is that word alone; a city that is a word of a language is what that means as well.

    Args:
        spoken: the words of the text that name no place.
    """
    is_word = place is None or (place.city != "" and words_of(place.words) == [word.word] and is_meant(word.word))
    is_had = ranking.found_by(view, Term(word.word)) is not None
    others = synonyms(word.word, is_had=is_had) if is_word else ()
    term = Term(word.word, word.weight, tuple((other, _SYNONYM) for other in others))
    if place is not None or ranking.found_by(view, term) is not None:
        return term
    longer = tuple((one, _COMPLETION) for one in completions(view, word.word))
    if is_meant(word.word, word.typed, spoken):
        return replace(term, guesses=longer)
    if longer:
        return replace(term, others=(*term.others, *longer))
    others_said = (other for other in spoken if other != word.word)
    meant = corrections(view, word.word, languages_spoken(others_said))
    return replace(term, guesses=tuple((one, _CORRECTION) for one in meant[:1]))


def _places(view: View, reading: Reading, terms: tuple[Term, ...]) -> tuple[list[Query], list[Query]]:
    """For each place that was recognized what finds its listings; and what lifts all but those of other places."""
    named = reading.of(Facet.COUNTRY)
    if not named:
        return [], []
    sought = [_of(view, Facet.COUNTRY, one.value) for one in named]
    found = _all_of(view, terms, {})
    if not found or not view.count(Query.boolean_query(found)):
        least = _worth_of_years(view, reading)
        sought += [_stands_for(view, one, least) for one in named]
    says_none = [(Occur.Must, Query.all_query()), (Occur.MustNot, Query.exists_query(Facet.COUNTRY.value))]
    here = [
        view.has(Facet.COUNTRY, {WORLD, *(one.value for one in named)}),
        Query.boolean_query(says_none),
        *(_says(view, one) for one in named),
    ]
    return sought, [Query.const_score_query(ranking.any_of(here), ranking.points(_NOT_ELSEWHERE))]


def _about_it(view: View, terms: Sequence[Term], named: Mapping[str, Understood]) -> list[Query]:
    """What lifts all that has a word of what is asked about, where a place was recognized and something is of both."""
    subjects = [term for term in terms if term.word not in named and term.weight >= 1]
    about = ranking.any_of([query for term in subjects if (query := ranking.found_by(view, term)) is not None])
    places = view.has(Facet.COUNTRY, {one.value for one in named.values()})
    if not named or not view.count(Query.boolean_query([(Occur.Must, about), (Occur.Must, places)])):
        return []
    return [Query.const_score_query(about, ranking.points(_ABOUT_IT))]


def _numbered(view: View, reading: Reading) -> list[Query]:
    """What alone is found where goals were asked for by number: of one of them."""
    numbers = {one.value for one in reading.of(Facet.GOAL) if one.narrows}
    return [view.one_of(Facet.GOAL.value, numbers)] if numbers else []


def _says(view: View, place: Understood) -> Query:
    """What has the words by which the place was named."""
    return view.exactly(tuple(words_of(place.words)))


def _of(view: View, facet: Facet, code: str) -> Query:
    having = view.has(facet, {code})
    return Query.const_score_query(having, ranking.points(min(view.rarity_of(having, (facet.value, code)), _OF_KIND)))


def _stands_for(view: View, place: Understood, least: float) -> Query:
    """What is of the place, or has its country in the title: for the words by which it was named, where they are missing."""
    titles = [tuple(words_of(name)) for name in names_of(place.value)]
    its_own = ranking.any_of([view.has(Facet.COUNTRY, {place.value}), *(view.in_title(one) for one in titles)])
    worth = _OF_PLACE * ranking.most(view.rarity_of(its_own, ("place", place.value)))
    # A country's own name is counted as a word already; beside a city's name its country says something more.
    said = [] if place.city else [(Occur.MustNot, _says(view, place))]
    return Query.const_score_query(
        Query.boolean_query([(Occur.Must, its_own), *said]), ranking.points(max(worth, least))
    )


def _worth_of_years(view: View, reading: Reading) -> float:
    """What a listing gains at most that covers the years that are asked for, and says so."""
    said = {one.words for one in reading.of(Facet.PERIOD)}
    years = {word for words in said for word in words_of(words) if word.isdecimal()}
    return sum(ranking.most(view.rarity(schema.WORDS, (year,))) for year in sorted(years)) + _YEAR * len(said)


def _with(text: str, words: Sequence[Word], terms: Sequence[Term]) -> str | None:
    """The text with its misspelled words as they occur; None where there are none."""
    corrected = text
    for word, term in zip(words, terms, strict=True):
        meant = next((other for other, share in term.guesses if share == _CORRECTION), None)
        if meant is not None:
            # Of "l'electrisite" what stands before the mark is no part of the word.
            slip = next((part for part in _PART.findall(word.typed) if words_of(part) == [word.word]), word.typed)
            corrected = corrected.replace(slip, meant, 1)
    return corrected if corrected != text else None
