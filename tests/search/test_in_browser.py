"""Finding in a real browser: the main path from the home page, the map and the timeline, saving, asking for what is not there."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, assert_fits
from tests.support.server import LiveServer

VIEWS = (
    "/datasets?view=map",
    "/datasets?view=map&country=CO&q=mobility",
    "/datasets?view=timeline",
    "/datasets?q=zeppelin",
)
OWN = (
    "/datasets?q=mobility+bogota+2023",
    "/me/searches",
    "/datasets/save?q=mobility",
    "/needs",
    "/needs?state=met",
    "/needs/new?q=ferries",
)


def sign_in(page: Page, server: LiveServer, role: str) -> None:
    """Follow the demo's link of a role."""
    links = json.loads(server.flask("demo", "links", "--json"))
    address = next(link["url"] for link in links if link["role"] == role)
    page.goto(server.url + re.sub(r"^https?://[^/]+", "", address))


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_who_has_hourly_movement_in_bogota_and_how_one_gets_it_is_two_steps_from_the_home_page(
    page: Page, demo_server: LiveServer
) -> None:
    page.goto(demo_server.url)
    page.keyboard.press("/")
    page.keyboard.type("hourly movement Bogotá")
    page.keyboard.press("Enter")
    first = page.locator(".op-hit").first
    expect(first).to_contain_text("Street-level movement in 14 cities")
    expect(first).to_contain_text("Acme Maps")
    expect(first).to_contain_text("Secure transfer")
    first.get_by_role("link").click()
    access = page.get_by_role("complementary", name="Access")
    expect(access).to_contain_text("Secure transfer")
    expect(access.get_by_role("link", name="Propose a use")).to_be_visible()


def test_filters_are_changed_by_keyboard_alone(page: Page, demo_server: LiveServer) -> None:
    page.goto(f"{demo_server.url}/datasets?q=mobility")
    page.get_by_label(re.compile("^Colombia")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("country=CO"))
    chip = page.get_by_role("link", name=re.compile("^Colombia.*remove$"))
    chip.focus()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("country=CO"))


def test_the_map_and_the_timeline_are_accessible_narrow_and_work_without_scripts(
    page: Page, without_scripts: Page, demo_server: LiveServer
) -> None:
    for path in VIEWS:
        page.goto(demo_server.url + path)
        assert_accessible(page)
        assert_fits(page)
    page = without_scripts
    page.goto(f"{demo_server.url}/datasets?view=map")
    page.locator(".op-fold > summary").click()  # a telephone
    page.locator(".op-map a[aria-label^='Brazil: ']").click()
    expect(page).to_have_url(re.compile("country=BR&view=map"))
    page.get_by_role("link", name="Timeline").click()
    page.locator(".op-fold > summary").click()
    expect(page.get_by_text("From the first to the last day")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator(".op-span__days").count() == page.locator(".op-hit").count()


@pytest.mark.parametrize(
    "asked",
    ["", "?q=mobility", "?q=mobility+bogota+2023", "?q=mobility+zeppelins+bogota+2023", "?q=mobility+SDG+11+bogota"],
)
def test_on_a_telephone_the_first_dataset_shows_on_the_first_screen(
    browser: Browser, demo_server: LiveServer, asked: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    page.goto(f"{demo_server.url}/datasets{asked}")
    expect(page.locator(".op-hit__title").first).to_be_in_viewport(ratio=1)
    assert_accessible(page)
    context.close()


def test_on_a_telephone_the_map_and_the_timeline_are_folded_until_they_are_asked_for(
    without_scripts: Page, demo_server: LiveServer
) -> None:
    page = without_scripts
    for view, drawn in (("map", ".op-map"), ("timeline", ".op-spans")):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{demo_server.url}/datasets?view={view}")
        expect(page.locator(drawn).first).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(f"{demo_server.url}/datasets?view={view}")
        expect(page.locator(drawn).first).to_be_hidden()
        page.locator(".op-fold > summary").click()
        expect(page.locator(drawn).first).to_be_visible()


def test_pages_of_saved_searches_and_needs_are_accessible_and_narrow(page: Page, demo_server: LiveServer) -> None:
    sign_in(page, demo_server, "Project lead")
    for path in OWN:
        page.goto(demo_server.url + path)
        assert_accessible(page)
        assert_fits(page)
    for address, name in (
        ("/me/searches", "Change.*Mobility in Colombia"),
        ("/needs", "Are seasonal workers paid on time"),
    ):
        page.goto(demo_server.url + address)
        page.get_by_role("link", name=re.compile(name)).click()
        assert_accessible(page)
        assert_fits(page)


def test_a_search_is_saved_and_found_again_without_scripts(without_scripts: Page, demo_server: LiveServer) -> None:
    page = without_scripts
    sign_in(page, demo_server, "Project lead")
    page.goto(f"{demo_server.url}/datasets?q=ports&country=CO")
    page.get_by_role("link", name="Save this search").click()
    expect(page.get_by_label("Name of this search")).to_have_value("ports · Colombia")
    page.get_by_label("Daily").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="ports · Colombia", exact=True).click()
    expect(page).to_have_url(re.compile(r"q=ports&country=CO"))


def test_what_is_not_there_is_asked_for_and_answered(page: Page, demo_server: LiveServer) -> None:
    sign_in(page, demo_server, "Project lead")
    page.goto(f"{demo_server.url}/datasets?q=zeppelins")
    page.get_by_role("link", name="Post a data need").click()
    page.get_by_label("The question, in one sentence").fill("Where do zeppelins land?")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do zeppelins land?")
    address = page.url
    sign_in(page, demo_server, "Data steward")
    page.goto(f"{demo_server.url}/needs")
    page.get_by_role("link", name="Where do zeppelins land?").click()
    page.get_by_label("Your answer").fill("On three of our fields; we could list them.")
    page.get_by_role("button", name="Answer").click()
    sign_in(page, demo_server, "Project lead")
    page.goto(address)
    expect(page.get_by_text("On three of our fields")).to_be_visible()
