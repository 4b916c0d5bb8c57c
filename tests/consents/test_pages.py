"""The pages of standing consents: a steward writes, tries and switches on; others see what the rules let them."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import worker
from app.consents.commands import apply_consents
from app.consents.models import StandingConsent
from app.history.models import HistoryEvent
from app.rules.events import Event
from app.rules.roles import Role
from app.rules.workflow import ConsentState, ItemState
from tests.consents.scenes import covering, draft, items, switched_on
from tests.factories.organizations import make_person
from tests.factories.review import MONDAY, Scene, scene_in_intake, scene_in_review
from tests.support.application import Client


def sign_in(app: Flask, scene: Scene, who: str) -> Client:
    scene.session.commit()
    client = app.test_client()
    assert isinstance(client, Client)
    client.sign_in_as(scene.people[who])
    return client


def post(client: Client, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": client.csrf_token(), **fields})


def typed(scene: Scene, **changed: object) -> dict[str, object]:
    """The form as a steward fills it in for the scene's proposal."""
    rule = covering(scene)
    return {
        "name": "Low risk",
        "purposes": sorted(rule.purposes),
        "access_modes": sorted(rule.access_modes),
        "most_sensitive": "4",
        "personal_data": sorted(rule.personal_data),
        "longest_months": "24",
        **changed,
    }


def test_a_steward_writes_tries_and_switches_on(app: Flask, session: Session) -> None:
    scene = scene_in_review(session)
    client = sign_in(app, scene, "lucia")
    kept = post(client, "/desk/consents/new?organization=acme", **typed(scene), idempotency_key="a" * 24)
    assert kept.status_code == 303
    rule = session.scalars(select(StandingConsent)).one()
    path = f"/desk/consents/{rule.reference}"
    assert "Switch the rule on" not in client.get(path).get_data(as_text=True)
    post(client, f"{path}/simulate", idempotency_key="b" * 24)
    page = client.get(path).get_data(as_text=True)
    assert "Switch the rule on" in page
    assert "it would have approved at once" in page
    post(client, f"{path}/on", criteria_hash=rule.criteria_hash, idempotency_key="c" * 24)
    session.expire_all()
    assert session.scalars(select(StandingConsent)).one().state is ConsentState.ON


def test_what_is_missing_is_said_and_what_was_typed_is_kept(app: Flask, session: Session) -> None:
    scene = scene_in_review(session)
    client = sign_in(app, scene, "lucia")
    refused = post(client, "/desk/consents/new", **typed(scene, name=""), idempotency_key="a" * 24)
    body = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Give the rule a name" in body
    assert 'value="24"' in body
    assert session.scalar(select(StandingConsent.id)) is None


def test_a_rule_with_gaps_leads_back_to_them(app: Flask, session: Session) -> None:
    scene = scene_in_review(session)
    client = sign_in(app, scene, "lucia")
    post(client, "/desk/consents/new", name="Half a rule", idempotency_key="a" * 24)
    rule = session.scalars(select(StandingConsent)).one()
    page = client.get(f"/desk/consents/{rule.reference}").get_data(as_text=True)
    assert "Choose at least one purpose that you let pass." in page
    sent = post(client, f"/desk/consents/{rule.reference}/simulate", idempotency_key="b" * 24)
    assert sent.location.endswith("/edit")


@pytest.mark.parametrize(
    ("who", "status"), [("lucia", 200), ("tom", 200), ("jonas", 404), ("pia", 404), ("rosa", 404), ("aude", 404)]
)
def test_a_draft_is_its_data_partners_alone(app: Flask, session: Session, who: str, status: int) -> None:
    scene = scene_in_review(session)
    rule = draft(scene)
    assert sign_in(app, scene, who).get(f"/desk/consents/{rule.reference}").status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("lucia", 200), ("jonas", 200), ("aude", 200), ("pia", 404), ("rosa", 404)]
)
def test_a_rule_that_acts_is_shown_to_the_secretariat_too(app: Flask, session: Session, who: str, status: int) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    answer = sign_in(app, scene, who).get(f"/desk/consents/{rule.reference}")
    assert answer.status_code == status
    assert ("What it would have done" in answer.get_data(as_text=True)) == (who == "lucia")


def test_the_trial_is_a_file_too(app: Flask, session: Session) -> None:
    scene = scene_in_review(session)
    rule = draft(scene)
    scene.decides("lucia", "streets", ItemState.NOT_APPROVED)
    text = sign_in(app, scene, "lucia").get(f"/desk/consents/{rule.reference}/trial.csv").get_data(as_text=True)
    [line] = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert (line["Proposal"], line["The rule"], line["People"]) == (scene.ref, "would approve", "Not approved")


def test_an_officer_can_stop_a_rule_and_says_why(app: Flask, session: Session) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    client = sign_in(app, scene, "jonas")
    path = f"/desk/consents/{rule.reference}/off"
    assert post(client, path, reason="", idempotency_key="a" * 24).status_code == 422
    assert post(client, path, reason="It lets too much pass.", idempotency_key="b" * 24).status_code == 303
    session.expire_all()
    assert session.scalars(select(StandingConsent)).one().state is ConsentState.OFF


def test_a_rule_decides_as_soon_as_intake_is_passed_and_its_stewards_are_told(app: Flask, session: Session) -> None:
    scene = scene_in_intake(session)
    switched_on(scene)
    scene.pass_on()
    session.commit()
    worker.drain(app, lambda: MONDAY)
    session.expire_all()
    assert items(scene) == {"streets": ItemState.APPROVED, "shops": ItemState.PENDING}
    types = set(session.scalars(select(HistoryEvent.type)))
    assert Event.ITEM_APPROVED_BY_RULE.value in types


def test_what_a_rule_approved_is_shown_as_the_rules_with_one_way_to_undo_it(app: Flask, session: Session) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    assert apply_consents(session, scene.ref, MONDAY)
    shown = sign_in(app, scene, "lucia").get(f"/proposals/{scene.ref}").get_data(as_text=True)
    assert shown.count(f'action="/proposals/{scene.ref}/undo"') == 1
    assert f"By the standing consent {rule.reference}" in shown
    assert "Possible until the grant is issued" in shown
    assert "You decided on" not in shown


def test_a_colleague_who_does_not_decide_is_not_told_which_proposals_a_rule_approved(
    app: Flask, session: Session
) -> None:
    scene = scene_in_review(session)
    rule = switched_on(scene)
    assert apply_consents(session, scene.ref, MONDAY)
    client = sign_in(app, scene, "lucia")
    path, link = f"/desk/consents/{rule.reference}", f"/proposals/{scene.proposal.reference}"
    assert link in client.get(path).get_data(as_text=True)
    scene.people["colleague"] = make_person(
        session, scene.organizations["acme"], Role.PROJECT_STAFF, name="A Colleague"
    )
    shown = sign_in(app, scene, "colleague").get(path)
    assert shown.status_code == 200
    assert scene.proposal.title not in shown.get_data(as_text=True)
    assert link not in shown.get_data(as_text=True)
