"""Writing in a real browser: kept while typing, accessible and narrow on every page, and whole without scripts."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, assert_fits
from tests.support.server import LiveServer

STEPS = ["need", "supply", "value", "match", "measure"]


def sign_in(page: Page, server: LiveServer, role: str = "Project lead") -> None:
    """Follow the demo's link of a role."""
    links = json.loads(server.flask("demo", "links", "--json"))
    address = next(link["url"] for link in links if link["role"] == role)
    page.goto(server.url + re.sub(r"^https?://[^/]+", "", address))


def start(page: Page, server: LiveServer) -> str:
    """Begin a draft for the newest dataset; returns the address of its first step."""
    page.goto(f"{server.url}/datasets")
    page.locator(".op-hit__title a").first.click()
    page.locator("main").get_by_role("link", name="Propose a use").first.click()
    page.get_by_role("button", name="Start writing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Need")
    page.wait_for_load_state()
    return page.url


def go_on(page: Page) -> None:
    """Press the button that a person sees; Enter presses the first one of the form."""
    page.get_by_role("button", name="Save and continue").last.click()
    page.wait_for_load_state()  # what a page asks depends on what was answered: it is looked at when it is there whole


def fill_in(page: Page) -> None:
    """Answer everything that is not filled in already, and stop at the check."""
    page.get_by_label("Title").fill("Night buses for shift workers")
    page.get_by_label("What goes wrong today").fill("Buses end at ten.")
    page.get_by_label("Your question, in one sentence").fill("Where do people walk at night?")
    if page.locator('input[name="countries"]:checked').count() == 0:
        page.get_by_label("Colombia").check()
    if not page.get_by_label("Main theme").input_value():
        page.get_by_label("Main theme").select_option("mobility")
    page.get_by_label("What will be decided?").fill("Which lines run all night.")
    page.get_by_label("Whose decision is it?").fill("Transport department")
    fill_day(page, "By when is it needed?", "30", "6", "2030")
    go_on(page)
    page.get_by_label("Which variables do you need?").fill("Trips by hour")
    page.get_by_label("Finest unit you need").fill("District, by hour")
    page.get_by_label("From year").fill("2024")
    page.get_by_label("To year").fill("2025")
    page.get_by_label("Why is open data not enough?").fill("It ends at ten.")
    for own in page.locator('textarea[name^="extra_"]').all():
        own.fill("Yes.")
    go_on(page)
    page.get_by_label("What will be better?").fill("Workers get home.")
    page.get_by_label("Forecasting").check()
    page.get_by_label("Who are they, and about how many?").fill("9,000 workers")
    page.get_by_label("Public bodies").check()
    page.get_by_label("Map", exact=True).check()
    page.get_by_label("What the data partner gets back").fill("A note on gaps.")
    go_on(page)
    if not page.get_by_label("Way of access").input_value():
        page.get_by_label("Way of access").select_option("secure_transfer")
    page.get_by_label("No model").check()
    page.get_by_label("The system, and who runs it").fill("Our server")
    page.get_by_label("In which country?").select_option("DE")
    page.get_by_label("De-identified").check()
    page.get_by_label("Data could leak").check()
    page.get_by_label("What do you do about it?").fill("We encrypt it.")
    go_on(page)
    page.get_by_label("What is counted").first.fill("Riders after ten")
    page.get_by_label("Target").first.fill("3,000 a day")
    fill_day(page, "By", "31", "12", "2030")
    page.get_by_label("How will you measure it?").fill("The operator counts.")
    page.get_by_label("Open to everyone").check()
    go_on(page)


def fill_day(page: Page, legend: str, day: str, month: str, year: str) -> None:
    group = page.get_by_role("group", name=legend).first
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(label).fill(value)


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A window without scripts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False, locale="en-US")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_what_is_typed_is_kept_by_itself(page: Page, demo_server: LiveServer) -> None:
    sign_in(page, demo_server)
    address = start(page, demo_server)
    page.get_by_label("Title").fill("Night buses for shift workers")
    expect(page.locator(".op-saved")).to_have_text(re.compile(r"Saved \d\d:\d\d"), timeout=15_000)
    page.goto(address)
    expect(page.get_by_label("Title")).to_have_value("Night buses for shift workers")


def test_every_page_of_writing_is_accessible_and_narrow(page: Page, demo_server: LiveServer) -> None:
    page.goto(f"{demo_server.url}/proposals/new")
    assert_accessible(page)
    assert_fits(page)
    sign_in(page, demo_server)
    address = start(page, demo_server).removesuffix("/need")
    for rest in ["check", "datasets", *(f"{step}?mend=1" for step in STEPS)]:
        page.goto(f"{address}/{rest}")
        assert_accessible(page)
        assert_fits(page)
    page.goto(address.removesuffix("/edit") + "/withdraw")
    assert_accessible(page)
    assert_fits(page)


def test_a_proposal_is_written_checked_and_sent_without_scripts(plain_page: Page, demo_server: LiveServer) -> None:
    page = plain_page
    sign_in(page, demo_server)
    start(page, demo_server)
    fill_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and send")
    page.get_by_role("button", name="Send proposal").click()
    expect(page.locator(".govuk-error-summary__list")).to_have_text("Read the declaration and tick it.")
    page.get_by_label("I declare this").check()
    page.get_by_role("button", name="Send proposal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your proposal is sent")
    expect(page.locator(".op-status")).to_contain_text("Jonas Oyelaran checks it by")


def test_two_people_on_one_answer_see_both_texts_and_lose_neither(
    page: Page, browser: Browser, demo_server: LiveServer
) -> None:
    sign_in(page, demo_server)
    address = start(page, demo_server)
    page.goto(address.replace("/need", "/match"))
    page.get_by_text("Add a person").click()
    page.locator("#person_name").fill("Pieter Adler")
    page.locator("#person_email").fill("pieter.adler@coastal-cities.example")
    page.get_by_role("button", name="Add this person").click()
    expect(page.locator("#team")).to_contain_text("asked to accept the terms")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False, locale="en-US")
    context.set_default_timeout(15_000)
    other = context.new_page()
    sign_in(other, demo_server, "Focal point of a member")
    other.goto(address)  # both have the same page open before anybody saves
    page.goto(address)
    page.get_by_label("What goes wrong today").fill("Buses end at ten.")
    go_on(page)
    other.get_by_label("What goes wrong today").fill("Nobody counts who walks home.")
    go_on(other)
    expect(other.locator("main")).to_contain_text("saved another answer while you were writing")
    expect(other.locator("main")).to_contain_text("Buses end at ten.")
    expect(other.get_by_label("What goes wrong today")).to_have_value("Nobody counts who walks home.")
    expect(other.locator("main")).to_contain_text("Rosa Lindqvist is writing in Need")
    other.get_by_label("What goes wrong today").fill("Buses end at ten. Nobody counts who walks home.")
    go_on(other)
    page.goto(address)
    expect(page.get_by_label("What goes wrong today")).to_have_value("Buses end at ten. Nobody counts who walks home.")
    context.close()
