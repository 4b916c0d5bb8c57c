"""The moment in which a grant begins: its sealed letter is stored, and it becomes active, in one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.files import FileStore
from app.foundation.stored_files import store_file
from app.grants.commands.acting import locked, moved
from app.grants.models import Grant
from app.letters.seal import Sealed
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.workflow import is_possible

MEDIA_TYPE = "application/pdf"


def activate(session: Session, store: FileStore, number: str, sealed: Sealed, now: datetime) -> Grant:
    """Store the letter and make the grant active. A grant that was sealed or revoked meanwhile stays as it is."""
    grant = locked(session, number)
    if not is_possible(Action.SEAL_GRANT, grant.state):
        return grant
    file = store_file(session, store, sealed.pdf, f"{number}.pdf", MEDIA_TYPE, ("grant", number), now)
    grant.letter_id, grant.sealed_at = file.id, sealed.sealed_at
    session.flush()
    return moved(
        session,
        Action.SEAL_GRANT,
        SYSTEM,
        grant,
        now,
        sha256=sealed.sha256,
        level=sealed.level,
        certificate=sealed.seal_fingerprint,
    )
