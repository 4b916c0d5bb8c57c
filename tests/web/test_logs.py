"""What is logged can be read by a program, and tells no secrets."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from app.web.logs import init_logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[io.StringIO, Terminal], ids=["file", "terminal"])
def stream(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    made = request.param()
    assert isinstance(made, io.StringIO)
    init_logs(made)
    yield made
    init_logs()


def _fail(password: str) -> None:
    raise ValueError(f"a problem with {len(password)} characters")


def test_a_failure_is_logged_without_the_values_of_its_variables(stream: io.StringIO) -> None:
    password = "correct horse"
    try:
        _fail(password)
    except ValueError:
        structlog.get_logger().exception("unexpected", path="/somewhere")
    written = stream.getvalue()
    assert "a problem with 13 characters" in written
    assert "in _fail" in written
    assert password not in written


def test_a_line_in_a_file_is_json_with_a_moment_and_a_level() -> None:
    stream = io.StringIO()
    init_logs(stream)
    structlog.get_logger().warning("message_failed", id=7)
    init_logs()
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["id"]) == ("message_failed", "warning", 7)
    assert line["timestamp"].endswith("Z")
