"""`mail_server`: a real SMTP server on loopback that keeps what it was sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.programs import free_port


@dataclass
class MailServer:
    """What arrived, oldest first. `refusal`, when set, is answered to every message instead of taking it."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    refusal: str = ""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that were delivered to an address."""
        pairs = zip(self.envelopes, self.messages, strict=True)
        return [message for envelope, message in pairs if address in envelope.rcpt_tos]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for each message."""
        if self.refusal:
            return self.refusal
        content = envelope.content or b""
        message = message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=policy.default)
        self.messages.append(message)
        self.envelopes.append(envelope)
        return "250 kept"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A server for one test."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()
