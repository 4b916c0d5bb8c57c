"""`live_server` and `demo_server`: the product as `make run` serves it, in a process of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import run
from tests.support.databases import DatabaseMaker
from tests.support.programs import free_port

PATIENCE = 180.0  # seconds until a server that does not answer counts as broken
LOADING = 600.0  # the same while it loads the demo first


@dataclass(frozen=True)
class LiveServer:
    """A running product: its address, its home, and the environment that its `flask` commands need."""

    url: str
    home: Path
    environment: Mapping[str, str]

    def flask(self, *arguments: str, exit_code: int = 0) -> str:
        """Run one `flask` command on this installation and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=run.ROOT,
            env=dict(self.environment),
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == exit_code, f"flask {arguments}: {done.stdout}{done.stderr}"
        return done.stdout


@contextmanager
def serving(home: Path, settings: Mapping[str, str] | None = None, *, with_demo: bool = False) -> Iterator[LiveServer]:
    """Serve an installation until the block ends. `settings` are environment variables on top of the home."""
    port = free_port()
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**inherited, "ONEPACT_HOME": str(home), "PORT": str(port), **(settings or {})}
    server = LiveServer(f"http://127.0.0.1:{port}", home, environment)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.serve", *([] if with_demo else ["--without-demo"])],
            cwd=run.ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _await(server, process, LOADING if with_demo else PATIENCE)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[LiveServer]:
    """An installation without anybody in it but the secretariat, on SQLite."""
    home = tmp_path / "home"
    shutil.copytree(initialized(), home)
    with serving(home) as server:
        yield server


@pytest.fixture
def live_server_on_postgresql(tmp_path: Path, make_database: DatabaseMaker) -> Iterator[LiveServer]:
    """The same on PostgreSQL."""
    with serving(tmp_path / "home", {"DATABASE_URL": make_database("postgresql")}) as server:
        yield server


@pytest.fixture
def demo_server(tmp_path: Path) -> Iterator[LiveServer]:
    """The demo consortium as it is after `make run` on an empty machine."""
    with serving(copy_of_demo(tmp_path / "home"), with_demo=True) as server:
        yield server


def copy_of_demo(home: Path) -> Path:
    """A home of one's own with the demo consortium, loaded once per run: its letters take a while."""
    ready = os.environ.get("ONEPACT_TEST_DEMO")  # a home that holds the demo already, while one works on a page
    template = Path(ready) if ready else _made_once("demo", ["init"], ["demo", "load"])
    shutil.copytree(template, home)
    return home


def initialized() -> Path:
    """A home after `flask init`, made once per run: its keys take a moment."""
    return _made_once("initialized", ["init"])


def _made_once(name: str, *commands: list[str]) -> Path:
    home = run.folder() / name
    with run.locked(name):
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            operator = LiveServer("", home, {**os.environ, "ONEPACT_HOME": str(home)})
            for command in commands:
                operator.flask(*command)
            (home / "ready").touch()
    return home


def _await(server: LiveServer, process: subprocess.Popen[bytes], patience: float) -> None:
    end = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{server.url}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, though something is not well; the test that cares reads what
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = (server.home / "server.log").read_text(encoding="utf-8", errors="replace")
    pytest.fail(f"the server did not answer; it said:\n{log[-3000:]}")
