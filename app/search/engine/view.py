"""The index as one viewer sees it: whatever is counted, listed or weighed here comes from what that viewer may find."""

import math
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from tantivy import DocAddress, Occur, Order, Query

from app.catalog.uses import Wait
from app.rules.regions import countries_of_place
from app.search.engine import schema
from app.search.engine.analysis import variants
from app.search.engine.document import LENGTH_POWER, STEP, Standing, shown, shown_wait
from app.search.engine.snapshot import Snapshot, number_found
from app.search.engine.values import Facet, years_in

Filters = Mapping[Facet, frozenset[str]]
# More values than a facet can have.
_ALL_VALUES = 5000
# How fast a word that is repeated stops adding weight (BM25's k1).
_SATURATION = 1.2
HEAVIEST = 1 + _SATURATION
_FEW = 64
_FEW_TERMS = 8
# Of everything that a query finds, so many are told by the library at once.
_AT_A_TIME = 5000


def _of(facet: Facet, counted: dict[str, int]) -> dict[str, int]:
    """What was counted of one facet. Themes and goals come from one field; goals are numbers."""
    if facet not in (Facet.THEME, Facet.GOAL):
        return counted
    return {value: number for value, number in counted.items() if value.isdecimal() is (facet is Facet.GOAL)}


@dataclass(frozen=True)
class Found:
    """One listing that was found."""

    dataset_id: int
    score: float
    address: DocAddress


@dataclass(frozen=True)
class View:
    """The index for those who belong to some audiences; None for those who may find everything."""

    snapshot: Snapshot
    audiences: frozenset[str] | None

    @cached_property
    def _seen(self) -> list[tuple[Occur, Query]]:
        """The condition that stands in every query."""
        if self.audiences is None:
            return [(Occur.Must, Query.all_query())]
        return [(Occur.Must, self.one_of(schema.AUDIENCE, self.audiences))]

    def within(self, filters: Filters, *further: tuple[Occur, Query]) -> Query:
        """What may be found, narrowed by the values chosen and by further conditions."""
        narrowed = [(Occur.Must, self.has(facet, values)) for facet, values in filters.items() if values]
        return Query.boolean_query([*self._seen, *narrowed, *further])

    def has(self, facet: Facet, values: Iterable[str]) -> Query:
        """Listings with one of these values, of a region with one of its countries; it adds nothing to a score."""
        if facet is Facet.PERIOD:
            return self.one_of(schema.YEAR, {year for value in values for year in years_in(value)})
        if facet is Facet.COUNTRY:
            return self.one_of(facet.value, {code for value in values for code in countries_of_place(value)})
        return self.one_of(facet.value, values)

    def one_of(self, field: str, values: Iterable[str], score: float = 0.0) -> Query:
        """Listings with one of these terms in a field."""
        wanted = sorted(set(values))
        if not wanted:
            return Query.empty_query()
        if len(wanted) > _FEW_TERMS:
            return Query.const_score_query(Query.term_set_query(self.snapshot.schema, field, wanted), score)
        # For a few terms the library reads their lists side by side, instead of marking every listing that has one first.
        terms = [Query.term_query(self.snapshot.schema, field, term, "basic") for term in wanted]
        found = terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, term) for term in terms])
        return Query.const_score_query(found, score)

    def word(self, word: str) -> Query:
        """Listings with a word in any of its forms."""
        return self.one_of(schema.STEMS, variants(word))

    def exactly(self, words: Sequence[str]) -> Query:
        """Listings with these words side by side, or with the one word in any of its forms."""
        if len(words) == 1:  # a phrase of one word makes the library panic
            return self.word(words[0])
        return Query.const_score_query(Query.phrase_query(self.snapshot.schema, schema.WORDS, list(words)), 0.0)

    def in_title(self, words: Sequence[str]) -> Query:
        """Listings with these words side by side in their title."""
        if len(words) == 1:
            return self.one_of(schema.TITLE_WORDS, words)
        return Query.const_score_query(Query.phrase_query(self.snapshot.schema, schema.TITLE_WORDS, list(words)), 0.0)

    # Counting

    def count(self, query: Query | None = None, filters: Filters | None = None) -> int:
        """How many listings there are, all or those of a query."""
        further = [(Occur.Must, query)] if query is not None else []
        return self.snapshot.count(self.within(filters or {}, *further))

    def facets(self, query: Query, facets: Sequence[Facet]) -> dict[Facet, dict[str, int]]:
        """How many of a query's listings have each value of these facets, in one pass."""
        if not facets:
            return {}
        fields = {facet: schema.counted_in(facet.value) for facet in facets}
        asked = {field: {"terms": {"field": field, "size": _ALL_VALUES}} for field in fields.values()}
        told = self.snapshot.searcher.aggregate(query, asked)
        counted = {
            field: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in told[field]["buckets"]}
            for field in asked
        }
        counted |= {
            field: schema.apart(counted[field].items()) for field in (schema.ABOUT, schema.PERIODS) if field in asked
        }
        return {facet: _of(facet, counted[field]) for facet, field in fields.items()}

    def all_facets(self) -> dict[Facet, dict[str, int]]:
        """The values of every facet in the whole catalog; counted once for each state of the index."""
        key = ("facets", self.audiences)
        known = self.snapshot.memory.get(key)
        if known is None:
            known = self.facets(self.within({}), list(Facet))
            self.snapshot.remember(key, known)
        return cast("dict[Facet, dict[str, int]]", known)

    # Weights. They come from the listings of this view alone, so that no other listing moves a score.

    def rarity(self, field: str, terms: tuple[str, ...]) -> float:
        """How rare it is that a listing of this view has one of the terms (BM25's idf); 0 where none has."""
        return self.rarity_of(self.one_of(field, terms), (field, *terms))

    def rarity_of(self, query: Query, name: tuple[str, ...]) -> float:
        """The same of what a query finds; `name` tells it from others."""
        key = (self.audiences, *name)
        known = self.snapshot.memory.get(key)
        if known is None:
            having = self.count(query)
            known = math.log(1 + (self.size - having + 0.5) / (having + 0.5)) if having else 0.0
            self.snapshot.remember(key, known)
        return cast("float", known)

    def weight(self, light: int) -> float:
        """How much a word weighs in its text, from 0 to 2.2: the part of BM25 that is about the text."""
        return HEAVIEST / (1 + _SATURATION * math.exp(light * STEP) / self._usual_length)

    def weights_of(self, field: str, term: str) -> list[tuple[str, int]]:
        """The weighed forms of a term that any listing has, with their steps."""
        key = (field, term)
        known = self.snapshot.memory.get(key)
        if known is None:
            prefix = term + schema.PARTED
            found = self.snapshot.searcher.terms_with_prefix(field, prefix)
            known = sorted((whole, int(whole[len(prefix) :])) for whole, _ in found)
            self.snapshot.remember(key, known)
        return cast("list[tuple[str, int]]", known)

    @property
    def size(self) -> int:
        """How many listings there are for this viewer."""
        known = self.snapshot.memory.get(("size", self.audiences))
        if known is None:
            known = self.count()
            self.snapshot.remember(("size", self.audiences), known)
        return cast("int", known)

    @cached_property
    def _usual_length(self) -> float:
        key = ("length", self.audiences)
        known = self.snapshot.memory.get(key)
        if known is None:
            asked = {"mean": {"avg": {"field": schema.LENGTH}}}
            mean = self.snapshot.searcher.aggregate(self.within({}), asked)["mean"]["value"]
            known = max(float(mean or 1), 1.0) ** LENGTH_POWER
            self.snapshot.remember(key, known)
        return cast("float", known)

    # Lists

    def best(self, query: Query, start: int, count: int) -> tuple[list[Found], int]:
        """The best listings of a query, those that fit alike the newest first; and how many it finds.

        The library breaks ties by where a document happens to stand, which other listings move. So it is asked for more
        until the last place is decided by score, and ties are parted here.
        """
        end, limit = start + count, start + count + _FEW
        while True:
            result = self.snapshot.searcher.search(query, limit)
            hits = result.hits
            if len(hits) < limit or hits[-1][0] < hits[end - 1][0]:
                break
            limit *= 4
        last = hits[min(end, len(hits)) - 1][0] if hits else 0
        kept = [hit for hit in hits if hit[0] >= last]
        newest = self.snapshot.numbers(schema.NEWEST, [address for _, address in kept])
        ordered = sorted(zip(kept, newest, strict=True), key=lambda one: (-one[0][0], -one[1]))[start:end]
        return self._found([hit for hit, _ in ordered]), number_found(result)

    def ordered(self, query: Query, field: str, order: Order, start: int, count: int) -> tuple[list[Found], int]:
        """The listings of a query in the order of a field whose values are all different; and how many it finds."""
        result = self.snapshot.searcher.search(query, count, order_by_field=field, offset=start, order=order)
        return self._found([(0.0, address) for _, address in result.hits]), number_found(result)

    def whole_ordered(self, field: str, order: Order, start: int, count: int) -> tuple[list[Found], int]:
        """The same of the whole catalog; looked up once for each state of the index, as it passes over every listing."""
        key = ("ordered", self.audiences, field, str(order), start, count)
        known = self.snapshot.memory.get(key)
        if known is None:
            known = self.ordered(self.within({}), field, order, start, count)
            self.snapshot.remember(key, known)
        return cast("tuple[list[Found], int]", known)

    def every(self, query: Query, order: tuple[str, Order] | None) -> Sequence[int]:
        """The keys of all listings of a query, by a field or the best first as `best` has them: eight bytes for each."""
        keys, tied, last = array("q"), list[tuple[int, int]](), -1.0
        total = self.snapshot.count(query)
        # Texts are compared as a whole for each part anew, numbers and scores are not.
        size = max(total, 1) if order and order[0] == schema.TITLE_ORDER else _AT_A_TIME
        for start in range(0, total, size):
            hits = self._part(query, order, start, size)
            addresses = [address for _, address in hits]
            if order is not None:
                keys.extend(self.snapshot.numbers(schema.ID, addresses))
                continue
            numbers = zip(*(self.snapshot.numbers(name, addresses) for name in (schema.NEWEST, schema.ID)), strict=True)
            for (score, _), one in zip(hits, numbers, strict=True):
                if score != last:
                    keys.extend(key for _, key in sorted(tied, reverse=True))
                    tied, last = [], score
                tied.append(one)
        keys.extend(key for _, key in sorted(tied, reverse=True))
        return keys

    def _part(
        self, query: Query, order: tuple[str, Order] | None, start: int, size: int
    ) -> list[tuple[float, DocAddress]]:
        search = self.snapshot.searcher.search
        if order is None:
            return cast("list[tuple[float, DocAddress]]", search(query, size, offset=start).hits)
        field, direction = order
        found = search(query, size, order_by_field=field, offset=start, order=direction)
        return [(0.0, address) for _, address in found.hits]

    def waits(self, found: Sequence[Found]) -> dict[int, Wait]:
        """The measured waits of listings that were found, by their key."""
        held = {one.dataset_id: shown_wait(self.snapshot.searcher.doc(one.address)) for one in found}
        return {key: wait for key, wait in held.items() if wait is not None}

    def standings(self, keys: Collection[int]) -> dict[int, Standing]:
        """What listings of this view have of each facet, and their waits, by their key."""
        if not keys:
            return {}
        asked = self.within({}, (Occur.Must, self.one_of(schema.KEY, map(str, keys))))
        addresses = [address for _, address in self.snapshot.searcher.search(asked, len(keys)).hits]
        stored = map(shown, map(self.snapshot.searcher.doc, addresses))
        return dict(zip(self.snapshot.numbers(schema.ID, addresses), stored, strict=True))

    def _found(self, hits: Sequence[tuple[float, DocAddress]]) -> list[Found]:
        ids = self.snapshot.numbers(schema.ID, [address for _, address in hits])
        return [Found(key, float(score), address) for (score, address), key in zip(hits, ids, strict=True)]
