"""What people typed is cut to what a mail has room for, and subjects to what a list of mails shows."""

from hypothesis import given
from hypothesis import strategies as st

from app.reactions.shortening import LONGEST_SUBJECT, MOST_LETTERS, MOST_WORDS, brief, one_line, shortened


@given(st.text())
def test_a_subject_fits_and_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= LONGEST_SUBJECT
    assert "\n" not in line


@given(st.text(max_size=2000))
def test_words_are_cut_to_a_few_lines_of_a_mail(text: str) -> None:
    assert len(shortened(text).split()) <= MOST_WORDS + 1
    assert len(shortened(text)) <= MOST_LETTERS + 2


def test_what_is_short_stays_as_it_was_written() -> None:
    assert shortened("Would block centers do?\n\nBy hour?") == "Would block centers do?\n\nBy hour?"
    assert one_line("Decide by Thu 3 Dec: mobility data") == "Decide by Thu 3 Dec: mobility data"


def test_a_cut_is_shown() -> None:
    assert shortened("word " * 60).endswith("word …")
    assert one_line("word " * 60).endswith("…")


def test_where_several_things_were_typed_each_gets_less_room() -> None:
    long = "word " * 60
    assert len(str(brief({"words": long})["words"]).split()) == 46
    assert len(str(brief({"words": long, "reason": long, "title": long})["reason"]).split()) == 31
    assert brief({"title": long, "number": 3}) == {"title": long, "number": 3}
