"""The frame of a page is made once for all who hold the same roles: it names only what opens for them, and nobody."""

import re

import pytest
from sqlalchemy.orm import Session

from app.organizations.models import Person
from app.rules.roles import Kind, Role
from tests.factories.catalog import make_dataset
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


@pytest.mark.parametrize(
    ("kind", "role", "is_offered"),
    [
        (Kind.MEMBER, Role.PROJECT_STAFF, True),
        (Kind.MEMBER, Role.FOCAL_POINT, True),
        (Kind.BOTH, Role.FOCAL_POINT, True),
        (Kind.PARTNER, Role.FOCAL_POINT, False),
        (Kind.PARTNER, Role.STEWARD, False),
        (Kind.SECRETARIAT, Role.OFFICER, False),
    ],
)
def test_a_use_is_offered_in_the_frame_to_those_who_may_propose_one(
    client: Client, session: Session, kind: Kind, role: Role, is_offered: bool
) -> None:
    someone = make_person(session, make_organization(session, kind), role)
    elsewhere = make_person(session, make_organization(session, Kind.MEMBER), Role.FOCAL_POINT)
    session.commit()
    for person, times in ((elsewhere, 3), (someone, 3 if is_offered else 0)):  # in the head, the menu and the foot
        client.sign_in_as(person)
        assert client.get("/agreement").text.count('href="/proposals/new"') == times


def test_a_visitor_is_led_from_the_offer_to_signing_in_and_to_joining(client: Client) -> None:
    assert client.get("/agreement").text.count('href="/proposals/new"') == 3
    page = client.get("/proposals/new").text
    main = page[page.index("<main") : page.index("</main")]
    assert "Sign in to start" in main
    assert '<a href="/join">' in main


def test_the_part_of_the_product_that_is_open_is_marked_in_the_navigation(client: Client) -> None:
    marked = '<a href="/datasets" aria-current="true">'
    assert marked not in client.get("/agreement").text
    assert marked in client.get("/datasets").text
    assert marked not in client.get("/agreement").text


@pytest.fixture
def colleagues(session: Session) -> list[Person]:
    """Two people with the same rights, and a catalog that is kept for both."""
    member = make_organization(session)
    make_dataset(session, make_organization(session, Kind.PARTNER))
    people = [
        make_person(session, member, Role.PROJECT_STAFF, name=name) for name in ("Rosa <Example>", "Karl Example")
    ]
    session.commit()
    return people


def test_a_kept_page_says_what_just_happened_once_and_to_one(client: Client, colleagues: list[Person]) -> None:
    rosa, karl = colleagues
    other = client.application.test_client()
    assert isinstance(other, Client)
    other.sign_in_as(karl)
    client.sign_in_as(rosa)
    client.get("/datasets")
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "Sent <b>"), ("warning", "Mind")]
    assert "Sent" not in other.get("/datasets").text
    told = client.get("/datasets").text
    assert '<p class="op-message">Sent &lt;b&gt;</p><p class="op-message op-message--warn">Mind</p>' in told
    assert "Sent" not in client.get("/datasets").text


def test_a_kept_page_carries_the_token_of_its_own_session(client: Client, colleagues: list[Person]) -> None:
    tokens = set()
    for person in colleagues:
        client = client.application.test_client()  # type: ignore[assignment]
        client.sign_in_as(person)
        page = client.get("/datasets").text
        found = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
        assert len(found) == 1
        tokens |= found
        client.sends_token = False
        assert client.post("/sign-out", data={"csrf_token": next(iter(found))}).status_code == 303
    assert len(tokens) == len(colleagues)


def test_names_are_text_in_the_frame(client: Client, colleagues: list[Person]) -> None:
    client.sign_in_as(colleagues[0])
    for address in ("/datasets", "/agreement"):
        page = client.get(address).text
        assert "Rosa &lt;Example&gt;" in page
        assert "Rosa <Example>" not in page


def test_no_character_of_a_hole_is_left_on_a_page(client: Client, colleagues: list[Person]) -> None:
    for address in ("/datasets", "/datasets?q=%00header%20datasets%00", "/agreement", "/nowhere"):
        assert "\0" not in client.get(address).text
    client.sign_in_as(colleagues[0])
    for address in ("/datasets", "/datasets?q=%00messages%00", "/agreement", "/nowhere"):
        assert "\0" not in client.get(address).text


def test_on_the_page_of_a_dataset_the_head_proposes_a_use_of_that_dataset(client: Client, session: Session) -> None:
    row = make_dataset(session, make_organization(session, Kind.PARTNER))
    session.commit()
    for address in (f"/datasets/{row.reference}", f"/datasets/{row.reference}/dictionary"):
        text = client.get(address, follow_redirects=True).text
        head = text[: text.index("<main")]
        assert head.count(f'href="/proposals/new?dataset={row.reference}"') == 2
        assert 'href="/proposals/new"' not in head
    assert 'href="/proposals/new"' in client.get("/datasets").text
