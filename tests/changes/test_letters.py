"""Letters of amended grants and of hand-overs conform like every other, and say what their records say."""

from datetime import UTC, datetime
from pathlib import Path

import page
import pytest
from sqlalchemy.orm import Session

from app.changes.handed import record_of
from app.foundation.files import FileStore
from app.grants.commands.letters import Press, sealed_letter
from app.grants.models import Grant
from app.letters.inspect import inspect
from app.letters.keys import known_certificates
from app.rules.roles import Role
from tests.changes.test_handovers import in_force
from tests.factories.changes import LONGER, approve, ask, issue
from tests.factories.organizations import make_person
from tests.factories.proposals import Cast
from tests.letters.conftest import Tool, tool  # noqa: F401


@pytest.fixture
def amended(session: Session, active: Grant, cast: Cast, press: Press, tmp_path: Path) -> Path:
    successor = issue(session, cast, approve(session, cast, active, ask(session, cast, active, LONGER)))
    sealed = sealed_letter(press, successor.record, successor.verify_token, datetime.now(UTC))
    path = tmp_path / "amended.pdf"
    path.write_bytes(sealed.pdf)
    return path


@pytest.fixture
def handed(session: Session, active: Grant, cast: Cast, store: FileStore, press: Press, tmp_path: Path) -> Path:
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
    row = in_force(session, store, press, cast, active, signatory)
    session.refresh(row, ["letter"])
    assert row.letter is not None
    path = tmp_path / "handed.pdf"
    path.write_bytes(store.get(row.letter.key))
    assert record_of(row.record).number == row.number
    return path


def test_the_letter_of_an_amended_grant_conforms_and_says_what_is_new(
    amended: Path,
    press: Press,
    tool: Tool,  # noqa: F811
) -> None:
    for profile in ("3a", "ua1"):
        report = page.validate_pdf(str(amended), profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    words = " ".join(tool("pdftotext", "-layout", amended, "-").split())
    assert "Amended grant of use" in words
    assert "GR-2026-0001" in words
    assert "In force until 22 November 2027 31 March 2028" in words
    assert inspect(amended.read_bytes(), known_certificates(press.keys)).number == "GR-2026-0002"


def test_the_letter_of_a_hand_over_conforms_and_names_its_grant(
    handed: Path,
    press: Press,
    tool: Tool,  # noqa: F811
) -> None:
    for profile in ("3a", "ua1"):
        report = page.validate_pdf(str(handed), profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    words = " ".join(tool("pdftotext", "-layout", handed, "-").split())
    assert "Hand-over of use" in words
    assert "Under grant" in words
    assert "Helena Voss" in words
    assert "Ines Prado" in words
    assert inspect(handed.read_bytes(), known_certificates(press.keys)).number == "GR-2026-0001-S1"
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", handed)


def test_the_first_page_of_a_hand_over_carries_all_of_its_promises_and_the_signatures(
    handed: Path,
    tool: Tool,  # noqa: F811
) -> None:
    words = " ".join(tool("pdftotext", "-layout", "-l", "1", handed, "-").split())
    assert "Never try to identify anyone" in words
    assert "Scan to verify" in words


def test_the_terms_of_a_hand_over_end_with_it_and_not_with_its_grant(
    handed: Path,
    tool: Tool,  # noqa: F811
) -> None:
    lines = [line.split() for line in tool("pdftotext", "-layout", handed, "-").splitlines()]
    assert ["End", "Wed", "30", "Jun", "2027"] in [line[:5] for line in lines]
