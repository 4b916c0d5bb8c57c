"""Data is handed over within a grant: never wider, signed and accepted with evidence, and never longer than the grant."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements.commands.codes import CodeAnswer
from app.agreements.evidence import Trace
from app.changes.commands import accepting, handing
from app.changes.commands.accepting import Answer, one_time_code
from app.changes.commands.carrying import activate_subgrant, follow_grant, sealed_handover
from app.changes.commands.handing import HandOver
from app.changes.models import SubGrantCode
from app.changes.wanted import Wanted
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.grants.commands import lift_suspension, revoke, suspend
from app.grants.commands.letters import Press
from app.grants.models import Grant, SubGrant
from app.grants.queries.verification import judge_file, sub_status_of, subgrant_with_code
from app.grants.record import from_json, to_json
from app.letters.keys import known_certificates
from app.letters.verdict import Verdict
from app.organizations.models import Person
from app.outbox.models import OutboxMessage
from app.rules.roles import Kind, Role
from app.rules.workflow import SubGrantState
from tests.factories.changes import LONGER, SOON, succeed
from tests.factories.grants import NOW, director_of
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

SECRET = "a secret for tests only"
TRACE = Trace("192.0.2.7", "A browser")
YES = Answer("Ines Prado", may_bind=True, keeps_terms=True)


def asked(cast: Cast) -> HandOver:
    return HandOver(
        "consultant", "Prado Transport Studies", "CO", "Ines Prado", "ines@prado.example",
        (cast.datasets[0].reference,), date(2027, 6, 30), "Encrypted laptop disk", "CO", "Count crossings by hour.",
    )  # fmt: skip


@pytest.fixture
def signatory(session: Session, cast: Cast) -> Person:
    return make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")


def prepared(session: Session, cast: Cast, grant: Grant, wanted: HandOver | None = None) -> SubGrant:
    return handing.hand_over(session, acting(session, cast.lead), grant.number, wanted or asked(cast), SOON)


def token_of(session: Session, row: SubGrant) -> str:
    """The link as only the mail holds it."""
    waiting = select(OutboxMessage).where(OutboxMessage.kind == "subgrant.offer", OutboxMessage.about == row.number)
    return str(session.scalars(waiting.order_by(OutboxMessage.id.desc())).first().payload["token"])  # type: ignore[union-attr]


def accepted(session: Session, cast: Cast, grant: Grant, signatory: Person) -> SubGrant:
    row = prepared(session, cast, grant)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    token = token_of(session, row)
    code = accepting.send_code(session, token, SECRET, SOON)
    assert accepting.enter_code(session, token, one_time_code(SECRET, code), SECRET, SOON) is CodeAnswer.RIGHT
    return accepting.accept(session, token, YES, TRACE, SOON)


def in_force(session: Session, store: FileStore, press: Press, cast: Cast, grant: Grant, signatory: Person) -> SubGrant:
    row = accepted(session, cast, grant, signatory)
    sealed = sealed_handover(press, row.record, row.verify_token, datetime.now(UTC))
    return activate_subgrant(session, store, row.number, sealed, SOON)


def test_a_hand_over_has_a_number_of_its_grant_and_a_letter_of_its_own(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    assert row.number == f"{active.number}-S1"
    assert row.state is SubGrantState.ACTIVE
    assert sub_status_of(row, active, SOON).gives_right
    assert row.evidence["name"] == "Ines Prado"
    assert row.evidence["address"] == "192.0.2.7"
    assert subgrant_with_code(session, row.number, row.verify_token) is row
    assert subgrant_with_code(session, row.number, "0" * 16) is None


def test_its_letter_is_judged_like_any_other(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    session.refresh(row, ["letter"])
    assert row.letter is not None
    data = store.get(row.letter.key)
    shown = judge_file(session, data, known_certificates(press.keys), SOON)
    assert (shown.judgment.verdict, shown.judgment.number) == (Verdict.IN_FORCE, row.number)
    assert judge_file(session, data + b" ", known_certificates(press.keys), SOON).judgment.verdict is Verdict.ALTERED


def test_it_gives_no_right_while_its_grant_gives_none(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    director = director_of(session, cast)
    suspend(session, director, active.number, "We look into it.", SOON)
    assert not sub_status_of(row, active, SOON).gives_right
    lift_suspension(session, director, active.number, SOON)
    assert sub_status_of(row, active, SOON).gives_right
    assert not sub_status_of(row, active, datetime(2027, 7, 1, tzinfo=UTC)).gives_right  # past its own last day
    revoke(session, director, active.number, "The data was passed on.", SOON)
    assert not sub_status_of(row, active, SOON).gives_right
    assert follow_grant(session, active.number, SOON) == 1
    assert row.state is SubGrantState.ENDED


def test_it_is_carried_by_a_successor_that_still_covers_it(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    successor = succeed(session, store, press, cast, active, LONGER)
    follow_grant(session, active.number, SOON)
    assert (row.state, row.grant_id) == (SubGrantState.ACTIVE, successor.id)
    assert sub_status_of(row, successor, SOON).gives_right


def test_it_goes_on_under_a_successor_that_is_shorter_and_lasts_no_longer(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    succeed(session, store, press, cast, active, Wanted(ends_on=date(2027, 5, 31)))
    follow_grant(session, active.number, SOON)
    assert (row.state, row.ends_on) == (SubGrantState.ACTIVE, date(2027, 5, 31))


def test_it_ends_after_its_own_last_day_though_its_grant_goes_on(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    offered = prepared(session, cast, active, replace(asked(cast), email="other@prado.example"))
    last_moment = datetime(2027, 6, 30, 23, 59, tzinfo=UTC)
    assert handing.end_over(session, last_moment) == 0
    assert handing.end_over(session, last_moment + timedelta(minutes=1)) == 2
    assert handing.end_over(session, last_moment + timedelta(minutes=2)) == 0
    assert (row.state, offered.state) == (SubGrantState.ENDED, SubGrantState.ENDED)
    assert "Delete the data" in row.state_reason


def test_it_is_never_wider_than_its_grant(session: Session, active: Grant, cast: Cast) -> None:
    base = asked(cast)
    for wider, words in (
        (replace(base, ends_on=date(2027, 11, 23)), "the grant's own"),
        (replace(base, datasets=("DS-9999",)), "datasets of the grant"),
        (replace(base, datasets=()), "datasets of the grant"),
        (replace(base, kind="client_gov"), "clause 11.2"),
        (replace(base, kind="friend"), "clause 11.2"),
        (replace(base, kept_in="US"), "United States"),
        (replace(base, task=" "), "what they do"),
    ):
        with pytest.raises(Invalid, match=words):
            prepared(session, cast, active, wider)


def test_offers_on_their_way_count_as_people_who_handle_the_data(session: Session, active: Grant, cast: Cast) -> None:
    record = from_json(active.record)
    rule = record.datasets[0].terms.rules["deletion_days"]
    rules = {**record.datasets[0].terms.rules, "max_users": replace(rule, parameter="max_users", value=2)}
    narrow = replace(record.datasets[0], terms=replace(record.datasets[0].terms, rules=rules))
    active.record = to_json(replace(record, datasets=(narrow,)))
    session.flush()
    prepared(session, cast, active)  # the lead and this recipient: two
    with pytest.raises(Invalid, match="2 people at most"):
        prepared(session, cast, active)


def test_the_members_signatory_signs_and_nobody_else(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = prepared(session, cast, active)
    partner = session.get_one(type(cast.member), active.data_partner_id)
    theirs = make_person(session, partner, Role.SIGNATORY)
    for person in (cast.lead, theirs, cast.director):
        with pytest.raises(NotAllowed):
            handing.sign(session, acting(session, person), row.number, person.name, row.record_hash, SOON)
    with pytest.raises(Invalid, match="full name"):
        handing.sign(session, acting(session, signatory), row.number, "H. V.", row.record_hash, SOON)
    stranger = acting(session, make_person(session, make_organization(session, Kind.MEMBER, "Other"), Role.SIGNATORY))
    with pytest.raises(NotFound):
        handing.sign(session, stranger, row.number, stranger.name, row.record_hash, SOON)


def test_a_wrong_code_accepts_nothing_and_five_use_it_up(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = prepared(session, cast, active)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    token = token_of(session, row)
    assert accepting.enter_code(session, token, "000000", SECRET, SOON) is CodeAnswer.NONE_SENT
    code = accepting.send_code(session, token, SECRET, SOON)
    right = one_time_code(SECRET, code)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    answers = [accepting.enter_code(session, token, wrong, SECRET, SOON) for _ in range(5)]
    assert answers == [CodeAnswer.WRONG] * 4 + [CodeAnswer.USED_UP]
    assert accepting.enter_code(session, token, right, SECRET, SOON) is CodeAnswer.USED_UP
    with pytest.raises(WrongState, match="code"):
        accepting.accept(session, token, YES, TRACE, SOON)
    late = accepting.send_code(session, token, SECRET, SOON)
    after = SOON + timedelta(minutes=11)
    assert accepting.enter_code(session, token, one_time_code(SECRET, late), SECRET, after) is CodeAnswer.EXPIRED


def test_before_it_is_signed_and_after_it_is_withdrawn_no_link_opens_it(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = prepared(session, cast, active)
    with pytest.raises(NotFound):
        accepting.by_token(session, "anything")
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    token = token_of(session, row)
    handing.withdraw(session, acting(session, cast.lead), row.number, SOON)
    with pytest.raises(WrongState):
        accepting.send_code(session, token, SECRET, SOON)


def test_an_offer_cannot_be_accepted_once_its_grant_has_ended(
    session: Session, active: Grant, cast: Cast, signatory: Person
) -> None:
    row = prepared(session, cast, active)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, SOON)
    revoke(session, director_of(session, cast), active.number, "The data was passed on.", SOON)
    with pytest.raises(WrongState, match="not in force"):
        accepting.send_code(session, token_of(session, row), SECRET, SOON)


def test_the_data_partner_ends_a_hand_over_with_a_reason(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, signatory: Person
) -> None:
    row = in_force(session, store, press, cast, active, signatory)
    steward = acting(session, cast.stewards[active.data_partner_id])
    with pytest.raises(Invalid, match="Say why"):
        handing.end(session, steward, row.number, " ", SOON)
    handing.end(session, steward, row.number, "The study is over.", SOON)
    assert sub_status_of(row, active, SOON).status == "ended"


def test_the_recipient_accepts_on_a_page_without_an_account(
    client: Client, app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    row = handing.hand_over(session, acting(session, ready.lead), granted.number, asked(ready), NOW)
    handing.sign(session, acting(session, signatory), row.number, "Helena Voss", row.record_hash, NOW)
    token, number = token_of(session, row), row.number
    session.commit()
    address = f"/hand-over/{token}"
    assert "hands data over to you" in text_of(client, address)
    assert client.get("/hand-over/another").status_code == 404
    typed = {"name": "Ines Prado", "authority": "y", "terms": "y"}
    assert client.post(address, data={**typed, "act": "code"}).status_code == 200
    answer = client.post(address, data={**typed, "code": "000 000", "act": "accept"})
    assert answer.status_code == 422
    assert "Ines Prado" in answer.get_data(as_text=True)
    code = one_time_code(str(app.config["SECRET_KEY"]), commands_code(session, row))
    answer = client.post(address, data={**typed, "code": code, "act": "accept"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    session.expire_all()
    assert session.scalars(select(SubGrant).where(SubGrant.number == number)).one().state is SubGrantState.ACCEPTED


def commands_code(session: Session, row: SubGrant) -> SubGrantCode:
    sent = select(SubGrantCode).where(SubGrantCode.subgrant_id == row.id)
    return session.scalars(sent.order_by(SubGrantCode.id.desc())).one()


def test_the_lead_prepares_and_the_signatory_signs_on_their_pages(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    session.commit()
    client.sign_in_as(ready.lead)
    assert "Hand over" in text_of(client, f"/grants/{granted.number}")
    wanted = asked(ready)
    data: dict[str, object] = {
        "kind": wanted.kind, "organization": wanted.organization, "country": "CO", "person": wanted.person,
        "email": wanted.email, "datasets": list(wanted.datasets), "ends_on": ["30", "6", "2027"],
        "kept_where": wanted.kept_where, "kept_in": "CO", "task": wanted.task,
    }  # fmt: skip
    answer = client.post(f"/grants/{granted.number}/hand-over", data={**data, "kind": "client_gov"})
    assert answer.status_code == 422
    assert "clause 11.2" in answer.get_data(as_text=True)
    assert client.post(f"/grants/{granted.number}/hand-over", data=data).status_code == 303
    number = f"{granted.number}-S1"
    assert "To be signed" in text_of(client, f"/hand-overs/{number}")
    client.sign_in_as(signatory)
    assert "Sign a hand-over of data" in text_of(client, "/inbox")
    shown = session.scalars(select(SubGrant.record_hash).where(SubGrant.number == number)).one()
    signed = {"name": "Helena Voss", "authority": "y", "shown": shown}
    assert client.post(f"/hand-overs/{number}/sign", data=signed).status_code == 303
    assert "Offered" in text_of(client, f"/hand-overs/{number}")
    assert number not in text_of(client, f"/register/{granted.number}")  # nothing is handed over yet
    stranger = make_person(session, make_organization(session, Kind.MEMBER, "Other"), Role.SIGNATORY)
    session.commit()
    client.sign_in_as(stranger)
    assert client.get(f"/hand-overs/{number}").status_code == 404


def test_the_register_names_to_whom_data_was_handed_over(
    client: Client, app: Flask, session: Session, granted: Grant, ready: Cast, installed: Press
) -> None:
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="Helena Voss")
    files: FileStore = app.extensions["onepact_files"]
    row = in_force(session, files, installed, ready, granted, signatory)
    session.commit()
    assert f"{row.number} to Prado Transport Studies" in text_of(client, f"/register/{granted.number}")
    verdict = text_of(client, f"/v/{row.number}?t={row.verify_token}")
    assert granted.number in verdict
    assert "Prado Transport Studies" in verdict
