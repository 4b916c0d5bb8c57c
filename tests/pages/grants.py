"""Issuing, the letter, verifying it, the register."""

import re
import subprocess
from pathlib import Path

from tests.pages.somebody import Somebody, eventually


def issue(director: Somebody, case: str) -> str:
    """Issue the grants of a decided proposal; returns the number of the one that is."""
    director.open(f"/proposals/{case}/issue")
    director.press("Issue one grant")
    director.open("/grants")
    found = re.search(r"GR-\d{4}-\d{4}", director.page.locator("main").inner_text())
    assert found
    return found.group()


def waits_until_active(person: Somebody, number: str) -> None:
    """The worker seals the letter, and its mail comes."""
    person.open(f"/grants/{number}")
    person.waits_for("Download the letter", patience=60)


def download_letter(person: Somebody, number: str, folder: Path) -> Path:
    """The sealed letter."""
    person.open(f"/grants/{number}")
    with person.page.expect_download() as downloading:
        person.page.get_by_role("link", name="Download the letter").click()
    path = folder / f"{number}.pdf"
    downloading.value.save_as(path)
    return path


def verifies_as(visitor: Somebody, file: Path, verdict: str) -> None:
    """Choose the file on the verify page and read the verdict."""
    visitor.open("/verify")
    visitor.page.set_input_files('[name="file"]', file)
    visitor.press("Verify")
    visitor.sees(verdict)


def verifies_by_code(visitor: Somebody, letter: Path, folder: Path, number: str) -> None:
    """Scan the QR code of the printed letter and open what it says."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", letter, folder / "scan"], check=True)
    scan = next(folder.glob("scan*.png"))
    read = subprocess.run(["zbarimg", "--raw", "-q", scan], check=True, capture_output=True, text=True).stdout.strip()
    assert f"/v/{number}?t=" in read
    visitor.open(read)
    visitor.sees("in force")
    visitor.open(read[:-4] + "0000")
    assert "in force" not in visitor.page.locator("main").inner_text()


def stands_in_register(visitor: Somebody, number: str, *names: str) -> None:
    """The public reads it in plain words, without signing in."""
    visitor.open("/register")
    visitor.page.locator(f'main a[href*="{number}"]').first.click()
    for name in names:
        visitor.sees(name)


def revoke(steward: Somebody, number: str, reason: str) -> None:
    """The data partner ends the grant."""
    steward.open(f"/grants/{number}/revoke")
    steward.choose("ground", "agreed")
    steward.fill("reason", reason)
    steward.page.locator("main form button[type=submit], main form button").last.click()
    eventually(lambda: steward.page.url if steward.page.url.endswith(number) else None, "back on the grant's page")
    steward.sees(reason)
