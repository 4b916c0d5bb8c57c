"""A catalog elsewhere, which the harvest sources of an example read: a real web server on loopback, and what it says now."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from tests.support.sites import Site, reply, serve

_TRIPS = {"identifier": "trips", "title": "Trips by hour", "description": "Trips by hour and stop.", "keyword": ["bus"]}
_TAPS = {"identifier": "taps", "title": "Taps by day", "description": "Taps by stop and day."}
_RIDES = {"identifier": "rides", "title": "Rides by street", "description": "Rides by street and month."}
# What the catalog may say, by a name that stands in a failing sequence. The last of them is what it says at first.
CATALOGS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "one less": (_TRIPS,),
    "another title": ({**_TRIPS, "title": "All trips by hour"}, _TAPS),
    "another license": ({**_TRIPS, "license": "Only for members"}, _TAPS, _RIDES),
    "a row that cannot be read": (_TRIPS, {"identifier": "taps"}),
    "two": (_TRIPS, _TAPS),
}
NO_CATALOG, NO_ANSWER = "no catalog", "no answer"
WORDS = (*CATALOGS, NO_CATALOG, NO_ANSWER)
FIRST = "two"


@dataclass
class Elsewhere:
    """`says` is one of `WORDS`; whatever path is asked for, it is the answer."""

    site: Site
    says: str = FIRST

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """As an honest server would: with a mark, and without the file where that mark is known."""
        if self.says == NO_ANSWER:
            return reply(handler, b"", 503)
        data = json.dumps({"dataset": CATALOGS.get(self.says, ())}).encode() if self.says != NO_CATALOG else b"%PDF-1.7"
        mark = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if handler.headers.get("If-None-Match") == mark:
            return reply(handler, b"", 304, ETag=mark)
        return reply(handler, data, 200, ETag=mark)


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """The server runs while the block does."""
    found = Elsewhere(Site())
    found.site.answer = found.answer
    server = serve(found.site)
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
