"""What changed between two texts, word by word; and other small rewritings that pages need."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from flask_babel import gettext

from app.web.words import country_name

Change = tuple[str, str]


def word_changes(old: str, new: str) -> list[Change]:
    """Pieces in reading order: ("same", …), ("del", what is gone), ("ins", what came). Joined they give both texts back."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    changes: list[Change] = []
    gone = come = ""
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        here, there = "".join(before[a:b]), "".join(after[c:d])
        between_changes = kind == "equal" and (gone or come) and here.isspace() and b < len(before)
        if kind != "equal" or between_changes:
            gone, come = gone + here, come + there
            continue
        changes += [*_changed(gone, come), ("same", here)]
        gone = come = ""
    return changes + _changed(gone, come)


PIECES = re.compile(r"\w+|\s+|[^\w\s]")


def _changed(gone: str, come: str) -> list[Change]:
    return [change for change in (("del", gone), ("ins", come)) if change[1]]


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
