"""The pages around a team: joining by link, answering for oneself, changing the lead, confirming or withdrawing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Person
from app.outbox.models import OutboxMessage
from app.proposals.commands.gathering import add_team_member
from app.proposals.queries.team import has_accepted
from app.rules.roles import Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import NOW, Cast, make_cast, make_proposal
from tests.support.application import Client

PASSWORD = "granite kettle orbit lantern"


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


def _token(session: Session) -> str:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team.invite")).all()
    return str(rows[-1].payload["token"])


def test_somebody_without_an_account_joins_by_the_link(client: Client, session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    lead = acting(session, cast.lead)
    add_team_member(session, lead, draft.reference, "Ida Fern", "ida@example.org", "Elsewhere", NOW)
    token = _token(session)
    session.commit()
    path = f"/proposals/join/{token}"
    page = client.get(path).get_data(as_text=True)
    assert draft.title in page
    assert client.post(path, data={"name": "Ida Fern", "password": "short"}).status_code == 422
    made = client.post(path, data={"name": "Ida Fern", "password": PASSWORD})
    assert made.location == f"/proposals/{draft.reference}/join"
    page = client.get(made.location).get_data(as_text=True)
    assert "You belong to no organization of the consortium yet" in page
    assert "Authorized users" in page
    assert client.post(made.location).status_code == 303
    session.expire_all()
    ida = session.scalars(select(Person).where(Person.email == "ida@example.org")).one()
    assert has_accepted(session, ida.id, draft)
    assert client.get(f"/proposals/{draft.reference}").status_code == 404
    assert client.get("/proposals/join/nothing").status_code == 404


def test_everybody_else_finds_nothing_at_these_addresses(client: Client, session: Session, cast: Cast) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    other = make_organization(session)
    outsider = make_person(session, other, Role.FOCAL_POINT)
    session.commit()
    client.sign_in_as(outsider)
    base = f"/proposals/{draft.reference}"
    for path in ("/join", "/lead", f"/co-applicants/{other.slug}"):
        assert client.get(base + path).status_code == 404, path
    for path in ("/join", "/join/decline", "/lead", "/lead/accept", "/co-applicants", f"/co-applicants/{other.slug}"):
        assert client.post(base + path, data={"person": "1"}).status_code == 404, path


def test_a_lead_is_handed_on_and_a_joint_proposal_answered_by_pages(
    client: Client, session: Session, cast: Cast
) -> None:
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, name="Nia Sole")
    other = make_organization(session, name="Harbor Fund")
    point = make_person(session, other, Role.FOCAL_POINT)
    session.commit()
    base = f"/proposals/{draft.reference}"
    client.sign_in_as(cast.lead)
    assert client.post(f"{base}/lead", data={"person": ""}).status_code == 422
    assert client.post(f"{base}/lead", data={"person": str(nia.id), "words": "From Monday."}).status_code == 303
    assert client.post(f"{base}/co-applicants", data={"co_applicant": other.slug}).status_code == 303
    people = client.get(f"{base}/people").get_data(as_text=True)
    assert "Nia Sole is asked to lead it" in people
    assert "Harbor Fund" in people
    client.sign_in_as(nia)
    assert "From Monday." in client.get(f"{base}/lead").get_data(as_text=True)
    assert client.post(f"{base}/lead/accept").status_code == 303
    client.sign_in_as(point)
    assert client.get(base).status_code == 404, "a draft is its team's alone"
    assert "Confirm that we take part" in client.get(f"{base}/co-applicants/{other.slug}").get_data(as_text=True)
    withdrawing = f"{base}/co-applicants/{other.slug}/withdraw"
    assert client.post(withdrawing).status_code == 422
    assert client.post(withdrawing, data={"words": "No budget."}).status_code == 303
    session.expire_all()
    assert draft.lead_id == nia.id


def test_a_lead_without_a_card_asks_with_one_click_and_the_focal_point_answers_with_one(
    client: Client, session: Session, cast: Cast
) -> None:
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, name="Nia Sole", vouched=False)
    point = make_person(session, cast.member, Role.FOCAL_POINT)
    mine = Cast(cast.member, nia, cast.datasets, cast.stewards, cast.officer, cast.director)
    draft = make_proposal(session, ProposalState.DRAFT, cast=mine)
    session.commit()
    client.sign_in_as(nia)
    page = client.get(f"/proposals/{draft.reference}/edit/check").get_data(as_text=True)
    assert "Ask to be vouched for" in page
    assert client.post(f"/orgs/{cast.member.slug}/cards/ask").status_code == 303
    client.sign_in_as(point)
    assert "Vouch for a year" in client.get(f"/orgs/{cast.member.slug}").get_data(as_text=True)
    assert client.post(f"/orgs/{cast.member.slug}/people/{nia.pid}/vouch").status_code == 303
    client.sign_in_as(nia)
    page = client.get(f"/proposals/{draft.reference}/edit/check").get_data(as_text=True)
    assert "Ask to be vouched for" not in page
