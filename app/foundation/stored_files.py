"""The table of files: what each is, and which thing's rights rule it. The bytes are in the file store."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.base import Base, intpk
from app.foundation.files import FileStore
from app.foundation.text import clean_line

_LONGEST_NAME = 200


class StoredFile(Base):
    """A file in the store: what it is, and which thing's rights rule it."""

    __tablename__ = "stored_file"

    id: Mapped[intpk]
    key: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    filename: Mapped[str] = mapped_column(String(_LONGEST_NAME))
    thing: Mapped[str] = mapped_column(String(20))
    thing_ref: Mapped[str] = mapped_column(String(80))
    stored_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("sha256", "thing", "thing_ref", "filename"),
        Index("ix_stored_file_thing", "thing", "thing_ref"),
        Index("ix_stored_file_sha256", "sha256"),
    )


def store_file(
    session: Session,
    store: FileStore,
    data: bytes,
    filename: str,
    media_type: str,
    owner: tuple[str, str],
    now: datetime,
) -> StoredFile:
    """Put the bytes into the store and note them as belonging to `owner`, a (thing, public reference) pair.

    The name is kept as it was given, without what no honest name has.
    The store is written first and never over: a rollback leaves bytes that no row names, and nothing half done.
    """
    stored, filename = store.put(data), clean_line(filename)[:_LONGEST_NAME]
    thing, ref = owner
    known = session.scalar(
        select(StoredFile).where(
            StoredFile.sha256 == stored.sha256,
            StoredFile.thing == thing,
            StoredFile.thing_ref == ref,
            StoredFile.filename == filename,
        )
    )
    if known is not None:
        return known
    row = StoredFile(
        key=stored.key,
        sha256=stored.sha256,
        size=stored.size,
        media_type=media_type,
        filename=filename,
        thing=thing,
        thing_ref=ref,
        stored_at=now,
    )
    session.add(row)
    session.flush()
    return row
