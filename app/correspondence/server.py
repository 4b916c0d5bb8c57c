"""The one door to the server that takes our mail, over SMTP."""

import smtplib
import ssl
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 20


def connected(url: str) -> smtplib.SMTP:
    """A connection to the server, signed in where the address names an account."""
    parts = urlsplit(url)
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(parts.hostname or "", port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(parts.hostname or "", port, timeout=TIMEOUT_SECONDS)
    try:
        if parse_qs(parts.query).get("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
