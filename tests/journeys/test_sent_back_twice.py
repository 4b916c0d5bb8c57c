"""A project lead whose proposal comes back twice: from the mail to what is asked, answered wish by wish, sent again."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import config
from app.agreements.library import current_version
from app.foundation.database import begin_writing, make_engine
from app.foundation.installation import installation
from app.organizations.models import Organization, Person
from app.proposals.commands.intake import Request, pass_intake, request_changes
from app.proposals.commands.suggesting import suggest
from app.proposals.models import Proposal
from app.rules.actors import Actor
from app.rules.roles import Kind
from app.rules.workflow import ProposalState
from tests.factories import review as factory
from tests.factories.organizations import acting, make_card
from tests.factories.proposals import accede
from tests.support.browser import assert_accessible, assert_fits
from tests.support.server import LiveServer, initialized, serving

SENT = datetime.now(UTC) - timedelta(days=1)
BETTER = "Origin and destination by block center and hour"
ROUND_ONE = [
    Request("Two things before it goes on."),
    Request("Name the districts.", "countries"),
    Request("Which houses count?", "question"),
]


@pytest.fixture
def engine_of_site(tmp_path: Path) -> Iterator[Engine]:
    home = tmp_path / "home"
    shutil.copytree(initialized(), home)
    engine = make_engine(config.read({"ONEPACT_HOME": str(home)})["DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture
def site(tmp_path: Path, engine_of_site: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """An installation with one proposal that the secretariat has sent back, and links to sign in by."""
    with Session(engine_of_site) as session:
        begin_writing(session)
        own = session.scalars(select(Organization).where(Organization.kind == Kind.SECRETARIAT)).one()
        make = factory.make_organization
        monkeypatch.setattr(
            factory,
            "make_organization",
            lambda session, slug, kind, name: own if kind is Kind.SECRETARIAT else make(session, slug, kind, name),
        )
        scene = factory.scene_in_intake(session, SENT)
        member = session.get_one(Organization, scene.proposal.organization_id)
        accede(session, member, digest=current_version().text_hash)
        make_card(session, member, session.get_one(Person, scene.proposal.lead_id))
        for person in session.scalars(select(Person)):
            person.is_demo = True
        row = installation(session)
        assert row is not None
        row.is_demo = True
        request_changes(session, scene.actor("jonas"), scene.ref, ROUND_ONE, SENT + timedelta(hours=1))
        session.commit()
    with serving(tmp_path / "home") as server:
        yield server


def _second_round(engine: Engine) -> None:
    """The secretariat passes it on, and a data steward suggests an edit and asks for changes."""
    with Session(engine) as session:
        begin_writing(session)
        ref, moment = session.scalars(select(Proposal.reference)).one(), datetime.now(UTC)
        pass_intake(session, _actor(session, "Jonas Oyelaran"), ref, factory.ALL_YES, moment)
        steward = _actor(session, "Lucía Prado")
        suggest(session, steward, ref, "variables", BETTER, moment)
        request_changes(session, steward, ref, [Request("See the suggested edit.")], moment)
        session.commit()


def _actor(session: Session, name: str) -> Actor:
    return acting(session, session.scalars(select(Person).where(Person.name == name)).one())


def _state(engine: Engine) -> ProposalState:
    with Session(engine) as session:
        return session.scalars(select(Proposal.state)).one()


def test_each_time_the_lead_is_led_to_what_is_asked_and_sends_again(
    page: Page, site: LiveServer, engine_of_site: Engine
) -> None:
    links = json.loads(site.flask("demo", "links", "--json"))
    lead = next(link["url"] for link in links if link["person"] == "Rosa Lindqvist")
    page.goto(site.url + re.sub(r"^https?://[^/]+", "", lead))
    with Session(engine_of_site) as session:
        ref = session.scalars(select(Proposal.reference)).one()

    # 1 The mail's link leads to the first answer that is asked about; what is answered is told from what is not.
    page.goto(f"{site.url}/proposals/{ref}/edit")
    assert page.url.endswith("/edit/need#asked-problem"), page.url
    page.locator('[name="city"], [name="region"], [name="place"]').first.fill("Bogotá, Usme and Bosa")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/edit/check")
    asked = page.locator(".op-note--time").first
    expect(asked).to_contain_text("3 things are asked for")
    expect(asked.locator("li", has_text="Name the districts.")).to_contain_text("Changed")
    expect(asked.locator("li", has_text="Which houses count?")).to_contain_text("Not changed yet")
    assert_accessible(page)
    assert_fits(page)
    asked.get_by_role("link", name="The problem").click()
    page.locator('[name="question"]').fill("Which houses lie more than 20 minutes on foot from a Care Block?")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/edit/check")
    expect(page.locator(".op-note--time").first).not_to_contain_text("Not changed yet")
    _send(page)
    assert _state(engine_of_site) is ProposalState.IN_INTAKE

    # 2 It comes back from a data partner with a suggested edit: one button takes it, and it is sent again.
    _second_round(engine_of_site)
    page.goto(f"{site.url}/proposals/{ref}/edit")
    assert "/edit/supply#suggestion-" in page.url, page.url
    page.get_by_role("button", name="Accept this edit").click()
    expect(page.locator('[name="variables"]')).to_have_value(BETTER)
    page.goto(f"{site.url}/proposals/{ref}/edit/check")
    _send(page)
    page.goto(f"{site.url}/proposals/{ref}")
    expect(page.locator("main")).to_contain_text("Lucía Prado")
    assert _state(engine_of_site) is ProposalState.IN_REVIEW


def _send(page: Page) -> None:
    page.locator('[name="declares"]').check()
    page.get_by_role("button", name="Send the changes").click()
    expect(page.locator("h1")).to_contain_text("sent")
