"""What changed between two texts, word by word; and other small rewritings that pages need."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from flask_babel import gettext

from app.web.words import country_name

Change = tuple[str, str]


def word_changes(old: str, new: str) -> list[Change]:
    """Pieces in reading order: ("same", …), ("del", what is gone), ("ins", what came). Joined they give both texts back."""
    before, after = _words(old), _words(new)
    changes: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            changes.append(("same", "".join(before[a:b])))
            continue
        if b > a:
            changes.append(("del", "".join(before[a:b])))
        if d > c:
            changes.append(("ins", "".join(after[c:d])))
    return changes


def _words(text: str) -> list[str]:
    """Words with the space behind them, so that joining gives the text back."""
    return re.findall(r"\s*\S+\s*?(?=\s|$)|\s+", text)


def spaced(digest: str) -> str:
    """A hash in groups of four, so that it can be compared by eye."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def country_names(codes: Iterable[str]) -> str:
    """Countries as one text, in the reader's language; the first five, then how many more."""
    names = sorted(country_name(code) for code in codes)
    shown = ", ".join(names[:LISTED])
    return (
        gettext("%(countries)s and %(num)s more", countries=shown, num=len(names) - LISTED)
        if len(names) > LISTED
        else shown
    )


LISTED = 5
