"""Data needs: posted for an organization, known inside the consortium alone, answered, and ended by those who may."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.inbox import from_needs
from app.needs.commands import Asked, answer, end, post
from app.needs.models import DataNeed
from app.needs.queries import need_by_reference, needs_in
from app.organizations.models import Membership, Organization, Person
from app.reactions.readers import still_concerns
from app.rules.actions import Action
from app.rules.actors import NOBODY, Actor
from app.rules.roles import Kind, Role
from app.rules.workflow import NeedState
from app.search.models import SavedSearch
from tests.catalog.people import NOW, actor, organization, partner, person
from tests.support.application import Client

ASKED = Asked("Who walks where?", "Counts by block and hour.", "CO", "Where three clinics open.", date(2027, 3, 1))


class Scene:
    """A member who needs something, a data partner, the secretariat, and somebody of neither."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.member = organization(session, Kind.MEMBER)
        self.partner = partner(session)
        self.office = organization(session, Kind.SECRETARIAT)
        self.people: dict[str, Person] = {}
        self.asking = self._actor("asking", self.member, Role.PROJECT_STAFF)
        self.steward = self._actor("steward", self.partner, Role.STEWARD)
        self.signatory = self._actor("signatory", self.partner, Role.SIGNATORY)
        self.officer = self._actor("officer", self.office, Role.OFFICER)

    def _actor(self, name: str, at: Organization, role: Role) -> Actor:
        self.people[name] = person(self.session, at, role)
        return actor(at, role, who=self.people[name])

    def post(self) -> DataNeed:
        return post(self.session, self.asking, self.member.id, ASKED, NOW)


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


def test_a_need_is_known_to_members_data_partners_and_the_secretariat(scene: Scene, session: Session) -> None:
    row = scene.post()
    other = actor(organization(session, Kind.MEMBER), Role.FOCAL_POINT)
    for viewer in (scene.asking, other, scene.steward, scene.officer):
        assert need_by_reference(session, viewer, row.reference).id == row.id
        assert [each.id for each in needs_in(session, viewer, NeedState.OPEN)] == [row.id]
    for viewer in (NOBODY, scene.signatory):
        assert list(needs_in(session, viewer, NeedState.OPEN)) == []
        with pytest.raises(NotFound):
            need_by_reference(session, viewer, row.reference)


def test_a_need_is_posted_for_ones_own_organization(scene: Scene, session: Session) -> None:
    with pytest.raises(NotAllowed):
        post(session, scene.asking, scene.partner.id, ASKED, NOW)
    with pytest.raises(NotAllowed):
        post(session, NOBODY, scene.member.id, ASKED, NOW)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked("", "Counts.", "CO"), "question"),
        (Asked("Who?", "  ", "CO"), "wanted"),
        (Asked("x" * 201, "Counts.", "CO"), "question"),
        (Asked("Who?", "Counts.", "CO", "x" * 1501), "decision"),
        (Asked("Who?", "Counts.", "CO", "", NOW.date() - timedelta(days=1)), "decide_by"),
    ],
)
def test_what_is_missing_or_too_long_is_said_at_its_field(
    scene: Scene, session: Session, asked: Asked, field: str
) -> None:
    with pytest.raises(Invalid) as said:
        post(session, scene.asking, scene.member.id, asked, NOW)
    assert said.value.field == field


def test_the_secretariats_first_answer_ends_its_wait_and_a_data_partners_does_not(
    scene: Scene, session: Session, app: Flask
) -> None:
    row = scene.post()
    with app.test_request_context():
        answer(session, scene.steward, row.reference, "We have such data.", NOW)
        (waiting,) = from_needs.rows(session, scene.officer, NOW)
        assert waiting.values == (("reference", row.reference),)
        answer(session, scene.officer, row.reference, "Ask Acme.", NOW)
        assert from_needs.rows(session, scene.officer, NOW) == []
        assert from_needs.rows(session, scene.steward, NOW) == []


def test_who_asks_does_not_answer_and_who_answers_does_not_end(scene: Scene, session: Session) -> None:
    row = scene.post()
    with pytest.raises(NotAllowed):
        answer(session, scene.asking, row.reference, "Me.", NOW)
    with pytest.raises(NotAllowed):
        end(session, scene.steward, row.reference, Action.MEET_NEED, "", NOW)
    with pytest.raises(NotFound):
        answer(session, scene.signatory, row.reference, "Me.", NOW)


def test_a_need_that_is_over_takes_no_answer(scene: Scene, session: Session) -> None:
    row = scene.post()
    end(session, scene.asking, row.reference, Action.MEET_NEED, "Acme has it.", NOW)
    assert (row.state, row.state_reason) == (NeedState.MET, "Acme has it.")
    with pytest.raises(WrongState):
        answer(session, scene.officer, row.reference, "Late.", NOW)


# ---- pages


def test_the_way_from_a_search_without_a_hit_to_a_posted_need(scene: Scene, session: Session, client: Client) -> None:
    client.sign_in_as(scene.people["asking"])
    session.commit()
    found = client.get("/datasets?q=zeppelin&country=CO").text
    assert 'href="/needs/new?q=zeppelin&amp;country=CO"' in found
    form = client.get("/needs/new?q=zeppelin&country=CO").text
    assert form.count("zeppelin") >= 2
    assert '<option value="CO" selected' in form
    assert f'name="organization" value="{scene.member.id}"' in form
    data = {
        "organization": str(scene.member.id), "question": "Where do airships land?", "wanted": "zeppelin", "country": "CO",
        "matches": "zeppelin",
    }  # fmt: skip
    kept = client.post("/needs/new", data={**data, "question": ""})
    assert kept.status_code == 422
    assert "Enter the question" in kept.text
    assert "zeppelin" in kept.text
    answer = client.post("/needs/new", data=data)
    assert answer.status_code == 303
    assert "Where do airships land?" in client.get(answer.location).text
    assert "Where do airships land?" in client.get("/needs").text
    assert session.scalars(select(SavedSearch.question)).one() == "q=zeppelin&country=CO"


def test_a_need_is_answered_and_met_on_its_page(scene: Scene, session: Session, app: Flask) -> None:
    row = scene.post()
    session.commit()
    address = f"/needs/{row.reference}"
    steward, asking = app.test_client(), app.test_client()
    assert isinstance(steward, Client)
    assert isinstance(asking, Client)
    steward.sign_in_as(scene.people["steward"])
    assert steward.post(f"{address}/answer", data={"words": ""}).status_code == 422
    assert steward.post(f"{address}/answer", data={"words": "We have this."}).status_code == 303
    assert steward.post(f"{address}/end", data={"act": "meet"}).status_code == 403
    asking.sign_in_as(scene.people["asking"])
    assert "We have this." in asking.get(address).text
    assert asking.post(f"{address}/end", data={"act": "zeppelin"}).status_code == 404
    assert asking.post(f"{address}/end", data={"act": "meet"}).status_code == 303
    assert "Is it over?" not in asking.get(address).text


def test_somebody_without_an_organization_is_told_whom_to_ask(session: Session, client: Client) -> None:
    lonely = Person(email="l@example.org", name="Lo Nely", created_at=NOW, active=True)
    session.add(lonely)
    session.commit()
    client.sign_in_as(lonely)
    assert "Ask the focal point" in client.get("/needs/new").text
    assert client.post("/needs/new", data={"question": "Who?", "wanted": "x", "country": "CO"}).status_code == 422


def test_an_answer_is_not_mailed_to_somebody_who_left_the_consortium(scene: Scene, session: Session) -> None:
    row, asking = scene.post(), scene.people["asking"]
    mail = {"topic": "progress", "person": asking.id, "thread": row.reference}
    assert still_concerns(session, mail, NOW)
    session.execute(update(Membership).where(Membership.person_id == asking.id).values(ended_at=NOW))
    session.flush()
    assert not still_concerns(session, mail, NOW)
