"""A description as people read it: lines that an editor broke are one paragraph, lines that a writer broke stay."""

from app.catalog.prose import prose


def test_a_line_that_breaks_off_in_the_midst_of_a_sentence_goes_on() -> None:
    text = "The map at one hundred meters is a new product\nin the portfolio of the service."
    assert prose(text) == "<p>The map at one hundred meters is a new product in the portfolio of the service.</p>\n"


def test_short_lines_and_whole_sentences_keep_their_ends() -> None:
    assert "<br>" in prose("Contact:\nthe office")
    assert "<br>" in prose(
        "Everything that is counted here ends with a stop.\nand this line is one that somebody began."
    )


def test_a_list_stays_a_list() -> None:
    assert prose("What it holds, in the words of whoever made it\n- one\n- two").count("<li>") == 2
