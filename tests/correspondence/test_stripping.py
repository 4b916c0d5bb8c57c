"""What somebody wrote in a reply is found, whichever program they wrote it with; what they answered is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.correspondence.stripping import MARK, plain, stripped
from tests.support.run import ROOT

OURS = f"{MARK} · write your reply above this line\n\nDecide by Thu 3 Dec\nhttps://onepact.example/proposals/PR-2026-0117\n"
QUOTED = "".join(f"> {line}\n" for line in OURS.splitlines())
WORDS = "Block centers are enough.\n\nDo you keep them?"


@pytest.mark.parametrize(
    "head",
    [
        "On Tue, 17 Nov 2026 at 10:02, Meridian Data Consortium <reply+abc@onepact.example> wrote:",
        "On Tue, 17 Nov 2026 at 10:02, Meridian Data Consortium\n<reply+abc@onepact.example> wrote:",
        "El mar, 17 nov 2026 a las 10:02, Meridian (<reply+abc@onepact.example>) escribió:",
        "Em ter., 17 de nov. de 2026 às 10:02, Meridian <reply+abc@onepact.example>\nescreveu:",
        "Le mar. 17 nov. 2026 à 10:02, Meridian <reply+abc@onepact.example> a écrit :",
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_the_mail_that_is_answered_is_left_out_in_every_language(head: str, marked: bool) -> None:
    below = QUOTED if marked else QUOTED.replace(MARK, "")
    assert stripped(f"{WORDS}\n\n{head}\n\n{below}") == WORDS


def test_an_outlook_head_and_what_stands_below_are_left_out() -> None:
    head = "From: Meridian <reply+abc@onepact.example>\nSent: Tuesday, November 17, 2026\nTo: Rosa\nSubject: Decide\n\n"
    assert stripped(f"{WORDS}\n\n________________________________\n{head}{OURS}") == WORDS
    assert stripped(f"{WORDS}\n\n{head}Decide by Thu 3 Dec") == WORDS
    assert stripped(f"{WORDS}\n\n-----Original Message-----\n{head}") == WORDS


def test_a_signature_and_a_line_of_the_telephone_are_left_out() -> None:
    assert stripped(f"{WORDS}\n\n-- \nRosa Lindqvist\nCoastal Bank") == WORDS
    assert stripped(f"{WORDS}\n\nSent from my phone\n\n{QUOTED}") == WORDS


@pytest.mark.parametrize(
    "words",
    [
        "Thanks, I will send block centers on Monday.\nBoth cities.",
        "We need:\n- block centers\n- two cities",
        "From: Bogotá we need hours, from Lima days.",
        "On Monday the board wrote: no.\nSo we wait.",
        "Use a -- b, never a_b.",
    ],
)
def test_words_that_only_look_like_something_else_are_kept(words: str) -> None:
    assert stripped(f"{words}\n\n{QUOTED}") == words


def test_answers_between_quoted_lines_are_kept_without_the_quotes() -> None:
    assert stripped("> Which blocks?\nAll of them.\n> And when?\nIn May.") == "All of them.\nIn May."


def test_a_reply_without_words_of_its_own_is_empty() -> None:
    assert stripped(f"\n\nOn Tue, Meridian <a@b> wrote:\n{QUOTED}") == ""
    assert stripped("") == ""


def test_html_is_read_as_text_without_what_it_quotes_hides_or_runs() -> None:
    html = """<html><head><title>x</title><style>p{}</style></head><body><p>Block centers <b>are</b> enough.</p>
      <p>Do you&nbsp;keep&#x20;them?<br>R.</p><script>steal()</script>
      <div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Tue, M wrote:</div>
      <blockquote>Decide</blockquote></div></body></html>"""
    assert stripped(plain(html)) == "Block centers are enough.\n\nDo you keep them?\nR."


def test_html_that_is_never_closed_is_still_read() -> None:
    assert stripped(plain("<p>Yes<div><blockquote>old<p>older")) == "Yes"
    assert stripped(plain("</blockquote></div>Yes<![CDATA[x]]><!-- ")) == "Yes"


def test_the_mark_is_the_beginning_of_the_line_that_every_mail_carries() -> None:
    for name in ("base.txt", "base.html"):
        assert f"{MARK} · " in (ROOT / "templates/email" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "part", ["On x y ", "From: a\n", "> ", "On a\n", "\n", "wrote:\n", "<div>", "<!--", "&#", "_", "-- \n "]
)
def test_a_long_mail_made_to_cost_time_costs_as_much_as_it_is_long(part: str) -> None:
    """Eight times the length may take thrice the time that is its share; what grows with the square takes eight times that."""
    short, long = _seconds(part, 100_000), _seconds(part, 800_000)
    assert long < 24 * max(short, 0.01)


def _seconds(part: str, length: int) -> float:
    text = part * (length // len(part))
    before = time.process_time()
    stripped(text)
    stripped(plain(text))
    return time.process_time() - before


@given(st.text())
def test_whatever_comes_in_is_read(text: str) -> None:
    assert MARK not in stripped(text)
    stripped(plain(text))
