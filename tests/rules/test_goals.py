"""Texts name goals by number, labels by name and address too; the goals of a theme are among those there are."""

import pytest

from app.rules.goals import GOALS, GOALS_OF_THEME, goal_called, goals_in, goals_meant, goals_numbered, name_of
from app.rules.vocabulary import Theme


def test_each_goal_of_a_theme_is_one_of_the_seventeen() -> None:
    assert list(GOALS) == [str(number) for number in range(1, 18)]
    assert set(GOALS_OF_THEME) <= set(Theme)
    assert {goal for goals in GOALS_OF_THEME.values() for goal in goals} <= GOALS.keys()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Supports SDG 11 and SDG13.", {"11", "13"}),
        ("Mean ocean acidity (sdg_14_50)", {"14"}),
        ("Agua limpia (ODS 6); ODD-7", {"6", "7"}),
        ("In odd 3 of 7 rows, SDG 18, SDG 2030, SDGs", set()),
    ],
)
def test_a_text_names_goals_by_their_number(text: str, named: set[str]) -> None:
    assert goals_in(text) == named


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("climate action", {"13"}),
        ("Peace, Justice and Strong Institutions", {"16"}),
        ("http://metadata.un.org/sdg/11", {"11"}),
        ("https://sdgs.un.org/goals/goal3", {"3"}),
        ("climate", set()),
        ("https://acme.example/goals/2025", set()),
    ],
)
def test_a_label_stands_for_a_goal_by_name_and_as_an_address_too(label: str, meant: set[str]) -> None:
    assert goals_meant(label) == meant


@pytest.mark.parametrize(
    "text",
    [
        "SDG 11",
        "sdg11",
        "ODS 11",
        "odd 11",
        "Goal 11",
        "goals 11",
        "SDG 11.2.1",
        "objetivo de desarrollo sostenible 11",
    ],
)
def test_somebody_asks_for_a_goal_by_its_number_in_any_of_the_languages(text: str) -> None:
    asked = f"buses {text}, Lima"
    assert [(goals, asked[where]) for goals, where in goals_numbered(asked)] == [(("11",), text)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("SDGs 3, 4 and 11", [("3", "4", "11")]),
        ("ODS 3 y 4", [("3", "4")]),
        ("goals 3 to 5", [("3", "4", "5")]),
        ("SDG 3-5", [("3", "4", "5")]),
        ("goal 11 goal 1", [("11",), ("1",)]),
        ("SDG 3, 2020", [("3",)]),
        ("goal 17 of 3", [("17",)]),
        ("sdg 99", []),
    ],
)
def test_several_goals_behind_one_word_are_all_meant(text: str, meant: list[tuple[str, ...]]) -> None:
    assert [goals for goals, _where in goals_numbered(text)] == meant


def test_a_name_is_asked_for_where_it_is_all_of_the_text() -> None:
    assert goal_called(" Climate action.") == "13"
    assert goal_called(GOALS["13"]) == "13"
    assert goal_called("climate action in Lima") is None
    assert name_of("13") == "Climate action"


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("fin de la pobreza", "1"),
        ("erradicação da pobreza", "1"),
        ("Pas de pauvreté", "1"),
        ("Faim «zéro»", "2"),
        ("hambre cero", "2"),
        ("5 Igualdade de género", "5"),
        ("energie propre et d’un cout abordable", "7"),
        ("Producción y consumo responsables.", "12"),
        ("Acción por el clima", "13"),
        ("vie terrestre", "15"),
        ("Parcerias e meios de implementação", "17"),
    ],
)
def test_a_goal_has_its_name_in_spanish_portuguese_and_french_with_or_without_accents(text: str, goal: str) -> None:
    assert (goal_called(text), goals_meant(text)) == (goal, frozenset({goal}))


def test_part_of_a_name_in_another_language_is_no_goal() -> None:
    assert [goal_called(text) for text in ("pobreza", "fin de la pobreza en Lima", "qualité", "igualdad")] == [None] * 4
