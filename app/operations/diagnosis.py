"""`flask doctor`: what is wrong with an installation, in words, with the command that mends each thing."""

import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.history.queries import faults
from app.operations.health import Check, health
from app.operations.mail_settings import mail_settings
from app.search.engine.following import index_state

LEAST_FREE = 500 * 1024 * 1024


def diagnosis(session: Session, config: Mapping[str, object], now: datetime) -> list[Check]:
    """Every check, in the order in which things have to be mended."""
    home = Path(str(config["ONEPACT_HOME"]))
    checks = [_home(home), *_secrets(home, config)]
    checks += health(session, str(config["SMTP_URL"]), bool(config.get("IS_DEMO")), now)
    checks += mail_settings(config)
    checks.append(_history(session))
    checks.append(_search(session))
    return checks


def _home(home: Path) -> Check:
    if not home.is_dir():
        return Check("home", False, f"{home} is not there", "flask init")
    if not os.access(home, os.W_OK):
        return Check(
            "home",
            False,
            f"{home} cannot be written",
            f"chown it to the account that runs Onepact: chown -R onepact {home}",
        )
    free = shutil.disk_usage(home).free
    if free < LEAST_FREE:
        return Check(
            "disk", False, f"{free // 1024**2} MB free", "Make room: letters and uploads need at least 500 MB."
        )
    return Check("home", True, str(home))


def _secrets(home: Path, config: Mapping[str, object]) -> list[Check]:
    found = []
    for name in ("SECRET_KEY", "SEAL_PASSPHRASE"):
        set_ = bool(config.get(name))
        found.append(Check(name, set_, "is set" if set_ else "is not set", "flask init"))
    seal = any((home / "keys").glob("seal*"))
    found.append(Check("keys", seal, "root and seal keys are there" if seal else "there is no seal key", "flask init"))
    return found


def _search(session: Session) -> Check:
    """Whether this machine's search index holds what the database holds. It looks, and mends nothing."""
    try:
        state, is_fine = index_state(session)
    except SQLAlchemyError:
        return Check("search index", False, "cannot be compared: the database does not answer", "flask doctor, later")
    return Check("search index", is_fine, state, "" if is_fine else "flask catalog reindex")


def _history(session: Session) -> Check:
    try:
        wrong = faults(session)
    except SQLAlchemyError:
        return Check("history", False, "cannot be read", "flask init")
    if wrong:
        return Check(
            "history",
            False,
            "; ".join(wrong[:3]),
            "Restore the database from the last good backup, and tell the secretariat.",
        )
    return Check("history", True, "is whole")
