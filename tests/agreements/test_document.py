"""The executed agreement: made once, sealed, conforming, with everything that shows who signed what and how."""

import json
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import page
import pypdf
import pytest
from sqlalchemy.orm import Session

from app.agreements import document, library, queries
from app.agreements.document import House
from app.agreements.models import Accession
from app.foundation.clock import now
from app.foundation.hashing import sha256_hex
from app.letters.inspect import inspect
from app.letters.keys import ensure_keys, known_certificates, load_seal
from app.letters.render import render
from app.letters.seal import Sealer
from tests.factories.agreements import Signing
from tests.factories.organizations import NOW

HOUSE = House("Meridian Data Consortium", "https://onepact.example.org", 57, "a" * 64, "b" * 64)


@dataclass(frozen=True)
class Made:
    """One executed agreement, laid out once for all tests of it: that takes seconds."""

    row: Accession
    pdf: bytes


_made: list[Made] = []


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_keys(folder, "p" * 40, HOUSE.consortium, now())
    return folder


def executed(session: Session) -> Accession:
    case = Signing(session, now=NOW - timedelta(days=3)).in_force()
    return queries.accession(session, case.accession.reference)


@pytest.fixture
def made(session: Session) -> Made:
    if not _made:
        row = executed(session)
        pdf = render(document.manuscript(row, library.version(row.agreement_version), HOUSE)).pdf
        session.expunge_all()
        _made.append(Made(row, pdf))
    return _made[0]


def test_the_same_accession_gives_the_same_document(session: Session) -> None:
    row = executed(session)
    version = library.version(row.agreement_version)
    assert document.manuscript(row, version, HOUSE) == document.manuscript(row, version, HOUSE)


def test_the_sealed_document_passes_what_outsiders_check(made: Made, keys: Path, tmp_path: Path) -> None:
    sealed = Sealer(load_seal(keys, "p" * 40)).seal(made.pdf, now(), "Executed agreement").pdf
    path = tmp_path / "agreement.pdf"
    path.write_bytes(sealed)
    for profile in ("3a", "ua1"):
        assert page.validate_pdf(str(path), profile=profile).is_compliant
    findings = inspect(sealed, known_certificates(keys))
    assert findings.is_intact
    assert findings.is_certified
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors" in done.stdout


def test_it_holds_the_whole_text_and_the_evidence(made: Made, tmp_path: Path) -> None:
    row, version = made.row, library.version(made.row.agreement_version)
    path = tmp_path / "agreement.pdf"
    path.write_bytes(made.pdf)
    shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    flat = " ".join(shown.split())
    for clause in version.clauses:
        assert f"{clause.number} {clause.title}" in flat
        assert all(point.number in flat for point in clause.points)
    assert row.organization.name in flat
    assert f"I may bind {row.organization.name}, as its General counsel." in flat
    assert version.text_hash in flat
    for step in ("authority confirmed", "code sent by mail", "code entered", "signed", "countersigned"):
        assert step in flat
    assert "192.0.2.7" in flat
    assert HOUSE.log_root in flat


def test_the_signed_files_and_the_record_are_attached(made: Made, tmp_path: Path) -> None:
    row = made.row
    path = tmp_path / "agreement.pdf"
    path.write_bytes(made.pdf)
    attached = {name: contents[0] for name, contents in pypdf.PdfReader(path).attachments.items()}
    assert library.text_hash({name: attached[name] for name in library.signed_files("en")}) == row.agreement_hash
    record = json.loads(attached[document.RECORD_FILE])
    assert record["reference"] == row.reference
    assert record["agreement"]["sha256"] == row.agreement_hash
    assert record["signature"]["sentences_hash"] == row.evidence["signature"]["sentences_hash"]  # type: ignore[index]
    assert sha256_hex(attached[document.RECORD_FILE])


def test_what_people_typed_cannot_change_the_document(session: Session) -> None:
    row = executed(session)
    row.organization.name = '<img src="file:///etc/passwd"><script>x</script> Ltd'
    html = document.manuscript(row, library.version(row.agreement_version), HOUSE).html
    assert "<script>x" not in html
    assert "<img" not in html
