"""Words by which a list is narrowed: as people type them, and as conditions that each of them be found."""

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.foundation.text import clean_line

_LONGEST, _MOST_WORDS = 120, 8


def typed_words(text: str) -> str:
    """What somebody typed, no longer than what is looked for."""
    return clean_line(text)[:_LONGEST]


def has_words(
    text: str, title: InstrumentedAttribute[str], reference: InstrumentedAttribute[str]
) -> list[ColumnElement[bool]]:
    """Each word stands in the title, or the reference begins with it."""
    return [
        or_(title.icontains(word, autoescape=True), reference.istartswith(word, autoescape=True))
        for word in text.split()[:_MOST_WORDS]
    ]
