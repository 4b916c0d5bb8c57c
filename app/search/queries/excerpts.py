"""Why a dataset was found, where its row does not show it: the place of its description that has the words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.catalog.models import Dataset
from app.catalog.queries import Brief
from app.foundation.text import fold
from app.search.engine.analysis import LONGEST_WORD, variants

# So much of a description is looked through, and so much of it shown on each side of the word.
_LOOKED_THROUGH, _SIDE = 6_000, 60
_SHORTEST_STEM = 3
_SENTENCE, _MARKS = re.compile(r"[.!?]\s+|\n\s*\n"), re.compile(r"[`*#]+")
_LETTERS = {
    "a": "aáàâäãå", "c": "cç", "e": "eéèêë", "i": "iíìîï", "n": "nñ", "o": "oóòôöõ", "u": "uúùûü", "y": "yýÿ",
}  # fmt: skip
_DESCRIPTIONS = select(Dataset.id, func.substr(Dataset.description, 1, _LOOKED_THROUGH)).where(
    Dataset.id.in_(bindparam("ids", expanding=True))
)

# The forms in which one word that was asked for may stand.
Forms = tuple[str, ...]


@dataclass(frozen=True)
class Excerpt:
    """A few words of a description around the one that was asked for."""

    before: str
    word: str
    after: str


def excerpts(session: Session, asked: Sequence[Forms], rows: Iterable[Brief]) -> dict[int, Excerpt]:
    """By key, for rows whose title, summary and other words that a list shows lack a word that their description has.

    Args:
        rows: listings that the reader may know of.
    """
    patterns = {forms: _pattern(forms) for forms in asked}
    lacking = {row.id: missing for row in rows if (missing := _missing(patterns, row))}
    if not lacking:
        return {}
    found = session.execute(_DESCRIPTIONS, {"ids": list(lacking)})
    cut = {key: _around(text, [patterns[forms] for forms in lacking[key]]) for key, text in found}
    return {key: excerpt for key, excerpt in cut.items() if excerpt is not None}


def _missing(patterns: Mapping[Forms, re.Pattern[str]], row: Brief) -> list[Forms]:
    shown = f"{row.title} {row.summary} {row.partner} {row.unit}"
    return [forms for forms, pattern in patterns.items() if not pattern.search(shown)]


def _around(text: str, patterns: Sequence[re.Pattern[str]]) -> Excerpt | None:
    """The place with most of the words, the first of such places."""
    places = [match.span() for pattern in patterns if (match := pattern.search(text))]
    if not places:
        return None
    begin, end = max(places, key=lambda place: (_near(place, places), -place[0]))
    before, after = text[max(begin - _SIDE, 0) : begin], text[end : end + _SIDE]
    if begins := list(_SENTENCE.finditer(before)):
        before = before[begins[-1].end() :]
    elif begin > _SIDE:
        before = "…" + before.partition(" ")[2]
    if end + _SIDE < len(text):
        after = after.rpartition(" ")[0] + "…"
    return Excerpt(_MARKS.sub("", before), text[begin:end], _MARKS.sub("", after))


def _near(place: tuple[int, int], places: Iterable[tuple[int, int]]) -> int:
    return sum(1 for begin, _end in places if abs(begin - place[0]) <= _SIDE)


def _pattern(forms: Forms) -> re.Pattern[str]:
    """Words that begin like one of these stems, accents or not; of one without an end, as writing without spaces has, so much."""
    stems = {stem for form in forms for stem in variants(form) if stem == form or len(stem) >= _SHORTEST_STEM}
    return re.compile(rf"\b(?:{'|'.join(map(_written, sorted(stems)))})\w{{0,{LONGEST_WORD}}}", re.IGNORECASE)


def _written(stem: str) -> str:
    return "".join(f"[{_LETTERS[letter]}]" if letter in _LETTERS else re.escape(letter) for letter in fold(stem))
