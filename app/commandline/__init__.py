"""The operator's command line: words to people, JSON to programs, exit codes 0, 1 and 2.

A group is loaded when it is asked for: a server that answers pages needs none of them, nor what only they use.
"""

import click
from flask import Flask
from flask.cli import AppGroup
from werkzeug.utils import import_string

__all__ = ["register"]

COMMANDS = {
    "catalog": "catalog:group",
    "demo": "demo:group",
    "doctor": "installation:doctor",
    "grant": "grants:grants",
    "init": "installation:init",
    "keys": "grants:keys",
    "mail": "mail:group",
    "organization": "organizations:group",
    "outbox": "outbox:group",
    "policy": "policy:policy",
    "worker": "worker:group",
}


class _Commands(AppGroup):
    """The commands of an application; those of `COMMANDS` come from their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if place := COMMANDS.get(cmd_name):
            command: click.Command = import_string(f"{__name__}.{place}")
            return command
        return super().get_command(ctx, cmd_name)


def register(app: Flask) -> None:
    """Let `flask` find every command, beside those that the application has already."""
    own, app.cli = app.cli, _Commands(app.cli.name, params=app.cli.params)
    for command in own.commands.values():
        app.cli.add_command(command)
