"""Compiled templates are kept under the installation's home, and nothing depends on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

from app.web.compiled import init_compiled


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The home of an installation."""
    yield tmp_path
    tmp_path.chmod(0o700)


def _said(home: Path, source: str) -> str:
    """What a page of this source says in a process that has just begun."""
    app = Flask("app")
    app.config["ONEPACT_HOME"] = home
    app.jinja_env.loader = DictLoader({"page.html": source})
    init_compiled(app)
    return app.jinja_env.get_template("page.html").render(name="Rosa")


def test_a_template_is_compiled_once_and_its_folder_is_its_owners_alone(home: Path) -> None:
    assert _said(home, "Hello {{ name }}") == "Hello Rosa"
    (kept,) = (home / "templates").iterdir()
    assert (home / "templates").stat().st_mode & 0o077 == 0
    before = kept.stat().st_mtime_ns
    assert _said(home, "Hello {{ name }}") == "Hello Rosa"
    assert kept.stat().st_mtime_ns == before


def test_a_template_that_has_changed_is_compiled_anew(home: Path) -> None:
    _said(home, "Hello {{ name }}")
    assert _said(home, "Goodbye {{ name }}") == "Goodbye Rosa"


def test_what_is_damaged_is_compiled_anew(home: Path) -> None:
    _said(home, "Hello {{ name }}")
    (kept,) = (home / "templates").iterdir()
    kept.write_bytes(b"\0" * 40)
    assert _said(home, "Hello {{ name }}") == "Hello Rosa"


def test_pages_answer_where_nothing_can_be_kept(home: Path) -> None:
    assert _said(home / "not there", "Hello {{ name }}") == "Hello Rosa"
    (home / "templates").write_text("a file in its place")
    assert _said(home, "Hello {{ name }}") == "Hello Rosa"
