"""Whole answers, byte for byte: with and without listings that a viewer may not know of, each page and file is the same."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.catalog.commands.acts import note
from app.catalog.models import Dataset
from app.organizations.models import Organization, Person
from app.rules.actions import Action
from app.rules.actors import OPERATOR
from app.rules.roles import Kind, Role
from app.rules.vocabulary import AccessMode, Sensitivity, Visibility
from app.rules.workflow import ListingState
from app.web.caching import KEPT
from tests.catalog.people import organization, partner, person
from tests.factories.catalog import make_dataset
from tests.support.application import Client

pytestmark = pytest.mark.both_databases

HIDDEN = "DS-H0001"
# What differs between two answers to the same question: tokens of forms, and the moment.
CHANGES = re.compile(rb'name="(?:csrf_token|idempotency_key)" value="[^"]*"')
CHANGES_IN_HEADERS = frozenset({"date", "set-cookie"})

SEARCHES: tuple[dict[str, object], ...] = (
    {},
    {"q": "heat"},
    {"q": "heat block", "country": "CO"},
    {"q": "zeppelin"},
    {"q": "zepp"},
    {"q": "heta"},
    {"q": "floods Chile 2031"},
    {"q": "which datasets show heat by block in Colombia?", "sort": "newest"},
    {"q": "heat", "partner": "hidden-partner", "country": ["CO", "CL"]},
    {"partner": "hidden-partner"},
    {"theme": "health", "mode": "enclave", "language": "es"},
    {"period": "2031", "wait": "none", "sort": "title", "page": "2"},
)
FORMS = ("", ".csv", ".json", ".atom", ".ttl", ".jsonld", ".rdf", ".nt")
PAGES = (
    "/", "/partners", "/partners/hidden-partner", "/partners/acme", "/organizations/acme",
    "/organizations/hidden-partner", "/members", "/sitemap.xml", "/sitemap/pages.xml",
    "/sitemap/datasets-1.xml", "/sitemap/datasets-2.xml", "/robots.txt", "/for-programs", "/register", "/register.json",
    "/register/figures", "/proposals/new", "/how-it-works",
)  # fmt: skip
PARTS = ("", "/dictionary", "/sample", "/uses", "/questions", "/versions", "/dictionary.csv")
SUFFIXES = (".jsonld", ".ttl", ".rdf", ".nt", ".schema.json", ".croissant.json", ".odrl.json", ".bib", ".ris")
ACCEPTED = ("text/html", "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
SIGNED_IN = ("/inbox", "/needs", "/needs/new?q=zeppelin", "/datasets/save?q=zeppelin&partner=hidden-partner")


@pytest.fixture
def acme(session: Session) -> Organization:
    row = partner(session, "Acme Maps", slug="acme")
    make_dataset(session, row, title="Heat by block", description="Surface temperature of streets.", countries=["CO"])
    make_dataset(session, row, title="Bus heat", countries=["PE"], keywords=["tram"], languages=["es"])
    make_dataset(
        session, row, title="Flood depth", countries=["BR"], dictionary=[{"name": "depth", "meaning": "In meters"}],
        themes=["urban"], access_mode=AccessMode.OPEN_API,
    )  # fmt: skip
    return row


def ask(client: Client, path: str, accept: str = "text/html") -> tuple[object, ...]:
    """What anybody can tell of an answer: its status, its headers and its bytes."""
    answer: TestResponse = client.get(path, headers={"Accept": accept})
    told = [(name, value) for name, value in answer.headers if name.lower() not in CHANGES_IN_HEADERS]
    return answer.status_code, sorted(told), CHANGES.sub(b"", answer.data)


def addresses(listed: Iterable[Dataset]) -> list[tuple[str, str]]:
    """Everything that can be asked of a catalog: (path, accepted form)."""
    catalog = [f"/datasets{form}?{urlencode(asked, doseq=True)}" for asked, form in product(SEARCHES, FORMS)]
    views = [
        f"/datasets?{urlencode({**asked, 'view': view}, doseq=True)}"
        for asked, view in product(SEARCHES, ("map", "timeline"))
    ]
    pages = [f"/datasets/{row.reference}{end}" for row in listed for end in (*PARTS, *SUFFIXES)]
    html = [(path, "text/html") for path in (*catalog, *views, *pages, *PAGES, *SIGNED_IN)]
    negotiated = [("/datasets", accept) for accept in ACCEPTED]
    return html + negotiated + [(f"/datasets/{row.reference}", accept) for row in listed for accept in ACCEPTED]


def own_addresses() -> list[tuple[str, str]]:
    """The addresses that a hidden listing would have, were it not hidden."""
    html = [(f"/datasets/{HIDDEN}{end}", "text/html") for end in (*PARTS, *SUFFIXES)]
    asking = [(f"/proposals/new?dataset={HIDDEN}", "text/html"), (f"/datasets/{HIDDEN}/edit/what", "text/html")]
    return [*html, *asking, *((f"/datasets/{HIDDEN}", accept) for accept in ACCEPTED)]


def all_answers(client: Client, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[object, ...]]:
    return {(path, accept): ask(client, path, accept) for path, accept in asked}


def listing(session: Session, owner: Organization, reference: str, **fields: object) -> Dataset:
    """A listing that would change everything if it counted: common, rare and new words, and a new value of each facet."""
    told: dict[str, Any] = {
        "title": "Heat block zeppelin tram", "publisher": "Hidden publisher", "countries": ["CO", "BR", "CL"],
        "description": "Heat heat heat by block. Surface temperature of heta streets. Chile, zeppelin.",
        "themes": ["health"], "access_mode": AccessMode.ENCLAVE, "languages": ["es", "qu"], "unit": "city",
        "sensitivity": Sensitivity.CLASS_3, "dictionary": [{"name": "zeppelin", "meaning": "How many"}],
        "updated_at": datetime(2031, 1, 1, tzinfo=UTC), "listed_at": datetime(2031, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    row = make_dataset(session, owner, reference=reference, **{**told, **fields})
    note(session, OPERATOR, row, Action.EDIT_LISTING, datetime.now(UTC))  # so that nothing kept is taken for new
    return row


def hide(session: Session, owner: Organization, other: Organization) -> None:
    """Listings in every way that hides them from strangers, other data partners, and members that are not named."""
    never = {"listed_at": None}
    listing(session, owner, HIDDEN, state=ListingState.DRAFT, **never)
    listing(session, owner, "DS-H0002", state=ListingState.IN_CHECK, **never)
    listing(session, owner, "DS-H0003", visibility=Visibility.NAMED, admitted=[other])
    listing(session, owner, "DS-H0004", state=ListingState.WITHDRAWN, **never)
    # Their pages stay; searches, files and counts leave them out.
    listing(session, owner, "DS-H0005", state=ListingState.PAUSED)
    listing(session, owner, "DS-H0006", state=ListingState.WITHDRAWN)


class World:
    """A catalog with a data partner that lists nothing yet, and the people who look at it."""

    def __init__(self, session: Session, app: Flask, acme: Organization) -> None:
        self.session, self.app = session, app
        self.owner = partner(session, "Hidden partner", slug="hidden-partner")
        self.named = organization(session, Kind.MEMBER)
        office = organization(session, Kind.SECRETARIAT)
        self.people: dict[str, Person | None] = {
            "a stranger": None,
            "a member": person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF),
            "another data partner": person(session, acme, Role.STEWARD),
            "an officer": person(session, office, Role.OFFICER),
        }
        self.listed = list(session.query(Dataset).order_by(Dataset.id))
        session.commit()

    def answers(self, who: str, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[object, ...]]:
        """Everything that one of them is told, afresh."""
        self.app.extensions[KEPT].clear()
        client, one = self.app.test_client(), self.people[who]
        assert isinstance(client, Client)
        if one is not None:
            client.sign_in_as(one)
        return all_answers(client, asked)


@pytest.fixture
def world(session: Session, app: Flask, acme: Organization) -> World:
    return World(session, app, acme)


def changed(
    before: dict[tuple[str, str], tuple[object, ...]], after: dict[tuple[str, str], tuple[object, ...]]
) -> list[tuple[str, str]]:
    return [asked for asked in before if before[asked] != after[asked]]


@pytest.mark.parametrize("who", ["a stranger", "a member", "another data partner"])
def test_no_answer_tells_of_listings_that_are_hidden(world: World, who: str) -> None:
    asked = [*addresses(world.listed), *own_addresses()]
    before = world.answers(who, asked)
    hide(world.session, world.owner, world.named)
    if who != "a member":
        listing(world.session, world.owner, "DS-H0007", visibility=Visibility.MEMBERS)
    world.session.commit()
    assert changed(before, world.answers(who, asked)) == []


def test_those_who_may_know_of_them_are_told_on_every_page_of_a_search(world: World) -> None:
    """The control: the comparison finds a listing wherever it is shown, so that it would find a leak."""
    asked = addresses(world.listed)
    before = world.answers("an officer", asked)
    listing(world.session, world.owner, HIDDEN, visibility=Visibility.MEMBERS)
    world.session.commit()
    told = set(changed(before, world.answers("an officer", asked)))
    catalog = {
        (path, accept)
        for path, accept in asked
        if path.startswith("/datasets") and "q=zeppelin" in path and ".atom" not in path
    }
    assert catalog
    assert catalog <= told
