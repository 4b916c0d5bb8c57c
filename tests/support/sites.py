"""`site`: a web server of the test's own on loopback; `connections`: every connection that this process makes meanwhile."""

import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answer = Callable[[BaseHTTPRequestHandler], None]
LOOPBACK = "127.0.0.0/8"


@dataclass
class Site:
    """What it answers is `answer`; what it was asked stands in `asked`, as (path, headers). `accepted` counts connections."""

    port: int = 0
    answer: Answer = lambda handler: reply(handler, b"")
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    accepted: int = 0

    def url(self, path: str = "/catalog", host: str = "127.0.0.1") -> str:
        """An address of the site."""
        return f"http://{host}:{self.port}{path}"

    def gives(self, data: bytes, status: int = 200, **headers: str) -> None:
        """Answer everything with this from now on; `_` in a header's name stands for `-`."""
        self.answer = lambda handler: reply(handler, data, status, **headers)


def reply(handler: BaseHTTPRequestHandler, data: bytes, status: int = 200, **headers: str) -> None:
    """One answer with its length."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def serve(site: Site, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Start a server that answers for a site; close it with `shutdown` and `server_close`."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            try:
                site.answer(self)
            except OSError:  # the other side has gone
                pass

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[socketserver.socket, object]:  # type: ignore[name-defined]
            site.accepted += 1
            return super().get_request()

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: tests break off on purpose."""

    server = Server((host, 0), Handler)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = serve(site)
    yield site
    server.shutdown()
    server.server_close()


class _Connections:
    """An audit hook cannot be taken away, so there is one, which writes where a test asks it to."""

    seen: list[object] | None = None
    is_hooked = False


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _Connections.seen is not None:
        _Connections.seen.append(arguments[1])


@pytest.fixture
def connections() -> Iterator[list[object]]:
    if not _Connections.is_hooked:
        sys.addaudithook(_note)
        _Connections.is_hooked = True
    _Connections.seen = []
    yield _Connections.seen
    _Connections.seen = None
