"""`flask mail`: reading replies now, and a test mail, for the operator."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app import worker
from app.correspondence.mailbox import MailboxError
from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.organizations.addresses import clean_address
from app.outbox.commands import enqueue
from app.web.database import db

group = AppGroup("mail", help="Mail that comes in, and a test of mail that goes out.")

_ENDS = {
    "posted": "posted",
    "held": "held for their authors",
    "refused": "refused, and their authors told why",
    "ignored": "not replies, passed over",
    "known": "handled before",
}


@group.command("fetch")
def fetch() -> None:
    """Read the mailbox for replies now; the worker does so each minute."""
    if not current_app.config.get("IMAP_URL") or not current_app.config.get("INBOUND_ADDRESS"):
        click.echo("Replies by mail are not set up. Set INBOUND_ADDRESS and IMAP_URL; flask doctor says how.", err=True)
        sys.exit(1)
    try:
        found = worker.fetch_mail(current_app._get_current_object())  # type: ignore[attr-defined]
    except MailboxError as error:
        click.echo(f"The mailbox could not be read: {error}\n  flask doctor says what to set.", err=True)
        sys.exit(1)
    for end, words in _ENDS.items():
        if found.get(end):
            click.echo(f"{found[end]} {words}.")
    click.echo(f"{sum(found.values())} mails read.")


@group.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Write a test mail to ADDRESS; the worker sends it."""
    begin_writing(db.session)
    enqueue(db.session, "mail.test", {"address": clean_address(address)}, now(), about="mail test")
    db.session.commit()
    click.echo(f"A test mail to {address} is in the outbox. Send it now: flask worker once")
