"""The form as a table: 23 answers, what is missing, what is too long, what cannot be meant; and storing whatever is typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.library import current_version
from app.foundation.text import word_count
from app.rules.questions import (
    BANK,
    Answer,
    ExtraQuestion,
    Part,
    Shape,
    Source,
    StepKey,
    asked,
    brief,
    cleaned,
    gaps,
    mark,
    months_between,
    purposes,
    stored_answers,
    typed_day,
)
from app.rules.questions.choices import (
    AI_USES,
    BENEFICIARIES,
    COUNTRIES,
    PERSONAL_DATA,
    PUBLICATION,
    PURPOSE_OF_THEME,
    PURPOSES,
)
from app.rules.vocabulary import ACCESS_MODES
from tests.factories.proposals import ANSWERS

TODAY = date(2026, 11, 23)
SPECS = current_version().terms.specs
PARTS = [part for step in BANK.steps for part in step.parts()]
HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Lu"])),
    st.sampled_from(
        ["", "\x00", "\u202eevil", "\ud800", "x" * 1_000_000, "31", "-1", "99999999999999999999", "2027-13-45"]
    ),
    st.integers(),
    st.none(),
)
RAW = st.recursive(
    HOSTILE, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5)
)


def found(**changed: object) -> dict[str, str]:
    """The gaps of complete answers with these changes, by field."""
    answers = {**ANSWERS, **changed}
    return {gap.key: gap.text for gap in gaps(answers, ["DS-1"], ["Rosa"], TODAY)}


def test_there_are_23_answers_in_five_steps() -> None:
    assert [len(step.questions) for step in BANK.steps] == [5, 4, 4, 6, 4]
    assert len(BANK.declaration) > 0


def test_at_least_eight_answers_can_be_filled_in_for_the_team() -> None:
    assert sum(bool(question.sources) for question in BANK.questions) >= 8
    assert all(source in set(Source) for question in BANK.questions for source in question.sources)


def test_every_key_is_used_once() -> None:
    assert len({part.key for part in PARTS}) == len(PARTS)
    assert len({question.key for question in BANK.questions}) == len(BANK.questions)


def test_every_needed_field_says_what_to_write_when_it_is_empty() -> None:
    assert [part.key for part in PARTS if not part.missing and not part.optional] == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_sentences_are_short_and_say_what_to_do(part: Part) -> None:
    for sentence in (part.missing, part.hint):
        assert word_count(sentence) <= 25
        assert not {"please", "invalid", "must"} & set(sentence.lower().split())


def test_a_part_that_has_a_term_asks_for_a_parameter_of_the_agreement() -> None:
    assert {part.term for part in PARTS if part.term} <= set(SPECS.by_name)


@pytest.mark.parametrize(
    ("vocabulary", "ours"),
    [
        ("purpose", {**PURPOSES, "dev": ""}),
        ("beneficiary", BENEFICIARIES),
        ("access_mode", {mode.value: words for mode, words in ACCESS_MODES.items()}),
    ],
)
def test_codes_are_those_of_the_agreement(vocabulary: str, ours: dict[str, str]) -> None:
    assert set(ours) == set(SPECS.vocabularies[vocabulary].labels)


@pytest.mark.parametrize(
    ("parameter", "ours"), [("ai_use", AI_USES), ("personal_data", PERSONAL_DATA), ("output_openness", PUBLICATION)]
)
def test_levels_are_those_of_the_agreement(parameter: str, ours: dict[str, str]) -> None:
    assert set(ours) <= {level for level, _label in SPECS[parameter].levels}


def test_countries_are_those_of_the_agreement() -> None:
    assert SPECS.vocabularies["country"].members == COUNTRIES


def test_every_theme_with_a_purpose_names_one_that_exists() -> None:
    assert set(PURPOSE_OF_THEME.values()) <= set(PURPOSES)


def test_complete_answers_have_no_gap() -> None:
    assert found() == {}


def test_nothing_answered_asks_for_everything_that_is_needed_in_reading_order() -> None:
    keys = [gap.key for gap in gaps({}, [], [], TODAY)]
    assert keys == [part.key for part in PARTS if not part.optional and part.needed_if is None]


@pytest.mark.parametrize("key", [part.key for part in PARTS if not part.optional and part.key in ANSWERS])
def test_each_needed_answer_is_asked_for_when_it_is_empty(key: str) -> None:
    empty: object = [] if isinstance(ANSWERS[key], list) else ""
    assert key in found(**{key: empty})


def test_without_a_dataset_or_a_team_it_is_not_complete() -> None:
    assert [gap.key for gap in gaps(ANSWERS, [], [], TODAY)] == ["datasets", "team"]


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"theme": "other"}, "purposes"),
        ({"outputs": ["other"]}, "outputs_words"),
        ({"personal_data": "pseudonymous"}, "personal_data_words"),
    ],
)
def test_some_answers_are_needed_only_with_others(changed: dict[str, object], key: str) -> None:
    assert key not in found()
    assert key in found(**changed)


def test_an_answer_may_fill_its_limit_and_no_more() -> None:
    assert "title" not in found(title="x" * 80)
    assert "problem" not in found(problem="word " * 150)
    assert "81 characters, and up to 80" in found(title="x" * 81)["title"]
    assert "151 words, and up to 150" in found(problem="word " * 151)["problem"]


@pytest.mark.parametrize(
    ("changed", "key", "words"),
    [
        ({"decision_by": "31/2/2027"}, "decision_by", "day, month and year"),
        ({"decision_by": "2026-11-23"}, "decision_by", "has passed"),
        ({"period_from": "MMXX"}, "period_from", "four digits"),
        ({"period_from": "2025", "period_to": "2024"}, "period_to", "not before the first"),
        ({"ends_on": "2027-02-01"}, "ends_on", "after the start"),
        ({"starts_on": "2020-01-01", "ends_on": "2021-01-01"}, "ends_on", "has passed"),
        ({"first_report_on": "2027-01-01"}, "first_report_on", "after the start"),
        ({"indicators": [{"name": "", "baseline": "", "target": "3", "by": "2028-01-01"}]}, "indicators", "counts"),
        ({"indicators": [{"name": "A", "baseline": "", "target": "", "by": "2028-01-01"}]}, "indicators", "target"),
        ({"indicators": [{"name": "A", "baseline": "", "target": "3", "by": "soon"}]}, "indicators", "date"),
    ],
)
def test_what_cannot_be_meant_is_said(changed: dict[str, object], key: str, words: str) -> None:
    assert words in found(**changed)[key]


def test_a_field_is_told_one_thing_at_a_time() -> None:
    answers = {**ANSWERS, "ends_on": "31/2/2020"}
    assert [gap.key for gap in gaps(answers, ["DS-1"], ["Rosa"], TODAY)] == ["ends_on"]


def test_questions_of_a_data_partner_are_asked_with_the_datasets() -> None:
    extra = ExtraQuestion("extra_1_abc", "Acme", "May we quote you?")
    answers = {key: value for key, value in ANSWERS.items() if key != "benefit"}
    assert [gap.key for gap in gaps(answers, ["DS-1"], ["Rosa"], TODAY, [extra])] == ["extra_1_abc", "benefit"]
    assert [gap.key for gap in gaps({**ANSWERS, extra.key: "Yes."}, ["DS-1"], ["Rosa"], TODAY, [extra])] == []
    long = {**ANSWERS, extra.key: "word " * 101}
    assert "101 words" in gaps(long, ["DS-1"], ["Rosa"], TODAY, [extra])[0].text
    assert gaps(long, ["DS-1"], ["Rosa"], TODAY, [extra])[0].step is StepKey.SUPPLY


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
@given(raw=RAW)
def test_whatever_is_typed_can_be_stored(part: Part, raw: object) -> None:
    answer = cleaned(part, raw).answer
    assert len(str(answer)) < 60_000
    assert not {"\x00", "\u202e"} & set(str(answer))
    str(answer).encode()
    assert cleaned(part, answer).answer == answer


@given(answers=st.dictionaries(st.sampled_from([part.key for part in PARTS]), RAW))
def test_what_was_stored_can_always_be_judged(answers: dict[str, object]) -> None:
    kept: dict[str, Answer] = {
        part.key: cleaned(part, answers[part.key]).answer for part in PARTS if part.key in answers
    }
    assert isinstance(gaps(kept, [], [], TODAY), list)
    assert brief(kept).flags is not None
    assert asked(kept)["permitted_purposes"]
    assert mark(kept.get("title")) == mark(kept.get("title"))
    assert stored_answers(kept).items() <= kept.items()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["14", "3", "2027"], "2027-03-14"),
        (["14/3/2027"], "2027-03-14"),
        (["2027-03-14"], "2027-03-14"),
        (["14.3.2027"], "2027-03-14"),
        (["31", "2", "2027"], "31/2/2027"),
        (["", "3", "2027"], "/3/2027"),
        (["", "", ""], ""),
        (["next spring"], "next spring"),
    ],
)
def test_a_date_is_kept_as_a_date_or_as_it_was_typed(typed: list[str], kept: str) -> None:
    part = BANK.part("decision_by")
    assert part is not None
    assert cleaned(part, typed).answer == kept


def test_a_far_too_long_answer_is_cut_and_says_so() -> None:
    part = BANK.part("problem")
    assert part is not None
    result = cleaned(part, "word " * 100_000)
    assert result.was_cut
    assert len(str(result.answer)) <= 20_000
    assert not cleaned(part, "word " * 200).was_cut


def test_codes_that_do_not_exist_are_not_stored() -> None:
    outputs, countries = BANK.part("outputs"), BANK.part("countries")
    assert outputs is not None
    assert countries is not None
    assert cleaned(outputs, ["map", "<script>", "brief"]).answer == ["brief", "map"]
    assert cleaned(countries, ["CO", "XX", "co"]).answer == ["CO"]


def test_the_terms_asked_for_follow_from_the_answers() -> None:
    terms = asked(ANSWERS)
    assert terms["permitted_purposes"] == ["dev.mobility"]
    assert "access_modes" not in terms, "the way of access is a wish: each listing names its own"
    assert terms["storage_places"] == ["CO"]
    assert (terms["coverage_from"], terms["coverage_to"]) == ("2024-01-01", "2025-12-31")
    assert (terms["start"], terms["end"]) == ("2027-02-01", "2028-01-31")
    assert terms["coverage_space"] == ["CO"]


def test_chosen_purposes_stand_before_that_of_the_theme() -> None:
    assert purposes({**ANSWERS, "purposes": ["dev.mobility.safety"]}) == ["dev.mobility.safety"]
    assert purposes({"theme": "other"}) == ["dev"]


def test_the_brief_says_how_long_where_and_what_deserves_a_look() -> None:
    told = brief({**ANSWERS, "ai_use": "train_delete", "personal_data": "personal", "personal_data_words": "Law 1."})
    assert (told.title, told.months, told.kept_in, told.countries) == (ANSWERS["title"], 12, "CO", ("CO",))
    assert len(told.flags) == 2
    assert brief(ANSWERS).flags == ()


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2027-03-01", "2028-02-29", 12), ("2027-03-01", "2027-03-31", 1), ("2027-03-01", "2028-03-01", 13)],
)
def test_months_count_the_last_day(start: str, end: str, months: int) -> None:
    first, last = typed_day(start), typed_day(end)
    assert first is not None
    assert last is not None
    assert months_between(first, last) == months


def test_only_shapes_without_a_table_of_their_own_are_stored() -> None:
    elsewhere = [part for part in PARTS if part.shape in (Shape.DATASETS, Shape.TEAM)]
    assert [cleaned(part, ["anything"]).answer for part in elsewhere] == ["", ""]
