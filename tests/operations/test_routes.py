"""Health for machines; outbox and history for the secretariat alone."""

import json

from sqlalchemy.orm import Session

from app.foundation.clock import now
from app.foundation.installation import Installation
from tests.support.application import Client


def test_health_answers_without_signing_in(client: Client, session: Session) -> None:
    session.add(Installation(id=1, is_demo=False, created_at=now(), worker_seen_at=now()))
    session.commit()
    answer = client.get("/healthz")
    body = json.loads(answer.data)
    assert set(body) == {"status", "database", "worker", "mail"}
    assert (answer.status_code, body["status"]) == (503, "failing")  # no mail server is configured here
    assert body["database"]["ok"] is True


def test_a_stranger_does_not_find_outbox_and_history(client: Client) -> None:
    assert client.get("/operations/outbox").status_code == 303
    assert client.get("/operations/history").status_code == 303
