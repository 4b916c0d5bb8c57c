"""What a team submits before it is published: a file that is a text of its own."""

from sqlalchemy.orm import Session

from app.foundation.stored_files import StoredFile
from tests.factories.grants import NOW


def make_draft(session: Session, name: str = "draft.pdf") -> StoredFile:
    """The row of the file, flushed; its bytes are nowhere."""
    file = StoredFile(
        key="k", sha256="ab" * 32, size=1, media_type="application/pdf", filename=name, thing="output", thing_ref=name,
        stored_at=NOW,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file
