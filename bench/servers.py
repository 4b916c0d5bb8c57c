"""Servers that a measurement starts on loopback and ends again, and how they are asked."""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask
from sqlalchemy import event

import config
from app.factory import create_app
from app.foundation.database import make_engine
from app.organizations.models import Person
from app.web.database import db
from tests.support.application import Client
from tests.support.databases import migrate
from tests.support.programs import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0  # seconds
BARE = "bench.bare:app"


@dataclass(frozen=True)
class Served:
    """A server that answers on loopback, and the process that it is."""

    port: int
    process: subprocess.Popen[bytes]
    connection: HTTPConnection

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        """The whole answer to one request on a connection that stays open; raises SystemExit where it is no 200."""
        self.connection.request("GET", path, headers=dict(headers or {}))
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}: {body[:200]!r}")
        return body

    def memory(self) -> float:
        """Megabytes of its processes: what they share is counted once."""
        sizes = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.processes()]
        return sum(int(re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[0]) for text in sizes) / 1024

    def processor(self) -> float:
        """Seconds of a processor that its processes have used so far: what others do on the machine does not count."""
        threads = (task for pid in self.processes() for task in Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in threads) / 1e9

    def processes(self) -> list[int]:
        """The server and those that it started."""
        return [self.process.pid, *_children(self.process.pid)]


class Installation:
    """A throw-away installation of the product, without the demo; on SQLite where no address is given."""

    def __init__(self, home: Path, database_url: str = "") -> None:
        home.mkdir(parents=True)
        self.home = home
        self.database_url = database_url or f"sqlite:///{home}/onepact.sqlite3"
        self.environment = {
            "ONEPACT_HOME": str(home),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": secrets.token_hex(32),
            "SEAL_PASSPHRASE": secrets.token_hex(32),
        }
        engine = make_engine(self.database_url)
        migrate(engine)
        engine.dispose()

    def flask(self, *arguments: str) -> None:
        """Run one `flask` command on it."""
        subprocess.run([sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=self.environ(), check=True)

    def index(self) -> None:
        """Make what was written past the commands known to the search."""
        self.flask("catalog", "reindex")

    def serve(self, workers: int = 1) -> AbstractContextManager[Served]:
        """Serve it by gunicorn, preloaded, one thread for each worker."""
        return _gunicorn("wsgi:app", workers, self.environ())

    def cookie_of(self, email: str) -> str:
        """The session cookie of somebody who has signed in and opened a page."""
        app = self.app()
        client = app.test_client()
        assert isinstance(client, Client)  # noqa: S101 - as app set it
        with app.app_context():
            client.sign_in_as(db.session.query(Person).filter_by(email=email).one())
        client.get("/agreement")  # the first page puts its token into the cookie, which a browser keeps
        cookie = client.get_cookie("session")
        return f"session={cookie.value}" if cookie else ""

    def statements(self, path: str, email: str = "lead@example.org") -> int:
        """How many statements one page takes for somebody who is signed in, once it has been opened before."""
        app = self.app()
        seen: list[object] = []
        client = app.test_client()
        assert isinstance(client, Client)  # noqa: S101
        with app.app_context():
            client.sign_in_as(db.session.query(Person).filter_by(email=email).one())
            engine = db.engine
        client.get(path)
        event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        client.get(path)
        return len(seen)

    def app(self) -> Flask:
        """The product on it, in this process."""
        app = create_app(config.read(self.environment))
        app.testing, app.test_client_class = True, Client
        return app

    def environ(self) -> dict[str, str]:
        """The environment of its commands."""
        return {**environ(), **self.environment, "FLASK_APP": "wsgi"}


def environ() -> dict[str, str]:
    """The environment of a server: as it stands here, but compiled modules are kept, as they are where it runs for good."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def bare_page() -> AbstractContextManager[Served]:
    """A page of twenty rows by Flask and Jinja alone, under the same server as ours."""
    return _gunicorn(BARE, 1, environ())


@contextmanager
def program(command: list[str], port: int, environment: Mapping[str, str], first: str = "/") -> Iterator[Served]:
    """Start a server, wait until it answers, and end it when the block ends."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log)
        try:
            yield Served(port, process, _connected(port, process, first))
        finally:
            process.terminate()
            process.wait(20)


def cost(served: Served, path: str, headers: Mapping[str, str] | None = None) -> tuple[float, float]:
    """How long one request takes, and how many seconds of a processor it takes of the server."""
    used, began = served.processor(), time.perf_counter()
    served.get(path, headers)
    waited = time.perf_counter() - began
    return waited, served.processor() - used


def started(serve: Callable[[], AbstractContextManager[Served]], path: str) -> float:
    """Seconds from starting a server to its first whole page."""
    began = time.perf_counter()
    with serve() as served:
        served.get(path)
        return time.perf_counter() - began


def throughput(served: Served, path: str, cookie: str = "") -> float:
    """Requests for each second of a processor that the server uses, of wrk with four connections for five seconds.

    On a machine that nobody else uses it is the requests a second of one worker.
    """
    began = served.processor()
    command = ["wrk", "-t1", "-c4", "-d5s", *(["-H", f"Cookie: {cookie}"] if cookie else [])]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{served.port}{path}"], capture_output=True, text=True, check=True
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{path}: {done.stdout}")
    return float(re.findall(r"(\d+) requests in", done.stdout)[0]) / (served.processor() - began)


def _gunicorn(app: str, workers: int, environment: Mapping[str, str]) -> AbstractContextManager[Served]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", app, "--preload", "--workers", str(workers), "--threads", "4"]
    # A connection stays open while the peer has its turn.
    command += ["--keep-alive", "75", "--graceful-timeout", "1"]
    return program([*command, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"], port, environment)


def _connected(port: int, process: subprocess.Popen[bytes], first: str) -> HTTPConnection:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.01)
        else:
            return connection
    raise SystemExit(f"{json.dumps(process.args, default=str)} did not start ({first})")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found] + [grand for child in found for grand in _children(int(child))]
