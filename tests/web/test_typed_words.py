"""What somebody typed is not lost where it was not taken: a colleague was faster, the session ended, it was not theirs to do."""

import re

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.rules.workflow import ItemState
from tests.factories.review import MONDAY, Scene, scene_in_review
from tests.support.application import Client

pytestmark = pytest.mark.both_databases
WORDS = "Ask again once the pilot in Suba is over, with block centers."
HERE = "http://localhost"


def _send(client: Client, scene: Scene, came_from: str = HERE, **more: str) -> TestResponse:
    page = f"/proposals/{scene.ref}/review"
    asked = {"verdict": "not_approved", "reason": "too_early", "words": WORDS, "version_hash": scene.shown_hash, **more}
    return client.post(page, data=asked, headers={"Referer": f"{came_from}{page}"})


def _as_lucia(client: Client, session: Session) -> Scene:
    scene = scene_in_review(session)
    scene.decides("tom", "streets", ItemState.APPROVED, MONDAY)
    session.commit()
    client.sign_in_as(scene.people["lucia"])
    return scene


def _kept(answer: TestResponse) -> list[str]:
    return re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)


def test_where_a_colleague_was_faster_the_words_are_shown_again_with_the_way_back(
    client: Client, session: Session
) -> None:
    scene = _as_lucia(client, session)
    answer = _send(client, scene)
    assert answer.status_code == 409
    assert _kept(answer) == [WORDS]
    assert f'href="/proposals/{scene.ref}/review"' in answer.text
    assert scene.shown_hash not in answer.text


@pytest.mark.parametrize("has_token", [True, False])
def test_where_the_session_has_ended_they_are_too(client: Client, session: Session, has_token: bool) -> None:
    scene = _as_lucia(client, session)
    with client.session_transaction() as cookie:
        cookie.clear()
    client.sends_token = has_token
    answer = _send(client, scene)
    assert answer.status_code == 400
    assert "You are signed out by now" in answer.text
    assert _kept(answer) == [WORDS]


def test_what_opens_something_is_never_shown_again(client: Client, session: Session) -> None:
    scene = _as_lucia(client, session)
    answer = _send(client, scene, new_password="four words make one", secret="take the key at noon")
    assert _kept(answer) == [WORDS]
    assert "four words" not in answer.text
    assert "at noon" not in answer.text


def test_a_page_elsewhere_puts_no_words_into_ours(client: Client, session: Session) -> None:
    scene = _as_lucia(client, session)
    answer = _send(client, scene, came_from="https://elsewhere.example")
    assert (answer.status_code, _kept(answer)) == (409, [])
    assert "elsewhere.example" not in answer.text


def test_the_way_back_stays_on_our_site(client: Client, session: Session) -> None:
    scene = _as_lucia(client, session)
    answer = _send(client, scene, came_from=f"{HERE}//elsewhere.example")
    assert f'href="/elsewhere.example/proposals/{scene.ref}/review"' in answer.text
    assert 'href="//' not in answer.text
