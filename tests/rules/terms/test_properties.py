"""What holds for every merge, whatever the layers say."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.terms import (
    EffectiveTerms,
    Layer,
    Mode,
    Operator,
    as_json,
    as_record,
    combine,
    from_record,
    is_within,
    merge,
)
from app.rules.terms.operators import exceeds_ceiling, fold, join
from tests.rules.terms.specimens import ACTS, AGREEMENT, AI_LEVELS, AUDIT_LEVELS, DEV, addendum, dataset, grant

Raw = dict[str, Any]

_codes = st.text("abc-", min_size=1, max_size=4)
_duties = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["report", "statement"]),
        "kind": st.sampled_from(["report", "statement"]),
        "first": st.integers(0, 100),
        "every": st.integers(0, 400),
        "recipients": st.lists(st.sampled_from(["partner", "secretariat"])),
    }
)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "purposes": st.lists(st.sampled_from(sorted(DEV)), max_size=3),
    "storage": st.lists(st.sampled_from(["EU", "BE", "DE", "KE", "US"]), max_size=4),
    "access_modes": st.lists(st.sampled_from(["enclave", "transfer"])),
    "link_with": st.lists(st.sampled_from(["own", "open"])),
    "actions": st.lists(st.sampled_from(ACTS)),
    "prohibited": st.lists(st.sampled_from(ACTS)),
    "ai_use": st.sampled_from([level[0] for level in AI_LEVELS]),
    "deletion_days": st.integers(1, 90),
    "k_min": st.integers(0, 50),
    "review_wd": st.integers(0, 60),
    "sensitivity": st.sampled_from("1234"),
    "audit_mode": st.sampled_from([level[0] for level in AUDIT_LEVELS]),
    "certificate": st.booleans(),
    "derived_keep": st.booleans(),
    "incident_hours": st.integers(1, 100),
    "max_term": st.integers(1, 40),
    "start": st.dates().map(str).filter(lambda day: day < "9000"),
    "end": st.dates().map(str),
    "duties": st.lists(_duties, max_size=2, unique_by=lambda duty: duty["id"]),
    "roles": st.sampled_from(["independent", "joint"]),
    "credit": st.lists(st.fixed_dictionaries({"id": _codes, "text": _codes}), max_size=2),
    "unnamed": st.booleans(),
    "governing_law": st.just("CH"),
}
raws = st.fixed_dictionaries({}, optional=_VALUES)
# Ordering of choices that must match is undefined; where layers differ the merge reports a conflict.
_UNORDERED = {Operator.EQUAL, Operator.LOCKED}


@given(st.lists(raws, min_size=2, max_size=3), raws, raws, st.randoms())
@settings(max_examples=80, deadline=None)
def test_the_order_in_which_layers_are_given_does_not_matter(extra: list[Raw], l3: Raw, l4: Raw, random: Any) -> None:
    addenda = [addendum(raw, f"addendum:{n}") for n, raw in enumerate(extra)]
    shuffled = random.sample(addenda, len(addenda))
    once = merge(AGREEMENT, addenda, dataset(l3), grant(l4))
    assert as_json(once) == as_json(merge(AGREEMENT, shuffled, dataset(l3), grant(l4)))


@given(raws, raws, raws)
@settings(max_examples=80, deadline=None)
def test_every_operator_is_commutative_associative_and_idempotent(one: Raw, two: Raw, three: Raw) -> None:
    a, b, c = (dataset(raw).rules for raw in (one, two, three))
    for name in a.keys() & b.keys() & c.keys():
        spec = AGREEMENT.specs[name]
        if spec.operator in _UNORDERED:
            continue
        x, y, z = a[name].value, b[name].value, c[name].value
        assert join(spec, x, y) == join(spec, y, x)
        assert join(spec, join(spec, x, y), z) == join(spec, x, join(spec, y, z))
        assert join(spec, x, x) == x


@given(raws, raws)
@settings(max_examples=80, deadline=None)
def test_merging_the_same_layer_twice_changes_nothing(l2: Raw, l3: Raw) -> None:
    once = merge(AGREEMENT, [addendum(l2)], dataset(l3))
    twice = merge(AGREEMENT, [addendum(l2), addendum(l2)], dataset(l3))
    assert {name: rule.value for name, rule in once.rules.items()} == {
        name: rule.value for name, rule in twice.rules.items()
    }


def narrows(before: EffectiveTerms, after: EffectiveTerms) -> list[str]:
    """The parameters that allow more after than before."""
    wider = []
    for name, rule in before.rules.items():
        spec, now = AGREEMENT.specs[name], after.value(name)
        if spec.operator in _UNORDERED or name == "credit":
            continue  # a hidden giver's lines are exchanged, not widened
        if spec.within and after.value(spec.within.start) != before.value(spec.within.start):
            continue  # the last day follows the first: a later start moves both, and the term stays as long
        if now is None or not is_within(spec, now, rule.value):
            wider.append(name)
    return wider


@given(raws, raws, raws)
@settings(max_examples=100, deadline=None)
def test_an_addendum_and_grant_conditions_never_widen(l2: Raw, l3: Raw, l4: Raw) -> None:
    bare = merge(AGREEMENT, (), dataset(l3))
    with_addendum = merge(AGREEMENT, [addendum(l2)], dataset(l3))
    assert narrows(bare, with_addendum) == []
    assert narrows(with_addendum, merge(AGREEMENT, [addendum(l2)], dataset(l3), grant(l4))) == []


@given(raws, raws)
@settings(max_examples=100, deadline=None)
def test_dataset_conditions_widen_only_a_default_and_never_above_its_ceiling(l2: Raw, l3: Raw) -> None:
    before = merge(AGREEMENT, [addendum(l2)])
    after = merge(AGREEMENT, [addendum(l2)], dataset(l3))
    for name in narrows(before, after):
        spec = AGREEMENT.specs[name]
        assert spec.mode is Mode.DEFAULT
        value = after.value(name)
        assert value is not None
        assert spec.ceiling is None or not exceeds_ceiling(spec, value)


@given(raws, raws, raws)
@settings(max_examples=80, deadline=None)
def test_every_rule_names_a_source_and_the_record_keeps_everything(l2: Raw, l3: Raw, l4: Raw) -> None:
    terms = merge(AGREEMENT, [addendum(l2)], dataset(l3), grant(l4))
    assert all(rule.sources for rule in terms.rules.values())
    assert as_json(from_record(as_record(terms))) == as_json(terms)


@given(raws, raws)
@settings(max_examples=100, deadline=None)
def test_a_joint_output_is_never_freer_than_one_of_its_datasets(one: Raw, two: Raw) -> None:
    a, b = merge(AGREEMENT, (), dataset(one, "listing:A@1")), merge(AGREEMENT, (), dataset(two, "listing:B@1"))
    joint = combine(AGREEMENT.specs, [a, b])
    assert as_json(joint) == as_json(combine(AGREEMENT.specs, [b, a]))
    for name, rule in joint.rules.items():
        spec = AGREEMENT.specs[name]
        if spec.operator not in _UNORDERED:
            assert all(is_within(spec, rule.value, terms.rules[name].value) for terms in (a, b) if name in terms.rules)
            assert rule.value == fold(spec, [terms.rules[name].value for terms in (a, b) if name in terms.rules])


def test_layers_keep_their_type() -> None:
    assert isinstance(dataset({}), Layer)
