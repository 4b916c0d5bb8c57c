"""The demo's keys: certified before the first letter of its story, so that letters of last winter are validly sealed."""

from datetime import datetime
from pathlib import Path

from flask import Flask

from app.letters.keys import ensure_keys


def date_back_keys(app: Flask, moment: datetime) -> None:
    """Make the root and seal keys of an installation that has sealed nothing yet anew, as of an earlier moment."""
    folder = Path(str(app.config["ONEPACT_HOME"])) / "keys"
    for name in ("root.crt", "root.key", "seal.crt", "seal.key"):
        (folder / name).unlink(missing_ok=True)
    ensure_keys(folder, str(app.config["SEAL_PASSPHRASE"]), str(app.config["CONSORTIUM_NAME"]), moment)
