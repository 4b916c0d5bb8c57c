"""What somebody can check on a sealed letter with ordinary programs, without us."""

from pathlib import Path

import page
import pytest

from app.letters.seal import Sealed
from tests.letters import samples
from tests.letters.conftest import Tool


def test_pdfinfo_names_the_grant_and_says_that_the_letter_is_tagged(letter_file: Path, tool: Tool) -> None:
    printed = tool("pdfinfo", letter_file)
    assert f"Grant letter {samples.NUMBER}" in printed.splitlines()[0]
    assert "Tagged:          yes" in printed
    assert "(A4)" in printed
    assert "Pages:           2" in printed


def test_every_font_is_embedded_as_a_subset_with_its_characters(letter_file: Path, tool: Tool) -> None:
    rows = tool("pdffonts", letter_file).splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows), rows


def test_the_policy_is_attached_and_names_the_same_grant(letter_file: Path, tool: Tool, tmp_path: Path) -> None:
    assert "policy.jsonld" in tool("pdfdetach", "-list", letter_file)
    tool("pdfdetach", "-save", "1", "-o", tmp_path / "policy", letter_file)
    assert samples.NUMBER in (tmp_path / "policy").read_text()


def test_qpdf_finds_no_error(letter_file: Path, tool: Tool) -> None:
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", letter_file)


def test_pdfsig_trusts_the_seal_over_the_whole_document(letter_file: Path, tool: Tool, nss: Path) -> None:
    printed = tool("pdfsig", "-nssdir", f"sql:{nss}", letter_file)
    assert "Signature is Valid." in printed
    assert "Certificate is Trusted." in printed
    assert "Total document signed" in printed


def test_pdfsig_sees_one_changed_byte(sealed: Sealed, tool: Tool, nss: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(with_flipped_byte(sealed.pdf, len(sealed.pdf) // 3))
    assert "Digest Mismatch" in tool("pdfsig", "-nssdir", f"sql:{nss}", changed)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_the_sealed_letter_conforms_to_both_standards(letter_file: Path, profile: str) -> None:
    report = page.validate_pdf(str(letter_file), profile=profile)
    assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]


def test_a_telephone_reads_the_verify_address_from_the_page(letter_file: Path, tool: Tool, tmp_path: Path) -> None:
    tool("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-singlefile", "-png", letter_file, tmp_path / "page")
    assert samples.ADDRESS in tool("zbarimg", "-q", tmp_path / "page.png")


def with_flipped_byte(data: bytes, at: int) -> bytes:
    """The same bytes but one, which differs in one bit."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)
