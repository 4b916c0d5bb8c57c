"""Mails about accounts: one outbox message each, written and sent by the worker, never inside the request."""

from flask_security import MailUtil

from app.foundation.clock import now
from app.outbox.commands import enqueue
from app.web.database import db

ABOUT = "account"


class OutboxMail(MailUtil):
    """Takes what Flask-Security would send, and leaves it to the worker."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: object,
    ) -> None:
        """Enqueue the mail; the caller's transaction carries it."""
        enqueue_mail(template, recipient if isinstance(recipient, str) else recipient[1])


def enqueue_mail(template: str, email: str) -> None:
    """One mail to whoever has this address. Where nobody has it, the worker sends none, and the request took as long."""
    enqueue(db.session, "account.mail", {"template": template, "email": email}, now(), about=ABOUT)
