"""Keeping the executed agreement once it was sealed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.agreements import evidence
from app.agreements.commands.acting import about
from app.agreements.evidence import Trace
from app.agreements.queries import accession
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.history.commands import record
from app.rules.actors import SYSTEM
from app.rules.events import Event

MEDIA_TYPE = "application/pdf"


def keep_document(
    session: Session, store: FileStore, reference: str, pdf: bytes, facts: dict[str, object], now: datetime
) -> StoredFile:
    """Store the sealed PDF and record it. Asked again, it keeps the first one: a sealed document is never exchanged.

    Args:
        facts: what the seal says: level, moment, fingerprint of its certificate.
    """
    row = accession(session, reference)
    if row.document is not None:
        return row.document
    filename = f"{row.reference}.pdf"
    stored = store_file(session, store, pdf, filename, MEDIA_TYPE, ("accession", row.reference), now)
    row.document = stored
    evidence.keep_part(row, "seal", {**facts, "sha256": stored.sha256})
    evidence.add_step(row, "sealed", SYSTEM.name, Trace(), now)
    record(session, Event.ACCESSION_EXECUTED, SYSTEM, about(SYSTEM, row), now, {"sha256": stored.sha256, **facts})
    return stored
