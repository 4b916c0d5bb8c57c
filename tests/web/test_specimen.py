"""Every macro at once, in a real browser: accessible, never wider than the window, and silent under the strict policy."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.support.browser import assert_accessible, assert_fits
from tests.web.specimen import build


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Serves the specimen to the page, without a port; lists what its console says and what it asks from elsewhere."""
    client, heard = build().test_client(), []

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname != "specimen.test":
            heard.append(f"asked for {route.request.url}")
            route.abort()
            return
        response = client.get(f"{address.path}?{address.query}")
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.data)

    page.route("**/*", answer)
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["https://specimen.test/", "https://specimen.test/?checked=1"])
def test_the_specimen_is_accessible_and_keeps_to_its_policy(
    page: Page, complaints: list[str], scheme: Literal["light", "dark"], address: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    assert complaints == []
    assert_accessible(page)


@pytest.mark.parametrize("width", [320, 500, 768, 961, 1024])
def test_nothing_scrolls_sideways(page: Page, complaints: list[str], width: int) -> None:
    page.goto("https://specimen.test/?checked=1")
    assert_fits(page, width)
    assert complaints == []


def test_errors_take_the_focus_and_lead_to_their_fields(page: Page, complaints: list[str]) -> None:
    page.goto("https://specimen.test/?checked=1")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    page.get_by_role("link", name="Choose a unit.").click()
    assert page.evaluate("document.activeElement.id") == "unit"
    assert complaints == []


def test_slash_goes_to_search_but_not_while_typing(page: Page, complaints: list[str]) -> None:
    page.goto("https://specimen.test/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.locator("#title").fill("1")
    page.keyboard.press("/")
    assert page.locator("#title").input_value() == "1/"
    assert complaints == []


def test_a_long_list_of_choices_narrows_and_keeps_what_is_ticked(page: Page, complaints: list[str]) -> None:
    page.goto("https://specimen.test/")
    page.get_by_label("Country 3").check()
    page.get_by_placeholder("Type to narrow the list").fill("country 17")
    shown = page.locator(".op-many[data-op-narrow] .govuk-checkboxes__item:visible")
    assert shown.all_inner_texts() == ["Country 3", "Country 17"]
    assert complaints == []
