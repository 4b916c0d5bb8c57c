"""Signed marks in addresses: whose reply it is and to what; whose mail is turned off. None of them signs anybody in."""

import hmac
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

from app.rules.mail import OPTIONAL, Topic

VALID = timedelta(days=90)
LONGEST_REFERENCE = 14
_VERSION = 1
_MARK_BYTES = 12
_HEAD_BYTES = 8
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
# What one can reply to, as one byte. Numbers are never given anew.
PROPOSAL, NOTE = "proposal", "note"
_THINGS = {1: PROPOSAL, 2: NOTE}


@dataclass(frozen=True)
class ReplyToken:
    """Who may reply to what by mail, and until when. A note is the internal side of a proposal's conversation."""

    person_id: int
    thing: str
    ref: str
    expires_at: datetime


def reply_token(config: Mapping[str, object], person_id: int, thing: str, ref: str, now: datetime) -> str:
    """The mark for a reply address: letters and digits only, since mail servers may change the case (RFC 5321, 2.4)."""
    number = next(number for number, name in _THINGS.items() if name == thing)
    if len(ref) > LONGEST_REFERENCE:
        raise ValueError(f"{ref} is too long for a reply address")
    days = (now + VALID - _EPOCH).days
    body = bytes([_VERSION, number]) + person_id.to_bytes(4, "big") + days.to_bytes(2, "big") + ref.encode("ascii")
    return b32encode(_mark(config, body) + body).decode().rstrip("=").lower()


def read_reply_token(config: Mapping[str, object], text: str) -> ReplyToken | None:
    """What a mark stands for; None for one that is not ours. The caller looks at its day."""
    try:
        raw = b32decode(text.upper() + "=" * (-len(text) % 8))
        mark, body = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
        if not hmac.compare_digest(mark, _mark(config, body)) or len(body) <= _HEAD_BYTES or body[0] != _VERSION:
            return None
        expires_at = _EPOCH + timedelta(days=int.from_bytes(body[6:8], "big"))
        return ReplyToken(int.from_bytes(body[2:6], "big"), _THINGS[body[1]], body[8:].decode("ascii"), expires_at)
    except (NotBase32, ValueError, KeyError):
        return None


def reply_address(config: Mapping[str, object], token: str) -> str:
    """Where a reply goes; empty where no mailbox is configured."""
    local, at, domain = str(config.get("INBOUND_ADDRESS") or "").partition("@")
    return f"{local}+{token}@{domain}" if at else ""


def token_in(config: Mapping[str, object], address: str) -> str | None:
    """The mark in an address, if it is one of our reply addresses."""
    local, _, domain = str(config.get("INBOUND_ADDRESS") or "").lower().partition("@")
    name, _, host = address.strip().lower().rpartition("@")
    base, plus, token = name.partition("+")
    return token if plus and domain and base == local and host == domain else None


def off_token(config: Mapping[str, object], person_id: int, topic: Topic) -> str:
    """The mark of a link that turns one group of mails off for one person. It does not expire: old mails keep their link."""
    return str(_off(config).dumps([person_id, topic.value]))


def read_off_token(config: Mapping[str, object], text: str) -> tuple[int, Topic] | None:
    """Whose mails of which group a link turns off; None for one that is not ours."""
    try:
        person_id, topic = _off(config).loads(text)
        found = Topic(topic)
    except (BadSignature, ValueError, TypeError):
        return None
    return (int(person_id), found) if found in OPTIONAL else None


def _off(config: Mapping[str, object]) -> URLSafeSerializer:
    return URLSafeSerializer(str(config["SECRET_KEY"]), salt="mail off")


def _mark(config: Mapping[str, object], body: bytes) -> bytes:
    key = sha256(f"onepact reply address\0{config['SECRET_KEY']}".encode()).digest()
    return hmac.new(key, body, sha256).digest()[:_MARK_BYTES]
