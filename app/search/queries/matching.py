"""From what somebody typed to conditions and a score, the same on every database.

Words are compared as they start, in the form of `fold`. A word in the title counts more than one among the keywords, and that
more than one in the description; a rare word counts more than a common one. Scores are whole numbers, so that both
databases come to the same order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.catalog.models import Dataset
from app.foundation.text import fold

MOST_WORDS = 24
_TITLE_WHOLE, _TITLE, _WORDS_WHOLE, _WORDS, _TEXT_WHOLE, _TEXT = 10, 6, 5, 3, 2, 1
_SHORTEST_PLURAL = 5
POINTS = 100  # one point of a score, as a whole number


@dataclass(frozen=True)
class Matching:
    """How a text selects and orders."""

    words: tuple[str, ...]
    condition: ColumnElement[bool] | None
    score: ColumnElement[int]
    is_loose: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """The words that are looked for, each once."""
    return tuple(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def matching(session: Session, visible: ColumnElement[bool], text: str) -> Matching:
    """Decide by one statement whether all words are asked for or any of them, and what each is worth."""
    words = words_of(text)
    if not words:
        return Matching((), None, literal(0, Integer))
    found = [_has(word) for word in words]
    sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in [and_(*found), *found]]
    total, with_all, *each = session.execute(select(func.count(), *sums).select_from(Dataset).where(visible)).one()
    worth = [_worth(total, int(number)) for number in each]
    is_loose = not with_all and len(words) > 1
    condition = or_(*found) if is_loose else and_(*found)
    return Matching(words, condition, _score(words, worth), is_loose)


def _worth(total: int, having: int) -> int:
    """The inverse document frequency of BM25, in hundredths."""
    return max(1, round(POINTS * math.log(1 + (total - having + 0.5) / (having + 0.5))))


def _stem(word: str) -> str:
    """A plural finds its singular; the other way round, the start of the word does it."""
    is_plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _has(word: str) -> ColumnElement[bool]:
    return _starts(Dataset.search_text, _stem(word))


def _starts(column: InstrumentedAttribute[str], start: str) -> ColumnElement[bool]:
    return column.contains(f" {start}", autoescape=True)


def _whole(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return column.contains(f" {word} ", autoescape=True)


def _score(words: Sequence[str], worth: Sequence[int]) -> ColumnElement[int]:
    parts = [_places(word) * weight for word, weight in zip(words, worth, strict=True)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return cast(total, Integer)


def _places(word: str) -> ColumnElement[int]:
    """What the best place of a word is worth."""
    stem = _stem(word)
    return case(
        (_whole(Dataset.search_title, word), _TITLE_WHOLE),
        (_starts(Dataset.search_title, stem), _TITLE),
        (_whole(Dataset.search_words, word), _WORDS_WHOLE),
        (_starts(Dataset.search_words, stem), _WORDS),
        (_whole(Dataset.search_text, word), _TEXT_WHOLE),
        (_starts(Dataset.search_text, stem), _TEXT),
        else_=0,
    )
