"""What follows from a certificate of deletion that was signed: its document is made and sealed."""

from sqlalchemy.orm import Session

from app.duties.commands.sealing import keep_certificate, sealed_certificate, signed_certificate
from app.duties.queries import document_of
from app.foundation.base import JSONObject
from app.grants.commands.letters import press
from app.grants.models import Grant
from app.grants.record import from_json
from app.history.queries import Happening
from app.outbox.commands import enqueue
from app.reactions.work import Apply, Handler, Reaction, Work
from app.rules.events import Event

SEAL = "certificate.seal"


def ask_to_seal(session: Session, happening: Happening, work: Work) -> None:
    """One message for one document."""
    enqueue(session, SEAL, {"certificate": happening.facts.get("certificate")}, work.now, about=happening.ref)


def seal_certificate(work: Work, payload: JSONObject) -> Apply | None:
    """Render and seal one certificate; nothing where it has its document already."""
    key = int(str(payload["certificate"]))
    with work.reading() as session:
        row, signed = signed_certificate(session, key)
        if document_of(session, row) is not None:
            return None
        record = from_json(session.get_one(Grant, row.grant_id).record)
    sealed = sealed_certificate(press(work.settings), record, signed, work.now)

    def apply(session: Session) -> None:
        keep_certificate(session, work.files, key, sealed, work.now)

    return apply


REACTIONS: dict[Event, tuple[Reaction, ...]] = {Event.DELETION_CERTIFIED: (ask_to_seal,)}
HANDLERS: dict[str, Handler] = {SEAL: seal_certificate}
