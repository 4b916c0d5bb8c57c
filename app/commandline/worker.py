"""`flask worker`: the worker as a process of its own, or once over what is due."""

import signal
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from app import worker
from app.foundation.clock import now

group = AppGroup("worker", help="Sends mail, seals letters, does what happens by date.")


@group.command("run")
def run() -> None:
    """Work until stopped."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    click.echo("The worker runs. Stop it with Ctrl+C.")
    worker.run(current_app._get_current_object(), stop)  # type: ignore[attr-defined]


@group.command("once")
def once() -> None:
    """Do what is due now, then stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker.run_schedule(app, now())
    worker.run_chores(app, now())
    click.echo(f"{worker.drain(app)} messages handled.")
