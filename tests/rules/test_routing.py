"""Routing: whatever a proposal asks for, exactly one rule decides, always the same one, and says why in a sentence."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.pipelines import PIPELINES, Step
from app.rules.questions.choices import PERSONAL_DATA, PURPOSES
from app.rules.routing import RULES, Facts, asks_more, further_reviews, route
from app.rules.vocabulary import WORLD, AccessMode, Sensitivity

C = Sensitivity
FACTS = st.builds(
    Facts,
    sensitivities=st.frozensets(st.sampled_from(C)),
    access_modes=st.frozensets(st.sampled_from(AccessMode)),
    personal_data=st.sampled_from(["", *PERSONAL_DATA]),
    purposes=st.frozensets(st.sampled_from(sorted(PURPOSES)), max_size=3),
    countries=st.frozensets(st.sampled_from(["CO", "PE", "BR", "KE", "PT", "NL", "MX", WORLD])),
    crisis=st.sampled_from(["", "Floods in Paraná"]),
    is_preauthorized=st.booleans(),
)


@given(FACTS)
def test_every_proposal_gets_one_pipeline_and_always_the_same(facts: Facts) -> None:
    found = route(facts)
    assert found.pipeline in PIPELINES
    assert route(facts) == found
    first = next(rule for rule in RULES if rule.fits(facts))
    assert (found.rule, found.pipeline) == (first.key, first.pipeline)


@given(FACTS)
def test_the_reason_is_a_sentence_without_gaps(facts: Facts) -> None:
    found = route(facts)
    words = found.because % dict(found.facts) if found.facts else found.because
    assert words
    assert "%" not in words


@given(FACTS)
def test_nobody_takes_the_quick_way_without_a_crisis_and_a_person_who_vouches(facts: Facts) -> None:
    if route(facts).pipeline == "crisis@1":
        assert facts.crisis
        assert facts.is_preauthorized
        assert facts.personal_data != "personal"


@given(FACTS)
def test_data_that_names_people_is_always_read_by_ethics(facts: Facts) -> None:
    if facts.personal_data == "personal":
        assert route(facts).pipeline == "ethics@1"


def test_every_rule_can_decide() -> None:
    assert {route(facts).rule for facts in CASES.values()} == {rule.key for rule in RULES}


def test_the_last_rule_fits_everything() -> None:
    assert RULES[-1].fits(Facts())
    assert len({rule.key for rule in RULES}) == len(RULES)


CLASS_3 = frozenset({C.CLASS_3})
FLOOD = Facts(crisis="Floods", is_preauthorized=True, purposes=frozenset({"dev.disaster.flood"}))
CASES = {
    "usual": Facts(),
    "identifiable": replace(FLOOD, personal_data="personal"),
    "crisis": replace(FLOOD, personal_data="pseudonymous"),
    "pseudonymous": Facts(personal_data="pseudonymous"),
    "harmful": Facts(sensitivities=frozenset({C.CLASS_1, C.CLASS_4})),
    "many_hands": Facts(sensitivities=CLASS_3, access_modes=frozenset({AccessMode.POOLED_STORE})),
    "about_groups": Facts(sensitivities=CLASS_3, purposes=frozenset({"dev.population.poverty"})),
    "reaches_far": Facts(sensitivities=CLASS_3, countries=frozenset({WORLD})),
}


@pytest.mark.parametrize("key", CASES)
def test_a_proposal_of_each_kind_takes_its_way(key: str) -> None:
    assert route(CASES[key]).rule == key


@pytest.mark.parametrize(
    "facts",
    [
        Facts(crisis="Floods", purposes=frozenset({"dev.disaster.flood"})),
        Facts(is_preauthorized=True, purposes=frozenset({"dev.disaster.flood"})),
        Facts(crisis="Floods", is_preauthorized=True, purposes=frozenset({"dev.energy"})),
        Facts(crisis="Floods", is_preauthorized=True, purposes=frozenset({"dev.disasters"})),
        Facts(sensitivities=CLASS_3, access_modes=frozenset({AccessMode.SECURE_TRANSFER})),
        Facts(sensitivities=CLASS_3, countries=frozenset({"CO", "PE", "BR", "KE", "PT"})),
        Facts(sensitivities=frozenset({C.CLASS_2}), countries=frozenset({WORLD})),
    ],
)
def test_what_lacks_one_part_of_a_rule_takes_the_usual_way(facts: Facts) -> None:
    assert route(facts).pipeline == "default@1"


def test_of_two_ways_one_asks_for_more_and_a_newer_version_of_one_asks_for_no_more() -> None:
    in_order = ["crisis@1", "default@1", "committee@1", "ethics@1"]
    assert set(in_order) == set(PIPELINES)
    for kept, found in pairwise(in_order):
        assert asks_more(found, kept)
        assert not asks_more(kept, found)
    assert not asks_more("default@2", "default@1")


def test_what_a_way_that_asks_for_more_brings_is_its_votes_and_reviews() -> None:
    assert [each.step for each in further_reviews("ethics@1", "committee@1")] == [Step.ETHICS, Step.LEGAL]
    assert [each.step for each in further_reviews("committee@1", "crisis@1")] == [Step.COMMITTEE]
    assert further_reviews("default@1", "crisis@1") == ()
    assert further_reviews("committee@1", "ethics@1") == ()
