"""What the operator is told about an installation: in words, with the command that mends it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.foundation.installation import Installation
from app.operations.diagnosis import diagnosis
from app.operations.health import Check, health
from app.outbox.commands import enqueue
from app.outbox.models import MessageState

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SMTP = "smtp://127.0.0.1:25"


def _by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def _install(session: Session, seen: datetime | None = NOW) -> None:
    session.add(Installation(id=1, is_demo=False, created_at=NOW, worker_seen_at=seen))
    session.flush()


def test_a_working_installation_is_fine(session: Session) -> None:
    _install(session)
    assert all(check.is_fine for check in health(session, SMTP, False, NOW))


def test_an_empty_database_names_the_command(session: Session) -> None:
    check = _by_name(health(session, SMTP, False, NOW))["database"]
    assert (check.is_fine, check.remedy) == (False, "flask init")


def test_a_silent_worker_is_noticed(session: Session) -> None:
    _install(session, NOW - timedelta(minutes=3))
    assert not _by_name(health(session, SMTP, False, NOW))["worker"].is_fine


def test_late_messages_are_noticed_although_the_worker_was_seen(session: Session) -> None:
    _install(session)
    enqueue(session, "mail.send", {}, NOW - timedelta(hours=1))
    session.flush()
    check = _by_name(health(session, SMTP, False, NOW))["worker"]
    assert not check.is_fine
    assert "1 messages are late" in check.seen


def test_messages_that_were_given_up_are_noticed(session: Session) -> None:
    _install(session)
    enqueue(session, "mail.send", {}, NOW).state = MessageState.FAILED
    session.flush()
    assert not _by_name(health(session, SMTP, False, NOW))["mail"].is_fine


def test_mail_without_a_server_is_right_for_the_demo_alone(session: Session) -> None:
    _install(session)
    assert _by_name(health(session, "", True, NOW))["mail"].is_fine
    assert not _by_name(health(session, "", False, NOW))["mail"].is_fine


def test_the_doctor_names_a_missing_home_and_missing_secrets(session: Session, tmp_path: Path) -> None:
    _install(session)
    config = {
        "ONEPACT_HOME": tmp_path / "nowhere",
        "SMTP_URL": "",
        "IS_DEMO": True,
        "SECRET_KEY": "",
        "SEAL_PASSPHRASE": "set",
    }
    checks = _by_name(diagnosis(session, config, NOW))
    assert [name for name, check in checks.items() if not check.is_fine] == ["home", "SECRET_KEY", "keys"]
    assert all(check.remedy for check in checks.values() if not check.is_fine)
