"""What a viewer may not know of moves nothing that the viewer sees: every answer is the same as where it does not exist."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.orm import Session

from app.catalog.queries import datasets_by_references
from app.organizations.models import Organization
from app.rules.actors import NOBODY, Actor
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Visibility
from app.rules.workflow import ListingState
from app.search.engine.following import follow
from app.search.engine.shelf import shelf_of
from app.search.queries import Facet, SearchRequest, Sort, search, similar
from tests.catalog.people import actor, organization, partner
from tests.factories.catalog import make_dataset

TEXTS = (
    "", "heat block", "heat", "zeppelin heat", "bus hours", "heta", "zeppelyn", "zep", "floods bogota 2023", '"heat by block"',
    "+heat -bus", "which datasets show heat by block in Colombia?", "tram", "surface temperature of streets",
    "SDG 3", "heat SDG 3", "good health and well-being",
)  # fmt: skip
FACETS: tuple[dict[Facet, frozenset[str]], ...] = (
    {},
    {Facet.COUNTRY: frozenset({"CO"})},
    {Facet.PARTNER: frozenset({"hidden-partner"})},
    {Facet.GOAL: frozenset({"3"})},
)
REQUESTS = [SearchRequest(text, facets, sort) for text in TEXTS for facets in FACETS for sort in Sort]


@pytest.fixture
def acme(session: Session) -> Organization:
    row = partner(session, "Acme Maps")
    make_dataset(session, row, title="Heat by block", description="Surface temperature of streets.", countries=["CO"])
    make_dataset(
        session, row, title="Bus heat", countries=["PE"], description="Heat in buses, by hour.", keywords=["tram"]
    )
    make_dataset(session, row, title="Tram stops", countries=["CO", "BR"], themes=["urban"])
    make_dataset(session, row, title="Flood depth", countries=["BR"], description="Water above the street after rain.")
    return row


def hide(
    session: Session,
    owner: Organization,
    visibility: Visibility = Visibility.PUBLIC,
    state: ListingState = ListingState.LISTED,
    admitted: Sequence[Organization] = (),
) -> None:
    """Listings that would change everything if they counted: common words, rare words, new words, every facet."""
    for number in range(12):
        make_dataset(
            session, owner, title="Heat block zeppelin tram" if number % 2 else "Zeppelin flights and heta streets",
            description="Heat heat heat by block. Surface temperature of streets. " * (number + 1), countries=["CO", "BR", "CL"],
            themes=["health"], access_mode=AccessMode.ENCLAVE, languages=["es"], unit="city", visibility=visibility, state=state,
            admitted=admitted,
        )  # fmt: skip


def seen(session: Session, viewer: Actor) -> list[object]:
    """Everything that a search tells this viewer: hits, scores, order, counts, facets, suggestions, what is similar."""
    pages = [search(session, viewer, request) for request in REQUESTS]
    rows = search(session, viewer, SearchRequest(sort=Sort.TITLE)).hits
    wholes = datasets_by_references(session, viewer, [hit.dataset.reference for hit in rows])
    like = [[one.id for one in similar(session, viewer, row, 5)] for row in wholes]
    told = [
        (
            [(hit.dataset.id, hit.score, hit.wait) for hit in page.hits], page.total, page.facets, page.is_loose, page.without,
            page.without_value, page.without_any, [hit.dataset.id for hit in page.nearest], page.did_you_mean, page.understood,
            page.with_all, page.unknown,
        )
        for page in pages
    ]  # fmt: skip
    return [told, like]


Hiding = Callable[[Session], None]


def as_a_draft(session: Session) -> None:
    hide(session, partner(session, "Hidden partner"), state=ListingState.DRAFT)


def for_members(session: Session) -> None:
    hide(session, partner(session, "Hidden partner"), visibility=Visibility.MEMBERS)


def for_somebody_else(session: Session) -> None:
    admitted = [organization(session, Kind.MEMBER)]
    hide(session, partner(session, "Hidden partner"), visibility=Visibility.NAMED, admitted=admitted)


def withdrawn(session: Session) -> None:
    hide(session, partner(session, "Hidden partner"), state=ListingState.WITHDRAWN)


@pytest.mark.parametrize("hidden", [as_a_draft, for_members, for_somebody_else, withdrawn])
@pytest.mark.parametrize("is_rebuilt", [False, True], ids=["followed", "rebuilt"])
def test_what_is_hidden_from_the_public_and_from_other_partners_moves_nothing(
    session: Session, acme: Organization, hidden: Hiding, is_rebuilt: bool
) -> None:
    steward = actor(acme, Role.STEWARD)
    before = [seen(session, viewer) for viewer in (NOBODY, steward)]
    hidden(session)
    follow(session, shelf_of(session), anew=is_rebuilt)
    assert [seen(session, viewer) for viewer in (NOBODY, steward)] == before


@pytest.mark.usefixtures("acme")
def test_a_listing_for_one_member_moves_nothing_for_another(session: Session) -> None:
    other = actor(organization(session, Kind.MEMBER), Role.PROJECT_STAFF)
    before = seen(session, other)
    for_somebody_else(session)
    assert seen(session, other) == before


@pytest.mark.usefixtures("acme")
def test_those_who_may_know_of_it_find_it(session: Session) -> None:
    """The control: for them the same listings do change the answers."""
    secretariat = actor(organization(session, Kind.SECRETARIAT), Role.OFFICER)
    before = seen(session, secretariat)
    for_members(session)
    assert seen(session, secretariat) != before
    assert search(session, secretariat, SearchRequest("zepelin")).did_you_mean == "zeppelin"
    assert search(session, NOBODY, SearchRequest("zepelin")).did_you_mean is None
