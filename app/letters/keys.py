"""The consortium's own certificate authority: a root, and the seal key that it certifies for two years at a time.

Kept in one folder, `ONEPACT_HOME/keys`: `root.crt`, `root.key` (take it offline after `flask init`), `seal.crt`, `seal.key`, and
`retired/` with every earlier certificate, by which old letters are still verified. Keys are PKCS#8, encrypted with a passphrase.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from app.letters.errors import KeysMissing

ROOT_YEARS = 20
SEAL_DAYS = 730
_LONGEST_NAME = 64  # bytes, X.520's bound for both attributes of a name
# RFC 9336: the purpose of signing documents. emailProtection beside it is what NSS, and so pdfsig, asks for.
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True)
class SealKey:
    """A key that can seal, its certificate and the root that certified it."""

    private_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate


@dataclass(frozen=True)
class Known:
    """Every certificate that ever stood behind a seal here, as DER."""

    roots: tuple[bytes, ...]
    seals: tuple[bytes, ...]


def ensure_keys(folder: Path, passphrase: str, consortium: str, now: datetime) -> tuple[str, ...]:
    """Make what is missing and return its file names; what is there stays as it is.

    Raises:
        KeysMissing: there is a root certificate but no seal, and the root's key is not at hand or does not open.
    """
    with _locked(folder):
        made: list[str] = []
        if not (folder / "root.crt").exists():
            _make_root(folder, passphrase, consortium, now)
            made += ["root.crt", "root.key"]
        if not (folder / "seal.crt").exists() or not (folder / "seal.key").exists():
            _make_seal(folder, passphrase, consortium, now)
            made += ["seal.crt", "seal.key"]
        return tuple(made)


def rotate_seal(folder: Path, passphrase: str, consortium: str, now: datetime) -> None:
    """Certify a new seal key; the old certificate moves to `retired`, its key is deleted.

    Raises:
        KeysMissing: the root's key is not in the folder, or the passphrase does not open it.
    """
    with _locked(folder):
        _private_key(folder / "root.key", passphrase)  # before anything is moved
        old = folder / "seal.crt"
        if old.exists():
            retired = folder / "retired"
            retired.mkdir(mode=0o700, exist_ok=True)
            old.rename(retired / f"{fingerprint(_certificate(old))[:16]}.crt")
            (folder / "seal.key").unlink(missing_ok=True)
        _make_seal(folder, passphrase, consortium, now)


def load_seal(folder: Path, passphrase: str) -> SealKey:
    """The key to seal with.

    Raises:
        KeysMissing: a file is not there, or the passphrase does not open the key.
    """
    certificate, root = _certificate(folder / "seal.crt"), _certificate(folder / "root.crt")
    key = _private_key(folder / "seal.key", passphrase)
    if key.public_key() != certificate.public_key():
        raise KeysMissing("seal.key and seal.crt do not belong together. Restore both from one backup.")
    return SealKey(key, certificate, root)


def known_certificates(folder: Path) -> Known:
    """What a seal may be checked against: all roots and seal certificates, current and retired."""
    paths = [*sorted(folder.glob("*.crt")), *sorted((folder / "retired").glob("*.crt"))]
    certificates = [_certificate(path) for path in paths]
    roots = [c for c in certificates if _is_authority(c)]
    seals = [c for c in certificates if not _is_authority(c)]
    return Known(tuple(_der(c) for c in roots), tuple(_der(c) for c in seals))


def root_certificate(folder: Path) -> bytes:
    """The root certificate as PEM, for the public.

    Raises:
        KeysMissing: there is none yet.
    """
    return _certificate(folder / "root.crt").public_bytes(Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _make_root(folder: Path, passphrase: str, consortium: str, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(consortium, "root")
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        _builder(name, name, key.public_key(), now, timedelta(days=365 * ROOT_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "root.key", _pem(key, passphrase), 0o400)
    _write(folder / "root.crt", certificate.public_bytes(Encoding.PEM), 0o444)


def _make_seal(folder: Path, passphrase: str, consortium: str, now: datetime) -> None:
    root = _certificate(folder / "root.crt")
    root_key = _private_key(folder / "root.key", passphrase)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name(consortium, f"seal {now.year}"), root.subject, key.public_key(), now, timedelta(days=SEAL_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    _write(folder / "seal.key", _pem(key, passphrase), 0o400)
    _write(folder / "seal.crt", certificate.public_bytes(Encoding.PEM), 0o444)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # An hour of grace for clocks that run behind ours.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + life)
    )


def _name(consortium: str, role: str) -> x509.Name:
    organization = _within(consortium, _LONGEST_NAME)
    common = f"{_within(consortium, _LONGEST_NAME - 1 - len(role))} {role}"
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _within(text: str, size: int) -> str:
    """The beginning of the text that fits into so many bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore").strip()


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeysMissing(f"There is no certificate in {path}. Run `flask init`, or restore the folder.") from error


def _private_key(path: Path, passphrase: str) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode())
    except OSError as error:
        raise KeysMissing(f"There is no key in {path}. Run `flask init`, or bring the key back for this.") from error
    except (ValueError, TypeError) as error:
        raise KeysMissing(f"SEAL_PASSPHRASE does not open {path}. Set the one that it was made with.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysMissing(f"{path} holds a key of another kind than P-256. Restore the folder from a backup.")
    return key


def _pem(key: ec.EllipticCurvePrivateKey, passphrase: str) -> bytes:
    if not passphrase:
        raise KeysMissing("A key is never stored without a passphrase. Set SEAL_PASSPHRASE and run `flask init` again.")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk before the name is there."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(path)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time makes keys."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
