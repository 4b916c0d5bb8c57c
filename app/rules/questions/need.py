"""Step 1, need: the problem, where it is, and the decision that waits for an answer."""

from app.foundation.words import N_
from app.rules.goals import GOALS
from app.rules.questions.choices import PURPOSES
from app.rules.questions.shapes import Part, Question, Shape, Source, Step, StepKey
from app.rules.vocabulary import THEMES, Theme

_WITHOUT_PURPOSE = frozenset({Theme.SATELLITE.value, Theme.OTHER.value})

TITLE = Question(
    "title",
    N_("Title"),
    (
        Part(
            "title",
            Shape.LINE,
            N_("Give your proposal a title, like “Safer walking routes to schools in Quito”."),
            limit=80,
        ),
    ),
    hint=N_("What you will do, and where. The title is public once a grant is issued."),
    why=N_("It heads every page, mail and letter of this case, so that people find it again."),
    example=N_("Safer walking routes to schools in Quito"),
)

PROBLEM = Question(
    "problem",
    N_("The problem"),
    (
        Part(
            "problem",
            Shape.WORDS,
            N_("Describe the problem: who has it, where, and what goes wrong today."),
            label=N_("What goes wrong today, for whom, and where?"),
            limit=150,
        ),
        Part(
            "question",
            Shape.LINE,
            N_("Put your question into one sentence that data can answer."),
            label=N_("Your question, in one sentence"),
            hint=N_("One that data can answer."),
            limit=200,
        ),
    ),
    why=N_("Data partners approve a question, not a wish to have data. A sharp question is answered sooner."),
    example=N_(
        "Half of the children in the southern districts walk to school along roads without sidewalks. The city can rebuild "
        "twelve crossings this year and does not know which. Question: which crossings do most children use before eight?"
    ),
)

PLACE = Question(
    "place",
    N_("Country or region"),
    (
        Part(
            "countries",
            Shape.COUNTRIES,
            N_("Choose at least one country."),
            label=N_("Countries"),
            limit=60,
            term="coverage_space",
        ),
        Part(
            "place",
            Shape.LINE,
            label=N_("City or region"),
            hint=N_("Where the whole country is more than you need."),
            limit=120,
            optional=True,
        ),
    ),
    why=N_("A grant covers the places named here and no others."),
    sources=frozenset({Source.DATASET}),
)

THEME = Question(
    "theme",
    N_("Theme"),
    (
        Part(
            "theme",
            Shape.CHOICE,
            N_("Choose the theme that fits best."),
            label=N_("Main theme"),
            choices={theme.value: words for theme, words in THEMES.items()},
        ),
        Part(
            "purposes",
            Shape.CHOICES,
            N_("Choose the purpose that the grant should name."),
            label=N_("Purposes, in the words of the agreement"),
            hint=N_("Leave this empty if the theme says it all. Up to three."),
            limit=3,
            choices=PURPOSES,
            needed_if=("theme", _WITHOUT_PURPOSE),
            term="permitted_purposes",
        ),
        Part(
            "goal",
            Shape.CHOICE,
            label=N_("Sustainable Development Goal"),
            limit=1,
            optional=True,
            choices=GOALS,
        ),
    ),
    why=N_("Each grant names its purpose. The register counts uses by theme."),
    sources=frozenset({Source.DATASET}),
)

DECISION = Question(
    "decision",
    N_("The decision it will inform"),
    (
        Part(
            "decision",
            Shape.WORDS,
            N_("Say which decision the answer will inform."),
            label=N_("What will be decided?"),
            limit=60,
        ),
        Part(
            "decision_owner",
            Shape.LINE,
            N_("Say whose decision it is, like “Transport department, city of Quito”."),
            label=N_("Whose decision is it?"),
            limit=120,
        ),
        Part(
            "decision_by",
            Shape.DATE,
            N_("Enter the date the decision is needed, like 14 3 2027."),
            label=N_("By when is it needed?"),
        ),
    ),
    why=N_("Data partners want to see what came of their data. You will be asked about this decision in your report."),
    example=N_("Which twelve crossings to rebuild with this year's road safety budget."),
)

NEED = Step(
    StepKey.NEED,
    N_("Need"),
    N_("A sharp question gets a fast answer."),
    N_("The problem, where it is, and which decision waits for an answer."),
    5,
    (TITLE, PROBLEM, PLACE, THEME, DECISION),
)
