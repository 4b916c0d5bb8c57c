"""The catalog in a real browser: every page accessible and narrow enough; finding and listing without scripts."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import assert_accessible, assert_fits
from tests.support.server import LiveServer

PUBLIC = ("/datasets", "/datasets?q=mobility&country=PE", "/datasets?q=zeppelin", "/datasets?q=mobility&theme=payments")
DESK = ("/desk/listings/new", "/desk/listings", "/catalog/import")


def sign_in(page: Page, server: LiveServer, role: str) -> None:
    """Follow the demo's link of a role."""
    links = json.loads(server.flask("demo", "links", "--json"))
    address = next(link["url"] for link in links if link["role"] == role)
    page.goto(server.url + re.sub(r"^https?://[^/]+", "", address))


def looks_right(page: Page) -> None:
    """Accessible, and nothing cut off on a narrow screen."""
    assert_accessible(page)
    assert_fits(page)


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_pages_of_the_catalog_are_accessible_and_narrow(page: Page, demo_server: LiveServer) -> None:
    for path in PUBLIC:
        page.goto(demo_server.url + path)
        looks_right(page)
    page.goto(f"{demo_server.url}/datasets?q=street")
    page.locator(".op-hit__title a").first.click()
    expect(page.get_by_role("complementary", name="Access")).to_be_visible()
    looks_right(page)
    for part in ("Dictionary", "Sample", "Who is using this", "Questions", "Versions"):
        page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name=part).click()
        looks_right(page)
    sign_in(page, demo_server, "Data steward")
    for path in DESK:
        page.goto(demo_server.url + path)
        looks_right(page)
    page.goto(f"{demo_server.url}/desk/listings?state=draft")
    page.locator(".op-listing h2 a").first.click()
    listing = page.url
    looks_right(page)
    for name in ("what", "where?mend=1", "access", "terms"):
        page.goto(f"{listing}/edit/{name}")
        looks_right(page)
    for name in ("withdraw", "dictionary", "sample", "preview", "release"):
        page.goto(f"{listing}/{name}")
        looks_right(page)
    sign_in(page, demo_server, "Secretariat officer")
    page.goto(f"{demo_server.url}/desk/checks")
    looks_right(page)
    page.get_by_role("link", name="Check it").first.click()
    looks_right(page)


def test_the_longest_usual_type_of_a_column_can_be_read_in_its_box(page: Page, demo_server: LiveServer) -> None:
    sign_in(page, demo_server, "Data steward")
    page.goto(f"{demo_server.url}/desk/listings?state=draft")
    page.locator(".op-listing h2 a").first.click()
    page.goto(f"{page.url}/dictionary")
    box = page.locator("input[name=type]").first
    box.fill("whole number")
    for width in (1280, 1000, 961, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), width
        assert_fits(page)


def test_finding_and_writing_work_without_scripts(without_scripts: Page, demo_server: LiveServer) -> None:
    page = without_scripts
    page.goto(f"{demo_server.url}/datasets")
    page.get_by_role("searchbox").fill("mobility")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_text("More filters").click()
    page.get_by_label("Acme Maps").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("datasets on mobility")).to_be_visible()
    assert "partner=" in page.url
    sign_in(page, demo_server, "Data steward")
    page.goto(f"{demo_server.url}/desk/listings")
    page.get_by_role("link", name="List a dataset").click()
    page.get_by_label("The header line of your data").fill("hour,block")
    page.get_by_role("button", name="Fill in the columns").click()
    expect(page.get_by_text("2 columns are listed")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("Night walks")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where and when")
    page.get_by_role("button", name="Save and leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Night walks")
    expect(page.get_by_text("answers are missing before it can be checked")).to_be_visible()
