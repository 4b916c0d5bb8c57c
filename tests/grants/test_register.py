"""The register: made by the grant, the same in three forms, and silent about what is confidential."""

import csv
import io
import json

import pytest
from sqlalchemy.orm import Session

from app.foundation.files import FileStore
from app.grants.commands import activate, issue, revoke
from app.grants.commands.letters import Press, sealed_letter
from app.grants.models import Grant
from app.grants.queries.register import register_entry, register_page
from app.grants.routes.register import safe_cell
from app.rules.actors import OPERATOR
from app.rules.vocabulary import Visibility
from tests.factories.catalog import make_dataset
from tests.factories.grants import CONSORTIUM, NOW, director_of, make_decided, make_issued, make_ready_cast
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client


def test_a_grant_is_in_the_register_once_it_is_sealed(session: Session, store: FileStore, press: Press) -> None:
    cast = make_ready_cast(session, 1)
    (waiting,) = make_issued(session, cast)
    assert register_page(session, NOW).total == 0
    sealed = sealed_letter(press, waiting.record, waiting.verify_token, NOW)
    activate(session, store, waiting.number, sealed, NOW)
    shown = register_page(session, NOW)
    assert [entry.number for entry in shown.entries] == [waiting.number]
    entry = shown.entries[0]
    assert entry.is_in_force
    assert entry.letter_sha256 == sealed.sha256
    assert entry.record_hash == waiting.record_hash


def test_a_revoked_grant_stays_in_the_register_and_says_so(session: Session, active: Grant) -> None:
    revoke(session, OPERATOR, active.number, "Passed on.", NOW)
    entry = register_entry(session, active.number, NOW)
    assert entry.status == "revoked"
    assert not entry.is_in_force


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.NAMED])
def test_a_confidential_dataset_is_never_named(
    session: Session, store: FileStore, press: Press, visibility: Visibility
) -> None:
    from app.organizations.models import Organization

    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    secret = make_dataset(session, partner, title="CANARY 7f3", visibility=visibility, admitted=[cast.member])
    proposal = make_decided(session, cast, datasets=[secret])
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    activate(session, store, grant.number, sealed_letter(press, grant.record, grant.verify_token, NOW), NOW)
    entry = register_entry(session, grant.number, NOW)
    assert "CANARY" not in repr(entry)
    assert secret.reference not in repr(entry)


def test_a_dataset_that_was_hidden_after_issue_is_no_longer_named(session: Session, active: Grant, cast: Cast) -> None:
    title = cast.datasets[0].title
    assert title in repr(register_entry(session, active.number, NOW))
    cast.datasets[0].visibility = Visibility.NAMED
    session.flush()
    assert title not in repr(register_entry(session, active.number, NOW))


def test_a_data_partner_that_wishes_to_stay_unnamed_is_not_named(
    session: Session, store: FileStore, press: Press
) -> None:
    from app.organizations.models import Organization

    cast = make_ready_cast(session, 1)
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    partner.name = "CANARY 9c1"
    shy = make_dataset(session, partner, conditions={"permitted_purposes": ["dev.mobility"], "donor_anonymous": True})
    proposal = make_decided(session, cast, datasets=[shy])
    (grant,) = issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)
    activate(session, store, grant.number, sealed_letter(press, grant.record, grant.verify_token, NOW), NOW)
    assert "CANARY" not in repr(register_entry(session, grant.number, NOW))


def test_anyone_reads_the_register_as_page_json_and_csv(client: Client, granted: Grant) -> None:
    assert granted.title in text_of(client, "/register")
    entry = text_of(client, f"/register/{granted.number}")
    assert "lets Coastal Cities Fund use its data" in entry
    assert "About 40,000 children get a safer way to school." in entry
    document = json.loads(client.get("/register.json").data)
    assert [grant["number"] for grant in document["grants"]] == [granted.number]
    rows = list(csv.DictReader(io.StringIO(client.get("/register.csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["number"] for row in rows] == [granted.number]
    assert rows[0]["record_sha256"] == granted.record_hash


def test_the_register_names_no_person(client: Client, granted: Grant, ready: Cast) -> None:
    for address in ("/register", f"/register/{granted.number}", "/register.json", "/register.csv"):
        body = client.get(address).get_data(as_text=True)
        assert ready.lead.name not in body
        assert granted.verify_token not in body


def test_who_asks_again_gets_it_only_when_it_changed(client: Client, granted: Grant) -> None:
    first = client.get("/register.json")
    again = client.get("/register.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert granted.number in first.get_data(as_text=True)


def test_an_unknown_number_is_not_found(client: Client) -> None:
    for number in ("GR-2026-9999", "x" * 200, "%00", "../verify"):
        assert client.get(f"/register/{number}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "9" * 30, "²"])
def test_a_page_that_is_none_shows_one_that_is(client: Client, page: str) -> None:
    assert client.get(f"/register?page={page}").status_code == 200


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", " =", "＠"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    assert safe_cell(f"{start}1+1").startswith("'")
    assert safe_cell("plain - text") == "plain - text"
