"""Tokens for programs: shown once, kept as a hash, live a year at most, end with a place in an organization."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.history.models import HistoryDetail, HistoryEvent
from app.organizations.commands import remove_person
from app.organizations.commands.tokens import make_token, revoke_token
from app.organizations.models import ApiToken, Membership, Organization, Person
from app.organizations.tokens import actor_by, is_live, token_behind, tokens_of
from app.rules.actors import Actor
from app.rules.roles import Kind, Role
from app.rules.tokens import LIVES, MOST_TOKENS, Scope, holds
from tests.factories.organizations import NOW, acting, make_organization, make_person
from tests.support.application import Client

BOTH = {Scope.CATALOG_IMPORT, Scope.CATALOG_READ}


@pytest.fixture
def acme(session: Session) -> Organization:
    return make_organization(session, Kind.PARTNER, "Acme")


@pytest.fixture
def steward(session: Session, acme: Organization) -> Person:
    return make_person(session, acme, Role.STEWARD)


@pytest.fixture
def actor(session: Session, steward: Person) -> Actor:
    return acting(session, steward)


def made(session: Session, actor: Actor, days: int = 30) -> tuple[ApiToken, str]:
    return make_token(session, actor, "Nightly import", BOTH, days, NOW)


def program_of(session: Session, secret: str) -> Actor | None:
    token = token_behind(session, secret, NOW)
    return actor_by(session, token) if token else None


def test_only_its_hash_is_kept(session: Session, actor: Actor) -> None:
    token, secret = made(session, actor)
    assert secret.startswith("onepact_")
    assert secret.startswith(token.shown)
    kept = [str(value) for value in session.execute(select(ApiToken.__table__)).one()]
    facts = [str(detail.payload) for detail in session.scalars(select(HistoryDetail))]
    assert not any(secret in text for text in (*kept, *facts))


def test_it_opens_until_its_day_and_not_after(session: Session, actor: Actor) -> None:
    token, secret = made(session, actor)
    assert token_behind(session, secret, NOW + timedelta(days=30, seconds=-1)) is token
    assert token_behind(session, secret, NOW + timedelta(days=30)) is None


@pytest.mark.parametrize("other", ["", "onepact_", "onepact_" + "a" * 43, "x" * 9000])
def test_another_secret_opens_nothing(other: str, session: Session, actor: Actor) -> None:
    _token, secret = made(session, actor)
    for guess in (other, secret[:-1], secret.upper(), secret + other):
        assert guess == secret or token_behind(session, guess, NOW) is None


def test_its_rights_are_those_of_its_person_now(session: Session, acme: Organization, actor: Actor) -> None:
    token, secret = made(session, actor)
    seen = program_of(session, secret)
    assert seen is not None
    assert seen.roles_at(acme.id) == {Role.STEWARD}
    assert not seen.has_second_factor
    session.scalars(select(Membership).where(Membership.person_id == token.person_id)).one().ended_at = NOW
    session.flush()
    seen = program_of(session, secret)
    assert seen is not None
    assert seen.held == frozenset()


def test_it_opens_nothing_where_a_session_would_ask_for_a_second_step_first(
    session: Session, actor: Actor, steward: Person
) -> None:
    _token, secret = made(session, actor)
    steward.tf_primary_method = None
    session.flush()
    assert program_of(session, secret) is None


def test_it_opens_nothing_for_somebody_who_is_no_longer_active(session: Session, actor: Actor, steward: Person) -> None:
    _token, secret = made(session, actor)
    steward.active = False
    session.flush()
    assert token_behind(session, secret, NOW) is None


def test_it_ends_when_its_person_leaves_an_organization(session: Session, acme: Organization, actor: Actor) -> None:
    token, secret = made(session, actor)
    make_person(session, acme, Role.STEWARD)
    assert actor.person_id is not None
    remove_person(session, actor, acme.id, actor.person_id, NOW)
    session.refresh(token)
    assert token.revoked_at == NOW
    assert token_behind(session, secret, NOW) is None


def test_its_person_alone_revokes_it(session: Session, acme: Organization, actor: Actor) -> None:
    token, secret = made(session, actor)
    colleague = acting(session, make_person(session, acme, Role.STEWARD, Role.FOCAL_POINT))
    with pytest.raises(NotFound):
        revoke_token(session, colleague, token.id, NOW)
    revoke_token(session, actor, token.id, NOW)
    revoke_token(session, actor, token.id, NOW)
    assert not is_live(token, NOW)
    assert token_behind(session, secret, NOW) is None
    types = list(session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))
    assert types == ["person.token_made", "person.token_revoked"]


def test_a_year_is_the_longest(session: Session, actor: Actor) -> None:
    assert max(LIVES) == 365
    with pytest.raises(Invalid, match="a year at most"):
        made(session, actor, 366)


def test_a_token_makes_no_other_token(session: Session, actor: Actor) -> None:
    _token, secret = made(session, actor)
    program = program_of(session, secret)
    assert program is not None
    with pytest.raises(NotAllowed):
        made(session, program)


def test_one_person_has_so_many_and_no_more(session: Session, actor: Actor) -> None:
    for _ in range(MOST_TOKENS):
        made(session, actor)
    with pytest.raises(Invalid, match="Revoke one"):
        made(session, actor)
    assert len(tokens_of(session, actor.person_id or 0)) == MOST_TOKENS


def test_importing_holds_reading_and_not_the_other_way_round() -> None:
    assert holds(frozenset({Scope.CATALOG_IMPORT}), Scope.CATALOG_READ)
    assert not holds(frozenset({Scope.CATALOG_READ}), Scope.CATALOG_IMPORT)


def test_a_token_is_made_on_a_page_shown_once_and_revoked(client: Client, session: Session, steward: Person) -> None:
    session.commit()
    client.sign_in_as(steward)
    assert "Make a token" in client.get("/me/tokens").text
    said = {"name": "Nightly import", "scope": "catalog:import", "days": "90", "idempotency_key": "once"}
    answer = client.post("/me/tokens", data=said)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    [secret] = set(re.findall(r"onepact_[\w-]{43}", answer.text))
    assert token_behind(session, secret, NOW.replace(year=2026)) is not None
    assert client.post("/me/tokens", data=said).status_code == 409
    page = client.get("/me/tokens").text
    assert "Nightly import" in page
    assert secret not in page
    token = session.scalars(select(ApiToken)).one()
    assert client.post(f"/me/tokens/{token.id}/revoke").status_code == 303
    session.expire_all()
    assert token_behind(session, secret, NOW) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [({"name": ""}, "Say what the token is for"), ({"scope": "x"}, "hoose"), ({"days": "9999"}, "hoose")],
)
def test_what_is_missing_is_told_and_what_was_typed_is_kept(
    given: dict[str, str], words: str, client: Client, session: Session, steward: Person
) -> None:
    session.commit()
    client.sign_in_as(steward)
    said = {"name": "Nightly import", "scope": "catalog:import", "days": "90", **given}
    answer = client.post("/me/tokens", data=said)
    assert answer.status_code == 422
    assert words in answer.text
    assert said["name"] in answer.text


def test_somebody_elses_token_cannot_be_revoked_by_its_number(
    client: Client, session: Session, acme: Organization, actor: Actor
) -> None:
    token, _secret = made(session, actor)
    other = make_person(session, acme, Role.STEWARD)
    session.commit()
    client.sign_in_as(other)
    assert client.post(f"/me/tokens/{token.id}/revoke").status_code == 404
    assert token.name not in client.get("/me/tokens").text
