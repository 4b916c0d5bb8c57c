"""A refused act leaves one line in the history, without a name or a typed word, and nothing else (safety.md W1, A6)."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.history.models import HistoryDetail, HistoryEvent
from app.history.queries import faults
from app.proposals.models import Comment, Proposal
from app.tables import Base
from tests.factories.review import Scene, scene_in_intake, scene_in_review
from tests.support.application import Client

pytestmark = pytest.mark.both_databases
# What one event is made of, and the sessions of whoever is signed in.
OF_AN_EVENT = {"history_event", "history_detail", "log_head", "outbox_message"}


def counts(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def _of(scene: Scene) -> dict[str, str]:
    return {"dataset": scene.datasets["streets"].reference}


def denied(session: Session) -> list[HistoryEvent]:
    session.expire_all()
    found = select(HistoryEvent).where(HistoryEvent.type == "act.denied").order_by(HistoryEvent.seq)
    return list(session.scalars(found))


def as_(client: Client, scene: Scene, who: str) -> Client:
    scene.session.commit()
    client.sign_in_as(scene.people[who])
    return client


def test_what_is_not_ones_to_do_leaves_one_line_and_nothing_else(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    asked = {**_of(scene), "words": "Rosa Lindqvist typed this."}
    session.commit()
    before, version = counts(session), scene.proposal.version
    answer = as_(client, scene, "rosa").post(f"/proposals/{scene.ref}/undo", data=asked)
    assert answer.status_code == 403
    [row] = denied(session)
    assert (row.thing, row.thing_ref) == ("act", f"proposals.undo:{scene.ref}")
    assert (row.actor_pid, row.acting_for) == (scene.people["rosa"].pid, None)
    assert row.request_id
    assert session.scalars(select(HistoryDetail.payload).where(HistoryDetail.seq == row.seq)).one() == {
        "actor": "",
        "status": 403,
    }
    after = counts(session)
    assert {name for name in after if after[name] != before[name]} <= OF_AN_EVENT
    assert session.get_one(Proposal, scene.proposal.id).version == version
    assert faults(session) == []


def test_what_one_may_not_know_of_leaves_nothing_that_names_it(client: Client, session: Session) -> None:
    scene = scene_in_intake(session)
    answer = as_(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data={"verdict": "approved"})
    assert answer.status_code == 404
    assert denied(session) == []


def test_reading_and_strangers_leave_nothing(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    assert as_(client, scene, "rosa").get(f"/proposals/{scene.ref}/review").status_code == 403
    assert denied(session) == []
    public = client.application.test_client()
    assert public.post(f"/proposals/{scene.ref}/undo").status_code in (303, 400)
    assert denied(session) == []


def test_what_was_typed_into_an_address_stays_out(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    client = as_(client, scene, "rosa")
    client.post(f"/proposals/{scene.ref}/suggestions/1", data={"act": "Free words"})
    client.post("/proposals/Rosa-Lindqvist-was-here/undo", data=_of(scene))
    assert all("Rosa" not in row.thing_ref and " " not in row.thing_ref for row in denied(session))


def test_nobody_floods_the_history_and_the_answer_stays_the_same(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    client = as_(client, scene, "rosa")
    for _try in range(33):
        assert client.post(f"/proposals/{scene.ref}/undo", data=_of(scene)).status_code == 403
    assert len(denied(session)) == 30
    client = as_(client, scene, "marta")
    assert client.post(f"/proposals/{scene.ref}/undo", data=_of(scene)).status_code == 403
    assert len(denied(session)) == 31


def test_the_auditor_reads_who_tried_what_in_the_history(client: Client, session: Session) -> None:
    scene = scene_in_review(session)
    as_(client, scene, "rosa").post(f"/proposals/{scene.ref}/undo", data=_of(scene))
    page = as_(client, scene, "aude").get("/operations/history").text
    assert "Act denied" in page
    assert f"proposals.undo:{scene.ref}" in page
    assert "Rosa" in page.split("Act denied")[1].split("</tr>")[0]
    assert "Act denied" not in as_(client, scene, "jonas").get(f"/proposals/{scene.ref}").text


def test_what_is_not_possible_now_leaves_one_too_and_what_it_had_begun_is_rolled_back(
    client: Client, session: Session
) -> None:
    scene = scene_in_review(session)
    data = {"version_hash": "0" * 64, "verdict": "changes", "words": "Shorter."}
    answer = as_(client, scene, "lucia").post(f"/proposals/{scene.ref}/review", data=data)
    assert answer.status_code == 409
    assert session.scalar(select(func.count(Comment.id))) == 0
    assert len(denied(session)) == 1
