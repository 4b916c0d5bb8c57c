"""The only door to the file store: a local folder or S3, written once and never over."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore, S3Store, from_url


@dataclass(frozen=True)
class Stored:
    """Where bytes went: their key in the store, SHA-256 and size in bytes."""

    key: str
    sha256: str
    size: int


class FileStore:
    """Bytes by key. A key is made from the content's hash, so that the same bytes are stored once."""

    def __init__(self, url: str) -> None:
        self._store = _open(url)

    # The library works in threads that the first use starts, once for all stores, and that a fork leaves behind: from then
    # on every call in the child would wait for ever, and whoever holds a transaction meanwhile keeps everybody from writing.
    _used_in: ClassVar[int | None] = None

    def _here(self) -> LocalStore | MemoryStore | S3Store:
        used_in = FileStore._used_in = FileStore._used_in or os.getpid()
        if used_in != os.getpid():
            raise RuntimeError("The file store was used before this process was forked. Use it in the children alone.")
        return self._store

    def put(self, data: bytes) -> Stored:
        """Store the bytes; what is there already stays as it is."""
        digest = hashlib.sha256(data).hexdigest()
        key = f"{digest[:2]}/{digest}"
        try:
            self._here().put(key, data, mode="create")
        except AlreadyExistsError:
            pass  # the key names the content: the same bytes are there
        return Stored(key, digest, len(data))

    def get(self, key: str) -> bytes:
        """The bytes behind a key.

        Raises:
            FileNotFoundError: nothing was stored under this key.
        """
        return bytes(self._here().get(key).bytes())


def _open(url: str) -> LocalStore | MemoryStore | S3Store:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(Path(parts.path), mkdir=True)
    return from_url(url)  # type: ignore[return-value]
