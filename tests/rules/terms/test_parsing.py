"""Bad values are refused with a sentence that says how to mend them; good ones arrive typed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.terms import Finding, Level, Problem, read_layer
from tests.rules.terms.specimens import AGREEMENT, dataset


def refused(name: str, raw: object) -> Finding:
    _layer, findings = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", {name: raw})
    (finding,) = [finding for finding in findings if finding.is_refusal]
    return finding


@pytest.mark.parametrize(
    ("name", "raw", "mend"),
    [
        ("deletion_days", 0, "1 or more"),
        ("deletion_days", -5, "1 or more"),
        ("deletion_days", "20", "whole number"),
        ("deletion_days", 2.5, "whole number"),
        ("deletion_days", True, "whole number"),
        ("deletion_days", {"value": 20, "unit": "working_day"}, "calendar day"),
        ("end", "2027-13-01", "year-month-day"),
        ("end", "tomorrow", "year-month-day"),
        ("certificate", "yes", "true or false"),
        ("ai_use", "everything", "train_delete"),
        ("ai_use", ["inference"], "choose one of"),
        ("purposes", "dev", "list of codes"),
        ("purposes", ["dev", "war"], "war"),
        ("purposes", [None], "not in the list"),
        ("storage", ["XX"], "XX"),
        ("storage", ["KE\x00"] * 501, "list of codes"),
        ("credit", ["Acme"], "id"),
        ("credit", [{"id": "a", "text": "\u202e"}], "1 to 2,000"),
        ("duties", [{"id": "report"}], "each duty needs"),
        ("duties", [{"id": "report", "kind": "report", "every": "monthly"}], "whole numbers"),
        ("roles", 7, "choose one of"),
    ],
)
def test_a_wrong_value_is_refused_with_its_remedy(name: str, raw: object, mend: str) -> None:
    finding = refused(name, raw)
    assert finding.problem is Problem.INVALID
    assert mend in str(finding.sentence)


def test_an_unknown_parameter_is_named() -> None:
    assert refused("delete_days", 3).problem is Problem.UNKNOWN


def test_none_is_unset_and_no_mistake() -> None:
    layer, findings = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", {"purposes": None})
    assert (layer.rules, findings) == ({}, ())


def test_regions_become_their_countries() -> None:
    assert dataset({"storage": ["EU", "KE"]}).rules["storage"].value == {"BE", "DE", "KE"}
    assert AGREEMENT.specs["storage"].vocabulary.shown(frozenset({"BE", "DE", "KE"})) == ["EU", "KE"]


def test_a_child_beside_its_parent_is_the_parent() -> None:
    assert dataset({"purposes": ["dev.disaster.flood", "dev.disaster"]}).rules["purposes"].value == {"dev.disaster"}


def test_a_day_may_come_as_date_or_text() -> None:
    assert dataset({"end": date(2027, 3, 14)}).rules["end"].value == dataset({"end": "2027-03-14"}).rules["end"].value


def test_purposes_outside_the_agreement_are_refused_with_what_it_allows() -> None:
    finding = refused("access_modes", [])
    assert "Choose at least one" in str(finding.sentence)


def test_a_value_looser_than_the_agreement_may_be_saved_and_is_pointed_out() -> None:
    _layer, (finding,) = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", {"deletion_days": 60})
    assert (finding.problem, finding.is_refusal) == (Problem.NO_EFFECT, False)
    assert "30" in str(finding.sentence)


@given(
    st.dictionaries(
        st.sampled_from(sorted(AGREEMENT.specs.by_name)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["id", "kind", "text", "value", "unit", "every"]), inner)
            ),
            max_leaves=5,
        ),
    )
)
@settings(max_examples=300, deadline=None)
def test_whatever_is_given_is_answered_and_never_breaks(raw: dict[str, object]) -> None:
    _layer, findings = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", raw)
    assert all(str(finding.sentence) for finding in findings)
