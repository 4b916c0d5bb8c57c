"""What parts above the catalog add to a dataset's page."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.catalog.around import Around, ListRepresentation, Place, Representation, Section, around, init_around
from app.catalog.models import Dataset
from app.rules.actors import Actor
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.support.application import Client

CARD = "text/vcard"


def _named(_session: Session, _viewer: Actor, row: Dataset, _now: datetime) -> Mapping[str, object] | None:
    card = {"media_type": CARD, "name": "A card"}
    return {"forms": [(card, f"/card/{row.reference}")], "described": {}} if row.title != "Bare" else None


@pytest.fixture
def added(app: Flask) -> Iterator[None]:
    """A section in the head and a card, for every dataset that is not called Bare."""
    with app.app_context():
        before = around()
    section = Section(Place.HEAD, "exchange/on_dataset_head.html", _named)
    card = Representation(
        CARD,
        lambda row: f"/card/{row.reference}" if row.title != "Bare" else None,
        lambda row: Response(f"card of {row.reference}", content_type=CARD),
    )
    cards = ListRepresentation(CARD, lambda: Response("cards", content_type=CARD))
    init_around(app, Around((section,), (card,), (cards,)))
    yield
    init_around(app, before)


@pytest.mark.usefixtures("added")
def test_a_section_stands_on_the_page_where_its_part_has_something_to_say(client: Client, session: Session) -> None:
    acme = partner(session, "Acme Maps")
    row, bare = make_dataset(session, acme, title="Trips"), make_dataset(session, acme, title="Bare")
    session.commit()
    assert f"/card/{row.reference}" in client.get(f"/datasets/{row.reference}", follow_redirects=True).text
    assert "/card/" not in client.get(f"/datasets/{bare.reference}", follow_redirects=True).text


@pytest.mark.usefixtures("added")
def test_a_form_of_a_listing_is_given_to_those_who_ask_for_it(client: Client, session: Session) -> None:
    row = make_dataset(session, partner(session, "Acme Maps"), title="Trips")
    session.commit()
    answer = client.get(f"/datasets/{row.reference}", headers={"Accept": f"{CARD}, text/html;q=0.5"})
    assert answer.text == f"card of {row.reference}"
    assert "Accept" in answer.vary
    page = client.get(f"/datasets/{row.reference}", headers={"Accept": "text/html, */*;q=0.1"}, follow_redirects=True)
    assert page.mimetype == "text/html"
    assert "Accept" in page.vary
    assert client.get("/datasets", headers={"Accept": CARD}).text == "cards"


@pytest.mark.usefixtures("added")
def test_whoever_asks_for_a_form_that_is_not_there_is_told_which_are(client: Client, session: Session) -> None:
    bare = make_dataset(session, partner(session, "Acme Maps"), title="Bare")
    session.commit()
    answer = client.get(f"/datasets/{bare.reference}", headers={"Accept": CARD})
    assert answer.status_code == 406
    assert answer.mimetype == "application/problem+json"
    assert "These are: text/html." in answer.get_json()["detail"]
