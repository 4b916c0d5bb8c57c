"""`make run` and the `flask` command as a person meets them: in processes of their own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.run import ROOT
from tests.support.server import LiveServer


def _run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**environment, **settings},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


def _health(server: LiveServer) -> dict[str, dict[str, object]]:
    with pytest.raises(urllib.error.HTTPError) as answer:  # 503: there is no mail server, and it says so
        urllib.request.urlopen(f"{server.url}/healthz")
    state: dict[str, dict[str, object]] = json.loads(answer.value.read())
    answer.value.close()
    return state


def test_the_server_answers_and_its_worker_is_alive(live_server: LiveServer) -> None:
    state, until = _health(live_server), time.monotonic() + 30
    while not state["worker"]["ok"] and time.monotonic() < until:  # what waited since the installation was made
        time.sleep(0.5)
        state = _health(live_server)
    assert state["database"]["ok"], state
    assert state["worker"]["ok"], state
    assert not state["mail"]["ok"], state


def test_the_same_server_runs_on_postgresql(live_server_on_postgresql: LiveServer) -> None:
    assert "ok    database" in live_server_on_postgresql.flask("doctor", exit_code=1)


def test_init_changes_nothing_the_second_time(live_server: LiveServer) -> None:
    keys = {path: path.read_bytes() for path in (live_server.home / "keys").iterdir()}
    assert "nothing was changed" in live_server.flask("init")
    assert {path: path.read_bytes() for path in (live_server.home / "keys").iterdir()} == keys


def test_secrets_are_readable_by_their_owner_alone(live_server: LiveServer) -> None:
    for name in ("secret-key", "seal-passphrase", "root.key", "seal.key"):
        assert (live_server.home / "keys" / name).stat().st_mode & 0o077 == 0, name


def test_a_taken_port_is_told_with_one_that_may_be_free(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run("-m", "tools.serve", ONEPACT_HOME=str(tmp_path), PORT=str(port))
    assert done.returncode == 1
    assert f"make run PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_cannot_work_ends_the_command_with_a_remedy(tmp_path: Path) -> None:
    done = _run("-m", "flask", "doctor", ONEPACT_HOME=str(tmp_path), DATABASE_URL="mysql://db/onepact")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Remedy: " in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_tells_a_newcomer_to_begin_with_init(tmp_path: Path) -> None:
    done = _run("-m", "flask", "doctor", ONEPACT_HOME=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "flask init" in done.stdout
    assert "Traceback" not in done.stderr
