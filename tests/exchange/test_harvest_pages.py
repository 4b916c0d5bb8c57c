"""Pages of harvesting: a source is added, its changes are looked at, taken and left; nobody else knows of it."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.catalog.models import Dataset
from app.exchange.commands.harvest_sources import ask_to_read
from app.exchange.models import Finding, HarvestRun, HarvestSource
from app.foundation import clock
from app.organizations.models import Membership, Organization, Person
from app.outbox.models import OutboxMessage
from app.rules.roles import Kind, Role
from app.rules.workflow import HarvestState
from tests.catalog.people import actor, organization, partner, person
from tests.exchange.conftest import SAID
from tests.factories.organizations import make_person, make_secretariat
from tests.support.application import Client
from tests.support.sites import LOOPBACK, Site


@pytest.fixture
def source(
    app: Flask, client: Client, session: Session, steward: Person, site: Site, monkeypatch: pytest.MonkeyPatch
) -> HarvestSource:
    """A source that was added by its page and read once, of two datasets."""
    monkeypatch.setitem(app.config, "HARVEST_NETWORKS", LOOPBACK)
    rows = [{"identifier": name, "title": f"The {name}", "description": "By day."} for name in ("trips", "taps")]
    site.gives(json.dumps({"dataset": [*rows, {"identifier": "x"}]}).encode())
    session.commit()
    client.sign_in_as(steward)
    answer = client.post("/desk/harvests/new", data={**SAID, "address": site.url()})
    assert answer.status_code == 303
    worker.drain(app, clock.now)
    session.expire_all()
    return session.scalars(select(HarvestSource)).one()


def found_page(client: Client, session: Session, source: HarvestSource) -> str:
    run = session.scalars(select(HarvestRun)).one()
    return client.get(f"/desk/harvests/{source.reference}/runs/{run.id}").text


def test_a_source_is_added_read_and_shown(client: Client, session: Session, source: HarvestSource) -> None:
    assert source.name in client.get("/desk/harvests").text
    text = client.get(f"/desk/harvests/{source.reference}").text
    assert "Look at the changes" in text
    assert "DCAT, JSON" in text
    text = found_page(client, session, source)
    assert "2 changes wait to be looked at" in text
    assert "datasets read, none of them as listed" in text
    assert "The trips" in text
    assert "Cannot be read" in text
    assert session.scalars(select(Dataset)).all() == []


def test_listing_at_once_is_offered_only_where_the_secretariat_trusts_the_organization_with_it(
    client: Client, session: Session, source: HarvestSource, acme: Organization
) -> None:
    page, edit = f"/desk/harvests/{source.reference}", f"/desk/harvests/{source.reference}/edit"
    said = {**SAID, "address": source.address, "new_ones": "publish"}
    for path in ("/desk/harvests/new", edit):
        text = client.get(path).text
        assert 'value="publish"' not in text
        assert "The secretariat can allow your organization to list whole catalogs at once" in text
    assert client.post(edit, data=said).status_code == 422
    acme.lists_unchecked = True
    session.commit()
    assert 'value="publish"' in client.get(edit).text
    assert client.post(edit, data=said).status_code == 303
    assert "They were to be listed at once" not in client.get(page).text
    acme.lists_unchecked = False
    session.commit()
    assert "They were to be listed at once" in client.get(page).text
    assert re.search(r'value="check"[^>]* checked', client.get(edit).text)


def test_what_is_ticked_is_taken(app: Flask, client: Client, session: Session, source: HarvestSource) -> None:
    first = session.scalars(select(Finding).where(Finding.identifier == "trips")).one()
    path = f"/desk/harvests/{source.reference}/runs/{first.run_id}"
    assert client.post(path, data={"act": "take", "finding": str(first.id)}).status_code == 303
    worker.drain(app, clock.now)
    assert [row.identifier for row in session.scalars(select(Dataset))] == ["trips"]
    assert client.post(path, data={"act": "take_all"}).status_code == 303
    worker.drain(app, clock.now)
    assert len(session.scalars(select(Dataset)).all()) == 2


@pytest.mark.both_databases
def test_the_page_asks_whose_the_datasets_are_and_keeps_the_answer(
    app: Flask, client: Client, session: Session, source: HarvestSource, site: Site
) -> None:
    partner(session, "Paloma Pay")
    session.commit()
    row = {"identifier": "pay", "title": "Payments", "description": "By day.", "publisher": "PalomaPay Inc."}
    site.gives(json.dumps({"dataset": [row]}).encode())
    client.post(f"/desk/harvests/{source.reference}/read")
    worker.drain(app, clock.now)
    session.expire_all()
    run = session.scalars(select(HarvestRun).order_by(HarvestRun.id.desc())).first()
    assert run is not None
    path = f"/desk/harvests/{source.reference}/runs/{run.id}"
    text = client.get(path).text
    assert "Paloma Pay is a data partner of its own" in text
    assert "Not taken before it is said whose it is." in text
    answer = client.post(path, data={"act": "take_all"})
    assert (answer.status_code, "Say first whose" in answer.text) == (422, True)
    assert (
        client.post(f"{path}/publishers", data={"publisher": "PalomaPay Inc.", "answer-0": "take"}).status_code == 303
    )
    text = client.get(path).text
    assert "Whose datasets these are" not in text
    assert "PalomaPay Inc." in text
    assert client.post(path, data={"act": "take_all"}).status_code == 303
    worker.drain(app, clock.now)
    assert [one.identifier for one in session.scalars(select(Dataset))] == ["pay"]


@pytest.mark.both_databases
def test_what_is_to_be_mended_in_the_catalog_and_its_rows_is_told_on_the_page_of_what_was_found(
    app: Flask, client: Client, session: Session, source: HarvestSource, site: Site
) -> None:
    row = {"identifier": "trips", "title": "The trips", "description": "By day.", "accrualPeriodicity": "RP1Y"}
    site.gives(json.dumps({"title": "All", "issued": "2016/04/14", "dataset": [row]}).encode())
    client.post(f"/desk/harvests/{source.reference}/read")
    worker.drain(app, clock.now)
    session.expire_all()
    run = session.scalars(select(HarvestRun).order_by(HarvestRun.id.desc())).first()
    assert run is not None
    text = client.get(f"/desk/harvests/{source.reference}/runs/{run.id}").text
    assert f"{run.remarked} things to mend" in text
    for words in ("the catalog", "2016/04/14", "this is no date", "RP1Y", "this is no known rhythm", "or R/P1M"):
        assert words in text, words


def test_nothing_ticked_is_told(client: Client, session: Session, source: HarvestSource) -> None:
    run = session.scalars(select(HarvestRun)).one()
    answer = client.post(f"/desk/harvests/{source.reference}/runs/{run.id}", data={"act": "leave", "finding": "x"})
    assert answer.status_code == 422
    assert "Choose at least one" in answer.text


@pytest.mark.usefixtures("source")
def test_the_inbox_says_who_looks_at_it(client: Client, session: Session, acme: Organization) -> None:
    assert "Look at changes from a catalog" in client.get("/inbox").text
    deputy = person(session, acme, Role.DEPUTY)
    session.commit()
    client.sign_in_as(deputy)
    assert "looks at changes from a catalog" in client.get("/inbox").text


def mails_to(session: Session, who: Person) -> list[str]:
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    return [str(mail.payload["text"]) for mail in sent if mail.payload["to_email"] == who.email]


def test_where_nobody_lists_any_more_the_secretariat_sees_what_was_found_and_appoints_somebody(
    client: Client, session: Session, source: HarvestSource, acme: Organization, steward: Person
) -> None:
    office = make_secretariat(session)
    officer, auditor = (make_person(session, office, role) for role in (Role.OFFICER, Role.AUDITOR))
    session.commit()
    client.sign_in_as(officer)
    assert "changes from a catalog" not in client.get("/inbox").text
    session.scalars(select(Membership).where(Membership.person_id == steward.id)).one().ended_at = clock.now()
    session.commit()
    inbox = client.get("/inbox").text
    assert "See to changes from a catalog that nobody looks at" in inbox
    run = session.scalars(select(HarvestRun)).one()
    path = f"/desk/harvests/{source.reference}/runs/{run.id}"
    assert path in inbox
    text = client.get(path).text
    assert "Nobody lists for Acme any more" in text
    assert "The trips" in text
    assert "Take everything" not in text
    assert f'href="/orgs/{acme.slug}#people"' in text
    assert client.get(f"/orgs/{acme.slug}").status_code == 200
    assert "Nobody lists for Acme any more" in client.get(f"/desk/harvests/{source.reference}").text
    assert client.post(path, data={"act": "take_all"}).status_code == 404
    assert client.get(f"/desk/harvests/{source.reference}/edit").status_code == 404
    client.sign_in_as(auditor)
    assert "Appoint somebody" not in client.get(path).text
    assert "changes from a catalog" not in client.get("/inbox").text


def test_the_mail_to_the_secretariat_says_why_it_comes(
    app: Flask, session: Session, source: HarvestSource, acme: Organization, steward: Person
) -> None:
    officer = make_person(session, make_secretariat(session), Role.OFFICER)
    assert all("Nobody lists" not in text for text in mails_to(session, steward))
    ask_to_read(session, actor(acme, Role.STEWARD, who=steward), source.reference, clock.now())
    session.scalars(select(Membership).where(Membership.person_id == steward.id)).one().ended_at = clock.now()
    session.commit()
    worker.drain(app, clock.now)
    session.expire_all()
    assert "Nobody lists for Acme any more" in mails_to(session, officer)[0]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/hosts", "begin with https"),
        ("http://2130706433/", "four parts"),
        ("https://me:pw@data.example.org/", "name and password"),
        ("", "web address"),
        ("http://127.0.0.1:8080/catalog.jsonld", "not open to everybody"),
        ("http://10.1.2.3/data.json", "not open to everybody"),
        ("http://[::1]/data.json", "not open to everybody"),
        ("http://169.254.169.254/latest", "not open to everybody"),
        ("http://data.localhost/data.json", "not open to everybody"),
        ("http://localhost/data.json", "full name of a server"),
    ],
)
def test_an_address_that_cannot_be_read_is_told_at_its_field_and_kept(
    address: str, words: str, client: Client, session: Session, steward: Person
) -> None:
    session.commit()
    client.sign_in_as(steward)
    answer = client.post("/desk/harvests/new", data={**SAID, "address": address})
    assert answer.status_code == 422
    assert words in answer.text
    assert address in answer.text
    assert "Open data" in answer.text


def test_a_source_is_changed_paused_resumed_and_given_up(
    client: Client, session: Session, source: HarvestSource, site: Site
) -> None:
    path = f"/desk/harvests/{source.reference}"
    changed = {**SAID, "name": "Portal", "address": site.url("/other"), "schedule": "by_hand", "is_trusted": "y"}
    assert "Open data" in client.get(f"{path}/edit").text
    assert client.post(f"{path}/edit", data=changed).status_code == 303
    session.expire_all()
    assert (source.name, source.planned_at, source.trusted_by_id is None) == ("Portal", None, False)
    for act, state in (
        ("pause", HarvestState.PAUSED),
        ("resume", HarvestState.ON),
        ("end", HarvestState.ENDED),
    ):
        assert client.post(f"{path}/{act}").status_code == 303
        session.expire_all()
        assert source.state is state
        assert client.get(path).status_code == 200
    assert client.get(f"{path}/edit").status_code == 404


def test_for_another_partner_and_for_a_member_there_is_no_such_source(
    client: Client, session: Session, source: HarvestSource
) -> None:
    run = session.scalars(select(HarvestRun)).one()
    others = [
        person(session, partner(session, "Other"), Role.STEWARD),
        person(session, organization(session, Kind.MEMBER), Role.PROJECT_STAFF),
    ]
    session.commit()
    path = f"/desk/harvests/{source.reference}"
    for other in others:
        client.sign_in_as(other)
        for address in (path, f"{path}/edit", f"{path}/runs/{run.id}"):
            assert client.get(address).status_code == 404
        for address in (f"{path}/read", f"{path}/pause", f"{path}/end", f"{path}/runs/{run.id}", f"{path}/edit"):
            assert client.post(address, data={"act": "take_all"}).status_code == 404
    client.sign_in_as(others[0])
    assert source.name not in client.get("/desk/harvests").text


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.SIGNATORY])
def test_colleagues_who_do_not_list_read_what_was_found_and_answer_nothing(
    client: Client, session: Session, source: HarvestSource, acme: Organization, role: Role
) -> None:
    client.sign_in_as(person(session, acme, role))
    session.commit()
    run = session.scalars(select(HarvestRun)).one()
    path = f"/desk/harvests/{source.reference}/runs/{run.id}"
    text = client.get(path).text
    assert "The trips" in text
    assert 'type="checkbox"' not in text
    assert "Take everything" not in text
    crumbs = re.findall(r'href="([^"]+)"', text.partition('class="op-crumbs"')[2].partition("</nav>")[0])
    assert crumbs
    assert all(client.get(link).status_code == 200 for link in crumbs)
    own = f"/desk/harvests/{source.reference}"
    assert "Read it now" not in client.get(own).text
    for address in (path, f"{own}/read", f"{own}/pause", f"{own}/end", f"{own}/edit"):
        assert client.post(address, data={"act": "take_all"}).status_code == 404
    assert client.get("/desk/harvests").status_code == 404
