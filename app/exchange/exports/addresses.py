"""Texts as addresses of RDF: only characters that may stand there."""

import re
from urllib.parse import quote

# What an IRI may not hold (RFC 3987, and the grammar of Turtle): control characters, spaces and some marks.
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f-\x9f]')
_WEB = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def escaped(address: str) -> str:
    """The address with what may not stand in it written as %XX."""
    return _FORBIDDEN.sub(lambda found: quote(found[0]), address)


def web_address(text: str) -> str | None:
    """The text as an address of the web; None when it is none."""
    line = text.strip()
    return escaped(line) if _WEB.match(line) and " " not in line else None


def is_address(text: str) -> bool:
    """Whether the text is a whole address with a scheme, and nothing has to be escaped."""
    return bool(_SCHEME.match(text)) and not _FORBIDDEN.search(text)
