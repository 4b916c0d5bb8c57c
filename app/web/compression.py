"""Sends text compressed to those who can read it.

Pages of people who are signed in are not compressed: they hold secrets beside what somebody else may have typed, and the
size of such a page would tell about both (the BREACH attack, breachattack.com). They are small, and styles and scripts are not.
"""

import gzip
from functools import lru_cache

from flask import Flask, request
from werkzeug.wrappers import Response

from app.web.actor import current_actor

WORTH_IT = 1024  # bytes; below, the headers weigh more than what is saved
TEXTS = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "text/turtle",
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
        "image/svg+xml",
    }
)


def init_compression(app: Flask) -> None:
    """Hook it in."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    is_file = request.endpoint == "static"
    if (
        response.mimetype not in TEXTS
        or response.status_code not in (200, 404)
        or (response.is_streamed and not is_file)
    ):
        return response
    if not is_file and current_actor().person_id is not None:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= WORTH_IT:
        response.set_data(_packed(body, 9 if is_file else 6))
        response.headers["Content-Encoding"] = "gzip"
        entity, is_weak = response.get_etag()
        if entity and not is_weak:
            response.set_etag(entity, weak=True)  # the same content in other bytes
    return response


@lru_cache(maxsize=64)
def _packed(body: bytes, level: int) -> bytes:
    """A bundled file or a page that is kept, compressed once."""
    return gzip.compress(body, level)
