"""Standing consent as a table: what a rule does not name, it does not let pass."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.consents import CRITERIA, Criteria, ItemFacts, from_json, gaps, misfits, to_json
from app.rules.vocabulary import AccessMode, Sensitivity

RULE = Criteria(
    purposes=frozenset({"dev"}),
    access_modes=frozenset({"report"}),
    most_sensitive="2",
    personal_data=frozenset({"none"}),
    longest_months=12,
    datasets=frozenset({"DS-0001"}),
    members=frozenset({"city"}),
)
ITEM = ItemFacts("DS-0001", "2", "city", frozenset({"dev"}), "report", "none", 12)

OUTSIDE = {
    "datasets": replace(ITEM, dataset="DS-0002"),
    "members": replace(ITEM, member="bank"),
    "purposes": replace(ITEM, purposes=frozenset({"dev", "health"})),
    "access_modes": replace(ITEM, access_mode="enclave"),
    "most_sensitive": replace(ITEM, sensitivity="3"),
    "personal_data": replace(ITEM, personal_data="deidentified"),
    "longest_months": replace(ITEM, months=13),
}


def test_an_item_that_fits_every_line_is_approved() -> None:
    assert misfits(RULE, ITEM) == ()


@pytest.mark.parametrize("key", [line.key for line in CRITERIA])
def test_one_line_that_does_not_fit_is_enough_and_is_named(key: str) -> None:
    assert [line.key for line in misfits(RULE, OUTSIDE[key])] == [key]


def test_an_answer_that_is_missing_fits_nothing() -> None:
    empty = ItemFacts("DS-0001", "", "city", frozenset(), "", "", None)
    named = {line.key for line in misfits(RULE, empty)}
    assert named == {"purposes", "access_modes", "most_sensitive", "personal_data", "longest_months"}


def test_only_datasets_and_members_may_be_left_open() -> None:
    assert misfits(replace(RULE, datasets=frozenset(), members=frozenset()), ITEM) == ()
    bare = from_json({})
    assert {field for field, _ in gaps(bare)} == {
        "purposes", "access_modes", "most_sensitive", "personal_data", "longest_months",
    }  # fmt: skip
    assert len(misfits(bare, ITEM)) == len(gaps(bare))


_CODES = st.frozensets(st.sampled_from(["dev", "health", "city", "DS-0001", "none"]), max_size=4)


@given(
    _CODES, st.frozensets(st.sampled_from(list(AccessMode))), st.sampled_from(list(Sensitivity)), st.integers(0, 200)
)
def test_a_rule_is_stored_without_loss_and_in_one_order(
    codes: frozenset[str], modes: frozenset[AccessMode], most: Sensitivity, months: int
) -> None:
    rule = Criteria(codes, frozenset(mode.value for mode in modes), most.value, codes, months, codes, codes)
    assert from_json(to_json(rule)) == rule
    assert list(to_json(rule)) == sorted(to_json(rule))


@given(_CODES, _CODES, st.integers(1, 120), st.integers(1, 120))
def test_a_wider_rule_lets_everything_pass_that_a_narrower_one_does(
    purposes: frozenset[str], more: frozenset[str], months: int, longer: int
) -> None:
    narrow = replace(RULE, purposes=purposes, longest_months=months)
    wide = replace(RULE, purposes=purposes | more, longest_months=max(months, longer))
    if not misfits(narrow, ITEM):
        assert not misfits(wide, ITEM)
