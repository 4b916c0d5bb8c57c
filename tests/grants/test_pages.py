"""The pages of grants: for the parties, and for nobody else; each act asks first and happens once."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.proposals.models import Proposal
from app.rules.roles import Kind, Role
from app.rules.workflow import GrantState
from tests.factories.grants import grant_of, make_decided, make_ready_cast
from tests.factories.organizations import make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import key_of, text_of
from tests.support.application import Client


def test_the_parties_see_the_grant_with_its_dates_and_its_letter(client: Client, granted: Grant, ready: Cast) -> None:
    for person in (ready.lead, ready.steward_of(ready.datasets[0]), ready.officer):
        client.sign_in_as(person)
        page = text_of(client, f"/grants/{granted.number}")
        assert "Access active." in page
        assert "Report what the data changed" in page
        assert "Mon 22 Nov 2027" in page
        assert granted.number in text_of(client, "/grants")
        letter = client.get(f"/grants/{granted.number}/letter")
        assert letter.mimetype == "application/pdf"
        assert letter.data.startswith(b"%PDF")


def test_for_everyone_else_there_is_no_such_grant(client: Client, session: Session, granted: Grant) -> None:
    other = make_organization(session, Kind.BOTH, "Another company")
    stranger = make_person(session, other, Role.STEWARD, Role.PROJECT_STAFF, Role.SIGNATORY)
    session.commit()
    client.sign_in_as(stranger)
    for number in (granted.number, "GR-2026-9999"):
        for rest in ("", "/letter", "/revoke", "/suspend", "/close"):
            assert client.get(f"/grants/{number}{rest}").status_code == 404
        data = {"reason": "Because.", "idempotency_key": "k" * 20}
        assert client.post(f"/grants/{number}/revoke", data=data).status_code == 404
    assert granted.number not in text_of(client, "/grants")
    assert "No grants yet" in text_of(client, "/grants")


def test_a_director_revokes_with_a_reason_and_pressing_twice_acts_once(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.director)
    address = f"/grants/{granted.number}/revoke"
    data = {"reason": "The data was passed on.", "ground": "breach", "idempotency_key": key_of(client, address)}
    first, second = client.post(address, data=data), client.post(address, data=data)
    assert first.status_code == second.status_code == 303
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.REVOKED
    page = text_of(client, f"/grants/{granted.number}")
    assert "Revoked on" in page
    assert "The data was passed on." in page
    assert "A breach that was not mended" in page
    assert client.get(address).status_code == 404  # not possible any more


def test_without_a_reason_nothing_is_revoked_and_the_page_says_what_to_write(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.director)
    address = f"/grants/{granted.number}/revoke"
    answer = client.post(address, data={"reason": " ", "idempotency_key": key_of(client, address)})
    assert answer.status_code == 422
    assert "Say why" in answer.get_data(as_text=True)
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.ACTIVE


def test_a_reason_that_is_too_long_is_kept_and_named(client: Client, granted: Grant, ready: Cast) -> None:
    client.sign_in_as(ready.director)
    address = f"/grants/{granted.number}/suspend"
    words = "why " * 400
    answer = client.post(address, data={"reason": words, "idempotency_key": key_of(client, address)})
    assert answer.status_code == 422
    assert "Shorten this to 1,000 characters" in answer.get_data(as_text=True)
    assert words.strip() in answer.get_data(as_text=True)


def test_without_a_reason_from_the_list_nothing_is_revoked(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.director)
    answer = client.post(f"/grants/{granted.number}/revoke", data={"reason": "Because.", "ground": "whim"})
    assert answer.status_code == 422
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.ACTIVE


def test_the_member_may_end_its_use_and_is_shown_no_other_act(client: Client, granted: Grant, ready: Cast) -> None:
    client.sign_in_as(ready.lead)
    html = client.get(f"/grants/{granted.number}").get_data(as_text=True)
    assert f"/grants/{granted.number}/close" in html
    assert f"/grants/{granted.number}/revoke" not in html
    assert client.get(f"/grants/{granted.number}/revoke").status_code == 404


def test_a_director_sees_what_will_be_issued_and_issues_it(client: Client, session: Session) -> None:
    cast = make_ready_cast(session)
    proposal = make_decided(session, cast)
    session.commit()
    client.sign_in_as(cast.director)
    address = f"/proposals/{proposal.reference}/issue"
    page = text_of(client, address)
    assert "Partner 1 to Coastal Cities Fund" in page
    assert "Issue 2 grants" in page
    assert session.scalar(select(func.count()).select_from(Grant)) == 0  # looking issues nothing
    answer = client.post(address, data={"idempotency_key": key_of(client, address)})
    assert answer.status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Grant)) == 2
    again = client.get(address)  # from the mail that asked for it, which another director may have had too
    assert (again.status_code, again.location) == (303, f"/proposals/{proposal.reference}")


def test_what_stands_in_the_way_of_issuing_is_said_in_words(client: Client, session: Session) -> None:
    from tests.factories.proposals import make_cast

    cast = make_cast(session)
    proposal = make_decided(session, cast)
    session.commit()
    client.sign_in_as(cast.director)
    page = text_of(client, f"/proposals/{proposal.reference}/issue")
    assert "no accession in force" in page
    assert "Ask its authorized signatory to sign" in page


def test_only_a_director_reaches_the_page_that_issues(client: Client, session: Session) -> None:
    cast = make_ready_cast(session)
    proposal = make_decided(session, cast)
    session.commit()
    for person in (cast.lead, cast.steward_of(cast.datasets[0])):
        client.sign_in_as(person)
        assert client.get(f"/proposals/{proposal.reference}/issue").status_code == 404
    client.sign_in_as(cast.officer)  # who issues only where they stand in for the director
    assert client.get(f"/proposals/{proposal.reference}/issue").status_code == 403


@pytest.mark.parametrize(
    ("starts_on", "says"), [(date(2026, 11, 23), "In force"), (date(2026, 12, 7), "Begins Mon 7 Dec")]
)
def test_the_list_says_from_which_day_on_a_grant_is_in_force(
    client: Client, session: Session, granted: Grant, ready: Cast, starts_on: date, says: str
) -> None:
    granted.starts_on = starts_on
    session.commit()
    client.sign_in_as(ready.lead)
    _choices, _list, shown = client.get("/grants").text.partition('<ul class="op-rows">')
    assert says in shown
    assert ("In force" in shown) is (says == "In force")


def test_a_proposal_leads_to_its_own_grants(client: Client, session: Session, granted: Grant, ready: Cast) -> None:
    reference = session.scalars(select(Proposal.reference).where(Proposal.id == granted.proposal_id)).one()
    client.sign_in_as(ready.lead)
    assert f'href="/grants?proposal={reference}"' in client.get(f"/proposals/{reference}").get_data(as_text=True)
    assert granted.number in text_of(client, f"/grants?proposal={reference}")
    for other in ("PR-2020-0001", "<b>", "x" * 400):
        assert granted.number not in text_of(client, f"/grants?proposal={other}")
    client.sign_in_as(make_person(session, make_organization(session, Kind.MEMBER, "Another fund"), Role.PROJECT_STAFF))
    assert granted.number not in text_of(client, f"/grants?proposal={reference}")


def test_the_way_of_an_issued_proposal_has_the_issue_behind_it(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    reference = session.scalars(select(Proposal.reference).where(Proposal.id == granted.proposal_id)).one()
    client.sign_in_as(ready.lead)
    shown = text_of(client, f"/proposals/{reference}")
    assert "Director issues" not in shown
    assert "Issued" in shown
