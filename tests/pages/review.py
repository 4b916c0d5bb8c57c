"""The intake check, the data partners' decisions, and where a proposal stands."""

from tests.pages.somebody import Somebody

CHECKS = ("complete", "purpose", "datasets", "people", "declared")


def pass_intake(officer: Somebody, case: str) -> None:
    """From the mail: five times yes, pass it on."""
    officer.follow_mail("Check")
    officer.open(f"/proposals/{case}/intake")
    for check in CHECKS:
        officer.choose(f"check-{check}", "yes")
    officer.press("Pass it on")


def ask_for_changes(steward: Somebody, case: str, words: str) -> None:
    """Ask the team for a change."""
    steward.follow_mail("Decide by")
    steward.open(f"/proposals/{case}/review")
    steward.fill("words", words)
    steward.press("Ask for changes")


def approve_with_conditions(steward: Somebody, case: str, words: str) -> None:
    """Approve the partner's own item under a condition."""
    steward.open(f"/proposals/{case}/review")
    steward.fill("words", words)
    steward.press("Approve with conditions")
    steward.sees("Undo")


def do_not_approve(steward: Somebody, case: str, words: str) -> None:
    """Say no, with a reason of the list and words; without them the page says what is missing and keeps what was typed."""
    steward.open(f"/proposals/{case}/review")
    steward.unfold()
    steward.fill("words", words)
    steward.press("Do not approve")
    steward.sees("Choose the reason")
    assert steward.page.locator('[name="words"]').input_value() == words
    steward.unfold()
    steward.choose("reason", "finer_than_needed")
    steward.press("Do not approve")
    steward.sees("Undo")


def says_whose_turn(person: Somebody, case: str, name: str) -> None:
    """The case's page names who must act."""
    person.open(f"/proposals/{case}")
    person.sees(name)


def history_tells(person: Somebody, case: str, events: list[str]) -> None:
    """The history names every step, under the agreement's version."""
    person.open(f"/proposals/{case}/history")
    for event in [*events, "2026-1"]:
        person.sees(event)
