"""`flask outbox`: what must still be sent or made, for the operator."""

import json

import click
from flask.cli import AppGroup

from app.foundation.clock import now
from app.foundation.database import begin_writing
from app.outbox import commands, queries
from app.outbox.models import MessageState
from app.web.database import db

group = AppGroup("outbox", help="What must still be sent or made.")


@group.command("list")
@click.option("--state", type=click.Choice([s.value for s in MessageState]))
@click.option("--json", "as_json", is_flag=True)
def list_messages(state: str | None, as_json: bool) -> None:
    """The newest messages, with what went wrong."""
    rows = queries.messages(db.session, MessageState(state) if state else None)
    if as_json:
        keys = ("id", "kind", "about", "state", "attempts", "last_error")
        click.echo(json.dumps([{key: getattr(row, key) for key in keys} for row in rows], indent=2))
        return
    for row in rows:
        click.echo(f"{row.id:>6}  {row.state.value:<8} {row.kind:<16} {row.about or '':<14} {row.last_error or ''}")
    click.echo(f"{len(rows)} messages.")


@group.command("retry")
@click.argument("message_id", type=int)
def retry(message_id: int) -> None:
    """Try a message again at once."""
    begin_writing(db.session)
    commands.retry(db.session, message_id, now())
    db.session.commit()
    click.echo(f"Message {message_id} is due now.")


@group.command("hold")
@click.argument("message_id", type=int)
def hold(message_id: int) -> None:
    """Keep a message back until it is retried."""
    begin_writing(db.session)
    commands.hold(db.session, message_id)
    db.session.commit()
    click.echo(f"Message {message_id} is held; 'flask outbox retry {message_id}' sends it.")
