"""Programs of this machine that tests start, and free ports for them."""

import shutil
import socket
import subprocess
from pathlib import Path

BROWSERS = ("chromium", "google-chrome", "chromium-browser")


def postgresql() -> Path | None:
    """The folder of initdb and postgres: on the PATH, or the newest that Debian has installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0, default=None)
    return newest.parent if newest else None


def browser() -> str | None:
    """A Chromium that answers; where there is none, Playwright looks for its own."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
