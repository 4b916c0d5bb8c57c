"""The form of a use proposal: 23 answers in five steps, and one declaration.

Order and meaning follow the five steps of the guide: need, supply, value, match, measure. `bank.py` holds the versions;
one file per step holds its questions. `typed` stores whatever is typed, `gaps` says what is missing before sending,
`reading` says what the answers mean to those who decide.
"""

from app.rules.questions.bank import (
    BANK,
    BANKS,
    CURRENT_BANK,
    DECLARATION,
    EXTRA_WORDS,
    MOST_EXTRA_QUESTIONS,
)
from app.rules.questions.gaps import gaps, is_needed, missing, too_long, unclear
from app.rules.questions.reading import (
    Brief,
    asked,
    brief,
    chosen_words,
    codes,
    flags,
    months_between,
    purposes,
    stored_answers,
    text,
)
from app.rules.questions.shapes import (
    Answer,
    Bank,
    ExtraQuestion,
    Gap,
    Part,
    Question,
    Shape,
    Source,
    Step,
    StepKey,
)
from app.rules.questions.typed import INDICATOR_FIELDS, Cleaned, cleaned, is_empty, mark, typed_day, typed_year

__all__ = [
    "BANK", "BANKS", "CURRENT_BANK", "DECLARATION", "EXTRA_WORDS", "INDICATOR_FIELDS", "MOST_EXTRA_QUESTIONS", "Answer",
    "Bank", "Brief", "Cleaned", "ExtraQuestion", "Gap", "Part", "Question", "Shape", "Source", "Step", "StepKey", "asked",
    "brief", "chosen_words", "cleaned", "codes", "flags", "gaps", "is_empty", "is_needed", "mark", "missing",
    "months_between", "purposes", "stored_answers", "text", "too_long", "typed_day", "typed_year", "unclear",
]  # fmt: skip
