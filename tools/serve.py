"""`make run`: makes the installation ready, shows the way in, and serves it on loopback with its worker in a thread.

    python -m tools.serve                  loads the demo consortium into an installation that is still empty
    python -m tools.serve --without-demo   leaves it empty

In production the web server and the worker run on their own: see README.md.
"""

import contextlib
import io
import json
import multiprocessing
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app.base import BaseApplication

import config
from app import worker
from app.demo.loading import is_empty
from app.factory import create_app
from app.foundation.errors import DomainError
from app.web.database import db

HOST = "127.0.0.1"
THREADS = 8


class Server(BaseApplication):
    """gunicorn with one application that is already built, so that a start imports everything once."""

    def __init__(self, app: Flask, settings: config.Settings, when_ready: Callable[[], None]) -> None:
        self.app, self.settings, self.when_ready = app, settings, when_ready
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{HOST}:{self.settings['PORT']}",
            "workers": self.settings["WEB_WORKERS"],
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "loglevel": "warning",
            "control_socket_disable": True,
            "forwarder_headers": "",  # none of a request's headers says where the application stands
            "when_ready": lambda _server: self.when_ready(),
            "post_worker_init": lambda _worker: worker.start(self.app),
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def main(arguments: list[str]) -> None:
    """Make ready, then serve until stopped."""
    settings = config.read(os.environ)
    _refuse_taken_port(settings["PORT"])
    if not (settings["SECRET_KEY"] and settings["SEAL_PASSPHRASE"]):
        run(create_app(settings), "init")  # writes the secrets that the application below is built with
        settings = config.read(os.environ)
    app = create_app(settings)
    links = json.loads(apart(lambda: make_ready(app, with_demo="--without-demo" not in arguments)))
    Server(app, settings, lambda: welcome(settings["PUBLIC_URL"], links)).run()


def make_ready(app: Flask, *, with_demo: bool) -> str:
    """Bring the installation up to date, and fill it while it is empty; returns the demo's links as JSON."""
    run(app, "init")
    with app.app_context():
        wants_demo = with_demo and is_empty(db.session)
    if wants_demo:
        print("Loading the demo consortium; this is done once …", flush=True)
        run(app, "demo", "load")
    return run(app, "demo", "links", "--json")


def apart(work: Callable[[], str]) -> str:
    """Run this in a process of its own and return its answer; ends the program where that one does.

    gunicorn forks this process: what it had opened before, a connection or the file store's threads, would be of no use in
    its children.
    """
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    process = fork.Process(target=lambda: sender.send(work()))
    process.start()
    sender.close()
    try:
        answer: str = receiver.recv()
    except EOFError:
        process.join()
        raise SystemExit(process.exitcode or 1) from None
    process.join()
    return answer


def run(app: Flask, *arguments: str) -> str:
    """Run one `flask` command in this process and return what it printed; ends the program when it fails."""
    printed = io.StringIO()
    try:
        with app.app_context(), contextlib.redirect_stdout(printed):
            app.cli.main(
                arguments, prog_name="flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda _=None: app)
            )
    except (click.ClickException, DomainError) as problem:
        raise SystemExit(f"flask {' '.join(arguments)}: {problem}") from problem
    return printed.getvalue()


def welcome(address: str, links: list[dict[str, str]]) -> None:
    """Say where the product is, and how to get in as whom."""
    print(f"\nOnepact answers at {address}  (Ctrl+C ends it)", flush=True)
    if links:
        print("\nThe demo consortium is fictional. Sign in as:")
        widest = max(len(f"{link['person']}, {link['organization']}") for link in links)
        for link in links:
            who = f"{link['person']}, {link['organization']}"
            print(f"  {link['role']:<22} {who:<{widest}}  {link['url']}", flush=True)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SystemExit(f"Port {port} cannot be used ({error.strerror}). Try: make run PORT={port + 1}") from error


if __name__ == "__main__":
    main(sys.argv[1:])
