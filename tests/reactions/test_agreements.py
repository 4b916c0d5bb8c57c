"""What follows from events of agreements: each is asked or told once, by a mail of their own; the document is sealed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements import commands, queries
from app.agreements.commands.codes import one_time_code
from app.agreements.evidence import Typed
from app.agreements.models import Accession, SigningCode
from app.foundation.clock import now
from app.letters.keys import ensure_keys
from app.organizations.commands import accept_invitation, add_organization, invite
from app.organizations.details import Defaults, Details
from app.outbox.models import MessageState, OutboxMessage
from app.reactions.table import HANDLERS
from app.reactions.work import Work
from app.rules.actors import NOBODY, OPERATOR
from app.rules.roles import Capacity, Kind, Role
from tests.factories.agreements import TRACE, Signing
from tests.factories.organizations import acting, make_person


@pytest.fixture
def work(app: Flask, session: Session) -> Iterator[Work]:
    """What the worker hands to its handlers, on the transaction of the test."""
    ensure_keys(Path(str(app.config["ONEPACT_HOME"])) / "keys", str(app.config["SEAL_PASSPHRASE"]), "Consortium", now())

    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    with app.app_context():
        yield Work(app.config, app.extensions["onepact_files"], reading, now())


def run(session: Session, work: Work, *kept: str) -> None:
    """Handle everything that waits, but keep the mails, and what is named besides."""
    while True:
        session.flush()
        waiting = session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.state == MessageState.WAITING, OutboxMessage.kind.not_in(("mail.send", *kept))
            )
        ).all()
        if not waiting:
            return
        for message in waiting:
            apply = HANDLERS[message.kind](work, message.payload)
            if apply is not None:
                apply(session)
            message.state, message.done_at = MessageState.DONE, work.now


def mails(session: Session) -> list[tuple[str, str, str]]:
    """To whom, from which template, about what subject; oldest first."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id))
    return [(str(r.payload["to_email"]), str(r.payload["template"]), str(r.payload["subject"])) for r in rows]


def test_a_new_organization_s_accessions_are_opened_and_its_signatory_asked(session: Session, work: Work) -> None:
    moment = now()
    details = Details("Harbor Data", "harbor-data", Kind.BOTH, "CH", "", "", Defaults())
    organization = add_organization(session, OPERATOR, details, moment)
    run(session, work)
    opened = session.scalars(select(Accession).where(Accession.organization_id == organization.id)).all()
    assert {row.capacity for row in opened} == {Capacity.DATA_PARTNER, Capacity.MEMBER}
    assert not [mail for mail in mails(session) if mail[1] == "agreement_to_sign"]
    invited = invite(session, OPERATOR, organization.id, "Noor", "noor@example.org", [Role.SIGNATORY], moment)
    accept_invitation(session, NOBODY, invited.token, "Noor", "x" * 20, moment)
    run(session, work)
    asked = [mail for mail in mails(session) if mail[1] == "agreement_to_sign"]
    assert [mail[0] for mail in asked] == ["noor@example.org"] * 2
    assert asked[0][2].startswith("Sign by ")


def test_the_code_in_the_mail_is_the_code_that_is_right(session: Session, work: Work) -> None:
    case = Signing(session, now=now()).confirmed()
    secret = str(work.settings["SECRET_KEY"])
    commands.send_code(session, case.actor, case.accession.reference, Typed(), secret, TRACE, case.now)
    run(session, work)
    code = one_time_code(secret, session.scalars(select(SigningCode)).one())
    row = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id.desc())
    ).first()
    assert row is not None
    assert row.payload["to_email"] == case.signatory.email
    assert f"{code[:3]} {code[3:]}" in str(row.payload["text"])
    assert f"/sign/{case.accession.reference}/text#sign" in str(row.payload["html"])


def test_a_code_that_has_expired_is_not_mailed(session: Session, work: Work) -> None:
    case = Signing(session, now=now() - timedelta(hours=1)).confirmed()
    case.code()
    run(session, work)
    assert "signing_code" not in [template for _, template, _ in mails(session)]


def test_every_turn_is_told_to_whom_it_concerns(session: Session, work: Work) -> None:
    case = Signing(session, now=now() - timedelta(minutes=5)).signed()
    run(session, work)
    assert (case.officer.email, "agreement_to_countersign") in [mail[:2] for mail in mails(session)]
    steward = make_person(session, case.organization, Role.FOCAL_POINT)
    _countersign(session, case, now())
    run(session, work, "accession.document")
    told = {email for email, template, _ in mails(session) if template == "agreement_in_force"}
    assert told == {case.signatory.email, steward.email}


def _countersign(session: Session, case: Signing, moment: datetime) -> None:
    from tests.factories.agreements import ALL_CHECKS

    commands.countersign(session, case.secretariat, case.accession.reference, ALL_CHECKS, "Seen", TRACE, moment)


def test_a_hand_over_a_no_and_an_end_are_told(session: Session, work: Work) -> None:
    case = Signing(session, now=now() - timedelta(minutes=9)).opened()
    other = make_person(session, case.organization, Role.SIGNATORY)
    reference = case.accession.reference
    commands.hand_over(session, case.actor, reference, other.id, TRACE, case.now)
    run(session, work)
    assert (other.email, "agreement_to_sign") in [mail[:2] for mail in mails(session)]
    commands.decline(session, acting(session, other), reference, "Not <now>.", TRACE, case.now)
    run(session, work)
    assert (case.officer.email, "agreement_declined") in [mail[:2] for mail in mails(session)]
    ended = Signing(session, now=now() - timedelta(days=3)).in_force()
    director = make_person(session, _secretariat(session), Role.DIRECTOR)
    commands.end_accession(session, acting(session, director), ended.accession.reference, "It left.", now())
    run(session, work, "accession.document")
    assert (ended.signatory.email, "agreement_ended") in [mail[:2] for mail in mails(session)]


def _secretariat(session: Session):  # type: ignore[no-untyped-def] # noqa: ANN202
    from tests.factories.organizations import make_secretariat

    return make_secretariat(session)


def test_a_countersigned_accession_gets_its_sealed_document_once(session: Session, work: Work) -> None:
    case = Signing(session, now=now() - timedelta(days=2)).in_force()
    run(session, work)
    row = queries.accession(session, case.accession.reference)
    assert row.document is not None
    assert work.files.get(row.document.key).startswith(b"%PDF-")
    assert row.evidence["seal"]["level"] == "B-B"  # type: ignore[index]
    assert HANDLERS["accession.document"](work, {"accession": row.reference}) is None


def test_each_subject_starts_with_the_act(session: Session, work: Work) -> None:
    test_every_turn_is_told_to_whom_it_concerns(session, work)
    acts = ("Sign by", "Enter this code", "Countersign by", "Begin:")
    assert all(subject.startswith(acts) for _, template, subject in mails(session) if template != "invitation")
