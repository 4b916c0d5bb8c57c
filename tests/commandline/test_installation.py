"""`flask init` on a database of an earlier version, and the demo where there is none yet."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

import config
from app.factory import create_app
from app.foundation.database import make_engine
from tests.support import run
from tests.support.databases import migrate


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_init_says_to_which_step_the_database_was_brought(
    kind: str, make_database: Callable[[str], str], tmp_path: Path
) -> None:
    url = make_database(kind)
    engine = make_engine(url)
    migrate(engine, "-1")
    engine.dispose()
    secret = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "SEAL_PASSPHRASE")}
    app = create_app(config.read({"ONEPACT_HOME": str(tmp_path), "DATABASE_URL": url, **secret}))
    newest = (run.ROOT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()
    with app.app_context():
        assert f"to {newest}." in app.test_cli_runner().invoke(args=["init"]).output
        assert "nothing was changed" in app.test_cli_runner().invoke(args=["init"]).output


def test_the_demo_is_not_loaded_where_there_is_no_database_yet(tmp_path: Path) -> None:
    secret = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "SEAL_PASSPHRASE")}
    app = create_app(config.read({"ONEPACT_HOME": str(tmp_path), **secret}))
    with app.app_context():
        ran = app.test_cli_runner().invoke(args=["demo", "load"])
    assert (ran.exit_code, "flask init" in ran.output) == (1, True)
