"""Which pipeline a proposal goes through, and why: an ordered table of rules, of which the first that fits decides.

The rules ask about the sensitivity of the datasets, the ways of access, personal data, purposes and countries, and whether
there is a declared crisis with a pre-authorized lead. They are asked whenever a proposal is sent. Sent again, it moves to a way
that asks for more, never to one that asks for less; docs/decisions/0062-sent-again-it-is-routed-again.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.foundation.words import N_
from app.rules.pipelines import CURRENT_PIPELINE, VERDICT_STEPS, ReviewStep, pipeline_of
from app.rules.vocabulary import WORLD, AccessMode, Sensitivity


@dataclass(frozen=True)
class Facts:
    """What the rules ask about. Codes as the answers and listings have them; an empty set where nothing was answered."""

    sensitivities: frozenset[Sensitivity] = frozenset()
    access_modes: frozenset[AccessMode] = frozenset()
    personal_data: str = ""
    purposes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    # The title of a crisis that was declared for one of the countries and runs now; empty where there is none.
    crisis: str = ""
    is_preauthorized: bool = False


@dataclass(frozen=True)
class Rule:
    """One line of the table: `asks` says in words what `fits` checks, `because` is the sentence that people read."""

    key: str
    pipeline: str
    asks: str
    because: str
    fits: Callable[[Facts], bool]


@dataclass(frozen=True)
class Route:
    """The answer: the pipeline, the rule that chose it, and the sentence that says why, with what fills its gaps."""

    pipeline: str
    rule: str
    because: str
    facts: tuple[tuple[str, str], ...] = ()


# Copies leave the data partner, and others work with them.
_COPIES_FOR_MANY = frozenset({AccessMode.POOLED_STORE, AccessMode.CHALLENGE_EXTRACT})
# Purposes that are about groups of people who can come to harm as a group.
_ABOUT_GROUPS = ("dev.population.displacement", "dev.population.poverty", "dev.gender", "dev.governance")
# What a crisis is declared for: nothing else becomes quicker by it.
_OF_A_CRISIS = (
    "dev.disaster",
    "dev.emergency",
    "dev.humanitarian",
    "dev.health.epidemic",
    "dev.population.displacement",
)
MANY_COUNTRIES = 5


def _is_under(purposes: frozenset[str], roots: tuple[str, ...]) -> bool:
    """Whether one of the purposes is one of these, or lies under it in the agreement's tree."""
    return any(purpose == root or purpose.startswith(f"{root}.") for purpose in purposes for root in roots)


def _reaches_far(facts: Facts) -> bool:
    return WORLD in facts.countries or len(facts.countries) > MANY_COUNTRIES


def _in_a_crisis(facts: Facts) -> bool:
    return bool(facts.crisis) and facts.is_preauthorized and _is_under(facts.purposes, _OF_A_CRISIS)


def _could_single_out(facts: Facts) -> bool:
    return Sensitivity.CLASS_3 in facts.sensitivities


def _anything(_facts: Facts) -> bool:
    return True


RULES: tuple[Rule, ...] = (
    Rule(
        "identifiable",
        "ethics@1",
        N_("People can be identified in the data that is asked for."),
        N_("people can be identified in the data it asks for"),
        lambda facts: facts.personal_data == "personal",
    ),
    Rule(
        "crisis",
        "crisis@1",
        N_(
            "A crisis is declared for one of its countries, the purpose is the response, and the lead is pre-authorized."
        ),
        N_("a crisis is declared (%(crisis)s) and its lead is pre-authorized"),
        _in_a_crisis,
    ),
    Rule(
        "pseudonymous",
        "ethics@1",
        N_("People have codes instead of names in the data that is asked for."),
        N_("people have codes instead of names in the data it asks for"),
        lambda facts: facts.personal_data == "pseudonymous",
    ),
    Rule(
        "harmful",
        "ethics@1",
        N_("A dataset is of class 4: it would hurt people if it leaked."),
        N_("one of its datasets would hurt people if it leaked (class 4)"),
        lambda facts: Sensitivity.CLASS_4 in facts.sensitivities,
    ),
    Rule(
        "many_hands",
        "committee@1",
        N_("A dataset is of class 3, and copies of it are pooled or given to many."),
        N_("one of its datasets could single out small groups (class 3), and copies go to many"),
        lambda facts: _could_single_out(facts) and bool(facts.access_modes & _COPIES_FOR_MANY),
    ),
    Rule(
        "about_groups",
        "committee@1",
        N_("A dataset is of class 3, and the purpose is about displacement, poverty, gender or governance."),
        N_("one of its datasets could single out small groups (class 3), and its purpose is about such groups"),
        lambda facts: _could_single_out(facts) and _is_under(facts.purposes, _ABOUT_GROUPS),
    ),
    Rule(
        "reaches_far",
        "committee@1",
        N_("A dataset is of class 3, and it is about the whole world or more than five countries."),
        N_("one of its datasets could single out small groups (class 3), and it is about more than five countries"),
        lambda facts: _could_single_out(facts) and _reaches_far(facts),
    ),
    Rule(
        "usual",
        CURRENT_PIPELINE,
        N_("Everything else."),
        N_("nothing about it asks for a further review"),
        _anything,
    ),
)


def route(facts: Facts) -> Route:
    """The pipeline of a proposal with these facts. The last rule fits everything, so there is always exactly one answer."""
    rule = next(rule for rule in RULES if rule.fits(facts))
    gaps = (("crisis", facts.crisis),) if "%(crisis)s" in rule.because else ()
    return Route(rule.pipeline, rule.key, rule.because, gaps)


# How much each way asks for, the least first, whatever the version of its table: hours, days, a vote, two reviews.
_BY_DEMAND = ("crisis", "default", "committee", "ethics")


def asks_more(found: str, kept: str) -> bool:
    """Whether one pipeline asks for more than another. A newer version of the same way does not: it moves no case in flight."""
    return _demand(found) > _demand(kept)


def further_reviews(found: str, kept: str) -> tuple[ReviewStep, ...]:
    """The votes and reviews of a pipeline that asks for more, which the other one does not have; none where it does not."""
    if not asks_more(found, kept):
        return ()
    known = pipeline_of(kept).names
    return tuple(each for each in pipeline_of(found).steps if each.step in VERDICT_STEPS and each.step not in known)


def _demand(pipeline: str) -> int:
    return _BY_DEMAND.index(pipeline.partition("@")[0])
