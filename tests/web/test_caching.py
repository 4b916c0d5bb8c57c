"""A public page is made once for everybody, is never old, and never belongs to somebody."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.catalog.commands.acts import note
from app.catalog.models import Dataset
from app.rules.actions import Action
from app.rules.actors import OPERATOR
from app.rules.roles import Kind, Role
from app.rules.vocabulary import Visibility
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_organization, make_person
from tests.support.application import Client

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def _changed(session: Session, dataset: Dataset, title: str) -> None:
    dataset.title = title
    session.flush()
    note(session, OPERATOR, dataset, Action.EDIT_LISTING, NOW)
    session.commit()


def test_a_page_is_kept_until_something_happens(client: Client, session: Session) -> None:
    dataset = make_dataset(session, make_organization(session, Kind.PARTNER), title="Trips by hour")
    session.commit()
    address = f"/datasets/{dataset.reference}"
    first = client.get(address, follow_redirects=True)
    assert "Trips by hour" in first.text
    dataset.summary = "A change that nobody recorded, which no command makes"
    session.commit()
    assert client.get(address, follow_redirects=True).data == first.data
    _changed(session, dataset, "Trips by day")
    assert "Trips by day" in client.get(address, follow_redirects=True).text


def test_a_kept_page_is_no_answer_to_somebody_who_is_signed_in(client: Client, session: Session) -> None:
    make_dataset(session, make_organization(session, Kind.PARTNER))
    person = make_person(session, make_organization(session), name="Rosa Example")
    session.commit()
    public = client.get("/datasets")
    client.sign_in_as(person)
    own = client.get("/datasets")
    assert person.name not in public.text
    assert "no-store" in own.headers["Cache-Control"]
    assert own.data != public.data


def test_what_somebody_sees_who_is_signed_in_is_never_kept(client: Client, session: Session) -> None:
    make_dataset(session, make_organization(session, Kind.PARTNER))
    person = make_person(session, make_organization(session), name="Rosa Example")
    session.commit()
    client.sign_in_as(person)
    client.get("/datasets")
    visitor = client.application.test_client()
    assert person.name not in visitor.get("/datasets").text


def test_a_kept_page_has_its_mark_and_is_not_sent_again(client: Client, session: Session) -> None:
    make_dataset(session, make_organization(session, Kind.PARTNER))
    session.commit()
    first, second = client.get("/datasets"), client.get("/datasets")
    assert first.headers["ETag"] == second.headers["ETag"]
    again = client.get("/datasets", headers={"If-None-Match": second.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_each_form_of_an_address_is_kept_by_itself(client: Client, session: Session) -> None:
    dataset = make_dataset(session, make_organization(session, Kind.PARTNER))
    session.commit()
    address = client.get(f"/datasets/{dataset.reference}").headers["Location"]
    as_page = client.get(address, headers={"Accept": "text/html"})
    as_data = client.get(address, headers={"Accept": "application/ld+json"})
    assert as_page.mimetype == "text/html"
    assert as_data.mimetype == "application/ld+json"
    assert client.get("/datasets?q=a").data != client.get("/datasets?q=b").data


def test_the_list_made_for_one_is_shown_only_to_those_with_the_same_rights(client: Client, session: Session) -> None:
    partner, member, other = (make_organization(session, kind) for kind in (Kind.PARTNER, Kind.MEMBER, Kind.MEMBER))
    secret = make_dataset(session, partner, title="Shown to one member", visibility=Visibility.NAMED, admitted=[member])
    people = [make_person(session, at, Role.PROJECT_STAFF) for at in (member, other)]
    session.commit()
    for _time in range(2):
        for person, sees in zip(people, (True, False), strict=True):
            client.sign_in_as(person)
            assert (secret.title in client.get("/datasets").text) is sees


def test_a_page_of_a_colleague_with_the_same_rights_names_its_own_reader(client: Client, session: Session) -> None:
    member = make_organization(session)
    make_dataset(session, make_organization(session, Kind.PARTNER))
    for name in ("Rosa Example", "Jonas Example"):
        client.sign_in_as(make_person(session, member, Role.PROJECT_STAFF, name=name))
        session.commit()
        assert name in client.get("/datasets").text


def test_links_of_one_place_are_given_to_nobody_at_another(client: Client, session: Session) -> None:
    make_dataset(session, make_organization(session, Kind.PARTNER), title="Trips by hour")
    session.commit()
    for address in ("/", "/datasets?q=trips"):
        elsewhere = client.application.test_client().get(
            address, environ_overrides={"SCRIPT_NAME": "//elsewhere.example"}
        )
        assert "//elsewhere.example/datasets" in elsewhere.text
        assert "elsewhere.example" not in client.application.test_client().get(address).text
