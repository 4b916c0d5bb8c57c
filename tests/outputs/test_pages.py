"""The pages of outputs: submitted, read line by line, cleared, published; the cleared copy is known to the verifier."""

import re
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grants.models import Grant
from app.organizations.models import Person
from app.outputs.models import Output, OutputComment, OutputDraft
from app.rules.roles import Role
from app.rules.workflow import OutputState
from tests.factories.grants import allow_delay
from tests.factories.organizations import make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

TEXT = b"Crossings that children use.\nBlock 12 has 3 children.\n"


def steward(cast: Cast) -> Person:
    return cast.steward_of(cast.datasets[0])


def submitted(client: Client, session: Session, grant: Grant, cast: Cast) -> Output:
    client.sign_in_as(cast.lead)
    data = {"title": "Where children cross", "kind": "brief", "file": (BytesIO(TEXT), "brief.txt")}
    answer = client.post(f"/grants/{grant.number}/outputs/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return session.scalars(select(Output)).one()


def note(client: Client, address: str, words: str, **where: str) -> None:
    data = {"version": "1", "ground": "identifies_or_reveals", "words": words, **where}
    assert client.post(f"{address}/notes", data=data).status_code == 303


def state_of(session: Session) -> OutputState:
    session.expire_all()
    return session.scalars(select(Output.state)).one()


def test_a_round_trip_ends_with_a_copy_that_anyone_can_check(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = submitted(client, session, granted, ready)
    address = f"/outputs/{row.reference}"
    client.sign_in_as(steward(ready))
    html = client.get(address).get_data(as_text=True)
    assert 'id="line-2"' in html
    assert "Block 12 has 3 children." in html
    note(client, address, "Leave out small cells.", line="2")
    assert client.post(f"{address}/changes", data={"version": "1"}).status_code == 303
    client.sign_in_as(ready.lead)
    assert "Leave out small cells." in text_of(client, address)
    mended = b"Crossings that children use.\n"
    again = client.post(
        f"{address}/again", data={"file": (BytesIO(mended), "brief.txt")}, content_type="multipart/form-data"
    )
    assert again.status_code == 303
    client.sign_in_as(steward(ready))
    assert (
        client.post(f"{address}/clear", data={"version": "1"}).status_code == 409
    )  # what was shown is no longer the newest
    assert client.post(f"{address}/clear", data={"version": "2"}).status_code == 303
    assert state_of(session) is OutputState.CLEARED
    public = client.application.test_client()
    assert isinstance(public, Client)
    known = public.post(
        "/verify", data={"file": (BytesIO(mended), "x.txt")}, content_type="multipart/form-data"
    ).get_data(as_text=True)
    assert f"A cleared output of {granted.number}" in known
    assert row.title not in known  # confidential until it is published
    other = public.post("/verify", data={"file": (BytesIO(TEXT), "x.txt")}, content_type="multipart/form-data")
    assert "A cleared output" not in other.get_data(as_text=True)


def test_a_delay_is_asked_for_on_the_page_and_stands_there_for_both_sides(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    allow_delay(granted, 30)
    session.commit()
    address = f"/outputs/{submitted(client, session, granted, ready).reference}"
    client.sign_in_as(steward(ready))
    client.post(f"{address}/clear", data={"version": "1"})
    assert "for up to 30 days" in text_of(client, address)
    refused = client.post(f"{address}/delay", data={"days": "31", "words": "Prices are secret."})
    assert refused.status_code == 422
    assert "from 1 to 30" in refused.text
    assert "Prices are secret." in refused.text
    assert client.post(f"{address}/delay", data={"days": "10", "words": "Prices are secret."}).status_code == 303
    assert "Wait with publication" not in text_of(client, address)
    client.sign_in_as(ready.lead)
    seen = text_of(client, address)
    assert "Publish it on Thu 3 Dec 2026 or later" in seen
    assert "Until Thu 3 Dec 2026: Prices are secret." in seen


def test_what_is_published_stands_in_the_register_for_everyone(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = submitted(client, session, granted, ready)
    client.sign_in_as(steward(ready))
    client.post(f"/outputs/{row.reference}/clear", data={"version": "1"})
    client.sign_in_as(ready.lead)
    data = {
        "published_on": ["23", "11", "2026"],
        "address": "https://fund.example/brief",
        "doi": "https://doi.org/10.1234/abcd",
        "credit": "Page 2",
    }
    assert client.post(f"/outputs/{row.reference}/publish", data={**data, "address": "nowhere"}).status_code == 422
    assert client.post(f"/outputs/{row.reference}/publish", data=data).status_code == 303
    public = client.application.test_client()
    assert isinstance(public, Client)
    entry = text_of(public, f"/register/{granted.number}")
    assert "Where children cross" in entry
    assert "10.1234/abcd" in entry
    listed = public.get("/register.json").get_json()["grants"][0]["outputs"]
    assert listed[0]["address"] == "https://fund.example/brief"


def test_a_draft_is_hidden_from_colleagues_and_from_the_public(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = submitted(client, session, granted, ready)
    colleague = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    session.commit()
    client.sign_in_as(colleague)
    assert client.get(f"/outputs/{row.reference}").status_code == 404
    assert client.get(f"/outputs/{row.reference}/versions/1").status_code == 404
    assert row.title not in text_of(client, f"/grants/{granted.number}/outputs")
    assert row.title not in text_of(client, f"/register/{granted.number}")


def test_a_change_without_a_ground_is_not_taken_and_what_was_typed_stays(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = submitted(client, session, granted, ready)
    client.sign_in_as(steward(ready))
    answer = client.post(
        f"/outputs/{row.reference}/notes",
        data={"version": "1", "ground": "", "place": "page 1", "words": "We dislike it."},
    )
    assert answer.status_code == 422
    assert "A finding is never one" in answer.get_data(as_text=True)
    assert re.search(r"We dislike it\.</textarea>", answer.get_data(as_text=True))
    assert state_of(session) is OutputState.IN_READING


def test_after_it_is_published_colleagues_read_the_cleared_version_and_nothing_before_it(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = submitted(client, session, granted, ready)
    address = f"/outputs/{row.reference}"
    client.sign_in_as(steward(ready))
    note(client, address, "Block 12 stands out.", line="2")
    client.post(f"{address}/changes", data={"version": "1"})
    client.sign_in_as(ready.lead)
    mended = {"file": (BytesIO(b"Crossings that children use.\n"), "brief.txt")}
    client.post(f"{address}/again", data=mended, content_type="multipart/form-data")
    client.sign_in_as(steward(ready))
    client.post(f"{address}/clear", data={"version": "2"})
    client.sign_in_as(ready.lead)
    published = {"published_on": ["20", "11", "2026"], "address": "https://fund.example/brief", "credit": "Page 2."}
    assert client.post(f"{address}/publish", data=published).status_code == 303
    colleague = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    session.commit()
    client.sign_in_as(colleague)
    assert "Block 12" not in text_of(client, address)
    assert client.get(f"{address}/versions/1").status_code == 404
    assert client.get(f"{address}/versions/2").data == b"Crossings that children use.\n"
    client.sign_in_as(steward(ready))
    assert "Block 12 stands out." in text_of(client, address)
    assert client.get(f"{address}/versions/1").data == TEXT


def test_changes_are_noted_at_their_lines_edited_removed_sent_together_and_answered_there(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    row = submitted(client, session, granted, ready)
    address = f"/outputs/{row.reference}"
    client.sign_in_as(steward(ready))
    assert f'href="{address}?line=2#line-2"' in client.get(address).text
    assert "What would mend it?" in text_of(client, f"{address}?line=2")
    empty = client.post(f"{address}/notes", data={"version": "1", "line": "2", "ground": "", "words": "Round it."})
    assert (empty.status_code, "Round it.</textarea>" in empty.text) == (422, True)
    for line, words in (("2", "Round it."), ("1", "Say which year."), ("1", "A slip.")):
        note(client, address, words, line=line)
    assert "Ask for all 3 changes" in text_of(client, address)
    slip, year = (
        session.scalars(select(OutputDraft).where(OutputDraft.body == words)).one().id
        for words in ("A slip.", "Say which year.")
    )
    assert client.post(f"{address}/notes/{slip}/remove").status_code == 303
    assert "Say which year.</textarea>" in client.get(f"{address}?draft={year}").text
    better = {"ground": "wrong_about_data", "words": "Say that it is 2025."}
    assert client.post(f"{address}/notes/{year}", data=better).status_code == 303
    client.sign_in_as(ready.lead)
    assert "Round it." not in text_of(client, address)
    client.sign_in_as(steward(ready))
    client.post(f"{address}/changes", data={"version": "1"})
    assert "You asked for changes. You can take it back until" in text_of(client, address)


def test_a_change_is_answered_at_its_line_and_the_next_version_shows_what_became_of_it(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    address = f"/outputs/{submitted(client, session, granted, ready).reference}"
    client.sign_in_as(steward(ready))
    note(client, address, "Round it.", line="2")
    note(client, address, "Say that it is 2025.", line="1")
    client.post(f"{address}/changes", data={"version": "1"})
    client.sign_in_as(ready.lead)
    seen = text_of(client, address)
    assert "Say that it is 2025." in seen
    assert "2 changes were asked for" in seen
    assert "Whoever answered may take it back until" in seen
    asked = session.scalars(select(OutputComment).where(OutputComment.line == 2)).one().id
    assert "Your answer" in text_of(client, f"{address}?answer={asked}")
    assert client.post(f"{address}/remarks/{asked}/answer", data={"words": ""}).status_code == 422
    assert client.post(f"{address}/remarks/{asked}/answer", data={"words": "Rounded to ten."}).status_code == 303
    mended = {"file": (BytesIO(b"Crossings that children use.\nBlock 12 has 10 children.\n"), "brief.txt")}
    client.post(f"{address}/again", data=mended, content_type="multipart/form-data")
    client.sign_in_as(steward(ready))
    now_seen = text_of(client, address)
    for words in ("What was asked of version 1", "Rounded to ten.", "Block 12 has 3 children.", "It reads now"):
        assert words in now_seen


def test_a_clearance_is_taken_back_on_the_page(client: Client, session: Session, granted: Grant, ready: Cast) -> None:
    row = submitted(client, session, granted, ready)
    address = f"/outputs/{row.reference}"
    client.sign_in_as(steward(ready))
    client.post(f"{address}/clear", data={"version": "1"})
    assert "You cleared this version. You can take it back until" in text_of(client, address)
    assert client.post(f"{address}/take-back").status_code == 303
    assert state_of(session) is OutputState.IN_READING
    assert client.post(f"{address}/take-back").status_code == 409
