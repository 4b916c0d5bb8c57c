"""Verifying a letter: by file, by number and code, by the command line; for anyone, without a trace."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile
from app.grants.commands import revoke, suspend
from app.grants.models import Grant
from app.rules.actors import OPERATOR
from tests.factories.grants import NOW, director_of
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

pytestmark = pytest.mark.usefixtures("granted")


@pytest.fixture
def letter(app: Flask, session: Session, granted: Grant) -> bytes:
    file = session.get_one(StoredFile, granted.letter_id)
    files: FileStore = app.extensions["onepact_files"]
    return files.get(file.key)


def ask(client: Client, data: bytes, name: str = "letter.pdf") -> dict[str, object]:
    """The answer that a program gets."""
    client.sends_token = False  # a program has no session
    answer = client.post("/verify", data={"file": (BytesIO(data), name)}, headers={"Accept": "application/json"})
    client.sends_token = True
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = answer.get_json()
    assert set(found) == {"verdict", "number", "checks"}
    return dict(found)


def test_a_program_gets_the_verdict_without_signing_in(client: Client, letter: bytes, granted: Grant) -> None:
    answer = ask(client, letter)
    assert answer["verdict"] == "in_force"
    assert answer["number"] == granted.number
    assert isinstance(answer["checks"], list)
    assert [check["passed"] for check in answer["checks"]] == [True] * 6


def test_one_changed_byte_is_altered(client: Client, letter: bytes, granted: Grant) -> None:
    changed = bytearray(letter)
    changed[len(changed) // 2] ^= 1
    answer = ask(client, bytes(changed))
    assert (answer["verdict"], answer["number"]) == ("altered", granted.number)


def test_a_revoked_letter_is_genuine_and_no_longer_in_force_at_once(
    client: Client,
    session: Session,
    letter: bytes,
    granted: Grant,
) -> None:
    revoke(session, OPERATOR, granted.number, "The data was passed on.", NOW)
    session.commit()
    assert ask(client, letter)["verdict"] == "no_longer_in_force"
    page = client.post("/verify", data={"file": (BytesIO(letter), "letter.pdf")}).get_data(as_text=True)
    assert "Genuine, but no longer in force" in page
    assert "Mon 23 Nov 2026" in page
    assert "The data was passed on." in page


def test_a_suspended_letter_gives_no_right(
    client: Client,
    session: Session,
    letter: bytes,
    granted: Grant,
    ready: Cast,
) -> None:
    suspend(session, director_of(session, ready), granted.number, "Under review.", NOW)
    session.commit()
    assert ask(client, letter)["verdict"] == "no_longer_in_force"


def test_somebody_else_s_pdf_was_not_issued(client: Client) -> None:
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    stream = BytesIO()
    writer.write(stream)
    assert ask(client, stream.getvalue()) == ask(client, stream.getvalue()) | {"verdict": "not_issued", "number": None}


@pytest.mark.parametrize("data", [b"hello", b"%PDF-1.7 nothing more", b"\x00" * 100, b"{}"])
def test_what_is_no_letter_cannot_be_verified(client: Client, data: bytes) -> None:
    assert ask(client, data)["verdict"] == "unverifiable"


def test_an_empty_or_missing_file_is_told_what_to_do(client: Client) -> None:
    assert ask(client, b"")["verdict"] == "unverifiable"
    answer = client.post("/verify", data={})
    assert answer.status_code == 422
    assert "Choose the PDF of the letter" in answer.get_data(as_text=True)
    program = client.post("/verify", data={}, headers={"Accept": "application/json"})
    assert program.status_code == 422
    assert "Choose the PDF" in program.get_json()["title"]


def test_a_file_of_24_megabytes_is_too_large_and_one_of_50_is_refused(client: Client) -> None:
    assert ask(client, b"%PDF-1.7" + b"0" * (24 * 1024 * 1024))["verdict"] == "unverifiable"
    huge = client.post("/verify", data={"file": (BytesIO(b"0" * (50 * 1024 * 1024)), "huge.pdf")})
    assert huge.status_code == 413


def test_a_strange_file_name_does_no_harm(client: Client, letter: bytes) -> None:
    for name in ("../../etc/passwd", "a" * 300 + ".pdf", "\u202efdp.exe", "<script>.pdf"):
        assert ask(client, letter, name)["verdict"] == "in_force"


def test_nothing_of_an_upload_is_kept(client: Client, session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(StoredFile))
    ask(client, b"%PDF-1.7 CANARY")
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == before


def test_the_page_shows_one_verdict_in_the_place_of_the_form(client: Client, letter: bytes) -> None:
    assert "Is this grant letter genuine?" in text_of(client, "/verify")
    page = client.post("/verify", data={"file": (BytesIO(letter), "letter.pdf")}).get_data(as_text=True)
    assert "Genuine, and in force" in page
    assert "Not one byte differs" in page
    assert "Is this grant letter genuine?" not in page


def test_bytes_added_after_the_seal_are_counted(client: Client, letter: bytes) -> None:
    page = client.post("/verify", data={"file": (BytesIO(letter + b"x" * 184), "letter.pdf")}).get_data(as_text=True)
    assert "Altered after signing" in page
    assert "184 bytes were added after the seal" in page


def test_number_and_code_lead_to_the_grant(client: Client, granted: Grant) -> None:
    typed = {"number": granted.number.lower(), "code": granted.verify_token.upper()}
    answer = client.post("/verify", data=typed)
    assert answer.status_code == 303
    page = text_of(client, answer.location)
    assert "Genuine, and in force" in page
    assert granted.title in page


def test_a_wrong_code_and_an_unknown_number_look_the_same(client: Client, granted: Grant) -> None:
    pages = {
        client.get(address).get_data(as_text=True)
        for address in (
            f"/v/{granted.number}?t=0000000000000000",
            f"/v/{granted.number}",
            "/v/GR-2026-9999?t=0000000000000000",
            f"/v/GR-2026-9999?t={granted.verify_token}",
            "/v/x?t=%00",
        )
    }
    assert len(pages) == 1
    assert "There is no letter with this number and code" in pages.pop()


def test_a_number_without_code_is_told_where_the_code_is(client: Client, granted: Grant) -> None:
    answer = client.post("/verify", data={"number": granted.number})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Type the code under the QR code too" in page
    assert granted.number in page  # what was typed is kept


def test_the_root_certificate_is_public(client: Client) -> None:
    answer = client.get("/keys/root.crt")
    assert answer.status_code == 200
    assert answer.data.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in answer.data


def test_the_command_line_judges_as_the_page_does(
    cli: FlaskCliRunner, letter: bytes, granted: Grant, tmp_path: Path
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter)
    done = cli.invoke(args=["grant", "verify", str(path), "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert (answer["verdict"], answer["number"]) == ("in_force", granted.number)
    path.write_bytes(letter + b"\n")
    assert json.loads(cli.invoke(args=["grant", "verify", str(path), "--json"]).output)["verdict"] == "altered"
    assert "Altered after signing" in cli.invoke(args=["grant", "verify", str(path)]).output
    assert cli.invoke(args=["grant", "verify", str(tmp_path / "none.pdf")]).exit_code == 2


def test_the_operator_lists_grants_and_takes_a_letter(
    cli: FlaskCliRunner,
    letter: bytes,
    granted: Grant,
    tmp_path: Path,
) -> None:
    listed = json.loads(cli.invoke(args=["grant", "list", "--json"]).output)
    assert [row["number"] for row in listed] == [granted.number]
    assert listed[0]["state"] == "active"
    assert granted.number in cli.invoke(args=["grant", "list"]).output
    path = tmp_path / "out.pdf"
    assert cli.invoke(args=["grant", "letter", granted.number, "--output", str(path)]).exit_code == 0
    assert path.read_bytes() == letter
    missing = cli.invoke(args=["grant", "letter", "GR-2026-9999", "--output", str(path)])
    assert missing.exit_code == 1
    assert "flask grant list" in missing.output


def test_the_operator_revokes_with_a_reason(cli: FlaskCliRunner, session: Session, granted: Grant) -> None:
    assert cli.invoke(args=["grant", "revoke", granted.number]).exit_code == 2
    assert "Say why" in cli.invoke(args=["grant", "revoke", granted.number, "--reason", " "]).output
    done = cli.invoke(args=["grant", "revoke", granted.number, "--reason", "By order of a court."])
    assert done.exit_code == 0, done.output
    again = cli.invoke(args=["grant", "revoke", granted.number, "--reason", "Again."])
    assert again.exit_code == 1
    session.expire_all()
    assert json.loads(cli.invoke(args=["grant", "list", "--json"]).output)[0]["state"] == "revoked"


def test_damaged_files_of_others_are_answered_and_never_genuine(client: Client, shared_data: Path) -> None:
    for path in sorted((shared_data / "hostile" / "pdf").glob("*.pdf")):
        assert ask(client, path.read_bytes())["verdict"] in {"not_issued", "unverifiable"}, path.name
