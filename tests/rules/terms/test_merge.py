"""The twelve cases that the merge must answer as the agreement's design states them."""

from collections.abc import Sequence

import pytest

from app.rules.terms import (
    AddendumKind,
    ConflictKind,
    EffectiveRule,
    EffectiveTerms,
    Layer,
    Level,
    Problem,
    Source,
    Unit,
    as_json,
    check_layer,
    combine,
    merge,
    read_layer,
)
from app.rules.terms.values import as_codes, as_duties, as_lines
from tests.rules.terms.specimens import AGREEMENT, DAY, REPORT_90, addendum, agreement, dataset, grant, layer


def rule(terms: EffectiveTerms, name: str) -> EffectiveRule:
    found = terms.get(name)
    assert found is not None
    return found


def levels(sources: Sequence[Source]) -> list[str]:
    return [source.level.value for source in sources]


def test_case_1_the_narrowest_purpose_of_the_tree_holds() -> None:
    purposes = rule(
        merge(
            AGREEMENT,
            (),
            dataset({"purposes": ["dev.disaster", "dev.transport"]}),
            grant({"purposes": ["dev.disaster.flood"]}),
        ),
        "purposes",
    )
    assert purposes.value == {"dev.disaster.flood"}
    assert levels(purposes.sources) == ["L4"]
    assert levels(purposes.narrowed) == ["L1", "L3"]
    assert purposes.no_effect == ()


def test_case_2_storage_that_nobody_allows_blocks_and_names_the_two_layers() -> None:
    terms = merge(
        AGREEMENT,
        (addendum({"storage": ["KE"]}),),
        dataset({"storage": ["EU", "KE", "US"]}),
        grant({"storage": ["EU"]}),
    )
    (conflict,) = terms.conflicts
    assert conflict.kind is ConflictKind.EMPTY
    assert levels(conflict.between) == ["L2", "L4"]
    assert conflict.hint == ("KE",)
    assert "addendum:1" in str(conflict.sentence)
    assert "grant:1" in str(conflict.sentence)


def test_case_3a_unset_has_no_opinion() -> None:
    modes = rule(merge(AGREEMENT, (), dataset({})), "access_modes")
    assert modes.value == {"enclave", "transfer"}
    assert levels(modes.sources) == ["L1"]


def test_case_3b_an_empty_list_is_refused_when_the_listing_is_saved() -> None:
    _layer, (finding,) = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", {"access_modes": []})
    assert finding.problem is Problem.CONFLICT_EMPTY
    assert finding.is_refusal


def test_case_3b_and_blocks_a_grant_should_it_have_been_saved() -> None:
    (conflict,) = merge(AGREEMENT, (), dataset({"access_modes": []})).conflicts
    assert conflict.kind is ConflictKind.EMPTY


def test_case_4_above_the_ceiling_is_refused_when_saved() -> None:
    _layer, (finding,) = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", {"ai_use": "train_retain"})
    assert finding.problem is Problem.ABOVE_CEILING
    assert "train_delete" in str(finding.sentence)


def test_case_5_an_addendum_holds_against_what_the_dataset_opens() -> None:
    ai = rule(merge(AGREEMENT, (addendum({"ai_use": "inference"}),), dataset({"ai_use": "train_delete"})), "ai_use")
    assert ai.value == "inference"
    assert levels(ai.sources) == ["L2"]
    assert levels(ai.no_effect) == ["L3"]
    assert levels(ai.replaced) == ["L1"]


def test_case_5_another_member_without_the_addendum_has_what_the_dataset_opens() -> None:
    ai = rule(merge(AGREEMENT, (), dataset({"ai_use": "train_delete"})), "ai_use")
    assert (ai.value, levels(ai.sources)) == ("train_delete", ["L3"])


def test_case_5_an_addendum_alone_opens_nothing() -> None:
    ai = rule(merge(AGREEMENT, (addendum({"ai_use": "train_delete"}),), dataset({})), "ai_use")
    assert (ai.value, levels(ai.sources), levels(ai.no_effect)) == ("inference", ["L1"], ["L2"])


def test_case_6_the_shortest_deletion_holds_and_the_looser_grant_is_told() -> None:
    terms = merge(AGREEMENT, (), dataset({"deletion_days": 20}), grant({"deletion_days": 25}))
    days = rule(terms, "deletion_days")
    assert (days.value, levels(days.sources), levels(days.no_effect)) == (20, ["L3"], ["L4"])
    assert [(name, source.level) for name, source in terms.without_effect] == [("deletion_days", Level.GRANT)]


def test_case_7_a_joint_output_follows_the_strictest_of_its_datasets() -> None:
    a = merge(AGREEMENT, (), dataset({"k_min": 10}, "listing:A@1"))
    b = merge(AGREEMENT, (), dataset({}, "listing:B@1"))
    assert (rule(a, "k_min").value, levels(rule(a, "k_min").sources)) == (10, ["L3"])
    assert (rule(b, "k_min").value, levels(rule(b, "k_min").sources)) == (5, ["L1"])
    joint = rule(combine(AGREEMENT.specs, [a, b]), "k_min")
    assert joint.value == 10
    assert [source.document for source in joint.sources] == ["listing:A@1"]


def test_case_8_the_earliest_end_holds_and_months_end_on_the_same_day_number() -> None:
    terms = merge(
        AGREEMENT,
        (addendum({"end": "2028-03-31"}),),
        dataset({"max_term": 18}),
        grant({"start": "2027-01-01", "end": "2028-12-31"}),
    )
    end = rule(terms, "end")
    assert (end.value, levels(end.sources)) == (DAY("2028-03-31"), ["L2"])
    by_months = [source for source in end.no_effect if source.level is Level.DATASET]
    assert [source.value for source in by_months] == [DAY("2028-06-30")]


def test_case_9_a_general_prohibition_removes_its_children() -> None:
    terms = merge(AGREEMENT, (), dataset({"prohibited": ["model"]}))
    actions, prohibited = rule(terms, "actions"), rule(terms, "prohibited")
    assert actions.value == {"analyze", "publish_aggregate"}
    assert [(item.code, item.by.level) for item in actions.removed] == [("model", Level.DATASET)]
    by_code = {code: source.level for source in prohibited.sources for code in as_codes(source.value)}
    assert by_code == {"model": Level.DATASET, "model.generative": Level.AGREEMENT}


def test_case_9_a_special_prohibition_leaves_the_rest() -> None:
    actions = rule(merge(AGREEMENT), "actions")
    assert actions.value == {"analyze", "model", "publish_aggregate"}
    assert actions.removed == ()


def test_case_10a_what_the_agreement_locks_is_refused() -> None:
    _layer, (finding,) = read_layer(AGREEMENT, Level.DATASET, "listing:A@1", {"governing_law": "CH"})
    assert finding.problem is Problem.LOCKED


def test_case_10b_the_data_partner_sets_its_own_review_time() -> None:
    review = rule(merge(AGREEMENT, (), dataset({"review_wd": 20}), grant({"review_wd": 15})), "review_wd")
    assert (review.value, levels(review.sources), levels(review.no_effect)) == (20, ["L3"], ["L4"])


@pytest.mark.parametrize("level", [Level.ADDENDUM, Level.DATASET, Level.GRANT])
def test_case_10c_nobody_may_review_longer_than_the_ceiling(level: Level) -> None:
    _layer, (finding,) = read_layer(AGREEMENT, level, "x", {"review_wd": 45})
    assert finding.problem is Problem.ABOVE_CEILING


def test_case_11_a_duty_cannot_be_waived_below_the_agreement() -> None:
    certificate = rule(merge(AGREEMENT, (), dataset({"certificate": False})), "certificate")
    assert (certificate.value, levels(certificate.sources), levels(certificate.no_effect)) == (True, ["L1"], ["L3"])


def test_case_11_one_duty_takes_the_shorter_period_and_both_recipients() -> None:
    duties = rule(merge(AGREEMENT, (), dataset({"duties": [REPORT_90]})), "duties")
    (duty,) = as_duties(duties.value)
    assert (duty.every, duty.unit, duty.recipients) == (90, Unit.CALENDAR_DAY, ("partner", "secretariat"))
    assert levels(duties.sources) == ["L1", "L3"]


def test_case_12_a_running_grant_keeps_its_version_and_a_renewal_takes_the_new_one() -> None:
    first, second = agreement("1", deletion_days=60), agreement("2", deletion_days=30)
    issued = merge(first, (), dataset({}))
    frozen = as_json(issued)
    renewed = rule(merge(second, (), dataset({"deletion_days": 10}, "listing:A@2")), "deletion_days")
    assert rule(issued, "deletion_days").value == 60
    assert (renewed.value, levels(renewed.sources)) == (10, ["L3"])
    assert as_json(issued) == frozen


def test_a_higher_class_shortens_the_notice_of_an_incident() -> None:
    hours = rule(merge(AGREEMENT, (), dataset({"sensitivity": "3"})), "incident_hours")
    assert (hours.value, hours.sources[0].note) == (24, "sensitivity >= 3")
    assert rule(merge(AGREEMENT, (), dataset({"sensitivity": "2"})), "incident_hours").value == 72


def test_an_end_that_does_not_come_after_the_start_blocks() -> None:
    (conflict,) = merge(AGREEMENT, (), dataset({"end": "2027-01-01"}), grant({"start": "2027-01-01"})).conflicts
    assert conflict.kind is ConflictKind.DATES
    assert levels(conflict.between) == ["L4", "L3"]


def test_an_end_follows_from_the_start_alone() -> None:
    end = rule(merge(AGREEMENT, (), None, grant({"start": "2027-01-31"})), "end")
    assert end.value == DAY("2029-01-30")


def _immunities(cap: str) -> Layer:
    return layer(Level.ADDENDUM, {}, "addendum:9", AddendumKind.IMMUNITIES_ARCHIVES, {"audit_mode": cap})


def test_a_visit_asked_of_an_immune_member_is_a_conflict_for_the_steward() -> None:
    terms = merge(AGREEMENT, (_immunities("independent"),), dataset({"audit_mode": "onsite"}))
    (conflict,) = terms.conflicts
    assert conflict.kind is ConflictKind.CAP
    assert levels(conflict.between) == ["L2", "L3"]
    assert rule(terms, "audit_mode").value == "independent"


def test_a_cap_that_is_not_reached_changes_nothing() -> None:
    terms = merge(AGREEMENT, (_immunities("independent"),), dataset({}))
    assert (terms.conflicts, rule(terms, "audit_mode").value) == ((), "evidence")


def test_different_roles_are_for_counsel() -> None:
    (conflict,) = merge(AGREEMENT, (), dataset({"roles": "joint"}), grant({"roles": "independent"})).conflicts
    assert conflict.kind is ConflictKind.EQUAL


def test_one_id_for_two_kinds_of_duty_is_a_conflict() -> None:
    (conflict,) = merge(AGREEMENT, (), dataset({"duties": [REPORT_90 | {"kind": "meeting"}]})).conflicts
    assert conflict.kind is ConflictKind.DUTY


def test_what_was_locked_later_blocks_a_layer_saved_before() -> None:
    terms = merge(AGREEMENT, (), dataset({"governing_law": "CH"}))
    (conflict,) = terms.conflicts
    assert (conflict.kind, terms.value("governing_law")) == (ConflictKind.LOCKED, "none")


def test_what_lies_above_a_later_ceiling_blocks_and_stays_at_the_default() -> None:
    terms = merge(AGREEMENT, (), dataset({"ai_use": "train_release"}))
    (conflict,) = terms.conflicts
    assert (conflict.kind, terms.value("ai_use")) == (ConflictKind.CEILING, "inference")


def test_prohibitions_that_leave_nothing_block() -> None:
    (conflict,) = merge(AGREEMENT, (), dataset({"actions": ["model"], "prohibited": ["model"]})).conflicts
    assert conflict.kind is ConflictKind.EMPTY


def test_combining_with_nothing_is_a_rule_and_no_conflict() -> None:
    terms = merge(AGREEMENT, (), dataset({"link_with": []}))
    assert (terms.conflicts, terms.value("link_with")) == ((), frozenset())


def test_three_layers_that_only_together_exclude_everything_are_found() -> None:
    terms = merge(
        AGREEMENT,
        (addendum({"storage": ["BE", "DE"]}),),
        dataset({"storage": ["DE", "KE"]}),
        grant({"storage": ["BE", "KE"]}),
    )
    (conflict,) = terms.conflicts
    assert conflict.kind is ConflictKind.EMPTY
    assert conflict.hint == ("DE",)


def test_an_unnamed_data_partner_is_credited_through_the_consortium_and_nowhere_named() -> None:
    credit = [{"id": "acme", "text": "Data: Acme Mobility"}]
    terms = merge(AGREEMENT, (), dataset({"credit": credit, "unnamed": True}))
    assert [line.id for line in as_lines(rule(terms, "credit").value)] == ["consortium"]
    assert b"Acme" not in as_json(terms)


def test_credits_of_joint_outputs_stand_side_by_side_once_each() -> None:
    a = merge(AGREEMENT, (), dataset({"credit": [{"id": "a", "text": "A"}]}, "listing:A@1"))
    b = merge(AGREEMENT, (), dataset({"credit": [{"id": "b", "text": "B"}]}, "listing:B@1"))
    joint = combine(AGREEMENT.specs, [a, b, a])
    assert [line.id for line in as_lines(rule(joint, "credit").value)] == ["a", "b"]


def test_rules_that_do_not_concern_outputs_stay_with_their_dataset() -> None:
    assert combine(AGREEMENT.specs, [merge(AGREEMENT)]).get("deletion_days") is None


def test_a_layer_is_checked_again_as_typed_values() -> None:
    assert [finding.problem for finding in check_layer(AGREEMENT, dataset({"governing_law": "CH"}))] == [Problem.LOCKED]
