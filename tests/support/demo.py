"""`demo_app`: the application on a copy of the demo consortium; and `walk`, which follows every link that a person sees."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

import config
from app.demo.links import CAST
from app.organizations.models import Person
from app.web.database import db
from tests.support.application import Client
from tests.support.server import copy_of_demo

CHANGES_WHO_IS_SIGNED_IN = {"demo.sign_in", "security.logout"}
OF_EACH_KIND = 3  # how many addresses of one view a walk opens: /datasets/1, /datasets/2, …


@dataclass
class Page:
    """One answer of a walk, and what its HTML points at."""

    address: str
    endpoint: str
    response: TestResponse
    found_on: str
    links: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)  # styles, scripts, images

    @property
    def is_html(self) -> bool:
        return self.response.mimetype == "text/html"


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and (href := values.get("href")):
            self.page.links.append(urljoin(self.page.address, href))
        elif tag in {"script", "img", "source", "iframe", "embed", "object"} and (source := values.get("src")):
            self.page.parts.append(urljoin(self.page.address, source))
        elif tag == "link" and (href := values.get("href")) and values.get("rel") in {"stylesheet", "icon"}:
            self.page.parts.append(urljoin(self.page.address, href))


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo's application; one per worker, so tests only look."""
    return demo_in(copy_of_demo(tmp_path_factory.mktemp("demo") / "home"))


def demo_in(home: Path) -> Flask:
    """The application on a home."""
    from app.factory import create_app

    app = create_app(config.read({"ONEPACT_HOME": str(home)}))
    app.testing = True
    app.test_client_class = Client
    return app


# Beside those whom the demo offers to a newcomer: two who have a draft in hand, and one who has to certify a deletion.
ALSO = ("Giulia Ferrante", "Camila Restrepo", "Samuel Tavares")


def people(app: Flask) -> dict[str, Person]:
    """Those through whose eyes the product is seen: what they are → who."""
    with app.app_context():
        wanted = {name: role for role, name in CAST} | {name: name for name in ALSO}
        found = db.session.scalars(select(Person).where(Person.name.in_(wanted))).all()
    assert len(found) == len(wanted)
    return {wanted[person.name]: person for person in found}


def walk(app: Flask, client: Client, start: str = "/") -> Iterator[Page]:
    """Open a page, then everything that it and its followers link to within the product."""
    seen, opened, waiting = {start}, Counter[str](), deque([(start, "")])
    while waiting:
        address, found_on = waiting.popleft()
        page = Page(address, endpoint_of(app, address), client.get(address), found_on)
        if page.is_html:
            _Reader(page).feed(page.response.get_data(as_text=True))
        yield page
        for link in [*page.links, page.response.location or ""]:
            parts = urlsplit(link)
            inside = link and parts.netloc in {"", "localhost", "127.0.0.1:8000"} and parts.scheme in {"", "http"}
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            meant_for_another = page.endpoint.startswith("demo.mail") and not parts.path.startswith("/demo/")
            if not inside or target in seen or meant_for_another:
                continue
            seen.add(target)
            kind = endpoint_of(app, target) + ("?" if parts.query else "")
            opened[kind] += 1
            if opened[kind] <= OF_EACH_KIND and kind not in CHANGES_WHO_IS_SIGNED_IN:
                waiting.append((target, address))


def everybody(app: Flask) -> Sequence[Person]:
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.active).order_by(Person.id)).all()


def closed_links(app: Flask, opened: set[tuple[int, str]]) -> Iterator[str]:
    """What does not open of that which an inbox of this moment leads to, but for what was opened before."""
    for person in everybody(app):
        client = app.test_client()
        assert isinstance(client, Client)
        client.sign_in_as(person)
        page = client.get("/inbox")
        if page.status_code >= 400:
            yield f"{person.name}: the inbox itself, {page.status}"
        for address in links_of(page):
            if (person.id, address) not in opened:
                opened.add((person.id, address))
                answer = client.get(address)
                if answer.status_code >= 400:
                    yield f"{person.name}: {address}, {answer.status}"


def links_of(response: TestResponse) -> list[str]:
    """The addresses of this product that a page links to, each once, but for the one that signs out."""
    page = Page("/", "", response, "")
    _Reader(page).feed(response.get_data(as_text=True))
    inside = [link for link in page.links if urlsplit(link).netloc == "" and urlsplit(link).path != "/logout"]
    return list(dict.fromkeys(urlsplit(link).path for link in inside))


def endpoint_of(app: Flask, address: str) -> str:
    """The view behind an address, or the address itself when there is none."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except HTTPException:
        return address
    return str(endpoint)
