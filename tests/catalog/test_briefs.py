"""Listings in brief: looked up by their keys, and only those that the viewer may find."""

import pytest
from sqlalchemy.orm import Session

from app.catalog.queries import briefs, changed_lately, datasets_by_ids, datasets_by_references
from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.rules.roles import Role
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import actor, partner
from tests.factories.catalog import make_dataset
from tests.support.plans import plans_of


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def test_a_brief_says_what_the_listing_says(session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Trips", countries=["PE", "CO"], themes=["health", "climate"])
    (brief,) = briefs(session, NOBODY, [row.id]).values()
    said = (brief.id, brief.reference, brief.title, brief.partner, brief.frequency, brief.listed_at)
    assert said == (row.id, row.reference, "Trips", "Acme Maps", row.frequency, row.listed_at)
    assert (brief.country_codes, brief.theme_codes) == (("CO", "PE"), ("climate", "health"))


def test_a_brief_of_what_the_viewer_may_not_find_is_not_given(session: Session, acme: Organization) -> None:
    draft = make_dataset(session, acme, state=ListingState.DRAFT)
    closed = make_dataset(session, acme, visibility=Visibility.MEMBERS, countries=[], themes=[])
    keys = [draft.id, closed.id]
    assert briefs(session, NOBODY, keys) == {}
    (own,) = briefs(session, actor(acme, Role.STEWARD), keys).values()
    assert (own.id, own.country_codes, own.theme_codes) == (closed.id, (), ())
    assert changed_lately(session, 5) == []


def test_nothing_is_read_where_nothing_is_wanted(session: Session) -> None:
    assert briefs(session, NOBODY, []) == {}


def test_listings_are_looked_up_by_key_and_never_by_state(session: Session, acme: Organization) -> None:
    """SQLite, left to choose, walks through every listing that is listed: 20 ms at 100,000 of them instead of one."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics")
    row = make_dataset(session, acme)
    keys = range(row.id, row.id + 20)  # a page of them: a single one is looked up in any case

    def look_up() -> None:
        briefs(session, NOBODY, keys)
        datasets_by_ids(session, NOBODY, keys, offered_only=True)
        datasets_by_references(session, NOBODY, [row.reference, *(f"DS-{key}" for key in keys)], offered_only=True)

    plans = plans_of(session, "dataset", look_up)
    assert len(plans) == 3
    assert not [step for steps in plans for step in steps if "state" in step]
