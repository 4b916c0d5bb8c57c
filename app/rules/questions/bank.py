"""The versions of the form. A proposal that was sent keeps the version it was sent under."""

from app.foundation.words import N_
from app.rules.questions.match import MATCH
from app.rules.questions.measure import MEASURE
from app.rules.questions.need import NEED
from app.rules.questions.shapes import Bank
from app.rules.questions.supply import SUPPLY
from app.rules.questions.value import VALUE

DECLARATION = (
    N_("The answers are true and complete, as far as I know."),
    N_("The data will be used as described here, by the people named here, and under the common agreement."),
    N_("Nobody will try to identify a person, and nothing here serves commercial gain."),
    N_("My organization allows me to make this proposal in its name."),
)

BANKS: dict[str, Bank] = {
    "2026-1": Bank("2026-1", (NEED, SUPPLY, VALUE, MATCH, MEASURE), DECLARATION),
}

CURRENT_BANK = "2026-1"
BANK = BANKS[CURRENT_BANK]

# What a data partner may ask on top, for all of its datasets together, and how long an answer may be.
MOST_EXTRA_QUESTIONS = 3
EXTRA_WORDS = 100
