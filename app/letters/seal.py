"""The door to pyHanko for sealing: a PAdES signature that certifies a PDF, checked before it is handed out.

Level B-T where a timestamp authority is configured, B-B otherwise (ETSI EN 319 142-1).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from app.foundation.hashing import sha256_hex
from app.letters.errors import KeysMissing, SealFailed, TimestampUnavailable
from app.letters.keys import SealKey, fingerprint, load_seal

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko.sign.timestamps import TimeStamper

SEAL_FIELD = "Seal"
_DIGEST = "sha256"
_TIMESTAMP_SECONDS = 10
# A P-256 signature with two certificates takes 2.5 kB, a timestamp token up to 7 kB more.
_RESERVED = 8 * 1024
_RESERVED_WITH_TIMESTAMP = 24 * 1024


@dataclass(frozen=True)
class Sealed:
    """The sealed file: its bytes, their SHA-256, PAdES level, when it was sealed and by which certificate."""

    pdf: bytes
    sha256: str
    level: str
    sealed_at: datetime
    seal_fingerprint: str


class Sealer:
    """Seals with one key. Loading the key costs more than a signature, so keep the sealer."""

    def __init__(self, key: SealKey, timestamp_url: str | None = None) -> None:
        self._key = key
        self._timestamp_url = timestamp_url
        self._signer = _signer(key)

    @property
    def level(self) -> str:
        return "B-T" if self._timestamp_url else "B-B"

    def seal(self, pdf: bytes, now: datetime, reason: str, *, timestamp: bool = True) -> Sealed:
        """Sign the empty field `Seal` so that any later change breaks the certification.

        Raises:
            KeysMissing: the certificate is not valid at this moment.
            TimestampUnavailable: the timestamp authority did not answer; `timestamp=False` seals without it.
            SealFailed: the result did not hold when it was checked.
        """
        self._require_valid(now)
        timestamper = _timestamper(self._timestamp_url) if self._timestamp_url and timestamp else None
        sealed = _sign(pdf, self._signer, reason, timestamper)
        _require_whole(sealed, self._key)
        level = "B-T" if timestamper else "B-B"
        return Sealed(sealed, sha256_hex(sealed), level, now, fingerprint(self._key.certificate))

    def _require_valid(self, now: datetime) -> None:
        certificate = self._key.certificate
        first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not first <= now <= last:
            raise KeysMissing(
                f"The seal certificate is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, not today. "
                "Check the clock of this machine, or certify a new key: `flask keys rotate`."
            )


@lru_cache(maxsize=4)
def sealer(folder: Path, passphrase: str, timestamp_url: str | None, _changed: int = 0) -> Sealer:
    """The sealer for a folder of keys; pass `changed(folder)` so that a rotated key is noticed."""
    return Sealer(load_seal(folder, passphrase), timestamp_url)


def changed(folder: Path) -> int:
    """A number that differs once the seal certificate was replaced."""
    try:
        return (folder / "seal.crt").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _sign(pdf: bytes, signer: "SimpleSigner", reason: str, timestamper: "TimeStamper | None") -> bytes:
    # The heavy library loads here, at the first seal; only the worker and the command line seal.
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415
    from pyhanko.sign.general import SigningError  # noqa: PLC0415
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415

    metadata = signers.PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm=_DIGEST,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    try:
        output = signers.PdfSigner(metadata, signer, timestamper=timestamper).sign_pdf(
            _writer(pdf),
            existing_fields_only=True,
            bytes_reserved=_RESERVED_WITH_TIMESTAMP if timestamper else _RESERVED,
        )
    except TimestampRequestError as error:
        raise TimestampUnavailable(f"The timestamp authority did not answer: {error}") from error
    except (SigningError, PdfError) as error:
        raise SealFailed(f"The document could not be sealed: {error}") from error
    return bytes(output.getvalue())


def _writer(pdf: bytes) -> "IncrementalPdfFileWriter":
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - heavy

    class KeepsMetadata(IncrementalPdfFileWriter):
        # pyHanko would rewrite the XMP packet and lose the claim to PDF/UA. Private: the version is pinned, and a
        # test validates sealed files against both profiles.
        def _update_meta(self) -> None:
            return

    return KeepsMetadata(BytesIO(pdf))


def _signer(key: SealKey) -> "SimpleSigner":
    from asn1crypto.keys import PrivateKeyInfo  # noqa: PLC0415 - loads with pyHanko
    from asn1crypto.x509 import Certificate  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat  # noqa: PLC0415
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 - heavy
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    class CachedKeySigner(SimpleSigner):
        # pyHanko's own loads and checks the key again at each signature.
        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            if digest_algorithm != _DIGEST:
                raise SealFailed(f"A seal is made with {_DIGEST}, not {digest_algorithm}.")
            return key.private_key.sign(data, ec.ECDSA(SHA256()))

    certificate = Certificate.load(key.certificate.public_bytes(Encoding.DER))
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(Certificate.load(key.root.public_bytes(Encoding.DER)))
    der = key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return CachedKeySigner(certificate, PrivateKeyInfo.load(der), store)


def _timestamper(url: str) -> "TimeStamper":
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError  # noqa: PLC0415 - heavy

    class NamesItsErrors(HTTPTimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> object:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except (ValueError, TypeError, KeyError) as error:  # an answer that is no timestamp
                raise TimestampRequestError("its answer is no timestamp") from error

    return NamesItsErrors(url, timeout=_TIMESTAMP_SECONDS)


def _require_whole(pdf: bytes, key: SealKey) -> None:
    """A seal that does not hold is never stored: checked by the same rules as a letter that someone brings."""
    from app.letters.inspect import examine  # noqa: PLC0415 - loads pyHanko

    roots = (key.root.public_bytes(Encoding.DER),)
    seals = (key.certificate.public_bytes(Encoding.DER),)
    findings = examine(pdf, roots, seals)
    if not (findings.is_intact and findings.is_ours and findings.covers_whole_file and findings.is_certified):
        raise SealFailed("The seal did not hold when it was checked. Nothing was stored; see flask doctor.")
