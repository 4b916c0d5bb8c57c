"""Words by which lists are narrowed, whatever people paste into the box."""

from app.foundation.narrowing import has_words, typed_words
from app.proposals.models import Proposal


def test_what_was_typed_is_kept_on_one_line_and_no_longer_than_what_is_looked_for() -> None:
    assert typed_words("  care\n\tblocks\x00 ") == "care blocks"
    assert len(typed_words("word " * 100)) == 120


def test_no_more_than_eight_words_are_looked_for() -> None:
    assert len(has_words("a b c d e f g h i j", Proposal.title, Proposal.reference)) == 8
    assert has_words("", Proposal.title, Proposal.reference) == []
