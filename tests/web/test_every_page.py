"""Every page that anybody of the demo can click to: it opens, changes nothing, loads nothing from elsewhere, tells no cache."""

import gzip
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest
from flask import Flask, has_request_context, request
from sqlalchemy import event

from app.web.database import db
from tests.support.application import Client
from tests.support.demo import Page, people, walk

pytestmark = pytest.mark.xdist_group("walk")  # one worker walks for all of these
NOBODY = "somebody who is not signed in"
HEAVIEST_FIRST_VIEW = 100 * 1024  # bytes, compressed: the page with its styles, scripts and images
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
# Opened by an address in a mail, by a machine, or only in a state that the demo's people are not in.
NOT_REACHED_BY_CLICKING = {
    "agreements.text",  # after a form
    "proposals.datasets",
    "proposals.submitted",
    "agreements.document",  # a sealed document is there once the worker has made it
    "exchange.import_progress",
    "exchange.import_complete",  # where drafts of an import lack something
    "exchange_api.imported",  # for programs, with a token
    "exchange_api.imports",
    "correspondence.held",  # from a mail
    "correspondence.off",
    "exchange.import_review",
    "exchange.import_refused",  # a file, where a row was refused
    "exchange.import_remarks",  # a file, where something is to be mended
    "exchange.found_remarks",
    "exchange_api.remarks",
    "changes.offer",  # from the link of a mail
    "changes.offer_letter",
    "delivery.result",  # a file, where no data moves
    "demo.sign_in",
    "duties.evidence",  # a file that shows that a duty was done
    "grants.code",  # from the QR code of a letter
    "catalog.to_question",  # from what was done lately in the inbox
    "inbox.rest",  # a group with more rows than its first page shows
    "operations.healthz",
    "organizations.accept",
    "organizations.take_address",  # from a mail
    "proposals.join_by_link",  # from a mail
    "search.robots",  # for crawlers
    "search.sitemap",
    "search.sitemap_pages",
    "search.sitemap_part",
    "security.forgot_password",
    "security.mf_recovery",
    "security.mf_recovery_codes",
    "security.reset_password",
    "security.tf_select",
    "security.two_factor_rescue",
    "security.two_factor_token_validation",
    "security.verify",
    "static",
}
# Answers 503 while there is no mail server or worker, which is what it is for.
WELL_WITHOUT = {"/healthz"}


def listed(found: Mapping[str, object]) -> str:
    """Each finding on a line of its own, so that none is cut off."""
    return "\n" + "\n".join(f"{address}  {what}" for address, what in sorted(found.items()))


class Walked:
    """What the walks of all roles saw, each statement that a GET wrote, and answers that kept a connection once sent."""

    def __init__(self) -> None:
        self.pages: dict[str, list[Page]] = {}
        self.writes: list[str] = []
        self.held: dict[str, str] = {}

    def all(self) -> Iterator[tuple[str, Page]]:
        return ((role, page) for role, pages in self.pages.items() for page in pages)


@pytest.fixture(scope="module")
def walked(demo_app: Flask) -> Walked:
    walked = Walked()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if has_request_context() and request.endpoint != "demo.sign_in" and WRITES.match(statement):
            walked.writes.append(f"{request.method} {request.path}: {statement[:120]}")

    with demo_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    for role, person in {NOBODY: None, **people(demo_app)}.items():
        client = demo_app.test_client()
        assert isinstance(client, Client)
        if person:
            client.sign_in_as(person)
        for page in walk(demo_app, client):
            walked.pages.setdefault(role, []).append(page)
            if engine.pool.checkedout():  # type: ignore[attr-defined]
                walked.held[page.address] = role
                engine.dispose()
    event.remove(engine, "before_cursor_execute", note)
    return walked


def test_every_link_that_a_person_sees_leads_somewhere(walked: Walked) -> None:
    broken = {
        page.address: f"{page.response.status} for {role}, linked on {page.found_on}"
        for role, page in walked.all()
        if page.response.status_code >= 400 and page.address not in WELL_WITHOUT
    }
    assert not broken, listed(broken)


def test_the_walk_saw_the_product(walked: Walked) -> None:
    assert len(walked.pages) > 6
    assert all(len(pages) > 8 for pages in walked.pages.values()), {r: len(p) for r, p in walked.pages.items()}


def test_a_page_that_is_read_changes_nothing(walked: Walked) -> None:
    assert not walked.writes


def test_no_answer_keeps_its_connection_when_it_is_sent(walked: Walked) -> None:
    assert not walked.held, listed(walked.held)


def test_nothing_is_loaded_from_elsewhere(walked: Walked) -> None:
    foreign = {
        part
        for _, page in walked.all()
        for part in page.parts
        if urlsplit(part).netloc and not part.startswith("data:")
    }
    assert not foreign


def test_pages_of_people_who_are_signed_in_are_kept_by_no_cache(walked: Walked) -> None:
    kept = {
        page.address: page.response.headers.get("Cache-Control")
        for role, page in walked.all()
        if role != NOBODY
        and page.endpoint != "static"
        and "no-store" not in page.response.headers.get("Cache-Control", "")
    }
    assert not kept, listed(kept)


def test_every_page_has_one_heading_a_title_of_its_own_and_a_language(walked: Walked) -> None:
    wrong = set()
    for _, page in walked.all():
        if not page.is_html or page.response.status_code != 200 or page.endpoint == "demo.mail_html":
            continue
        text = page.response.get_data(as_text=True)
        if len(re.findall(r"<h1\b", text)) != 1 or not re.search(r"<html[^>]*\slang=", text):
            wrong.add(page.address)
        if not re.search(r"<title>\s*\S+.*?</title>", text, re.DOTALL):
            wrong.add(page.address)
    assert not wrong


def test_a_first_view_weighs_at_most_100_kilobytes(walked: Walked, demo_app: Flask) -> None:
    client = demo_app.test_client()
    weights: dict[str, int] = {}
    heavy = {}
    for _, page in walked.all():
        if page.is_html and page.response.status_code == 200:
            for part in page.parts:
                if part not in weights and not part.startswith("data:"):
                    weights[part] = len(gzip.compress(client.get(part).get_data()))
            total = len(gzip.compress(page.response.get_data())) + sum(weights.get(part, 0) for part in set(page.parts))
            if total > HEAVIEST_FIRST_VIEW:
                heavy[page.address] = total
    assert not heavy, listed(heavy)
    assert weights


def test_no_page_names_what_only_programs_know(walked: Walked) -> None:
    """No object, enum or missing value has leaked into a sentence."""
    objects = r"&lt;\w+ object|Undefined|[a-z](?:Kind|State|Role)\.[A-Z_]+|\{\{|%\(\w+\)s"
    nothing = r"(?<!Value\")>\s*None\s*<|(?<!offers) None\b(?=[a-z,;.)])"  # an answer may be called None
    leak = re.compile(rf".{{0,30}}(?:{objects}|{nothing}).{{0,30}}")
    found = {
        page.address: match.group()
        for _, page in walked.all()
        if page.is_html and (match := leak.search(page.response.get_data(as_text=True)))
    }
    assert not found, listed(found)


def test_every_page_of_the_product_can_be_clicked_to(walked: Walked, demo_app: Flask) -> None:
    reached = {page.endpoint for _, page in walked.all()}
    pages = {rule.endpoint: rule.rule for rule in demo_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    unreached = {
        endpoint: rule for endpoint, rule in pages.items() if endpoint not in reached | NOT_REACHED_BY_CLICKING
    }
    assert not unreached, listed(unreached)
    assert pages.keys() >= NOT_REACHED_BY_CLICKING
