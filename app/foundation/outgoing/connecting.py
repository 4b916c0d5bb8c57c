"""A connection that goes to a number that was checked, and to no other: the name is not looked up a second time.

Host header, SNI and the certificate's name stay those of the address, as the libraries set them.
"""

import socket
import threading
import time
from collections.abc import Sequence
from functools import partial
from ipaddress import ip_address
from typing import cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


class Line:
    """The one way out of one request: numbers that were checked, and a moment at which it is cut, whatever happens.

    `ends_at` is a reading of `time.monotonic`.
    """

    def __init__(self, numbers: Sequence[str], port: int, connect_seconds: float, ends_at: float) -> None:
        self._numbers, self._port, self._connect_seconds = tuple(numbers), port, connect_seconds
        self._ends_at = ends_at
        self._held: socket.socket | None = None
        self._timer: threading.Timer | None = None
        self.was_cut = False

    def open(self) -> socket.socket:
        """Connect to the first number that answers, and see that it is the one that was meant. Raises OSError."""
        failure: OSError = ConnectionError("nothing to connect to")
        for number in self._numbers:
            try:
                made = socket.create_connection((number, self._port), min(self._connect_seconds, self.seconds_left()))
            except OSError as error:
                failure = error
                continue
            if ip_address(made.getpeername()[0]) != ip_address(number):
                made.close()
                raise ConnectionError("connected to another number than was meant")
            self._cut_in_time(made)
            return made
        raise failure

    def seconds_left(self) -> float:
        """Until the line is cut. Raises TimeoutError when nothing is left."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this request is over")
        return left

    def close(self) -> None:
        """Let go of it."""
        if self._timer is not None:
            self._timer.cancel()
        if self._held is not None:
            self._held.close()

    def _cut_in_time(self, made: socket.socket) -> None:
        # A server that sends a byte now and then never runs into the timeout of one read. TLS takes the socket over, so
        # a second handle on the same connection is kept.
        self._held = made.dup()
        self._timer = threading.Timer(self.seconds_left(), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.was_cut = True
        try:
            if self._held is not None:
                self._held.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended by itself
            pass


class _PlainConnection(HTTPConnection):
    line: Line

    def _new_conn(self) -> socket.socket:
        return self.line.open()


class _SecureConnection(HTTPSConnection):
    line: Line

    def _new_conn(self) -> socket.socket:
        return self.line.open()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection

    def __init__(self, *args: object, line: Line, **more: object) -> None:
        self._line = line
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def _new_conn(self) -> _PlainConnection:
        made = cast(_PlainConnection, super()._new_conn())
        made.line = self._line
        return made


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection

    def __init__(self, *args: object, line: Line, **more: object) -> None:
        self._line = line
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def _new_conn(self) -> _SecureConnection:
        made = cast(_SecureConnection, super()._new_conn())
        made.line = self._line
        return made


class LineAdapter(HTTPAdapter):
    """Lets a session of requests out by one line only."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: object) -> None:
        """The same manager, whose connections take the line."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_PlainPool, line=self._line),
            "https": partial(_SecurePool, line=self._line),
        }
