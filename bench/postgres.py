"""A PostgreSQL that a measurement has for itself."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.postgres_keeper import OWNER

_NAME = "onepact_bench"


@contextmanager
def throw_away() -> Iterator[str]:
    """The address of an empty database on a server that lives as long as the block, or this program."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root, the server runs as somebody else
        keeper = subprocess.Popen([sys.executable, "-m", "tests.support.postgres_keeper", name, str(os.getpid())])
        try:
            while not (folder / "postgres.json").exists():
                time.sleep(0.1)
            port = int(json.loads((folder / "postgres.json").read_text())["port"])
            with psycopg.connect(host="127.0.0.1", port=port, user=OWNER, dbname="postgres", autocommit=True) as server:
                server.execute(f"CREATE DATABASE {_NAME}")
            yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/{_NAME}"
        finally:
            keeper.terminate()
            keeper.wait()
