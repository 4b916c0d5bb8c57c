"""Step 5, measure: how it will show that something changed."""

from app.foundation.words import N_
from app.rules.questions.choices import PUBLICATION
from app.rules.questions.shapes import Part, Question, Shape, Source, Step, StepKey

MOST_INDICATORS = 3

INDICATORS = Question(
    "indicators",
    N_("Indicators"),
    (
        Part(
            "indicators",
            Shape.INDICATORS,
            N_("Name at least one indicator with its target."),
            limit=MOST_INDICATORS,
        ),
    ),
    hint=N_("One is enough, three is the most. They come back, filled in, in your report."),
    why=N_("Your report asks for these numbers and hardly anything else."),
    example=N_("Children hurt on the way to school per year: 61 today, below 40 by 31 12 2028."),
)

HOW_MEASURED = Question(
    "how_measured",
    N_("How will you measure it?"),
    (Part("how_measured", Shape.WORDS, N_("Say where the numbers come from and who counts."), limit=60),),
    hint=N_("Where the numbers come from, and who counts."),
    why=N_("A number that somebody already counts costs you nothing."),
    example=N_("Police accident statistics by street, which the city publishes every April."),
)

FIRST_REPORT = Question(
    "first_report",
    N_("First report"),
    (
        Part(
            "first_report_on",
            Shape.DATE,
            N_("Enter the day of your first report, like 1 6 2027."),
            label=N_("When will you report first?"),
            hint=N_("Usually 90 days after the start. A report takes about five minutes."),
        ),
    ),
    why=N_("Data partners hear what came of their data without asking."),
    sources=frozenset({Source.CALENDAR}),
)

PUBLICATION_PLAN = Question(
    "publication",
    N_("Publication"),
    (
        Part(
            "publication",
            Shape.CHOICE,
            N_("Say who may see the results."),
            label=N_("Who may see the results?"),
            choices=PUBLICATION,
            term="output_openness",
        ),
        Part(
            "publication_words",
            Shape.WORDS,
            label=N_("Where and when"),
            limit=40,
            optional=True,
        ),
    ),
    why=N_(
        "The data partner reads results before they appear, for ten working days and on three grounds only (clause 17)."
    ),
)

MEASURE = Step(
    StepKey.MEASURE,
    N_("Measure"),
    N_("Say how it will show that something changed."),
    N_("Up to three indicators, the first report, and who may see the results."),
    3,
    (INDICATORS, HOW_MEASURED, FIRST_REPORT, PUBLICATION_PLAN),
)
