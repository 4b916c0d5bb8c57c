"""The executed agreement: from an accession in force to the document that is sealed, evidence of signing included.

Slow work (layout, seal) is the worker's; this file only says what the document holds. The same accession gives the same document.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from app.agreements import evidence
from app.agreements.library import FOLDER, Version, signed_files
from app.agreements.models import Accession
from app.agreements.statements import POWERS, Power
from app.foundation.hashing import canonical_json, sha256_hex
from app.letters.manuscript import Attachment, Manuscript, SignatureField
from app.letters.seal import SEAL_FIELD
from app.rules.roles import CAPACITY_NAMES
from app.rules.terms import Mode, shown

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
_LINK = re.compile(r'<a class="op-pointno" href="[^"]*">([\d.]+)</a>')
_ANCHOR = re.compile(r'<p id="[^"]*">')
_MODES = {Mode.LOCKED: "fixed", Mode.MANDATORY: "floor", Mode.DEFAULT: "standard"}
RECORD_FILE = "accession.json"
FORMAT = "onepact-accession/1"


@dataclass(frozen=True)
class Row:
    """A label and its text."""

    label: str
    text: str
    is_digest: bool = False


@dataclass(frozen=True)
class Part:
    """A heading and the rows under it."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Hand:
    """A signature as it stands on its line."""

    name: str
    capacity: str
    moment: str


@dataclass(frozen=True)
class House:
    """What the installation adds: its names, the head of its log, and the certificate that will seal."""

    consortium: str
    public_url: str
    log_size: int
    log_root: str
    seal_fingerprint: str


def record(row: Accession, version: Version, house: House) -> dict[str, object]:
    """The frozen record of an accession, attached to the document for machines."""
    details = evidence.details_of(row)
    return {
        "format": FORMAT,
        "reference": row.reference,
        "consortium": house.consortium,
        "organization": {
            "slug": row.organization.slug,
            "name": row.organization.name,
            "country": row.organization.country,
        },
        "capacity": row.capacity.value,
        "agreement": {"title": version.title, "version": version.id, "sha256": row.agreement_hash},
        "details": {**asdict(details), "affiliates": list(details.affiliates)} if details else None,
        "typed_name": row.typed_name,
        "signed_at": _iso(row.signed_at),
        "signature": dict(evidence.part_of(row, "signature")),
        "countersigned_at": _iso(row.countersigned_at),
        "countersignature": dict(evidence.part_of(row, "countersignature")),
        "steps": [{**asdict(step), "at": _iso(step.at)} for step in _before_sealing(row)],
    }


def manuscript(row: Accession, version: Version, house: House) -> Manuscript:
    """The document, ready to be rendered: cover, text, schedule of terms, evidence; the signed files attached."""
    title = f"Executed agreement {row.reference}"
    frozen = canonical_json(record(row, version, house))
    folder = FOLDER / "common" / version.id
    files = {name: (folder / name).read_bytes() for name in signed_files(version.authoritative_language)}
    attached = [Attachment(RECORD_FILE, frozen, "The accession for machines: parties, declarations, steps")]
    attached += [
        Attachment(name, data, f"Signed file of version {version.id}", "Source") for name, data in files.items()
    ]
    page = {
        "language": version.authoritative_language,
        "title": title,
        "reference": row.reference,
        "record_mark": _grouped(sha256_hex(frozen)[:32], 8),
        "consortium": house.consortium,
        "in_force": _day(row.countersigned_at),
        "lead": _lead(row, version, house),
        "parties": tuple(_parties(row)),
        "hands": _hands(row, house),
        "version": version,
        "text_of": _text_of,
        "schedule": tuple(_schedule(version)),
        "evidence": tuple(_evidence(row, version, house, frozen, files)),
        "steps": tuple((_moment(s.at), s.what, s.who, s.address, s.agent) for s in _before_sealing(row)),
    }
    return Manuscript(
        html=_environment().get_template("agreement.html").render(page),
        identifier=row.reference,
        title=title,
        subject=f"{version.title}, version {version.id}: {row.organization.name}",
        author=house.consortium,
        made_at=(row.countersigned_at or row.opened_at).replace(microsecond=0),
        attachments=tuple(attached),
        signature_fields=(SignatureField(SEAL_FIELD, f"Seal of the {house.consortium}"),),
        language=version.authoritative_language,
        stylesheet="agreement.css",
    )


def _lead(row: Accession, version: Version, house: House) -> str:
    capacity = CAPACITY_NAMES[row.capacity].lower()
    return (
        f"{row.organization.name} accedes to the {version.title}, version {version.id}, as {capacity}. "
        f"The accession is in force since {_day(row.countersigned_at)}, when the {house.consortium} countersigned it."
    )


def _parties(row: Accession) -> Iterator[Row]:
    details = evidence.details_of(row)
    yield Row("Organization", row.organization.name)
    yield Row("As", CAPACITY_NAMES[row.capacity])
    if row.organization.country:
        yield Row("Country", str(Locale("en").territories.get(row.organization.country, row.organization.country)))
    if details is None:
        return
    power = POWERS[Power(details.power)] if details.power in set(Power) else ""
    for label, text in (
        ("Legal form", details.legal_form),
        ("Register or treaty", details.register_number),
        ("Notices go to", details.notice_address),
        ("Affiliates covered", ", ".join(details.affiliates) or "none"),
        ("Power to sign", ", ".join(filter(None, (power, details.power_reference)))),
    ):
        if text:
            yield Row(label, text)
    yield Row("Text, SHA-256", row.agreement_hash, is_digest=True)


def _hands(row: Accession, house: House) -> tuple[Hand, Hand]:
    details, counter = evidence.details_of(row), evidence.part_of(row, "countersignature")
    title = f"{details.title}, {row.organization.name}" if details else row.organization.name
    by = str(counter.get("name", ""))
    return (
        Hand(row.typed_name or "", title, _moment(row.signed_at)),
        Hand(by, f"Secretariat of the {house.consortium}", _moment(row.countersigned_at)),
    )


def _schedule(version: Version) -> Iterator[tuple[str, str, str, str, str]]:
    """Point, parameter, value, rule, limit of every parameter."""
    rules = version.terms.layer.rules
    for spec in version.terms.specs.by_name.values():
        value = shown(spec, rules[spec.name].value) if spec.name in rules else "open"
        limit = shown(spec, spec.ceiling) if spec.ceiling is not None else ""
        limit = "" if limit == value else limit
        yield spec.point, spec.label, value, _MODES[spec.mode], limit


def _evidence(row: Accession, version: Version, house: House, frozen: bytes, files: dict[str, bytes]) -> Iterator[Part]:
    signature, counter = evidence.part_of(row, "signature"), evidence.part_of(row, "countersignature")
    yield Part(
        "Document",
        (
            Row("Reference", row.reference),
            Row("Text", f"{version.title}, version {version.id}, published {_day_of(version.published_on)}"),
            Row("Text, SHA-256", row.agreement_hash, is_digest=True),
            *(Row(name, sha256_hex(data), is_digest=True) for name, data in files.items()),
            Row(RECORD_FILE, sha256_hex(frozen), is_digest=True),
            Row("Log before sealing", f"{house.log_size} entries, root {house.log_root}", is_digest=True),
            Row("Seal certificate", house.seal_fingerprint, is_digest=True),
            Row("Verify at", f"{house.public_url.rstrip('/')}/verify"),
        ),
    )
    yield Part(f"Signature for {row.organization.name}", tuple(_signing(row, signature, row.signed_at)))
    yield Part("Countersignature of the secretariat", tuple(_signing(row, counter, row.countersigned_at)))


def _signing(row: Accession, facts: Mapping[str, object], at: datetime | None) -> Iterator[Row]:
    yield Row("Name", str(facts.get("name", "")))
    yield Row("E-mail", str(facts.get("email", "")))
    if facts.get("title"):
        yield Row("Office", f"{facts['title']}, for {row.organization.name} as {CAPACITY_NAMES[row.capacity].lower()}")
        yield Row("Typed name", row.typed_name or "")
    yield Row("When", _moment(at))
    yield Row("Authenticated by", str(facts.get("authentication", "")))
    yield Row("From", ", ".join(str(facts.get(key, "")) for key in ("address", "agent") if facts.get(key)))
    sentences = facts.get("sentences")
    for sentence in sentences if isinstance(sentences, Sequence) else ():
        yield Row("Declared", str(sentence))
    yield Row("Declarations, SHA-256", str(facts.get("sentences_hash", "")), is_digest=True)
    if facts.get("note"):
        yield Row("Evidence looked at", str(facts["note"]))


def _before_sealing(row: Accession) -> tuple[evidence.Step, ...]:
    return tuple(step for step in evidence.steps_of(row) if step.what != "sealed")


def _text_of(html: str) -> Markup:
    """A point's HTML without its links, which mean nothing on paper; it was made safe when the version was read."""
    return Markup(_ANCHOR.sub("<p>", _LINK.sub(r'<b class="no">\1</b>', html)))  # noqa: S704


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _moment(moment: datetime | None) -> str:
    return f"{_day(moment)}, {moment.astimezone(UTC):%H:%M:%S} UTC" if moment else ""


def _day(moment: datetime | None) -> str:
    return _day_of(moment.astimezone(UTC)) if moment else ""


def _day_of(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _grouped(digits: str, size: int = 4) -> str:
    return " ".join(digits[n : n + size] for n in range(0, len(digits), size))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    # Executed agreements are written in the authoritative language, not in that of whoever reads the page.
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return environment
