"""Judging what somebody brings: every change shows, nothing crashes, and only our own bytes are genuine."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.letters import inspect
from app.letters.keys import ensure_keys, load_seal
from app.letters.render import Rendered, render
from app.letters.seal import Sealed, Sealer
from app.letters.verdict import CheckName, Issued, Verdict, judge
from tests.letters import samples
from tests.letters.conftest import CONSORTIUM, PASSPHRASE, Desk
from tests.letters.test_letter_for_outsiders import with_flipped_byte


def test_the_letter_itself_is_genuine_and_passes_six_checks(desk: Desk, sealed: Sealed) -> None:
    judgment = desk.judge(sealed.pdf)
    assert judgment.verdict is Verdict.IN_FORCE
    assert judgment.number == samples.NUMBER
    assert [check.name for check in judgment.checks] == list(CheckName)
    assert judgment.passed == 6


def test_after_revocation_it_is_genuine_and_no_longer_in_force(desk: Desk, sealed: Sealed) -> None:
    since = datetime(2026, 11, 6, tzinfo=UTC)
    revoked = Issued(samples.NUMBER, gives_right=False, status="revoked", since=since, reason="Asked to end it")
    judgment = judge(inspect.inspect(sealed.pdf, desk.known), revoked, revoked)
    assert judgment.verdict is Verdict.NO_LONGER_IN_FORCE
    assert judgment.issued is revoked
    assert judgment.passed == 5


@pytest.mark.slow
def test_one_flipped_bit_anywhere_makes_it_altered(desk: Desk, sealed: Sealed) -> None:
    chance = random.Random(20261102)
    for _ in range(200):
        changed = bytearray(sealed.pdf)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        assert desk.judge(bytes(changed)).verdict is Verdict.ALTERED


def test_a_changed_byte_of_the_content_breaks_the_seal(desk: Desk, sealed: Sealed) -> None:
    judgment = desk.judge(with_flipped_byte(sealed.pdf, sealed.pdf.index(b"<dc:title>") + 60))
    assert judgment.verdict is Verdict.ALTERED
    failed = {check.name for check in judgment.checks if check.passed is False}
    assert {CheckName.FILE, CheckName.SIGNATURE} <= failed


@pytest.mark.parametrize("tail", [b"\n", b"junk", b"%" * 184])
def test_bytes_behind_the_end_make_it_altered(desk: Desk, sealed: Sealed, tail: bytes) -> None:
    judgment = desk.judge(sealed.pdf + tail)
    assert judgment.verdict is Verdict.ALTERED
    assert judgment.bytes_after_seal == len(tail)


@pytest.mark.parametrize("kept", [0.1, 0.3, 0.6])
def test_the_first_part_of_a_letter_cannot_be_verified(desk: Desk, sealed: Sealed, kept: float) -> None:
    assert desk.judge(sealed.pdf[: int(len(sealed.pdf) * kept)]).verdict is Verdict.UNVERIFIABLE


@pytest.mark.parametrize("kept", [0.85, 0.9, 0.999])
def test_a_letter_whose_end_is_cut_off_is_altered(desk: Desk, sealed: Sealed, kept: float) -> None:
    assert desk.judge(sealed.pdf[: int(len(sealed.pdf) * kept)]).verdict is Verdict.ALTERED


def test_our_letter_without_its_seal_is_altered(desk: Desk, rendered: Rendered) -> None:
    assert desk.judge(rendered.pdf).verdict is Verdict.ALTERED


def test_our_letter_sealed_by_somebody_else_is_altered(desk: Desk, rendered: Rendered, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, now)
    forged = Sealer(load_seal(tmp_path, PASSPHRASE)).seal(rendered.pdf, now, "Issue").pdf
    judgment = desk.judge(forged)
    assert judgment.verdict is Verdict.ALTERED
    assert {c.name: c.passed for c in judgment.checks}[CheckName.CERTIFICATE] is False


def test_a_letter_with_another_grant_s_number_under_our_seal_is_never_genuine(desk: Desk, sealer: Sealer) -> None:
    other = replace(samples.letter(), number="GR-2026-0099", title="Grant letter GR-2026-0099")
    forged = sealer.seal(render(samples.manuscript(other)).pdf, datetime.now(UTC), "Issue").pdf
    assert desk.judge(forged).verdict is Verdict.ALTERED


def test_somebody_else_s_pdf_was_not_issued_by_us(desk: Desk) -> None:
    from io import BytesIO

    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    stream = BytesIO()
    writer.write(stream)
    judgment = desk.judge(stream.getvalue())
    assert judgment.verdict is Verdict.NOT_ISSUED
    assert judgment.number is None


def test_an_encrypted_file_cannot_be_verified(desk: Desk) -> None:
    from io import BytesIO

    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    stream = BytesIO()
    writer.write(stream)
    judgment = desk.judge(stream.getvalue())
    assert judgment.verdict is Verdict.UNVERIFIABLE
    assert judgment.problem is not None
    assert "encrypted" in judgment.problem


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04", b"\x00" * 5000, b"%PDF-1.7", b"%PDF-1.7\n" + b"<<" * 100_000]
)
def test_what_is_no_readable_pdf_cannot_be_verified(desk: Desk, data: bytes) -> None:
    judgment = desk.judge(data)
    assert judgment.verdict is Verdict.UNVERIFIABLE
    assert judgment.problem


def test_more_than_twenty_megabytes_are_not_read(desk: Desk) -> None:
    judgment = desk.judge(b"%PDF-1.7" + b"\0" * inspect.LARGEST)
    assert judgment.verdict is Verdict.UNVERIFIABLE
    assert "20 MB" in str(judgment.problem)


def test_a_small_file_that_unpacks_to_gigabytes_is_stopped(desk: Desk) -> None:
    import zlib

    packed = zlib.compress(zlib.compress(b"\0" * 300_000_000))
    bomb = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Names<</EmbeddedFiles<</Names[(policy.jsonld) 2 0 R]>>>>>>endobj\n"
        b"2 0 obj<</Type/Filespec/EF<</F 3 0 R>>>>endobj\n3 0 obj<</Filter[/FlateDecode/FlateDecode]/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\n"
    )
    offsets = [bomb.index(f"{n} 0 obj".encode()) for n in (1, 2, 3)]
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(f"{o:010} 00000 n \n".encode() for o in offsets)
    bomb += table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n" + str(len(bomb)).encode() + b"\n%%EOF"
    assert desk.judge(bomb).verdict is Verdict.UNVERIFIABLE


def test_damaged_files_of_others_never_crash_and_are_never_genuine(desk: Desk, shared_data: Path) -> None:
    files = sorted((shared_data / "hostile" / "pdf").glob("*.pdf"))
    assert files
    for path in files:
        assert desk.judge(path.read_bytes()).verdict in {Verdict.NOT_ISSUED, Verdict.UNVERIFIABLE}, path.name
