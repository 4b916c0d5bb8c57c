"""The certificate of deletion as a sealed document: made once, conforming, carrying what was signed, known to the verifier."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import page
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.duties import commands
from app.duties.commands.sealing import keep_certificate, sealed_certificate, signed_certificate
from app.duties.document import manuscript
from app.duties.models import DeletionCertificate
from app.foundation.files import FileStore
from app.grants.commands.letters import Press
from app.grants.models import Duty, Grant
from app.grants.record import from_json
from app.history.models import HistoryEvent
from app.letters.inspect import inspect
from app.letters.keys import known_certificates
from app.letters.seal import Sealed
from app.rules.roles import Kind, Role
from tests.duties.test_commands import deletion
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast
from tests.letters.conftest import Tool, tool  # noqa: F401
from tests.support.application import Client

AFTER = datetime(2027, 11, 26, 10, 0, tzinfo=UTC)


@pytest.fixture
def signed(session: Session, granted: Grant, ready: Cast) -> DeletionCertificate:
    duty = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "delete")).one()
    said = deletion(where="Research server\nTwo laptops <b>of ours</b>")
    return commands.certify(session, acting(session, ready.lead), granted.number, duty.id, said, AFTER)


def sealed(session: Session, press: Press, row: DeletionCertificate) -> Sealed:
    _row, made = signed_certificate(session, row.id)
    grant = session.get_one(Grant, row.grant_id)
    return sealed_certificate(press, from_json(grant.record), made, AFTER)


def test_it_conforms_says_what_was_signed_and_carries_the_text(
    session: Session,
    installed: Press,
    signed: DeletionCertificate,
    tmp_path: Path,
    tool: Tool,  # noqa: F811
) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(sealed(session, installed, signed).pdf)
    for profile in ("3a", "ua1"):
        report = page.validate_pdf(str(path), profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    words = " ".join(tool("pdftotext", "-layout", path, "-").split())
    for said in ("Certificate of deletion", "Two laptops <b>of ours</b>", "Nothing is kept", signed.body_sha256[:16]):
        assert said in words
    tool("pdfdetach", "-save", "1", "-o", tmp_path / "text", path)
    assert (tmp_path / "text").read_bytes() == signed.body.encode()
    assert inspect(path.read_bytes(), known_certificates(installed.keys)).is_ours


def test_the_same_certificate_gives_the_same_document(
    session: Session, granted: Grant, signed: DeletionCertificate
) -> None:
    _row, made = signed_certificate(session, signed.id)
    record = from_json(granted.record)
    assert manuscript(record, made, "https://a.example") == manuscript(record, made, "https://a.example")


def test_the_worker_makes_it_once_and_those_concerned_fetch_and_check_it(
    app: Flask,
    client: Client,
    session: Session,
    granted: Grant,
    ready: Cast,
    signed: DeletionCertificate,
    installed: Press,
) -> None:
    address = f"/grants/{granted.number}/duties/{signed.duty_id}"
    session.commit()
    client.sign_in_as(ready.lead)
    assert "is being made" in client.get(address).text
    assert client.get(f"{address}/certificate-{signed.id}.pdf").status_code == 404
    worker.drain(app, lambda: AFTER)
    session.expire_all()
    pdf = client.get(f"{address}/certificate-{signed.id}.pdf").data
    assert pdf.startswith(b"%PDF")
    files: FileStore = app.extensions["onepact_files"]
    again = sealed(session, installed, signed)
    keep_certificate(session, files, signed.id, again, AFTER)
    session.commit()
    assert client.get(f"{address}/certificate-{signed.id}.pdf").data == pdf, "what was sealed is never exchanged"
    stranger = make_person(session, make_organization(session, Kind.PARTNER, "Elsewhere"), Role.STEWARD)
    session.commit()
    client.sign_in_as(stranger)
    assert client.get(f"{address}/certificate-{signed.id}.pdf").status_code == 404

    def verdict(data: bytes) -> str:
        given = {"file": (BytesIO(data), "certificate.pdf")}
        return client.post("/verify", data=given, content_type="multipart/form-data").text

    assert "sealed by the consortium. Not one byte differs." in verdict(pdf)
    assert "Not one byte differs." not in verdict(pdf + b" ")
    told = select(HistoryEvent.thing_ref).where(HistoryEvent.type == "duty.certificate_sealed")
    assert session.scalars(told).all() == [granted.number]
