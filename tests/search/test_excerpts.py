"""The words of a description that show why a dataset was found."""

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.actors import NOBODY
from app.search.queries import SearchRequest, search
from app.search.queries.excerpts import Excerpt, excerpts
from tests.catalog.people import partner
from tests.factories.catalog import make_dataset
from tests.support.application import Client

LONG = (
    "Trips between two blocks. " * 20
    + "The cities are Bogotá, Medellín and Cali. "
    + "Each is counted by the hour. " * 20
)


@pytest.fixture
def acme(session: Session) -> Organization:
    return partner(session, "Acme Maps")


def found(session: Session, text: str) -> list[Excerpt | None]:
    page = search(session, NOBODY, SearchRequest(text))
    rows = [hit.dataset for hit in page.hits]
    cut = excerpts(session, page.words, rows)
    return [cut.get(row.id) for row in rows]


def test_a_word_that_only_the_description_has_is_shown_in_its_place(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Street movement", description=LONG)
    (excerpt,) = found(session, "movement bogota")
    assert excerpt is not None
    assert excerpt.word == "Bogotá"
    assert excerpt.before == "The cities are ", "from the beginning of its sentence, where that is near"
    assert excerpt.after.startswith(", Medellín and Cali.")
    assert excerpt.after.endswith("…")
    assert len(excerpt.before + excerpt.after) < 130


def test_what_the_row_shows_already_is_not_said_twice(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Movement in Bogotá", description=LONG)
    assert found(session, "movement bogota") == [None]


def test_a_word_is_found_in_another_form_of_it(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Street movement", description="Hourly counts by crossing.")
    (excerpt,) = found(session, "counted by crossings")
    assert excerpt is not None
    assert excerpt.word in {"counts", "crossing"}


def test_the_catalog_shows_it_and_escapes_it(client: Client, session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Street movement", description="<i>Trips</i> in Bogotá & elsewhere")
    session.commit()
    text = client.get("/datasets?q=bogota").text
    assert "&lt;i&gt;Trips&lt;/i&gt; in <b>Bogotá</b> &amp; elsewhere" in text


def test_a_cut_is_marked_and_the_marks_of_a_text_are_left_out(session: Session, acme: Organization) -> None:
    make_dataset(
        session,
        acme,
        title="Street movement",
        description="one two " * 20 + "`lamps` near Otterton, " + "three four " * 20,
    )
    (excerpt,) = found(session, "otterton")
    assert excerpt is not None
    assert excerpt.before.startswith("…")
    assert excerpt.before.endswith("lamps near ")
    assert excerpt.after.endswith("…")


def test_writing_without_spaces_is_cut(session: Session, acme: Organization) -> None:
    make_dataset(session, acme, title="Flood", description="数据" * 1000)
    make_dataset(session, acme, title="数据")
    (excerpt,) = [one for one in found(session, "flood 数据") if one]
    assert len(excerpt.before + excerpt.word + excerpt.after) < 200
