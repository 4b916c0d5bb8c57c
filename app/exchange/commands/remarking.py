"""All that is to be mended in a large catalog: the worker writes it beside the catalog, so that no page has to read that anew."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exchange.commands.results import as_row
from app.exchange.foreign import Refused
from app.exchange.models import CatalogImport
from app.foundation.files import FileStore
from app.foundation.stored_files import StoredFile, store_file
from app.outbox.commands import enqueue

REMARKS_MESSAGE = "catalog.remarks"
_THING = "remarks"
_FILENAME, _MEDIA_TYPE = "remarks.jsonl", "application/jsonl"
# No person mends more; the rest shows once these are mended.
MOST_WRITTEN = 200_000


def leave_remarks_to_worker(session: Session, row: CatalogImport, now: datetime) -> None:
    """Let the worker write all remarks of an import, or of a look, that has come to its end."""
    enqueue(session, REMARKS_MESSAGE, {"import": row.id}, now, about=f"import {row.id}")


def about_import(import_id: int) -> str:
    """What the remarks of an import are kept under."""
    return f"import {import_id}"


def about_reading(run_id: int) -> str:
    """What the remarks of a reading of a source are kept under."""
    return f"reading {run_id}"


def as_lines(remarks: Iterable[Refused]) -> bytes:
    """The remarks as they are kept, each a line; their remedies are put into the reader's language when they are read."""
    return b"".join(json.dumps(as_row(one), ensure_ascii=False).encode() + b"\n" for one in remarks)


def keep_remarks(session: Session, store: FileStore, lines: bytes, about: str, now: datetime) -> None:
    """Keep what `as_lines` made. The same twice is kept once."""
    store_file(session, store, lines, _FILENAME, _MEDIA_TYPE, (_THING, about), now)


def kept_remarks(session: Session, store: FileStore, about: str) -> Iterator[Refused] | None:
    """All of them, as the worker wrote them; None where it has not yet. The session is not needed after the call."""
    wanted = select(StoredFile.key).where(StoredFile.thing == _THING, StoredFile.thing_ref == about)
    key = session.scalar(wanted.order_by(StoredFile.id.desc()).limit(1))
    if key is None:
        return None
    return (Refused(**json.loads(line)) for line in store.get(key).splitlines())
