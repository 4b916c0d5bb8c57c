"""The command line is found without being loaded."""

import subprocess
import sys
from pathlib import Path

from flask import Flask

from app.commandline import COMMANDS

ROOT = Path(__file__).parents[2]
PARTS = ("app.commandline.", "app.demo.loading", "alembic")
LOADED = f"import sys, wsgi; print(*(name for name in sys.modules if name.startswith({PARTS})))"


def test_each_command_is_found_under_its_own_name(app: Flask) -> None:
    context = app.cli.make_context("flask", [], resilient_parsing=True)
    assert set(COMMANDS) <= set(app.cli.list_commands(context))
    for name in COMMANDS:
        found = app.cli.get_command(context, name)
        assert found is not None
        assert found.name == name
        assert found.help


def test_an_unknown_command_is_not_found(app: Flask) -> None:
    assert app.cli.get_command(app.cli.make_context("flask", [], resilient_parsing=True), "no-such-command") is None


def test_a_server_that_answers_pages_loads_no_command(tmp_path: Path) -> None:
    environment = {"ONEPACT_HOME": str(tmp_path / "home"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
