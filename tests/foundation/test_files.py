"""The file store on a real folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.foundation.files import FileStore
from tests.support.run import ROOT

# A process that uses the store, forks, and lets the child use it too.
FORKS = """
import os, sys
from app.foundation.files import FileStore
store = FileStore(sys.argv[1])
store.put(b"before")
child = os.fork()
if child == 0:
    try:
        store.put(b"after")
    except RuntimeError as problem:
        print(problem, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(store.get(store.put(b"still").key).decode())
"""


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(f"file://{tmp_path}/files")


def test_bytes_come_back_as_they_went_in(store: FileStore) -> None:
    data = bytes(range(256)) * 40
    stored = store.put(data)
    assert (store.get(stored.key), stored.size) == (data, len(data))


def test_the_same_bytes_are_stored_once(store: FileStore, tmp_path: Path) -> None:
    assert store.put(b"letter") == store.put(b"letter")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_file_that_was_tampered_with_is_not_written_over(store: FileStore, tmp_path: Path) -> None:
    stored = store.put(b"letter")
    (tmp_path / "files" / stored.key).write_bytes(b"forged")
    store.put(b"letter")
    assert store.get(stored.key) == b"forged"  # found out by its hash, not mended in silence


def test_a_key_that_climbs_out_of_the_folder_finds_nothing(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(Exception, match=r"(?i)secret|path|not found"):
        store.get("../secret")


def test_nothing_is_found_under_an_unknown_key(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.get("ab/abcdef")


def test_after_a_fork_the_store_says_so_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORKS, f"file://{tmp_path}/files"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [
        "The file store was used before this process was forked. Use it in the children alone.",
        "still",
    ]
