"""Step 3, value: what comes of it, for whom, and for the data partner."""

from app.foundation.words import N_
from app.rules.questions.choices import BENEFICIARIES, BENEFIT_KINDS, OUTPUTS
from app.rules.questions.shapes import Part, Question, Shape, Step, StepKey

BENEFIT = Question(
    "benefit",
    N_("Public benefit"),
    (
        Part(
            "benefit",
            Shape.WORDS,
            N_("Say what will be better, for whom, in words that anyone can read."),
            label=N_("What will be better?"),
            hint=N_("Write for readers outside your field: this text is public once a grant is issued."),
            limit=100,
        ),
        Part(
            "benefit_kinds",
            Shape.CHOICES,
            N_("Choose what kind of benefit it is."),
            label=N_("What kind of benefit is it?"),
            limit=5,
            choices=BENEFIT_KINDS,
        ),
    ),
    why=N_("The register shows it beside the grant, as the reason why data was lent."),
    example=N_(
        "About 40,000 children get a safer way to school by 2028. The city spends its crossing budget where most of them "
        "walk, and can show parents why."
    ),
)

BENEFICIARY = Question(
    "beneficiaries",
    N_("Who benefits"),
    (
        Part(
            "beneficiaries",
            Shape.WORDS,
            N_("Say who benefits, and about how many."),
            label=N_("Who are they, and about how many?"),
            limit=50,
        ),
        Part(
            "beneficiary_types",
            Shape.CHOICES,
            N_("Choose who they are."),
            label=N_("They are"),
            limit=5,
            choices=BENEFICIARIES,
            term="beneficiary_type",
        ),
    ),
    why=N_("The agreement limits who may benefit (clause 2.4). Say so here if a company or paid adviser would."),
)

OUTPUT = Question(
    "outputs",
    N_("Outputs"),
    (
        Part(
            "outputs",
            Shape.CHOICES,
            N_("Choose at least one thing that you will make."),
            label=N_("What will you make?"),
            limit=8,
            choices=OUTPUTS,
        ),
        Part(
            "outputs_words",
            Shape.WORDS,
            N_("Say what it is that you will make."),
            label=N_("In a few words"),
            limit=40,
            needed_if=("outputs", frozenset({"other"})),
        ),
    ),
    why=N_("Outputs are cleared before publication, so the data partner wants to know what to expect."),
)

VALUE_BACK = Question(
    "value_back",
    N_("What the data partner gets back"),
    (
        Part(
            "value_back",
            Shape.WORDS,
            N_("Say what you give back, like “a quality report on the data”."),
            limit=60,
        ),
    ),
    hint=N_("A credit, early results, a note on data quality, a talk, a method they may use."),
    why=N_("Data is lent free of charge. A small thing in return keeps it that way."),
    example=N_("A note on gaps that we find in the data, our code, and a talk for your data team in March."),
)

VALUE = Step(
    StepKey.VALUE,
    N_("Value"),
    N_("Say what will be better, and for whom."),
    N_("Who benefits and how, what you will make, and what the data partner gets back."),
    4,
    (BENEFIT, BENEFICIARY, OUTPUT, VALUE_BACK),
)
