"""Step 4, match: how the data is reached, by whom, where it is kept, for how long, and at what risk."""

from app.foundation.words import N_
from app.rules.questions.choices import AI_USES, NEEDS_AN_ANNEX, PERSONAL_DATA, RISKS
from app.rules.questions.shapes import Part, Question, Shape, Source, Step, StepKey
from app.rules.vocabulary import ACCESS_MODES

ACCESS = Question(
    "access",
    N_("How you reach and use the data"),
    (
        Part(
            "access_mode",
            Shape.CHOICE,
            N_("Choose how you would reach the data."),
            label=N_("Way of access"),
            # A wish that the data partner reads: one answer for several datasets, of which each is lent in its listing's way.
            hint=N_("Each dataset is lent in the way that its listing names. Say which way suits your work."),
            choices={mode.value: words for mode, words in ACCESS_MODES.items()},
        ),
        Part(
            "ai_use",
            Shape.CHOICE,
            N_("Say whether you would use a model on the data."),
            label=N_("Models on the data"),
            hint=N_("Generative models are never allowed (clause 4)."),
            choices=AI_USES,
            term="ai_use",
        ),
    ),
    why=N_("Where no data moves, approval is quickest."),
    sources=frozenset({Source.DATASET}),
)

TEAM = Question(
    "team",
    N_("Team"),
    (Part("team", Shape.TEAM, N_("Name the people who will handle the data.")),),
    hint=N_("Everyone who will handle the data. They may belong to several organizations."),
    why=N_("Only people named here may handle the data; your organization answers for them."),
    sources=frozenset({Source.SIGN_IN}),
)

STORAGE = Question(
    "storage",
    N_("Where the data is kept"),
    (
        Part(
            "storage_place",
            Shape.LINE,
            N_("Say where the data will be kept, like “our research server, encrypted”."),
            label=N_("The system, and who runs it"),
            limit=160,
        ),
        Part(
            "storage_country",
            Shape.COUNTRY,
            N_("Choose the country in which the data will be kept."),
            label=N_("In which country?"),
            hint=N_("Backups included."),
            term="storage_places",
        ),
    ),
    why=N_("Some data must stay in a country. The place becomes part of the grant."),
    sources=frozenset({Source.PROFILE}),
)

DATES = Question(
    "dates",
    N_("Start and end"),
    (
        Part(
            "starts_on",
            Shape.DATE,
            N_("Enter the day you want to start, like 1 3 2027."),
            label=N_("Start"),
            term="start",
        ),
        Part(
            "ends_on",
            Shape.DATE,
            N_("Enter the day you will be done, like 28 2 2028."),
            label=N_("End"),
            hint=N_("Grants usually run 12 months. Data is deleted within 30 days after the end."),
            term="end",
        ),
    ),
    why=N_("Access ends by itself on the last day. A grant can be renewed."),
    sources=frozenset({Source.CALENDAR}),
)

PERSONAL = Question(
    "personal_data",
    N_("Personal data"),
    (
        Part(
            "personal_data",
            Shape.CHOICE,
            N_("Say whether the data stems from people who could be told apart."),
            label=N_("What do you need?"),
            choices=PERSONAL_DATA,
            term="personal_data",
        ),
        Part(
            "personal_data_words",
            Shape.WORDS,
            N_("Say why you need data about single people, and on which legal basis."),
            label=N_("Why, and on which legal basis?"),
            hint=N_("Only where people have codes or can be identified."),
            limit=60,
            needed_if=("personal_data", NEEDS_AN_ANNEX),
        ),
    ),
    why=N_("Data about single people needs an annex on privacy (clause 15), which takes longer."),
)

RISK = Question(
    "risks",
    N_("Risks, and what you do about them"),
    (
        Part(
            "risks",
            Shape.CHOICES,
            N_("Choose at least one risk. No use is without one."),
            label=N_("What could go wrong?"),
            limit=7,
            choices=RISKS,
        ),
        Part(
            "risks_words",
            Shape.WORDS,
            N_("Say what you do about these risks."),
            label=N_("What do you do about it?"),
            limit=60,
        ),
    ),
    why=N_("A risk that you name is discussed. A risk that the reviewer finds is a reason to say no."),
    example=N_("We publish no cell below ten trips, and say in the report which streets the data does not see."),
)

MATCH = Step(
    StepKey.MATCH,
    N_("Match"),
    N_("Who works with the data, where, and for how long."),
    N_("Way of access, team, storage, dates, personal data and risks."),
    4,
    (ACCESS, TEAM, STORAGE, DATES, PERSONAL, RISK),
)
