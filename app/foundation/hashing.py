"""Bytes that stay the same for the same content, and their SHA-256."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring

_FLAT = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


def canonical_json(value: object) -> bytes:
    """The JSON Canonicalization Scheme (RFC 8785) for values without floating-point numbers.

    Keys are sorted by UTF-16 code units, as section 3.2.3 of the RFC asks.

    Raises:
        TypeError: the value holds something that JSON, or this subset of it, does not have.
    """
    if (
        isinstance(value, dict)
        and all(type(key) is str and key.isascii() for key in value)
        and _is_flat(value.values())
    ):
        return flat_json(value)
    return _written(value).encode()


def flat_json(value: Mapping[str, object]) -> bytes:
    """`canonical_json` of an object of plain values under ASCII keys: the standard library writes it the same way, and faster."""
    return _FLAT.encode(value).encode()


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def content_hash(value: object) -> str:
    """SHA-256 of the canonical JSON of a value."""
    return sha256_hex(canonical_json(value))


def _is_flat(values: Iterable[object]) -> bool:
    return all(value is None or type(value) in (str, int, bool) for value in values)


def _written(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, Mapping):
        # ASCII sorts by code units as it is; most keys are.
        is_plain = all(isinstance(key, str) and key.isascii() for key in value)
        keys = sorted(value) if is_plain else sorted(value, key=lambda key: str(key).encode("utf-16-be"))
        return "{" + ",".join(f"{_key(key)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(_written(item) for item in value) + "]"
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("keys of a canonical object are text")
    return encode_basestring(key)
