"""Every page that anybody of the demo can click to, in a browser: legible on a telephone, accessible by day and by night."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Page

from tests.support.application import Client
from tests.support.browser import assert_accessible, assert_fits
from tests.support.demo import people, walk
from tests.support.server import LiveServer

NOBODY = "somebody who is not signed in"
# A mail as it came, which the page around it frames.
NO_PAGE = {"demo.mail_html"}
# The same address looks another way for each reader.
OWN_TO_EACH = {"inbox.index", "proposals.show", "proposals.index", "grants.show", "changes.show", "catalog.show"}


def _pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Who opens what: the first of each kind of page that somebody sees, and what is another page for each reader."""
    seen: set[str] = set()
    for role, person in {NOBODY: None, **people(app)}.items():
        client = app.test_client()
        assert isinstance(client, Client)
        if person:
            client.sign_in_as(person)
        mine: set[str] = set()
        for page in walk(app, client):
            if page.endpoint in NO_PAGE:
                continue
            known = mine if page.endpoint in OWN_TO_EACH else seen
            if page.is_html and page.response.status_code == 200 and page.endpoint not in known:
                known.add(page.endpoint)
                yield role, page.address


def _window(browser: Browser) -> Page:
    """One in which a change of colors is there at once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    return context.new_page()


def test_every_page_is_legible_on_a_telephone_and_accessible_by_day_and_by_night(
    demo_app: Flask, demo_server: LiveServer, browser: Browser
) -> None:
    links = {row["role"]: urlsplit(row["url"]).path for row in json.loads(demo_server.flask("demo", "links", "--json"))}
    wanted: dict[str, list[str]] = {}
    for role, address in _pages(demo_app):
        if role is NOBODY or role in links:
            wanted.setdefault(role, []).append(address)
    wrong = []
    for role, addresses in wanted.items():
        page = _window(browser)
        if role is not NOBODY:
            page.goto(f"{demo_server.url}{links[role]}")
        for address in addresses:
            page.emulate_media(color_scheme="light")
            page.goto(f"{demo_server.url}{address}")
            for look in (assert_fits, assert_accessible):
                try:
                    look(page)
                except AssertionError as error:
                    wrong.append(f"{role}: {error}")
            page.emulate_media(color_scheme="dark")
            try:
                assert_accessible(page)
            except AssertionError as error:
                wrong.append(f"{role}, by night: {error}")
        page.context.close()
    assert len(wanted) > 8, wanted.keys()
    assert sum(map(len, wanted.values())) > 100, wanted
    assert not wrong, "\n\n".join(wrong)
