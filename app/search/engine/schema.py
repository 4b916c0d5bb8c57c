"""The fields of the index."""

from collections.abc import Iterable, Iterator

from tantivy import Schema, SchemaBuilder

from app.rules.goals import goals_of_themes

# Change it with every change of the fields or of what stands in them: an index of another form is built anew.
FORM = 10

KEY, ID, NEWEST, CHANGED, LENGTH, TITLE_ORDER, AUDIENCE, YEAR, FACETS_SHOWN, WAIT_SHOWN = (
    "key", "id", "newest", "changed", "length", "title_order", "audience", "year", "facets_shown", "wait_shown"
)  # fmt: skip
# Words as they are and as stems, for finding and counting; the same with how much they weigh in their text, for ranking.
WORDS, STEMS, WORDS_WEIGHED, STEMS_WEIGHED = "words", "stems", "words_weighed", "stems_weighed"
TITLE_WORDS, TITLE_STEMS = "title_words", "title_stems"
# A word and its weight are one term, parted by a character that no word holds.
PARTED = "|"
# Facets of which a listing has some few of few values: counted by what it has of them together, as one term. Counting a
# field with several values for each listing takes the library ten times as long as one with a single value. Themes and the
# goals that mostly come from them share their terms, so that goals cost no count of their own.
ABOUT, PERIODS = "about", "period_together"
COUNTED_TOGETHER = {"theme": ABOUT, "goal": ABOUT, "period": PERIODS}
_MOST_TOGETHER = 3


def counted_in(facet: str) -> str:
    """The field in which the values of a facet are counted."""
    return COUNTED_TOGETHER.get(facet, facet)


def together(values: Iterable[str]) -> Iterator[str]:
    """Values of one facet as terms of three at most, so that there are never many different terms; no value has a space."""
    for part in _threes(values):
        yield " ".join(part)


def about(themes: Iterable[str], goals: Iterable[str]) -> Iterator[str]:
    """The same for themes and goals: each goal once, with the first theme whose subject it is, or with others like it.

    Themes decide the goals beside them, but for those that an earlier term has: so there are hardly more terms than of
    themes alone.
    """
    left = set(goals)
    for part in _threes(themes):
        beside = left & goals_of_themes(part)
        left -= beside
        yield " ".join((*part, *sorted(beside)))
    yield from together(left)


def _threes(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _MOST_TOGETHER):
        yield ordered[start : start + _MOST_TOGETHER]


def apart(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many listings have each value, from how many have each term that `together` or `about` made."""
    found: dict[str, int] = {}
    for term, number in counted:
        for value in term.split(" "):
            found[value] = found.get(value, 0) + number
    return found


def make_schema(facets: tuple[str, ...]) -> Schema:
    """The schema, with one field for each facet."""
    builder = SchemaBuilder()
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    for name in (ID, NEWEST, CHANGED, LENGTH):
        builder.add_unsigned_field(name, fast=True)
    builder.add_text_field(TITLE_ORDER, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (FACETS_SHOWN, WAIT_SHOWN):  # only to be read again
        builder.add_bytes_field(name, stored=True)
    for name in (AUDIENCE, YEAR):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in facets:
        builder.add_text_field(name, fast=name == counted_in(name), tokenizer_name="raw", index_option="basic")
    for name in (ABOUT, PERIODS):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (STEMS, WORDS_WEIGHED, STEMS_WEIGHED):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    # Positions only where phrases are looked for: in quotes, and in titles.
    for name in (WORDS, TITLE_WORDS, TITLE_STEMS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()
