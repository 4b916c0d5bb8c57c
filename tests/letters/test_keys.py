"""The consortium's certificate authority: made once, kept safely, rotated without losing old letters."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.letters.errors import KeysMissing
from app.letters.inspect import inspect
from app.letters.keys import ensure_keys, known_certificates, load_seal, root_certificate, rotate_seal
from app.letters.render import Rendered
from app.letters.seal import Sealer
from tests.letters.conftest import CONSORTIUM, PASSPHRASE

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_making_keys_again_changes_nothing(tmp_path: Path) -> None:
    assert ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, NOW) == ("root.crt", "root.key", "seal.crt", "seal.key")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, NOW + timedelta(days=9)) == ()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_ten_at_once_make_one_set_of_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda _: ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, NOW), range(10)))
    assert max(made) == ("root.crt", "root.key", "seal.crt", "seal.key")
    assert made.count(()) == 9
    assert load_seal(tmp_path, PASSPHRASE).certificate.subject


def test_keys_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys", PASSPHRASE, CONSORTIUM, NOW)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    for name in ("root.key", "seal.key"):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o400
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in (tmp_path / "keys" / name).read_bytes()


def test_the_seal_s_certificate_is_for_sealing_for_two_years(tmp_path: Path) -> None:
    ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, NOW)
    certificate = load_seal(tmp_path, PASSPHRASE).certificate
    uses = {use.dotted_string for use in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
    assert uses == {"1.3.6.1.5.5.7.3.36", ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string}
    assert certificate.not_valid_after_utc == NOW + timedelta(days=730)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(root_certificate(tmp_path)))


def test_a_wrong_passphrase_says_which_one_to_set(tmp_path: Path) -> None:
    ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, NOW)
    with pytest.raises(KeysMissing, match="SEAL_PASSPHRASE does not open"):
        load_seal(tmp_path, "another")


def test_no_key_is_ever_written_without_a_passphrase(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="Set SEAL_PASSPHRASE"):
        ensure_keys(tmp_path, "", CONSORTIUM, NOW)
    assert list(tmp_path.glob("*.key")) == []


def test_missing_keys_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="flask init"):
        load_seal(tmp_path, PASSPHRASE)


def test_after_rotation_old_letters_still_verify_and_new_ones_too(tmp_path: Path, rendered: Rendered) -> None:
    now = datetime.now(UTC)
    ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, now)
    old = Sealer(load_seal(tmp_path, PASSPHRASE)).seal(rendered.pdf, now, "Issue").pdf
    rotate_seal(tmp_path, PASSPHRASE, CONSORTIUM, now)
    new = Sealer(load_seal(tmp_path, PASSPHRASE)).seal(rendered.pdf, now, "Issue").pdf
    known = known_certificates(tmp_path)
    assert len(known.seals) == 2
    assert inspect(old, known).is_ours
    assert inspect(new, known).is_ours


def test_without_the_root_key_nothing_is_rotated(tmp_path: Path) -> None:
    ensure_keys(tmp_path, PASSPHRASE, CONSORTIUM, NOW)
    (tmp_path / "root.key").unlink()
    with pytest.raises(KeysMissing):
        rotate_seal(tmp_path, PASSPHRASE, CONSORTIUM, NOW)
    assert load_seal(tmp_path, PASSPHRASE).certificate.subject


def test_a_very_long_name_of_a_consortium_still_gets_a_certificate(tmp_path: Path) -> None:
    ensure_keys(tmp_path, PASSPHRASE, "Consórcio " * 20, NOW)
    assert load_seal(tmp_path, PASSPHRASE).certificate.subject
