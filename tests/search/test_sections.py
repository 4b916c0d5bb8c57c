"""What search adds to a dataset's page: others like it, which the reader may find."""

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.support.application import Client

HEADING = "Similar datasets"


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def page_of(client: Client, reference: str) -> str:
    return client.get(f"/datasets/{reference}", follow_redirects=True).text


def test_a_page_ends_with_datasets_that_are_like_it(session: Session, client: Client, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Otter tracks", description="Prints along rivers.", keywords=["otters"])
    make_dataset(session, acme, title="Otter nests", description="Nests along rivers.", keywords=["otters"])
    make_dataset(session, acme, title="Zeppelin flights", description="By hour and hangar.", keywords=["airship"])
    session.commit()
    text = page_of(client, row.reference).partition(HEADING)[2]
    assert "Otter nests</a>" in text
    assert "Otter tracks</a>" not in text


def test_a_page_that_nothing_is_like_has_no_such_section(session: Session, client: Client, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Otter tracks")
    session.commit()
    assert HEADING not in page_of(client, row.reference)


def test_a_word_in_common_makes_no_likeness(session: Session, client: Client, acme: Organization) -> None:
    row = make_dataset(
        session, acme, title="Liposomes under the microscope", summary="", keywords=["nanomaterials", "vesicles"],
        description="Size, charge and lamellarity of particles for drugs.",
    )  # fmt: skip
    words = (
        "Pigments that are nanomaterials, with their makers, market, color, tint, use and year of entry, by country."
    )
    make_dataset(
        session, acme, title="Register of cosmetics", summary="", keywords=["trade"], description=words, unit=""
    )
    make_dataset(
        session, acme, title="Vesicles and liposomes", summary="", keywords=["drugs"], description="Tried.", unit=""
    )
    session.commit()
    text = page_of(client, row.reference).partition(HEADING)[2]
    assert "Vesicles and liposomes</a>" in text
    assert "Register of cosmetics</a>" not in text


def test_in_a_small_catalog_a_subject_in_other_words_is_like_it_both_ways(
    session: Session, client: Client, acme: Organization
) -> None:
    walks = make_dataset(
        session, acme, title="Movement by street", summary="", keywords=["phones", "pedestrians"], themes=["mobility", "urban"],
        description="Counts of phones that pass a corner, with the direction, the pace and the nearest station of the metro.",
    )  # fmt: skip
    gates = make_dataset(
        session, acme, title="School gates", summary="", keywords=["pupils", "bicycles"], themes=["mobility", "urban"],
        description="Arrivals on foot, by bicycle and by bus at forty gates, watched each spring from the nearest corner.",
    )  # fmt: skip
    for title, theme in (("Soil water", "water"), ("Frost risk", "climate"), ("Card payments", "payments")):
        text = f"{title}, told by an instrument with its name, its maker and the hour, from the nearest shed."
        make_dataset(
            session, acme, title=title, summary="", keywords=[theme], themes=[theme], description=text, unit=""
        )
    session.commit()
    assert "School gates</a>" in page_of(client, walks.reference).partition(HEADING)[2]
    back = page_of(client, gates.reference).partition(HEADING)[2]
    assert "Movement by street</a>" in back
    assert "Frost risk" not in back


def test_what_a_reader_may_not_find_is_not_said_to_be_similar(
    session: Session, client: Client, acme: Organization
) -> None:
    row = make_dataset(session, acme, title="Otter tracks")
    make_dataset(session, acme, title="Otter tracks for members", visibility=Visibility.MEMBERS)
    make_dataset(session, acme, title="Otter tracks in a draft", state=ListingState.DRAFT)
    session.commit()
    assert HEADING not in page_of(client, row.reference)


def test_a_withdrawn_dataset_leads_on_to_others(session: Session, client: Client, acme: Organization) -> None:
    row = make_dataset(session, acme, title="Otter tracks", state=ListingState.WITHDRAWN, state_reason="Sold.")
    make_dataset(session, acme, title="Otter tracks by night")
    session.commit()
    assert "Otter tracks by night</a>" in page_of(client, row.reference)
