"""A catalog that somebody has uploaded."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.stored_files import StoredFile
from app.organizations.models import Organization


def make_upload(session: Session, partner: Organization, at: datetime) -> StoredFile:
    """The row of the file, flushed; its bytes are nowhere."""
    file = StoredFile(
        key="k", sha256="0" * 64, size=1, media_type="text/csv", filename="a.csv", thing="import",
        thing_ref=partner.slug, stored_at=at,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file
