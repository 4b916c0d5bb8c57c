"""The certificate of deletion as a document: what was signed, with the hashed text attached; the worker seals it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.foundation.text import clean
from app.grants.duties import day_words
from app.grants.layout import Row, Signature, environment
from app.grants.letter import LANGUAGE, partner_name, proof
from app.grants.record import Record
from app.letters.manuscript import Attachment, Manuscript, SignatureField
from app.letters.seal import SEAL_FIELD
from app.rules.duties import DELETION_METHODS, KEPT_WORDS, DeletionMethod

TEXT_FILE = "certificate.txt"
_MARK = 32


@dataclass(frozen=True)
class Signed:
    """A certificate as it was signed, free of the database. `key` tells those of one grant apart."""

    key: int
    content: Mapping[str, object]
    body: str
    body_sha256: str
    name: str
    authentication: str
    at: datetime
    grant_hash: str


@dataclass(frozen=True)
class Layout:
    """What the document shows, in reading order."""

    language: str
    title: str
    consortium: str
    number: str
    signed_on: str
    text_mark: str
    lead: str
    rows: tuple[Row, ...]
    signature: Signature
    evidence: tuple[Row, ...]
    verify_page: str


def number_of(record: Record, signed: Signed) -> str:
    """What the document is called: the grant's number and a count of its own."""
    return f"{record.number}-D{signed.key}"


def manuscript(record: Record, signed: Signed, public_url: str) -> Manuscript:
    """The document, ready to be rendered. The same certificate gives the same document."""
    made = _layout(record, signed, public_url)
    return Manuscript(
        html=environment().get_template("deletion_certificate.html").render(made=made),
        identifier=made.number,
        title=made.title,
        subject=f"Deletion of the data of {record.number}: {record.title}",
        author=record.consortium,
        made_at=signed.at.replace(microsecond=0),
        attachments=(
            Attachment(TEXT_FILE, signed.body.encode(), "The text that was signed, as it was hashed", "Source"),
        ),
        signature_fields=(SignatureField(SEAL_FIELD, f"Seal of the {record.consortium}"),),
        language=LANGUAGE,
    )


def _layout(record: Record, signed: Signed, public_url: str) -> Layout:
    number, at = number_of(record, signed), signed.at.astimezone(UTC)
    member = record.member.name
    return Layout(
        language=LANGUAGE,
        title=f"Certificate of deletion {number}",
        consortium=record.consortium,
        number=number,
        signed_on=day_words(at.date()),
        text_mark=" ".join(signed.body_sha256[start : start + 8] for start in range(0, _MARK, 8)),
        lead=(
            f"{member} certifies to {partner_name(record)} that it has deleted the data that it held under grant "
            f"{record.number}, as clause 20.2 of the common agreement asks."
        ),
        rows=tuple(_rows(record, signed.content)),
        signature=Signature(signed.name, f"for {member}", f"{at.day} {at:%b} {at.year}, {at:%H:%M} UTC"),
        evidence=(
            Row("Signed by", f"{signed.name}, for {member}"),
            Row("When", f"{day_words(at.date())}, {at:%H:%M:%S} UTC"),
            Row("How", f"Signed in with {proof(signed.authentication)}"),
            Row("Text", "SHA-256 of the text that was signed"),
            Row("SHA-256", signed.body_sha256, is_digest=True),
            Row("Grant", f"{record.number}, version {record.agreement_version} of the common agreement"),
            Row("SHA-256", signed.grant_hash, is_digest=True),
        ),
        verify_page=f"{public_url.rstrip('/')}/verify",
    )


def _rows(record: Record, content: Mapping[str, object]) -> Iterator[Row]:
    for dataset in record.datasets:
        release = f", release {dataset.release}" if dataset.release else ""
        yield Row("Dataset", f"{dataset.title}, {dataset.reference}{release}")
    yield Row("What", _said(content, "what"))
    yield Row("Where", _said(content, "where"))
    yield Row("How", "; ".join(DELETION_METHODS[DeletionMethod(str(code))] for code in _codes(content)))
    yield Row("When", _day(content, "deleted_on"))
    yield Row("By whom", _said(content, "by_whom"))
    if content.get("backups_by"):
        yield Row("Backups", f"Overwritten by {_day(content, 'backups_by')}")
    kept = KEPT_WORDS[str(content.get("kept") or "none")]
    yield Row(
        "Kept", " ".join(filter(None, (kept, _said(content, "kept_words") if content.get("kept") != "none" else "")))
    )


def _codes(content: Mapping[str, object]) -> list[object]:
    methods = content.get("methods")
    return list(methods) if isinstance(methods, list) else []


def _said(content: Mapping[str, object], key: str) -> str:
    return clean(str(content.get(key) or ""))


def _day(content: Mapping[str, object], key: str) -> str:
    return day_words(date.fromisoformat(str(content[key])))
