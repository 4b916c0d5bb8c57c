"""The goals of a listing: of its themes, of what it says itself, and of what its catalog said as long as that holds."""

import pytest
from sqlalchemy.orm import Session

from app.catalog.goals import goals, goals_of
from app.organizations.models import Organization
from tests.factories.catalog import make_dataset
from tests.support.application import Client

CAME_AS = {"name": "dcat:theme", "value": [{"@id": "http://metadata.un.org/sdg/5"}, "Health"], "read": ["health"]}


def test_a_listing_has_the_goals_of_its_themes_and_those_it_names(session: Session, acme: Organization) -> None:
    row = make_dataset(
        session,
        acme,
        themes=["mobility", "water"],
        keywords=["Climate action"],
        description="Bears on SDG 3 and others.",
    )
    assert goals(row) == ("3", "6", "11", "13")


def test_what_the_catalog_named_counts_until_somebody_chooses_other_themes() -> None:
    assert goals_of(["health"], [], [], CAME_AS) == ("3", "5")
    assert goals_of(["water"], [], [], CAME_AS) == ("6",)


@pytest.mark.parametrize("read", [5, True, "health", {}, None])
def test_what_another_program_carried_wrongly_breaks_nothing(read: object) -> None:
    assert goals_of(["health"], [], [], {**CAME_AS, "read": read}) == ("3",)


def test_a_value_that_is_nested_without_end_breaks_nothing() -> None:
    value: object = "SDG 5"
    for _ in range(100_000):
        value = [value]
    assert goals_of(["health"], [], [], {**CAME_AS, "value": [value, {"prefLabel": {"en": "Gender equality"}}]}) == (
        "3",
        "5",
    )


def test_the_page_of_a_listing_names_its_goals_and_leads_to_others_of_each(
    client: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(
        session, acme, themes=["health"], foreign={"format": "dcat", "kept": {}, "fuller": {"themes": CAME_AS}}
    )
    session.commit()
    text = client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    assert (
        '<a href="/datasets?goal=3">3 Good health and well-being</a>; <a href="/datasets?goal=5">5 Gender equality</a>'
        in text
    )
    assert row.reference in client.get("/datasets?goal=5").text
