"""Pages of changes: who sees what, what is asked, and what happens when a button is pressed."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes import commands
from app.changes.models import GrantChange
from app.grants.commands import ask_to_close
from app.grants.models import Duty, Grant
from app.organizations.models import Membership, Organization
from app.rules.roles import Kind, Role
from app.rules.workflow import ChangeState, DutyState, GrantState
from tests.factories.changes import LONGER, ask
from tests.factories.grants import NOW, grant_of
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

ASKED = {
    "ends_on": ["31", "3", "2028"],
    "keep": "",
    "purposes": ["dev.mobility"],
    "purpose_words": "",
    "kept_in": "CO",
    "why": "The council decides later.",
}


def _asked(granted: Grant) -> dict[str, object]:
    record = granted.record
    datasets = record["datasets"]
    assert isinstance(datasets, list)
    return {**ASKED, "keep": [each["reference"] for each in datasets]}


def test_the_lead_asks_on_a_page_that_is_filled_with_the_grant(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    page = text_of(client, f"/grants/{granted.number}")
    assert "Ask for a change" in page
    html = client.get(f"/grants/{granted.number}/change").get_data(as_text=True)
    assert "Our research server, encrypted" in html
    answer = client.post(f"/grants/{granted.number}/change", data=_asked(granted))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    session.expire_all()
    change = session.scalars(select(GrantChange)).one()
    assert change.kinds == ["longer"]
    assert "Being checked" in text_of(client, f"/changes/{change.reference}")
    assert "A change is on its way" in text_of(client, f"/grants/{granted.number}")


def test_a_change_without_a_reason_keeps_what_was_typed(client: Client, granted: Grant, ready: Cast) -> None:
    client.sign_in_as(ready.lead)
    data = {**_asked(granted), "why": "", "kept_where": "A server in Cali"}
    answer = client.post(f"/grants/{granted.number}/change", data=data)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "Say why" in html
    assert "A server in Cali" in html


def test_from_asking_to_issuing_each_presses_one_button(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER, NOW)
    reference = change.reference
    session.commit()
    client.sign_in_as(ready.officer)
    assert "It is complete" in text_of(client, f"/changes/{reference}")
    assert client.post(f"/changes/{reference}/check").status_code == 303
    client.sign_in_as(ready.stewards[granted.data_partner_id])
    html = client.get(f"/changes/{reference}").get_data(as_text=True)
    assert "31 March 2028" in html
    shown, terms = _hidden(html, "shown"), _hidden(html, "terms")
    answer = client.post(f"/changes/{reference}/not_approve", data={"shown": shown, "terms": terms, "words": ""})
    assert answer.status_code == 422
    answer = client.post(f"/changes/{reference}/approve", data={"shown": shown, "terms": terms, "words": "Gladly."})
    assert answer.status_code == 303
    assert "Take the decision back" in text_of(client, f"/changes/{reference}")
    client.sign_in_as(ready.director)
    assert "Issue the newer grant" in text_of(client, f"/changes/{reference}")
    assert client.post(f"/changes/{reference}/issue").status_code == 303
    session.expire_all()
    successor = session.scalars(select(Grant).where(Grant.predecessor_id == granted.id)).one()
    assert successor.state is GrantState.AWAITING_SIGNATURE
    assert successor.number in text_of(client, f"/changes/{reference}")


def _hidden(html: str, name: str) -> str:
    return html.split(f'name="{name}" type="hidden" value="')[1].split('"', maxsplit=1)[0]


def test_for_everyone_else_there_is_no_such_change(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER, NOW)
    other = make_organization(session, Kind.BOTH, "Another company")
    stranger = make_person(session, other, Role.STEWARD, Role.PROJECT_STAFF)
    session.commit()
    client.sign_in_as(stranger)
    for address in (
        f"/changes/{change.reference}",
        f"/grants/{granted.number}/change",
        f"/grants/{granted.number}/renew",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/changes/{change.reference}/withdraw").status_code == 404
    assert client.get(f"/grants/{granted.number}/close").status_code == 404
    client.sign_in_as(ready.lead)
    assert client.post(f"/changes/{change.reference}/approve", data={"shown": "", "terms": ""}).status_code == 404


def test_the_lead_ends_the_use_and_the_page_says_what_is_open(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    assert "Access stops at once" in text_of(client, f"/grants/{granted.number}/close")
    assert client.post(f"/grants/{granted.number}/close", data={"words": "Published."}).status_code == 303
    session.expire_all()
    assert grant_of(session, granted.number).state is GrantState.CLOSING
    client.sign_in_as(ready.officer)
    assert "certificate of deletion is not in yet" in text_of(client, f"/grants/{granted.number}/close")
    answer = client.post(f"/grants/{granted.number}/close", data={"words": ""})
    assert answer.status_code == 409


def test_a_data_partner_says_what_it_wants_to_decide(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    steward = ready.stewards[granted.data_partner_id]
    slug = session.get_one(type(ready.member), granted.data_partner_id).slug
    client.sign_in_as(steward)
    assert "always yours" in text_of(client, f"/organizations/{slug}/changes")
    assert client.post(f"/organizations/{slug}/changes", data={"decides": ["team"]}).status_code == 303
    html = client.get(f"/organizations/{slug}/changes").get_data(as_text=True)
    assert 'id="decides-team" checked' in html
    assert 'id="decides-storage" checked' not in html
    client.sign_in_as(ready.lead)
    assert client.get(f"/organizations/{slug}/changes").status_code == 404


def test_the_register_and_the_verdict_name_what_took_a_grants_place(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    from app.foundation.files import FileStore
    from app.grants.commands.letters import press as press_of
    from tests.factories.changes import succeed

    files: FileStore = client.application.extensions["onepact_files"]
    newer = succeed(session, files, press_of(client.application.config), ready, granted, LONGER, NOW)
    session.commit()
    assert "Replaced" in text_of(client, f"/register/{granted.number}")
    assert newer.number in text_of(client, f"/register/{granted.number}")
    assert granted.number in text_of(client, f"/register/{newer.number}")
    verdict = text_of(client, f"/v/{granted.number}?t={granted.verify_token}")
    assert "no longer in force" in verdict
    assert newer.number in verdict
    client.sign_in_as(ready.lead)
    assert "Before and after" in text_of(client, f"/grants/{newer.number}")


def test_a_change_that_is_asked_for_is_in_the_inbox_of_whoever_is_next(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER, NOW)
    session.commit()
    client.sign_in_as(ready.officer)
    assert "Check a change of a grant" in text_of(client, "/inbox")
    client.sign_in_as(ready.lead)
    assert "Olu Bright checks your change" in text_of(client, "/inbox")
    assert change.state is ChangeState.ASKED


def test_the_page_says_who_decides_by_when_and_who_stands_in(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER, NOW)
    commands.check(session, acting(session, ready.officer), change.reference, NOW)
    partner = session.get_one(Organization, granted.data_partner_id)
    make_person(session, partner, Role.DEPUTY, name="Tom Ek")
    session.commit()
    steward, address = ready.stewards[partner.id], f"/changes/{change.reference}"
    said = f"{steward.name} of {partner.name} decides by Mon 7 Dec 2026 ; Tom Ek stands in."
    client.sign_in_as(ready.lead)
    assert said in text_of(client, address)
    assert said in text_of(client, f"/grants/{granted.number}")
    client.sign_in_as(steward)
    assert "Your turn. Decide by Mon 7 Dec 2026 ; Tom Ek stands in." in text_of(client, address)
    change.state_since = NOW - timedelta(days=30)
    session.commit()
    client.sign_in_as(ready.officer)
    page = text_of(client, address)
    assert f"{steward.name} of {partner.name} decides; it was due on" in page
    assert "You follow it up: write to those who could do it." in page


def test_the_page_of_a_close_out_says_who_confirms_it_and_by_when(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    ask_to_close(session, acting(session, ready.lead), granted.number, "Done.", NOW)
    session.commit()
    client.sign_in_as(ready.lead)
    address, steward = f"/grants/{granted.number}/close", ready.stewards[granted.data_partner_id]
    assert "confirms that the grant is closed" not in text_of(client, address)
    for row in session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "delete")):
        row.state, row.state_since, row.done_at = DutyState.DONE, NOW, NOW
    session.commit()
    has_it = f"{steward.name} of Partner 1 has it, by Mon 7 Dec 2026"
    assert "confirms that the grant is closed" not in text_of(client, address)
    client.sign_in_as(ready.officer)
    assert "It cannot be closed yet" in text_of(client, address)
    assert has_it in text_of(client, address)
    for row in session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "delete")):
        row.state = DutyState.ACCEPTED
    session.commit()
    client.sign_in_as(ready.lead)
    said = f"{steward.name} of Partner 1 confirms that the grant is closed by Mon 7 Dec 2026"
    assert said in text_of(client, address)
    assert said in text_of(client, f"/grants/{granted.number}")


def test_where_nobody_can_act_the_page_says_so_and_who_follows_it_up(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER, NOW)
    for row in session.scalars(select(Membership).where(Membership.person_id == ready.officer.id)):
        row.ended_at = NOW
    session.commit()
    client.sign_in_as(ready.lead)
    page = text_of(client, f"/changes/{change.reference}")
    assert "Nobody of Secretariat can act on it now; it is due on Wed 25 Nov 2026" in page
    assert f"{ready.director.name} follows it up." in page
