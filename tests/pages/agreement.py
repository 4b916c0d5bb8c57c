"""Reading, signing and countersigning the common agreement."""

import re
from pathlib import Path

from tests.pages.somebody import Somebody, text_of


def sign(signatory: Somebody) -> None:
    """From the mail's link to the signature: authority, text, statements, name, code."""
    signatory.follow_mail("Sign")
    signatory.choose("may_sign", "yes")
    signatory.fill("title", "General counsel")
    signatory.choose("power", "statute")
    signatory.fill("notice_address", "1 Example Street, Quito")
    signatory.press("Continue to the text")
    signatory.sees("22 clauses")
    for box in signatory.page.locator('[name="statements"]').all():
        if box.get_attribute("value") != "immunity":
            box.check()
    signatory.fill("name", signatory.name)
    signatory.press("Send me a code")
    mail = signatory.mail("code")
    code = re.search(r"\b\d{3} ?\d{3}\b", text_of(mail))
    assert code, text_of(mail)
    signatory.fill("code", code.group())
    signatory.press("Sign the agreement")
    signatory.sees("countersign")


def countersign(officer: Somebody, organization: str) -> None:
    """Check what there is to check, and countersign."""
    officer.open("/desk/agreement")
    officer.press(f"Countersign: {organization}")
    officer.tick_all("checks")
    officer.fill("note", "Extract of the commercial register, seen today.")
    officer.press("Countersign")
    officer.sees("in force")


def download_executed(person: Somebody, folder: Path) -> Path:
    """The sealed agreement, once the worker has made it."""
    person.follow_mail("in force")
    person.waits_for("Download the executed agreement", patience=60)
    with person.page.expect_download() as downloading:
        person.page.get_by_role("link", name="Download the executed agreement").click()
    path = folder / "executed.pdf"
    downloading.value.save_as(path)
    return path
