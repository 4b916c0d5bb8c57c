"""Whose the datasets of a publisher are that a catalog names: how names are compared, and what can be said about one."""

import re
import unicodedata
from enum import StrEnum

from app.foundation.words import N_


class Likeness(StrEnum):
    """How near two names are."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"


class Answer(StrEnum):
    """What becomes of the datasets of one publisher."""

    # The publisher is this data partner under another name, which is remembered.
    OURS = "ours"
    # This data partner lists them; the publisher stays named.
    TAKE = "take"
    LEAVE = "leave"


ANSWERS: dict[Answer, str] = {
    Answer.OURS: N_("This is another name of ours"),
    Answer.TAKE: N_("We list them for this publisher"),
    Answer.LEAVE: N_("Leave them out"),
}

# Words at the end of a name that say in which legal form an organization stands, and nothing of which one it is.
_ENDINGS = (
    "ab ag as asa bv co company corp corporation cv ev gmbh inc incorporated kg kk llc llp lp ltd ltda limited nv oy oyj "
    "plc pbc pte pty sa sarl sas sc se spa srl"
)
_FORMS = frozenset(_ENDINGS.split())
_LEADING = frozenset({"the"})
# A single word shorter than this is in too many names to tell anything.
_SHORTEST_ALONE = 4


def comparable(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents, marks and legal forms."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    # S.A. and Inc. are one word each.
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=\b\w)\.(?=\w\b)|['’.]", "", bare))
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return tuple(words[1:] if len(words) > 1 and words[0] in _LEADING else words)


def likeness(one: str, other: str) -> Likeness:
    """How near two names are: the same words, all words of one inside the other, or neither."""
    first, second = comparable(one), comparable(other)
    if not first or not second:
        return Likeness.DIFFERENT
    if "".join(first) == "".join(second):
        return Likeness.SAME
    short, long = sorted((first, second), key=len)
    tells = len(short) > 1 or len(short[0]) >= _SHORTEST_ALONE
    is_inside = any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))
    return Likeness.ALIKE if tells and is_inside else Likeness.DIFFERENT
