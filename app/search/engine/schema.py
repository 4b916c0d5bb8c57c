"""The fields of the index."""

from collections.abc import Iterable, Iterator, Sequence

from tantivy import Schema, SchemaBuilder

# Change it with every change of the fields or of what stands in them: an index of another form is built anew.
FORM = 3

KEY, ID, NEWEST, CHANGED, LENGTH, TITLE_ORDER, AUDIENCE, YEAR, WAIT_SHOWN = (
    "key", "id", "newest", "changed", "length", "title_order", "audience", "year", "wait_shown"
)  # fmt: skip
# Words as they are and as stems, for finding and counting; the same with how much they weigh in their text, for ranking.
WORDS, STEMS, WORDS_WEIGHED, STEMS_WEIGHED = "words", "stems", "words_weighed", "stems_weighed"
TITLE_WORDS, TITLE_STEMS = "title_words", "title_stems"
# A word and its weight are one term, parted by a character that no word holds.
PARTED = "|"
# Facets of which a listing has some few of few values: counted by what it has of them together, as one term. Counting a
# field with several values for each listing takes the library ten times as long as one with a single value.
COUNTED_TOGETHER = ("theme", "period")
_MOST_TOGETHER = 3


def counted_in(facet: str) -> str:
    """The field in which the values of a facet are counted."""
    return f"{facet}_together" if facet in COUNTED_TOGETHER else facet


def together(values: Sequence[str]) -> Iterator[str]:
    """Values of one facet as terms of three at most, so that there are never many different terms; no value has a space."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _MOST_TOGETHER):
        yield " ".join(ordered[start : start + _MOST_TOGETHER])


def apart(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many listings have each value, from how many have each term that `together` made."""
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
    builder.add_text_field(WAIT_SHOWN, stored=True, tokenizer_name="raw", index_option="basic")
    for name in (AUDIENCE, YEAR):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in facets:
        builder.add_text_field(name, fast=name == counted_in(name), tokenizer_name="raw", index_option="basic")
    for name in COUNTED_TOGETHER:
        builder.add_text_field(counted_in(name), fast=True, tokenizer_name="raw", index_option="basic")
    for name in (STEMS, WORDS_WEIGHED, STEMS_WEIGHED):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    # Positions only where phrases are looked for: in quotes, and in titles.
    for name in (WORDS, TITLE_WORDS, TITLE_STEMS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()
