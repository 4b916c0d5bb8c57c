"""Messages between a process and its child: a JSON head and raw bytes, each with its length in front.

Never pickle: what comes out of a child that has read a hostile file must not be able to run code here.
"""

import json
from collections.abc import Mapping
from typing import IO

_LENGTH = 8
LONGEST = 64 * 1024 * 1024


def write_frame(stream: IO[bytes], head: Mapping[str, object], body: bytes = b"") -> None:
    """Write one message and flush it."""
    encoded = json.dumps(head, ensure_ascii=True).encode()
    for part in (encoded, body):
        stream.write(len(part).to_bytes(_LENGTH, "big"))
        stream.write(part)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, object], bytes] | None:
    """The next message, or None where the other side has ended.

    Raises:
        ValueError: what came is no message.
    """
    head = _part(stream)
    if head is None:
        return None
    body = _part(stream)
    if body is None:
        return None
    decoded = json.loads(head)
    if not isinstance(decoded, dict):
        raise ValueError("the head of a message is an object")
    return decoded, body


def _part(stream: IO[bytes]) -> bytes | None:
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "big")
    if size > LONGEST:
        raise ValueError(f"a message of {size} bytes is longer than any that is sent")
    data = stream.read(size)
    return data if len(data) == size else None
