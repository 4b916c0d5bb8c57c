"""Words that a person gives for others to read: cleaned, of a length that a page has room for, and there where they must be."""

from app.foundation.errors import Invalid
from app.foundation.text import clean
from app.foundation.words import N_

LONGEST_WORDS = 4000


def words_of(text: str, missing: str = "", field: str = "words") -> str:
    """What was typed, cleaned; raises Invalid where it is too long, or empty and `missing` says what to write."""
    said = clean(text)
    if missing and not said:
        raise Invalid(missing, field=field)
    if len(said) > LONGEST_WORDS:
        raise Invalid(N_("Shorten this to 4,000 characters."), field=field)
    return said
