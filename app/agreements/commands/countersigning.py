"""The secretariat's part: countersigning, recording an accession signed on paper, ending one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agreements import evidence
from app.agreements.commands.acting import locked_accession, tell
from app.agreements.commands.opening import open_accession
from app.agreements.evidence import Trace
from app.agreements.models import Accession
from app.agreements.statements import CHECKS, REQUIRED_CHECKS, worded, words_hash
from app.foundation.errors import Invalid
from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.foundation.text import clean, clean_line
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.roles import Capacity
from app.rules.workflow import BINDS

LARGEST_SCAN = 20 * 1024 * 1024
_LONGEST_NOTE = 2000
# First bytes of what scanners write.
_SCANS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Scan:
    """An accession signed on paper, as it was scanned."""

    data: bytes
    filename: str


def countersign(
    session: Session,
    actor: Actor,
    reference: str,
    checks: Sequence[str],
    note: str,
    trace: Trace,
    now: datetime,
) -> Accession:
    """Countersign; the accession takes effect at this moment (clause 10.3).

    Args:
        checks: what was made sure of; all of `CHECKS` are needed.
        note: which evidence was looked at.

    Raises:
        Invalid: a check is missing, or the note is too long.
        NotAllowed: it is the actor's own organization, or the role does not suffice.
    """
    row, after = locked_accession(session, actor, reference, Action.COUNTERSIGN_ACCESSION)
    facts = _checked(row, checks, note)
    facts |= {
        "authentication": actor.authentication,
        "name": actor.name,
        "email": actor.email,
        "address": trace.address,
        "agent": trace.agent,
        "replaces": _earlier(session, row),
    }
    row.countersigned_by_id, row.countersigned_at, row.state = actor.person_id, now, after
    evidence.keep_part(row, "countersignature", facts)
    evidence.add_step(row, "countersigned", actor.name, trace, now)
    tell(session, Action.COUNTERSIGN_ACCESSION, actor, row, now, {"checks": list(checks), "note": facts["note"]})
    return row


def record_on_paper(
    session: Session,
    actor: Actor,
    organization_id: int,
    capacity: Capacity,
    scan: Scan,
    store: FileStore,
    now: datetime,
) -> Accession:
    """Record an accession that both sides signed on paper; the scan is its executed document, and it is in force from now.

    Raises:
        Invalid: the scan is empty, too large, or neither PDF, PNG nor JPEG.
        WrongState: the organization has signed in this capacity already.
    """
    kind = media_type(scan.data)
    opened = open_accession(session, actor, organization_id, capacity, now)
    row, after = locked_accession(session, actor, opened.reference, Action.RECORD_PAPER_ACCESSION)
    filename = clean_line(scan.filename)[-120:] or "accession"
    stored = store_file(session, store, scan.data, filename, kind, ("accession", row.reference), now)
    row.on_paper, row.document_id, row.state = True, stored.id, after
    row.countersigned_at, row.countersigned_by_id = now, actor.person_id
    evidence.add_step(row, "recorded from paper", actor.name, Trace(), now)
    tell(session, Action.RECORD_PAPER_ACCESSION, actor, row, now, {"scan_sha256": stored.sha256})
    return row


def end_accession(session: Session, actor: Actor, reference: str, reason: str, now: datetime) -> Accession:
    """End an accession at once, because the board ended it (clause 19.5). A party that leaves gives notice (`leaving`).

    Raises:
        Invalid: there is no reason.
    """
    row, after = locked_accession(session, actor, reference, Action.END_ACCESSION)
    words = clean(reason)
    if not words or len(words) > _LONGEST_NOTE:
        raise Invalid(N_("Say why it ends, in up to 2,000 characters."), "reason")
    row.state, row.ended_at = after, now
    evidence.add_step(row, "ended", actor.name, Trace(), now)
    tell(session, Action.END_ACCESSION, actor, row, now, {"reason": words})
    return row


def _checked(row: Accession, checks: Sequence[str], note: str) -> dict[str, object]:
    """What was made sure of, in words; raises Invalid when something was not."""
    if not set(checks) >= REQUIRED_CHECKS:
        raise Invalid(N_("Tick each check once it is made. What cannot be ticked yet has to wait."), "checks")
    words = clean(note)
    if not words or len(words) > _LONGEST_NOTE:
        raise Invalid(N_("Say which evidence you looked at, in up to 2,000 characters."), "note")
    sentences = worded(CHECKS, checks, organization=row.organization.name)
    return {"sentences": sentences, "sentences_hash": words_hash(sentences), "note": words}


def _earlier(session: Session, row: Accession) -> list[str]:
    """The accessions to earlier versions that this one replaces; grants under them run on."""
    found = session.scalars(
        select(Accession.reference).where(
            Accession.organization_id == row.organization_id,
            Accession.capacity == row.capacity,
            Accession.state.in_(BINDS),
            Accession.id != row.id,
        )
    )
    return sorted(found)


def media_type(data: bytes) -> str:
    """What a scan is, by its first bytes; raises Invalid where it is too large, or neither PDF, PNG nor JPEG."""
    if len(data) > LARGEST_SCAN:
        raise Invalid(N_("The scan has more than 20 MB. Scan it again in a lower resolution."), "scan")
    for beginning, kind in _SCANS.items():
        if data.startswith(beginning):
            return kind
    raise Invalid(N_("This is neither a PDF nor a PNG or JPEG picture. Choose the scanned document."), "scan")
