"""The certificate of deletion gets its sealed document, once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties.document import Signed, manuscript
from app.duties.models import DeletionCertificate
from app.duties.queries.duties import document_of
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.grants.commands.acting import record_event
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.grants.record import Record
from app.letters.render import render
from app.letters.seal import Sealed, changed, sealer
from app.rules.actors import SYSTEM
from app.rules.duties import CERTIFICATE_FILE
from app.rules.events import Event

MEDIA_TYPE = "application/pdf"


def signed_certificate(session: Session, certificate_id: int) -> tuple[DeletionCertificate, Signed]:
    """The certificate, and what its document is made of."""
    row = session.get_one(DeletionCertificate, certificate_id)
    grant = session.get_one(Grant, row.grant_id)
    signed = Signed(
        row.id,
        row.content,
        row.body,
        row.body_sha256,
        row.signed_name,
        row.authentication,
        row.signed_at,
        grant.record_hash,
    )
    return row, signed


def sealed_certificate(the_press: Press, record: Record, signed: Signed, now: datetime) -> Sealed:
    """The sealed document. Slow and free of the database; raises LetterError as rendering and sealing do."""
    rendered = render(manuscript(record, signed, the_press.public_url))
    seals = sealer(the_press.keys, the_press.passphrase, the_press.timestamp_url, changed(the_press.keys))
    return seals.seal(rendered.pdf, now, f"Certificate of deletion, {record.number}", timestamp=False)


def keep_certificate(
    session: Session, store: FileStore, certificate_id: int, sealed: Sealed, now: datetime
) -> StoredFile:
    """Store the sealed document and record it. Asked again, it keeps the first one: a sealed document is never exchanged."""
    locked = select(DeletionCertificate).where(DeletionCertificate.id == certificate_id).with_for_update()
    row = session.scalars(locked).one()
    grant = session.get_one(Grant, row.grant_id)
    known = document_of(session, row)
    if known is not None:
        return known
    name = f"{grant.number}-deletion.pdf"
    kept = store_file(session, store, sealed.pdf, name, MEDIA_TYPE, (CERTIFICATE_FILE, str(row.id)), now)
    facts: dict[str, object] = {"sha256": sealed.sha256, "text_sha256": row.body_sha256, "level": sealed.level}
    record_event(session, Event.CERTIFICATE_SEALED, SYSTEM, grant, now, facts)
    session.flush()
    return kept
