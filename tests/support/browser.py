"""`page` in a real browser, and what every page must pass: `assert_accessible`, `assert_fits`."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.support import programs, run

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

FAILED = pytest.StashKey[bool]()
AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320  # CSS pixels, WCAG 2.2 success criterion 1.4.10
SLIMMEST = 48  # CSS pixels that a line of words needs, so that it is not one letter wide
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file.

    Playwright keeps an event loop running in this thread for as long as it lives, in which nobody else can start one
    (pyHanko and aiosmtpd do). So it ends with the file that asked for it.
    """
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=programs.browser(), args=SWITCHES)
        except PlaywrightError as error:
            if "Executable doesn't exist" not in error.message:
                raise
            run.lacking("Chromium")
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator["BrowserContext"]:
    """A fresh profile: nobody is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(10_000)
    yield context
    if request.node.stash.get(FAILED, False):
        run.ARTIFACTS.mkdir(exist_ok=True)
        for number, page in enumerate(context.pages):
            page.screenshot(path=run.ARTIFACTS / f"{request.node.name}-{number}.png", full_page=True)
    context.close()


@pytest.fixture
def page(context: "BrowserContext") -> Page:
    """One window, 1280 pixels wide."""
    return context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash.setdefault(FAILED, False)
    item.stash[FAILED] |= report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing on the page once it is there whole; what it finds is named with its place."""
    page.wait_for_load_state()  # a click ends as soon as the next page begins to come
    # Run as a script of the page's own world, so that a strict content security policy does not stop it.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    problems = [
        f"{violation['id']}: {violation['help']}\n    {node['html']}\n    {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not problems, f"{page.url}\n" + "\n".join(problems)


def assert_fits(page: Page, width: int = NARROWEST) -> None:
    """Nothing is cut off, squeezed or scrolls sideways in a window of `width` pixels, once the page is there whole."""
    page.wait_for_load_state()
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    wide = page.evaluate(
        """width => [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest('.op-scroll, .govuk-visually-hidden'))
            .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)""",
        width,
    )
    squeezed = page.evaluate(
        """least => [...document.querySelectorAll('main *')]
            .filter(e => !e.closest('svg, .op-scroll, .op-sr, .govuk-visually-hidden') && e.checkVisibility())
            .filter(e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim().length > 15))
            .filter(e => getComputedStyle(e).display !== 'inline' && e.getBoundingClientRect().width < least)
            .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)""",
        SLIMMEST,
    )
    scroll = page.evaluate("document.documentElement.scrollWidth")
    if before:
        page.set_viewport_size(before)
    assert scroll <= width, f"{page.url} is {scroll} px wide in a window of {width}: {wide}"
    assert not squeezed, f"{page.url} leaves no room for its words in a window of {width}: {squeezed}"
