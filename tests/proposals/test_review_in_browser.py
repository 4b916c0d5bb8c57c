"""The review in a real browser: few steps to the verdict, keys, notes that stay, accessible and narrow, whole without scripts."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

import config
from app.foundation.database import begin_writing, make_engine
from app.foundation.installation import installation
from app.organizations.models import Membership, Organization, Person
from app.proposals.commands.conversation import comment
from app.proposals.commands.reading import note_reading
from app.proposals.commands.suggesting import suggest
from app.rules.roles import Kind, Role
from tests.factories import review as factory
from tests.support.browser import assert_accessible, assert_fits
from tests.support.server import LiveServer, initialized, serving

SENT = datetime.now(UTC) - timedelta(days=1)
MOST_STEPS = 4


@pytest.fixture
def review_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """An installation with one proposal in review, with comments and a suggested edit, and links to sign in by."""
    with _serving(tmp_path, monkeypatch) as server:
        yield server


@pytest.fixture
def server_with_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """The same, and the steward decides for both data partners, on a dataset of each."""

    def answers_for_both(scene: factory.Scene) -> None:
        lucia, paloma = scene.people["lucia"], scene.organizations["paloma"]
        scene.session.add(
            Membership(person_id=lucia.id, organization_id=paloma.id, role=Role.STEWARD, since=factory.MONDAY)
        )

    with _serving(tmp_path, monkeypatch, answers_for_both) as server:
        yield server


@contextmanager
def _serving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: Callable[[factory.Scene], None] = lambda _scene: None
) -> Iterator[LiveServer]:
    home = tmp_path / "home"
    shutil.copytree(initialized(), home)
    engine = make_engine(config.read({"ONEPACT_HOME": str(home)})["DATABASE_URL"])
    with Session(engine) as session:
        begin_writing(session)
        own = session.scalars(select(Organization).where(Organization.kind == Kind.SECRETARIAT)).one()
        make = factory.make_organization
        monkeypatch.setattr(
            factory,
            "make_organization",
            lambda session, slug, kind, name: own if kind is Kind.SECRETARIAT else make(session, slug, kind, name),
        )
        scene = factory.scene_in_review(session, SENT)
        more(scene)
        _fill(scene)
        session.commit()
    engine.dispose()
    with serving(home) as server:
        yield server


def _fill(scene: factory.Scene) -> None:
    session = scene.session
    comment(session, scene.actor("tom"), scene.ref, "Centers would do.", SENT, is_internal=True, about="variables")
    note_reading(session, scene.actor("lucia"), scene.ref, SENT + timedelta(minutes=1))
    comment(session, scene.actor("rosa"), scene.ref, "Yes, they would.", SENT + timedelta(hours=1))
    suggest(session, scene.actor("tom"), scene.ref, "variables", "Origin and destination by block center", SENT)
    for person in session.scalars(select(Person)):
        person.is_demo = True
    row = installation(session)
    assert row is not None
    row.is_demo = True


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A window without scripts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False, locale="en-US")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def _sign_in(page: Page, server: LiveServer, role: str = "Data steward") -> None:
    links = json.loads(server.flask("demo", "links", "--json"))
    address = next(link["url"] for link in links if link["role"] == role)
    page.goto(server.url + re.sub(r"^https?://[^/]+", "", address))


def _review(server: LiveServer) -> str:
    return f"{server.url}/proposals/PR-2026-0117/review"


def test_from_the_mails_link_to_the_verdict_in_at_most_four_steps(page: Page, review_server: LiveServer) -> None:
    _sign_in(page, review_server)
    steps = 0
    page.goto(_review(review_server))  # the link in the mail
    steps += 1
    page.locator(".op-check").last.get_by_text("Yes", exact=True).click()
    steps += 1
    page.get_by_role("button", name="Approve", exact=True).click()
    steps += 1
    expect(page.locator(".op-undo")).to_contain_text("Approved")
    assert steps <= MOST_STEPS


def test_the_page_and_what_belongs_to_it_are_accessible_and_narrow(page: Page, review_server: LiveServer) -> None:
    _sign_in(page, review_server)
    for path in ("", "/mail"):
        page.goto(_review(review_server) + path)
        for one in page.locator("main details").all():
            one.evaluate("element => { element.open = true }")
        assert_accessible(page)
        assert_fits(page)
    page.goto(_review(review_server).removesuffix("/review"))
    assert_accessible(page)
    assert_fits(page)


def test_keys_walk_the_answers_mark_and_comment_and_can_be_turned_off(page: Page, review_server: LiveServer) -> None:
    _sign_in(page, review_server)
    page.goto(_review(review_server))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#at-problem")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#at-title")).to_be_focused()
    page.keyboard.press("3")
    expect(page.locator("#check-purpose-3")).to_be_checked()
    expect(page.locator("[data-op-checked]")).to_have_text("1 of 5")
    page.keyboard.press("c")
    expect(page.locator("#say-title")).to_be_focused()
    page.keyboard.type("jk12 are letters here")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".op-messages")).to_contain_text("Posted to everyone")
    expect(page.locator("#answer-title ~ .op-said")).to_contain_text("jk12 are letters here")
    page.keyboard.press("?")
    expect(page.locator("[data-op-keys-on]")).to_be_focused()
    page.locator("[data-op-keys-on]").uncheck()
    page.locator("h1").click()
    page.keyboard.press("1")
    expect(page.locator("#check-purpose")).not_to_be_checked()


def test_datasets_of_an_answer_are_ticked_in_one_step_by_keyboard_and_counted(
    page: Page, server_with_two: LiveServer
) -> None:
    _sign_in(page, server_with_two)
    page.goto(_review(server_with_two))
    ticked, boxes = page.locator("[data-op-ticked]"), page.locator("input[name=datasets]")
    expect(ticked).to_have_text("2 of 2 ticked")
    page.get_by_role("button", name="None", exact=True).press("Enter")
    expect(ticked).to_have_text("0 of 2 ticked")
    page.get_by_role("button", name="All of Paloma Pay (1)").press("Space")
    expect(ticked).to_have_text("1 of 2 ticked")
    boxes.nth(0).check()
    expect(ticked).to_have_text("2 of 2 ticked")
    boxes.nth(1).uncheck()
    page.get_by_role("button", name="All of them (2)").click()
    expect(boxes.nth(1)).to_be_checked()
    assert_accessible(page)
    assert_fits(page)


def test_marks_and_notes_are_kept_as_one_goes(page: Page, review_server: LiveServer) -> None:
    _sign_in(page, review_server)
    page.goto(_review(review_server))
    page.locator("#note-purpose").fill("Ask legal")
    page.locator("#note-least_data").focus()
    page.locator("h1").click()
    expect(page.locator(".op-saved")).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=15_000)
    page.reload()
    expect(page.locator("#note-purpose")).to_have_value("Ask legal")


def test_what_is_new_is_marked_until_it_was_read(page: Page, review_server: LiveServer) -> None:
    _sign_in(page, review_server)
    page.goto(_review(review_server))
    expect(page.locator(".op-note--time")).to_contain_text("One new message.")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".op-note--time")).to_have_count(0)


def test_without_scripts_one_comments_asks_for_changes_and_the_team_takes_the_edit(
    plain_page: Page, review_server: LiveServer
) -> None:
    page = plain_page
    _sign_in(page, review_server)
    page.goto(_review(review_server))
    page.locator("#at-variables summary", has_text="Comment").click()
    page.locator("#say-variables").fill("Centers, as Tom suggests.")
    page.locator('#at-variables input[value="changes"]').check()
    page.locator("#at-variables").get_by_role("button", name="Post").click()
    expect(page.locator(".op-messages")).to_contain_text("Kept with your notes")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.locator(".op-messages")).to_contain_text("Your request is with the team")
    _sign_in(page, review_server, "Project lead")
    page.goto(_review(review_server).removesuffix("/review") + "/edit/supply")
    expect(page.locator("main")).to_contain_text("Centers, as Tom suggests.")
    page.get_by_role("button", name="Accept this edit").click()
    expect(page.locator('[name="variables"]')).to_have_value("Origin and destination by block center")


def test_at_320_pixels_the_review_is_three_steps_in_order(page: Page, review_server: LiveServer) -> None:
    _sign_in(page, review_server)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(_review(review_server))
    expect(page.locator(".op-three a")).to_have_text(["Read", "Check", "Answer"])
    tops = [
        page.locator(each).evaluate("e => e.getBoundingClientRect().top")
        for each in ("#answers", "#checklist", "#verdict")
    ]
    assert tops == sorted(tops)
    assert_fits(page)
