"""Bringing one file from an address: no redirect unseen, no more bytes and no more time than allowed, nothing trusted."""

import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from requests import PreparedRequest, Request, Response, Session
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError

from app.foundation.outgoing.addresses import (
    Network,
    NotFetched,
    Resolve,
    WebAddress,
    address_of,
    checked,
    system_resolver,
)
from app.foundation.outgoing.connecting import Line, LineAdapter
from app.foundation.words import N_

MEGABYTE = 1024 * 1024
_CHUNK = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
_OK, _UNCHANGED, _NOT_THERE, _GONE, _BUSY = 200, 304, 404, 410, 429
_AGENT = "Onepact (reads data catalogs)"
_LONGEST_MARK = 300
# What the library would do by itself and must not: other ways out, credentials from files, cookies kept.
_GZIP = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


@dataclass(frozen=True)
class Caps:
    """How much one fetch may take."""

    connect_seconds: float = 5
    read_seconds: float = 15
    total_seconds: float = 60
    largest: int = 20 * MEGABYTE
    largest_unpacked: int = 100 * MEGABYTE
    redirects: int = 3


@dataclass(frozen=True)
class Known:
    """What was told about the file when it was fetched last, so that an unchanged one is not sent again."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """What came: `data` is None where the server says that nothing has changed. `address` is where it was in the end."""

    address: str
    data: bytes | None
    known: Known


@dataclass(frozen=True)
class Fetcher:
    """Fetches with a resolver, a set of networks that an operator allows besides the public ones, and caps."""

    networks: Sequence[Network] = ()
    resolve: Resolve = system_resolver
    caps: Caps = field(default_factory=Caps)

    def fetch(self, address: str, known: Known | None = None) -> Fetched:
        """The file at an address. Each redirect is checked like the address itself.

        Raises:
            NotFetched: it may not be asked, does not answer, or answers with something else than a file within the caps.
        """
        at, asked = address_of(address), known or Known()
        ends_at = time.monotonic() + self.caps.total_seconds
        for _hop in range(self.caps.redirects + 1):
            found = self._ask(at, asked, ends_at)
            if isinstance(found, Fetched):
                return found
            if at.scheme == "https" and found.scheme == "http":
                raise NotFetched(
                    N_("The server leads from https to an open line. Give the final address."), is_lasting=True
                )
            at, asked = (
                found,
                asked if (found.scheme, found.host, found.port) == (at.scheme, at.host, at.port) else Known(),
            )
        raise NotFetched(N_("The server leads on and on. Give the final address of the catalog."), is_lasting=True)

    def _ask(self, at: WebAddress, known: Known, ends_at: float) -> Fetched | WebAddress:
        numbers = checked(at, self.resolve, self.networks)
        line = Line(numbers, at.port, self.caps.connect_seconds, ends_at)
        try:
            with Session() as session:
                session.trust_env = False
                session.mount("http://", LineAdapter(line))
                session.mount("https://", LineAdapter(line))
                with session.send(
                    _request(session, at, known),
                    stream=True,
                    allow_redirects=False,
                    timeout=(self.caps.connect_seconds, self.caps.read_seconds),
                ) as answer:
                    found = self._read(at, answer)
            if line.was_cut:  # what came before may look like a whole answer
                raise TimeoutError
        except SSLError as error:
            raise NotFetched(N_("The server's certificate does not fit its name. Tell those who run it.")) from error
        except (RequestException, HTTPError, OSError, zlib.error) as error:
            raise _no_answer(error, line) from error
        finally:
            line.close()
        return found

    def _read(self, at: WebAddress, answer: Response) -> Fetched | WebAddress:
        if answer.status_code in _MOVED:
            return address_of(urljoin(at.text, answer.headers.get("Location", "")))
        if answer.status_code == _UNCHANGED:
            return Fetched(at.text, None, Known())
        if answer.status_code != _OK:
            raise _refusal(answer.status_code)
        marks = Known(*(answer.headers.get(name, "")[:_LONGEST_MARK] for name in ("ETag", "Last-Modified")))
        return Fetched(at.text, b"".join(self._unpacked(answer)), marks)

    def _unpacked(self, answer: Response) -> Iterator[bytes]:
        """The bytes, unpacked as they come and counted before and after."""
        packing = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in {"", "identity", *_GZIP}:
            raise NotFetched(N_("The server packs its answer in a way that nobody asked for."), is_lasting=True)
        unpack = zlib.decompressobj(_GZIP[packing]) if packing in _GZIP else None
        came = gave = 0
        while chunk := answer.raw.read(_CHUNK, decode_content=False):
            came += len(chunk)
            if came > self.caps.largest:
                raise NotFetched(
                    N_("The file is larger than 20 MB. Offer it packed with gzip, or in parts."), is_lasting=True
                )
            part = unpack.decompress(chunk, self.caps.largest_unpacked + 1 - gave) if unpack else chunk
            gave += len(part)
            if gave > self.caps.largest_unpacked:
                raise NotFetched(
                    N_("The file is larger than 100 MB once unpacked. Offer it in parts."), is_lasting=True
                )
            yield part
        if unpack is not None and came and not unpack.eof:
            raise zlib.error("cut off")


def _request(session: Session, at: WebAddress, known: Known) -> PreparedRequest:
    headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.modified:
        headers["If-Modified-Since"] = known.modified
    return session.prepare_request(Request("GET", at.text, headers=headers))


def _no_answer(error: Exception, line: Line) -> NotFetched:
    if line.was_cut or isinstance(error, TimeoutError) or "timed out" in str(error):
        return NotFetched(N_("The server took too long. It is asked again later."))
    return NotFetched(N_("The server does not answer, or broke off. It is asked again later."))


def _refusal(status: int) -> NotFetched:
    if status in {_NOT_THERE, _GONE}:
        return NotFetched(N_("The server says that there is nothing at this address any more."))
    if status in {401, 403}:
        return NotFetched(N_("The server asks for a name and password. Only catalogs that anybody can open are read."))
    if status == _BUSY:
        return NotFetched(N_("The server is asked too often. It is asked again later."))
    return NotFetched(N_("The server answers that something is wrong on its side. It is asked again later."))
