"""Sealing: what the seal promises, and what happens when it cannot be set."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import page
import pytest
from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps import DummyTimeStamper

from app.letters.errors import KeysMissing, SealFailed, TimestampUnavailable
from app.letters.inspect import inspect
from app.letters.keys import Known, load_seal, rotate_seal
from app.letters.render import Rendered
from app.letters.seal import Sealed, Sealer, changed
from app.letters.seal import sealer as kept_sealer
from tests.letters.authority import certificate_and_key
from tests.letters.conftest import CONSORTIUM, PASSPHRASE, Tool


def test_the_sealed_letter_is_certified_against_any_change(sealed: Sealed, known: Known) -> None:
    findings = inspect(sealed.pdf, known)
    assert findings.is_intact
    assert findings.is_ours
    assert findings.covers_whole_file
    assert findings.is_certified
    assert findings.revisions == 2
    assert sealed.level == "B-B"


def test_the_unsigned_letter_is_a_prefix_of_the_sealed_one(rendered: Rendered, sealed: Sealed) -> None:
    assert sealed.pdf.startswith(rendered.pdf)


def test_a_letter_without_a_field_for_the_seal_is_not_sealed(sealer: Sealer) -> None:
    from dataclasses import replace

    from app.letters.render import render
    from tests.letters import samples

    bare = render(replace(samples.manuscript(), signature_fields=()))
    with pytest.raises(SealFailed):
        sealer.seal(bare.pdf, datetime.now(UTC), "Issue")


def test_a_seal_is_not_set_outside_the_certificate_s_time(sealer: Sealer, rendered: Rendered) -> None:
    with pytest.raises(KeysMissing, match="flask keys rotate"):
        sealer.seal(rendered.pdf, datetime.now(UTC) + timedelta(days=731), "Issue")


def test_the_kept_sealer_notices_a_rotated_key(tmp_path: Path) -> None:
    from app.letters.keys import ensure_keys

    ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, datetime.now(UTC))
    first = kept_sealer(tmp_path, PASSPHRASE, None, changed(tmp_path))
    assert kept_sealer(tmp_path, PASSPHRASE, None, changed(tmp_path)) is first
    rotate_seal(tmp_path, PASSPHRASE, CONSORTIUM, datetime.now(UTC))
    assert kept_sealer(tmp_path, PASSPHRASE, None, changed(tmp_path)) is not first


class Authority(BaseHTTPRequestHandler):
    """A timestamp authority (RFC 3161) with a certificate of its own."""

    answer: bytes | None = None

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        body = self.answer if self.answer is not None else _stamper().request_tsa_response(request).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


def _stamper() -> DummyTimeStamper:
    certificate, key = certificate_and_key()
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(der)
    )


@pytest.fixture
def authority() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    Authority.answer = None
    server.shutdown()
    server.server_close()


def test_with_a_timestamp_authority_the_seal_reaches_level_b_t(
    authority: HTTPServer, keys_folder: Path, rendered: Rendered, known: Known, tool: Tool, tmp_path: Path
) -> None:
    stamped = Sealer(load_seal(keys_folder, PASSPHRASE), f"http://127.0.0.1:{authority.server_port}/").seal(
        rendered.pdf, datetime.now(UTC), "Issue"
    )
    assert stamped.level == "B-T"
    from pyhanko.pdf_utils.reader import PdfFileReader

    signer_info = PdfFileReader(BytesIO(stamped.pdf)).embedded_signatures[0].signer_info
    assert [attribute["type"].native for attribute in signer_info["unsigned_attrs"]] == ["signature_time_stamp_token"]
    assert inspect(stamped.pdf, known).is_ours
    path = tmp_path / "stamped.pdf"
    path.write_bytes(stamped.pdf)
    for profile in ("3a", "ua1"):
        assert page.validate_pdf(str(path), profile=profile).is_compliant
    assert "No syntax" in tool("qpdf", "--check", path)


@pytest.mark.parametrize("answer", [b"", b"not a timestamp"])
def test_a_broken_authority_is_a_named_error_and_the_seal_can_do_without(
    authority: HTTPServer, keys_folder: Path, rendered: Rendered, answer: bytes
) -> None:
    Authority.answer = answer
    stamping = Sealer(load_seal(keys_folder, PASSPHRASE), f"http://127.0.0.1:{authority.server_port}/")
    with pytest.raises(TimestampUnavailable):
        stamping.seal(rendered.pdf, datetime.now(UTC), "Issue")
    assert stamping.seal(rendered.pdf, datetime.now(UTC), "Issue", timestamp=False).level == "B-B"


def test_an_authority_that_is_away_is_a_named_error(keys_folder: Path, rendered: Rendered) -> None:
    from tests.support.programs import free_port

    stamping = Sealer(load_seal(keys_folder, PASSPHRASE), f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(TimestampUnavailable):
        stamping.seal(rendered.pdf, datetime.now(UTC), "Issue")
