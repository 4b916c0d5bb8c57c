"""A program: starts a throw-away PostgreSQL in a folder and ends it when told, or when the test run is gone.

    python -m tests.support.postgres_keeper FOLDER PID_OF_THE_TEST_RUN

Writes FOLDER/postgres.json: {"port": …} once it accepts connections, or {"problem": …}. As root it runs the server
as somebody else, because PostgreSQL refuses root.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.support.programs import free_port, postgresql

OWNER = "onepact"
PATIENCE = 60.0  # seconds until a server that does not answer counts as broken
SPEED = {  # the data need not outlive the run
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
}


class Broken(Exception):
    """The server did not come up; the message is its own words."""


def main(folder: Path, test_run: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    server: subprocess.Popen[bytes] | None = None
    try:
        server, port = _start(folder)
        _tell(folder, {"port": port})
        while _is_alive(test_run) and server.poll() is None:
            time.sleep(0.3)
    except Broken as problem:
        _tell(folder, {"problem": str(problem)})
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once, without a checkpoint: nothing is kept
            server.wait()
        shutil.rmtree(folder / "postgres", ignore_errors=True)


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    programs = postgresql()
    if programs is None:
        raise Broken("initdb is nowhere")
    home = folder / "postgres"
    home.mkdir(mode=0o700)
    user = _user()
    if user:
        shutil.chown(home, user.pw_name, user.pw_gid)
    log = home / "log"
    made = _run(
        [
            programs / "initdb",
            "-D",
            home / "data",
            "-U",
            OWNER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        user,
        home,
    )
    if made.wait():
        raise Broken(f"initdb: {made.stderr.read().decode() if made.stderr else ''}")
    port = free_port()
    options = [f"-c{name}={value}" for name, value in SPEED.items()]
    server = _run(
        [programs / "postgres", "-D", home / "data", "-h", "127.0.0.1", "-p", str(port), "-k", home, *options],
        user,
        home,
        log,
    )
    _await(server, port, log)
    return server, port


def _run(
    command: list[str | Path], user: pwd.struct_passwd | None, cwd: Path, log: Path | None = None
) -> subprocess.Popen[bytes]:
    output = log.open("wb") if log else subprocess.PIPE
    return subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user=OWNER, dbname="postgres").close()
            return
        time.sleep(0.05)
    server.kill()
    raise Broken(log.read_text(errors="replace")[-2000:])


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise Broken("PostgreSQL does not run as root, and there is neither a postgres nor a nobody to run it as")


def _tell(folder: Path, message: dict[str, object]) -> None:
    draft = folder / "postgres.json.draft"
    draft.write_text(json.dumps(message))
    draft.rename(folder / "postgres.json")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
