"""LEDGER holds: each line names a version that is there, unchanged, and lines are only ever appended."""

import subprocess
from pathlib import Path

import pytest

from app.agreements.library import FOLDER, BrokenAgreement, Library, library
from tests.support.run import ROOT


def test_every_published_version_is_there_and_unchanged() -> None:
    assert library().ledger
    for entry in library().ledger:
        assert library().version(entry.id).text_hash == entry.sha256


def test_the_hash_is_what_two_ordinary_programs_print() -> None:
    entry = library().ledger[0]
    command = "sha256sum en.md meta.toml plain.en.toml terms.toml | sha256sum"
    done = subprocess.run(
        ["sh", "-c", command], cwd=FOLDER / "common" / entry.id, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == entry.sha256


def test_versions_stand_in_the_order_of_their_days() -> None:
    days = [entry.published_on for entry in library().ledger]
    assert days == sorted(days)


def test_lines_are_only_appended() -> None:
    command = ["git", "show", "HEAD:agreements/LEDGER"]
    before = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if before.returncode != 0:
        pytest.skip("no commit holds LEDGER here, such as in an archive without history")
    assert (FOLDER / "LEDGER").read_text(encoding="utf-8").startswith(before.stdout)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("2026-1 2026-01-15 " + "0" * 64, "two spaces"),
        ("2026-1  2026-01-15  xyz", "two spaces"),
        (f"2026-1  2026-01-15  {'0' * 64}\n2026-1  2026-01-16  {'1' * 64}", "twice"),
        (f"../x  2026-01-15  {'0' * 64}", "two spaces"),
    ],
)
def test_a_malformed_ledger_is_refused(tmp_path: Path, lines: str, why: str) -> None:
    (tmp_path / "LEDGER").write_text(lines)
    with pytest.raises(BrokenAgreement, match=why):
        _ = Library(tmp_path).ledger


def test_a_missing_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenAgreement, match="cannot be read"):
        _ = Library(tmp_path).ledger
