"""The one door to the mailbox for replies, over IMAP (RFC 9051). Mails are marked as seen once they were handled."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from app.correspondence.incoming import LARGEST

TIMEOUT_SECONDS = 20
MOST_AT_ONCE = 50
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mailbox could not be read; the message says what its server answered."""


@dataclass(frozen=True)
class Letter:
    """One unseen mail. Of one that is too large only the head was fetched."""

    uid: bytes
    raw: bytes
    is_too_large: bool


class Mailbox:
    """An open mailbox."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unseen(self) -> Iterator[Letter]:
        """The mails that nobody has handled yet, oldest first; so many at a time."""
        found = b" ".join(item for item in self._ask("SEARCH", "UNSEEN") if isinstance(item, bytes))
        for uid in found.split()[:MOST_AT_ONCE]:
            size = self._size(uid)
            part = "BODY.PEEK[HEADER]" if size > LARGEST else "BODY.PEEK[]"
            for item in self._ask("FETCH", uid.decode(), f"({part})"):
                if isinstance(item, tuple):
                    yield Letter(uid, item[1], size > LARGEST)
                    break

    def mark_handled(self, letter: Letter) -> None:
        """Have the next reading pass it over."""
        self._ask("STORE", letter.uid.decode(), "+FLAGS.SILENT", r"(\Seen)")

    def _size(self, uid: bytes) -> int:
        answers = self._ask("FETCH", uid.decode(), "(RFC822.SIZE)")
        found = [_SIZE.search(item[0] if isinstance(item, tuple) else item or b"") for item in answers]
        return max((int(match[1]) for match in found if match), default=LARGEST + 1)

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, ...]]:
        status, data = self._server.uid(command, *arguments)
        if status != "OK":
            raise MailboxError(f"{command} was answered with {status}")
        return list(data)


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """The mailbox that IMAP_URL names; raises MailboxError with the server's own words."""
    parts = urlsplit(url)
    try:
        server = _connected(parts.scheme, parts.hostname or "", parts.port, starttls=bool(parse_qs(parts.query)))
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"{parts.hostname} does not answer: {_words(error)}") from error
    try:
        try:
            server.login(_quoted(unquote(parts.username or "")), unquote(parts.password or ""))
            status, data = server.select(_quoted(unquote(parts.path.strip("/")) or "INBOX"))
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"{parts.hostname} refused to open the mailbox: {_words(error)}") from error
        if status != "OK":
            raise MailboxError(f"there is no folder {parts.path.strip('/') or 'INBOX'}: {data!r}")
        try:
            yield Mailbox(server)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"{parts.hostname} stopped answering: {_words(error)}") from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _connected(scheme: str, host: str, port: int | None, *, starttls: bool) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(host, port or 143, timeout=TIMEOUT_SECONDS)
    if starttls:
        server.starttls(context)
    return server


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(error: Exception) -> str:
    """What went wrong, without the password that some servers repeat."""
    first = error.args[0] if error.args else error
    return first.decode(errors="replace") if isinstance(first, bytes) else str(error)
