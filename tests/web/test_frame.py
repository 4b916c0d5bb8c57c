"""The frame of a page is made once for all who hold the same roles: it names only what opens for them, and nobody."""

from sqlalchemy.orm import Session

from app.rules.roles import Kind, Role
from tests.factories.organizations import make_organization, make_person
from tests.support.application import Client


def test_each_set_of_roles_has_a_menu_of_its_own_whoever_came_first(client: Client, session: Session) -> None:
    officer = make_person(session, make_organization(session, Kind.SECRETARIAT), Role.OFFICER)
    staff = make_person(session, make_organization(session), Role.PROJECT_STAFF)
    session.commit()
    for _round in range(2):
        client.sign_in_as(officer)
        assert "Listings to check" in client.get("/agreement").text
        client.sign_in_as(staff)
        assert "Listings to check" not in client.get("/agreement").text
        assert "Listings to check" not in client.application.test_client().get("/agreement").text


def test_people_with_the_same_roles_share_the_frame_and_see_their_own_name(client: Client, session: Session) -> None:
    rosa, karl = (
        make_person(session, make_organization(session), Role.PROJECT_STAFF, name=name) for name in ("Rosa", "Karl")
    )
    session.commit()
    client.sign_in_as(rosa)
    first = client.get("/agreement").text
    client.sign_in_as(karl)
    second = client.get("/agreement").text
    assert ("Rosa" in first, "Karl" in first) == (True, False)
    assert ("Rosa" in second, "Karl" in second) == (False, True)


def test_the_part_of_the_product_that_is_open_is_marked_in_the_navigation(client: Client) -> None:
    marked = '<a href="/datasets" aria-current="true">'
    assert marked not in client.get("/agreement").text
    assert marked in client.get("/datasets").text
    assert marked not in client.get("/agreement").text
