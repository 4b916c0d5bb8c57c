"""Step 2, supply: the least data that answers the question."""

from app.foundation.words import N_
from app.rules.questions.shapes import Part, Question, Shape, Source, Step, StepKey

DATASETS = Question(
    "datasets",
    N_("Datasets"),
    (Part("datasets", Shape.DATASETS, N_("Add at least one dataset.")),),
    hint=N_("They may belong to several data partners; each decides on its own."),
    why=N_("Each dataset is decided on separately, so that one no does not stop the others."),
    sources=frozenset({Source.DATASET}),
)

VARIABLES = Question(
    "variables",
    N_("Variables and granularity"),
    (
        Part(
            "variables",
            Shape.WORDS,
            N_("Name the variables you need."),
            label=N_("Which variables do you need?"),
            hint=N_("Use the names in the dictionary of each dataset where it has one."),
            limit=80,
        ),
        Part(
            "granularity",
            Shape.LINE,
            N_("Say the finest unit you need, like “district, by day”."),
            label=N_("Finest unit you need"),
            hint=N_("In space and time, like “district, by day”."),
            limit=120,
        ),
    ),
    why=N_("Coarser data is approved sooner, because it can harm fewer people."),
    example=N_("Trips by mode and hour of departure; no trip ends. District, by hour, weekdays only."),
)

PERIOD = Question(
    "period",
    N_("Period"),
    (
        Part(
            "period_from",
            Shape.YEAR,
            N_("Enter the first year you need, like 2024."),
            label=N_("From year"),
            term="coverage_from",
        ),
        Part(
            "period_to",
            Shape.YEAR,
            N_("Enter the last year you need, like 2026."),
            label=N_("To year"),
            term="coverage_to",
        ),
    ),
    why=N_("A grant covers these years and no others."),
    sources=frozenset({Source.DATASET}),
)

WHY_NOT_OPEN = Question(
    "why_not_open",
    N_("Why is open data not enough?"),
    (
        Part(
            "why_not_open",
            Shape.WORDS,
            N_("Say what the open data lacks, like “no walking trips under ten minutes”."),
            limit=60,
        ),
    ),
    hint=N_("Name what you tried and what it lacks."),
    why=N_("Companies lend what nobody else has. This answer shows that you looked."),
    example=N_(
        "The census stops at the district, and the 2023 travel survey holds 310 children. "
        "Neither sees walking trips under ten minutes."
    ),
)

SUPPLY = Step(
    StepKey.SUPPLY,
    N_("Supply"),
    N_("The smallest data that answers your question gets the fastest yes."),
    N_("Which datasets, variables and years, and why open data is not enough."),
    3,
    (DATASETS, VARIABLES, PERIOD, WHY_NOT_OPEN),
)
