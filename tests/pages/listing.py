"""Writing and checking a listing."""

import re
from datetime import date

from tests.pages.somebody import Somebody


def cannot_be_sent_yet(steward: Somebody) -> None:
    """Before the agreement is in force, the steward is told what is missing."""
    steward.open("/desk/listings")
    steward.sees("agreement")


def write(steward: Somebody, title: str, theme: str) -> str:
    """Write the four pages and ask for the check; returns the listing's reference."""
    steward.open("/desk/listings")
    steward.press("List a dataset")
    steward.press("Begin with an empty page")
    _what(steward, title, theme)
    _where(steward)
    _access(steward)
    _terms(steward)
    found = re.search(r"DS-\d+", steward.page.url)
    assert found, steward.page.url
    steward.press("Send to check")
    return found.group()


def publish(officer: Somebody, reference: str) -> None:
    """The secretariat looks at it and lists it."""
    officer.open(f"/desk/checks/{reference}")
    officer.press("List it")
    officer.open(f"/datasets/{reference}")
    officer.sees("Data in hand at most")


def _what(steward: Somebody, title: str, theme: str) -> None:
    steward.fill("title", title)
    steward.fill("summary", "Counts by block and hour in Quito since 2022.")
    steward.fill(
        "description", "Counted from devices whose owners agreed; cells under ten are removed before we store them."
    )
    steward.choose("themes", theme)
    steward.fill("keywords", "quito, movement, hourly")
    steward.fill("not_good_for", "Rural areas\nPeople without a phone")
    steward.press("Save and continue")


def _where(steward: Somebody) -> None:
    steward.choose("countries", "EC")
    steward.fill_day("coverage_start", date(2022, 1, 1))
    steward.fill("unit", "Block in an hour")
    steward.choose("frequency", "monthly")
    steward.fill("contact", "data@example.com")
    steward.press("Save and continue")


def _access(steward: Somebody) -> None:
    steward.choose("access_mode", "secure_transfer")
    steward.choose("sensitivity", "2")
    steward.fill("delivery_steps", "Files in your transfer folder.")
    steward.choose("visibility", "public")
    steward.press("Save and continue")


def _terms(steward: Somebody) -> None:
    steward.unfold()
    steward.choose("permitted_purposes", "dev")
    steward.press("Save and finish")
