"""What an organization's pages learn from the parts above them."""

from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.proposals.commands.gathering import add_team_member
from app.proposals.queries.versions import team_of
from app.rules.roles import Kind, Role
from app.rules.workflow import ProposalState
from tests.factories.organizations import acting, make_organization, make_person, make_secretariat
from tests.factories.proposals import NOW, accede, make_cast, make_proposal
from tests.support.application import Client


def _made(session: Session, kind: Kind, name: str) -> Organization:
    row = make_organization(session, kind, name)
    session.commit()
    return row


def test_the_public_reads_of_those_who_have_acceded_only(client: Client, session: Session) -> None:
    joined, waiting = _made(session, Kind.PARTNER, "Corvid Mobility"), _made(session, Kind.PARTNER, "Heron Pay")
    accede(session, joined)
    session.commit()
    page = client.get("/partners").get_data(as_text=True)
    assert "Corvid Mobility" in page
    assert "Heron Pay" not in page
    assert client.get(f"/partners/{joined.slug}").status_code == 200
    assert client.get(f"/partners/{waiting.slug}").status_code == 404
    assert client.get(f"/members/{joined.slug}").status_code == 404
    assert "Corvid Mobility" not in client.get("/members").get_data(as_text=True)


def test_a_page_says_where_the_organization_stands_with_the_agreement(client: Client, session: Session) -> None:
    row = _made(session, Kind.BOTH, "Corvid Mobility")
    person = make_person(session, row, Role.FOCAL_POINT)
    session.commit()
    client.sign_in_as(person)
    assert client.get(f"/orgs/{row.slug}").get_data(as_text=True).count("op-status") >= 2
    accede(session, row)
    session.commit()
    page = client.get(f"/orgs/{row.slug}").get_data(as_text=True)
    assert "The common agreement is in force since" in page


def test_what_somebody_leads_is_named_before_they_leave(client: Client, session: Session) -> None:
    cast = make_cast(session)
    sent = make_proposal(session, ProposalState.IN_INTAKE, cast=cast)
    draft = make_proposal(session, ProposalState.DRAFT, cast=cast)
    withdrawn = make_proposal(session, ProposalState.WITHDRAWN, cast=cast)
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    session.commit()
    client.sign_in_as(officer)
    path = f"/orgs/{cast.member.slug}/people/{cast.lead.pid}"
    page = client.get(path).get_data(as_text=True)
    assert f"/proposals/{sent.reference}/people" in page
    assert "A draft that was not sent yet" in page
    assert draft.reference not in page
    assert withdrawn.reference not in page
    refused = client.post(f"{path}/remove")
    assert refused.status_code == 422
    assert sent.reference in refused.get_data(as_text=True)
    assert client.post(f"{path}/remove", data={f"lead-{sent.id}": str(cast.officer.id)}).status_code == 422
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, name="Nia Sole")
    session.commit()
    chosen = {f"lead-{sent.id}": str(nia.id)}
    assert client.post(f"{path}/remove", data=chosen).status_code == 422, "the draft has nobody yet"
    assert client.post(f"{path}/remove", data={**chosen, f"lead-{draft.id}": str(nia.id)}).status_code == 303
    session.expire_all()
    assert {sent.lead_id, draft.lead_id} == {nia.id}
    assert withdrawn.lead_id == cast.lead.id


def test_nobody_leaves_for_whose_work_there_is_nobody(client: Client, session: Session) -> None:
    cast = make_cast(session)
    make_proposal(session, ProposalState.IN_REVIEW, cast=cast)
    session.commit()
    client.sign_in_as(cast.lead)
    path = f"/orgs/{cast.member.slug}/people/{cast.lead.pid}"
    assert "add somebody first" in client.get(path).get_data(as_text=True)
    assert client.post(f"{path}/remove").status_code == 422


def test_somebody_leaves_by_themselves_and_their_place_on_a_team_goes_on(client: Client, session: Session) -> None:
    cast = make_cast(session)
    proposal = make_proposal(session, ProposalState.DRAFT, cast=cast)
    nia = make_person(session, cast.member, Role.PROJECT_STAFF, name="Nia Sole")
    tom = make_person(session, cast.member, Role.PROJECT_STAFF, name="Tom Vale")
    member = add_team_member(session, acting(session, cast.lead), proposal.reference, nia.name, nia.email, "", NOW)
    session.commit()
    client.sign_in_as(nia)
    path = f"/orgs/{cast.member.slug}/people/{nia.pid}"
    assert client.post(f"{path}/remove", data={f"team-{member.id}": str(tom.id)}).status_code == 303
    session.expire_all()
    team = {row.person_id for row in team_of(session, proposal.id)}
    assert team == {cast.lead.id, tom.id}
    assert acting(session, nia).organization_ids == frozenset()
