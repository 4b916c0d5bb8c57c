"""The letter of a real record: every kind conforms, says what was granted, and holds its own against strange words."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import page
import pytest
from sqlalchemy.orm import Session

from app.grants.commands import issue
from app.grants.commands.letters import Press, sealed_letter
from app.grants.letter import letter, manuscript
from app.grants.models import Grant
from app.grants.record import Record, from_json, record_hash, to_json
from app.letters.inspect import inspect
from app.letters.keys import known_certificates
from app.letters.render import render
from app.organizations.models import Organization
from tests.factories.catalog import make_dataset
from tests.factories.grants import CONSORTIUM, NOW, director_of, make_decided, make_issued, make_ready_cast
from tests.factories.proposals import Cast
from tests.letters.conftest import Tool, tool  # noqa: F401

URL = "https://data.meridian.example"
TOKEN = "7be211f8c3d602aa"


@pytest.fixture
def record(session: Session) -> Record:
    return from_json(make_issued(session, make_ready_cast(session, 1))[0].record)


def of_one_dataset(session: Session, cast: Cast) -> Grant:
    return make_issued(session, cast)[0]


def of_three_datasets(session: Session, cast: Cast) -> Grant:
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    datasets = [make_dataset(session, partner) for _ in range(3)]
    proposal = make_decided(session, cast, datasets=datasets)
    return issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)[0]


def of_an_unnamed_partner(session: Session, cast: Cast) -> Grant:
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    partner.name = "CANARY Company"
    shy = make_dataset(session, partner, conditions={"permitted_purposes": ["dev.mobility"], "donor_anonymous": True})
    proposal = make_decided(session, cast, datasets=[shy])
    return issue(session, director_of(session, cast), proposal.reference, CONSORTIUM, NOW)[0]


@pytest.mark.parametrize("kind", [of_one_dataset, of_three_datasets, of_an_unnamed_partner])
def test_every_kind_of_letter_conforms_and_carries_its_policy(
    session: Session,
    press: Press,
    tmp_path: Path,
    tool: Tool,  # noqa: F811
    kind: Callable[[Session, Cast], Grant],
) -> None:
    grant = kind(session, make_ready_cast(session, 1))
    path = tmp_path / "letter.pdf"
    path.write_bytes(sealed_letter(press, grant.record, grant.verify_token, datetime.now(UTC)).pdf)
    for profile in ("3a", "ua1"):
        report = page.validate_pdf(str(path), profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", path)
    tool("pdfdetach", "-save", "1", "-o", tmp_path / "policy", path)
    policy = json.loads((tmp_path / "policy").read_text())
    assert policy["number"] == grant.number
    assert policy["x:recordSha256"] == grant.record_hash
    assert inspect(path.read_bytes(), known_certificates(press.keys)).number == grant.number


def test_a_letter_for_one_dataset_stands_on_one_page(record: Record, tmp_path: Path, tool: Tool) -> None:  # noqa: F811
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(manuscript(record, TOKEN, URL)).pdf)
    first = tool("pdftotext", "-f", "1", "-l", "1", "-layout", path, "-")
    assert "Grant of use" in first
    assert "Scan to verify" in first
    assert "Evidence of signing" in tool("pdftotext", "-f", "2", "-l", "2", path, "-")


def test_the_letter_says_what_the_record_says(record: Record, tmp_path: Path, tool: Tool) -> None:  # noqa: F811
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(manuscript(record, TOKEN, URL)).pdf)
    words = " ".join(tool("pdftotext", "-layout", path, "-").split())
    for said in (
        record.number, record.datasets[0].title, record.datasets[0].reference, record.data_partner.name, record.member.name,
        "23 November 2026 to 22 November 2027", "Delete the data and certify it", "by 22 December 2027", "20.1",
        record.agreement_sha256, record.proposal_sha256, record_hash(record), "Code 7be2 11f8 c3d6 02aa",
    ):  # fmt: skip
        assert said in words, said


def test_an_unnamed_data_partner_is_named_nowhere_in_its_letter(session: Session, tmp_path: Path, tool: Tool) -> None:  # noqa: F811
    grant = of_an_unnamed_partner(session, make_ready_cast(session, 1))
    made = manuscript(from_json(grant.record), TOKEN, URL)
    assert "CANARY" not in made.html
    assert b"CANARY" not in made.attachments[0].data
    assert from_json(grant.record).data_partner.slug.encode() not in made.attachments[0].data
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(made).pdf)
    assert "CANARY" not in tool("pdftotext", path, "-")


def test_the_address_in_the_code_is_the_configured_one(record: Record) -> None:
    assert f"{URL}/v/{record.number}?t={TOKEN}" in str(letter(record, TOKEN, URL + "/").qr_code)


STRANGE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "</title><link rel=attachment href=file:///etc/passwd>",
    "<a rel=attachment href='file:///etc/passwd'>x</a>",
    "%s %n %(day)s",
    "名前 Имя όνομα اسم नाम 😀",
    "w" * 300,
    "a\u00adb\u200bc\u2028d",
)


@pytest.mark.parametrize("words", STRANGE)
def test_strange_words_are_printed_and_nothing_more(record: Record, words: str, tmp_path: Path) -> None:
    dataset = replace(record.datasets[0], title=words, unit=words, release=words)
    strange = replace(record, title=words, purpose_words=words, kept_where=words, datasets=(dataset,))
    strange = from_json(to_json(replace(strange, approvals=tuple(replace(a, words=words) for a in record.approvals))))
    made = manuscript(strange, TOKEN, URL)
    assert "<script>alert" not in made.html
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(made).pdf)
    for profile in ("3a", "ua1"):
        report = page.validate_pdf(str(path), profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    assert b"root:" not in path.read_bytes()
