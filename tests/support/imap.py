"""`reply_mailbox`: a real IMAP server on loopback with one mailbox, into which a test puts what somebody sent."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.programs import free_port

NAME, PASSWORD = "reply", "basalt teacup"
PATIENCE = 20.0


@dataclass(frozen=True)
class ReplyMailbox:
    """A running server and its one mailbox."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://{NAME}:basalt%20teacup@127.0.0.1:{self.port}/INBOX"

    def put(self, mail: EmailMessage | bytes) -> None:
        """Deliver one mail into the mailbox."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        server = self._opened()
        status, answer = server.append("INBOX", "", None, raw)
        assert status == "OK", answer
        server.logout()

    def unseen(self) -> int:
        """How many mails nobody has handled."""
        server = self._opened()
        server.select("INBOX", readonly=True)
        _, found = server.uid("SEARCH", "UNSEEN")
        server.logout()
        return len((found[0] or b"").split())

    def _opened(self) -> imaplib.IMAP4:
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=5)
        server.login(NAME, PASSWORD)
        return server


@pytest.fixture
def reply_mailbox() -> Iterator[ReplyMailbox]:
    """A server for one test, empty."""
    mailbox = ReplyMailbox(free_port())
    pymap = Path(sys.executable).parent / "pymap"
    user = ("--demo-user", NAME, "--demo-password", PASSWORD)
    command = [str(pymap), "--no-tls", "--host", "127.0.0.1", "--port", str(mailbox.port), "dict", *user]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(mailbox, process)
        yield mailbox
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _await(mailbox: ReplyMailbox, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError, imaplib.IMAP4.error):
            mailbox.unseen()
            return
        time.sleep(0.05)
    pytest.fail("the IMAP server of the test did not start")
