"""What the index takes of each listing: all that can be found, part by part, at a cost that does not grow with the rest."""

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.roles import Kind
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from app.search.engine import listings
from app.search.engine.analysis import stemmer, stems_of, words_of
from app.search.engine.listings import offered
from tests.catalog.people import organization, partner
from tests.factories.catalog import make_dataset
from tests.support.plans import plans_of


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


@pytest.fixture
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "AT_A_TIME", 2)


def titles(session: Session, only: list[int] | None = None) -> list[list[str]]:
    return [[listing.title for listing in part] for part in offered(session, only)]


def test_a_listing_is_read_with_what_belongs_to_it(session: Session, acme: Organization) -> None:
    member = organization(session, Kind.MEMBER)
    row = make_dataset(
        session,
        acme,
        visibility=Visibility.NAMED,
        admitted=[member],
        countries=["PE", "CO"],
        themes=["health", "climate"],
    )
    ((listing,),) = offered(session)
    told = (listing.id, listing.title, listing.keywords, listing.visibility, listing.listed_at)
    assert told == (row.id, row.title, row.keywords, row.visibility, row.listed_at)
    assert (listing.countries, listing.themes, listing.admitted) == (("CO", "PE"), ("climate", "health"), (member.id,))
    assert (listing.partner_slug, listing.partner_name) == (acme.slug, "Acme Maps")


@pytest.mark.usefixtures("parts_of_two")
def test_every_listing_that_is_offered_comes_once_across_its_parts(session: Session, acme: Organization) -> None:
    states = [ListingState.LISTED, ListingState.DRAFT, ListingState.PAUSED, ListingState.WITHDRAWN, ListingState.LISTED]
    rows = [make_dataset(session, acme, title=f"Set {at}", state=state) for at, state in enumerate(states)]
    assert titles(session) == [["Set 0"], [], ["Set 4"]]
    assert titles(session, [row.id for row in rows[1:]]) == [[], ["Set 4"]]
    assert titles(session, []) == []


@pytest.mark.usefixtures("parts_of_two")
def test_each_part_is_looked_up_by_key_and_nothing_is_sorted(session: Session, acme: Organization) -> None:
    """SQLite, left to choose, sorts all that is listed for each part: a hundred times the work for ten times the listings."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics")
    keys = [make_dataset(session, acme).id for _ in range(4)]
    plans = plans_of(session, "dataset", lambda: (titles(session), titles(session, keys)))
    assert len(plans) == 5
    assert {steps[0].split(" (")[0] for steps in plans} == {"SEARCH dataset USING INTEGER PRIMARY KEY"}
    assert not [step for steps in plans for step in steps if "ORDER BY" in step]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mobile phones’ positions — every 15 minutes; No. №5 ⑴"),
        ("es", "Las posiciones de los teléfonos móviles, según señales"),
        ("pt", "Posições dos telefones; medições diárias"),
        ("fr", "Les données météorologiques d'été"),
        ("de", "Tägliche Messungen der Straßen"),
    ],
)
def test_the_stem_of_each_word_of_a_text_is_the_stem_that_the_text_has(language: str, text: str) -> None:
    assert list(map(stemmer(language), words_of(text))) == stems_of(text, language)
