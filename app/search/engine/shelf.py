"""Where an index stands: in a folder of this machine, or in memory. One writes at a time, everybody reads."""

import fcntl
import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from tantivy import Document, Index, Schema

from app.search.engine.schema import KEY, make_schema
from app.search.engine.snapshot import Broken, Held, Snapshot, whole
from app.search.engine.values import Facet

T = TypeVar("T")
log = structlog.get_logger()
_MANIFEST, _LOCK = "index.json", "lock"
_SMALL_HEAP, _LARGE_HEAP = 15_000_000, 100_000_000
_LOOK_AGAIN = 0.02


class Shelf:
    """One index and its states. Without a folder it lives in memory, as long as its database is connected."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._guard = threading.RLock()
        self._writing = threading.Lock()
        self._index: Index | None = None
        self._snapshot: Snapshot | None = None
        self._stamp: tuple[int, int] | None = None

    def current(self) -> Snapshot | None:
        """The newest state, by whomever it was written; None where there is no index. Raises Broken."""
        with self._guard, whole():
            if self.folder is not None:
                self._look(self.folder)
            return self._snapshot

    @contextmanager
    def writing(self, patience: float) -> Iterator[bool]:
        """Hold the right to write; False where somebody else held it for so many seconds.

        The system takes the lock back from a process that ends, however it ends.
        """
        if self.folder is None:
            taken = self._writing.acquire(timeout=patience)
            try:
                yield taken
            finally:
                if taken:
                    self._writing.release()
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("a") as file:
            yield _locked(file.fileno(), patience)

    def change(self, gone: Iterable[str], documents: Iterable[Document], held: Held) -> None:
        """Take listings out by key and put others in. Call it inside `writing`. Raises Broken."""
        with whole():
            index = self._index
            if index is None:
                raise OSError("there is no index to change")
            writer = index.writer(_SMALL_HEAP, 1)
            for key in gone:
                writer.delete_documents_by_term(KEY, key)
            for document in documents:
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
            self._publish(index, held)

    def replace(self, documents: Iterable[Document], held: Held) -> None:
        """Build another index in the place of the one that is there. Call it inside `writing`. Raises Broken."""
        name = secrets.token_hex(6)
        with whole():
            path = None if self.folder is None else self.folder / name
            if path is not None:
                path.mkdir(parents=True)
            index = Index(_schema(), str(path) if path else None)
            writer = index.writer(_LARGE_HEAP if path else _SMALL_HEAP, 1)
            count = 0
            for document in documents:
                writer.add_document(document)
                count += 1
            writer.commit()
            writer.wait_merging_threads()
            self._publish(index, replace(held, name=name, documents=count))
        if self.folder is not None:
            self._sweep(self.folder, name)

    def discard(self) -> None:
        """Forget an index that cannot be used; the next one who needs it builds it."""
        with self._guard:
            self._index = self._snapshot = self._stamp = None
            if self.folder is not None:
                (self.folder / _MANIFEST).unlink(missing_ok=True)

    def _publish(self, index: Index, held: Held) -> None:
        """Make a written state the one that is read. The name of it comes last, so that a kill before leaves the old one."""
        with self._guard:
            if self.folder is not None:
                draft = self.folder / f"{_MANIFEST}.{os.getpid()}"
                draft.write_text(json.dumps(asdict(held)), encoding="utf-8")
                draft.replace(self.folder / _MANIFEST)
                self._stamp = _stamp(self.folder / _MANIFEST)
            self._take(index, held)

    def _take(self, index: Index, held: Held) -> None:
        index.reload()
        self._index = index
        self._snapshot = Snapshot(held, index.schema, index.searcher())

    def _look(self, folder: Path) -> None:
        """Follow what another process wrote."""
        stamp = _stamp(folder / _MANIFEST)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        if stamp is None:
            self._index = self._snapshot = None
            return
        held = Held(**json.loads((folder / _MANIFEST).read_text(encoding="utf-8")))
        same = self._index if self._snapshot is not None and self._snapshot.held.name == held.name else None
        self._index = self._snapshot = None
        self._take(same or _opened(folder / held.name), held)

    def _sweep(self, folder: Path, name: str) -> None:
        """Take away what no longer has a name: older indexes, and what a process left that was killed."""
        for path in folder.iterdir():
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith(f"{_MANIFEST}."):
                with suppress(OSError):
                    path.unlink()


_shelves: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()


def place(engine: Engine, folder: Path | None) -> Shelf:
    """Say where the index of a database stands, once per process; in memory without a folder."""
    _shelves[engine] = Shelf(folder)
    return _shelves[engine]


def shelf_of(session: Session) -> Shelf:
    """The index of the database behind a session; one in memory where nobody said where it stands."""
    engine = session.get_bind().engine
    return _shelves.get(engine) or place(engine, None)


def mended(session: Session, answer: Callable[[], T]) -> T:
    """What is asked of the index. Were its files damaged while it was open, it is built anew and asked again, once."""
    try:
        return answer()
    except Broken as error:
        log.error("search_index_broken", error=repr(error))
        shelf_of(session).discard()
        return answer()


def _schema() -> Schema:
    return make_schema(tuple(facet.value for facet in Facet))


def _opened(path: Path) -> Index:
    index = Index.open(str(path))
    index.config_reader("Manual")
    return index


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ino


def _locked(descriptor: int, patience: float) -> bool:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_AGAIN)
        else:
            return True
