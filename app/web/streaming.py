"""Answers that are written while they are sent: a file of any length takes the memory of one part of it."""

import hashlib
import zlib
from collections.abc import Hashable, Iterator

from flask import current_app, request, stream_with_context
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.web.actor import current_actor

_PIECE = 64 * 1024  # characters that are sent at once


def streamed(pieces: Iterator[str], content_type: str, edition: Hashable) -> Response:
    """An answer whose body is written while it is sent.

    The session of the request is closed by then. `pieces` asks for the one of that time, and gives its connection back
    before each part of the text: nobody holds one for as long as a slow reader takes.

    Args:
        edition: what the text depends on beside its address. The mark is made of it, before there is any text; people who
            are signed in get none.
    """
    is_public = current_actor().person_id is None
    packed = is_public and request.accept_encodings.quality("gzip") > 0
    body = _packed(_joined(pieces)) if packed else _joined(pieces)
    response = current_app.response_class(stream_with_context(body), content_type=content_type)
    if not is_public:
        return response
    response.vary.update(("Accept-Encoding", "Cookie"))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    # The day is in it for what no change of a listing tells of: the software itself.
    mark = f"{request.full_path}/{content_type}/{edition}/{now().date()}"
    response.set_etag(hashlib.sha256(mark.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.automatically_set_content_length = False  # counting it would hold all of it before the first byte
    return response.make_conditional(request)


def _joined(pieces: Iterator[str]) -> Iterator[bytes]:
    """Pieces of a size that is worth sending."""
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= _PIECE:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join(held).encode()


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same compressed on the way, a fifth as long. Only for those who are not signed in, as `app.web.compression` says."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
