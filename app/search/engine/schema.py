"""The fields of the index."""

from tantivy import Schema, SchemaBuilder

# Change it with every change of the fields or of what stands in them: an index of another form is built anew.
FORM = 1

KEY, ID, NEWEST, LENGTH, TITLE_ORDER, AUDIENCE, YEAR, WAIT_SHOWN = (
    "key", "id", "newest", "length", "title_order", "audience", "year", "wait_shown"
)  # fmt: skip
# Words as they are and as stems, for finding and counting; the same with how much they weigh in their text, for ranking.
WORDS, STEMS, WORDS_WEIGHED, STEMS_WEIGHED = "words", "stems", "words_weighed", "stems_weighed"
TITLE_WORDS, TITLE_STEMS = "title_words", "title_stems"
# A word and its weight are one term, parted by a character that no word holds.
PARTED = "|"


def make_schema(facets: tuple[str, ...]) -> Schema:
    """The schema, with one field for each facet."""
    builder = SchemaBuilder()
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    for name in (ID, NEWEST, LENGTH):
        builder.add_unsigned_field(name, fast=True)
    builder.add_text_field(TITLE_ORDER, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(WAIT_SHOWN, stored=True, tokenizer_name="raw", index_option="basic")
    for name in (AUDIENCE, YEAR):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in facets:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (STEMS, WORDS_WEIGHED, STEMS_WEIGHED):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    # Positions only where phrases are looked for: in quotes, and in titles.
    for name in (WORDS, TITLE_WORDS, TITLE_STEMS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()
