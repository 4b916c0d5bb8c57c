"""The secrets and keys that `flask init` makes under ONEPACT_HOME/keys, once."""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

from app.foundation.clock import now
from app.letters.keys import ensure_keys

_FILES = {"SECRET_KEY": "secret-key", "SEAL_PASSPHRASE": "seal-passphrase"}


def make_secrets(home: Path, config: MutableMapping[str, object]) -> list[str]:
    """Make what is missing and put it into `config`; returns what was made, in words."""
    keys, made = home / "keys", []
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, filename in _FILES.items():
        if config.get(name):
            continue
        path = keys / filename
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
            made.append(filename)
        config[name] = path.read_text().strip()
    return [*made, *ensure_keys(keys, str(config["SEAL_PASSPHRASE"]), str(config["CONSORTIUM_NAME"]), now())]


def _write_once(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
