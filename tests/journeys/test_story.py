"""The main job, end to end, in a real browser, over a real mail server: from one agreement to a verified grant letter."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pages import agreement, grants, listing, organizations, proposal, review
from tests.pages.somebody import Somebody
from tests.support import run
from tests.support.browser import FAILED
from tests.support.mail import MailServer
from tests.support.server import LiveServer, serving

Cast = Callable[[str, str], Somebody]


@pytest.fixture
def site(tmp_path: Path, mail_server: MailServer) -> Iterator[LiveServer]:
    """A new installation that sends its mail to the test's server."""
    with serving(tmp_path / "home", {"SMTP_URL": mail_server.url}) as server:
        yield server


@pytest.fixture
def cast(browser: Browser, site: LiveServer, mail_server: MailServer, request: pytest.FixtureRequest) -> Iterator[Cast]:
    """Makes people, each with a browser profile of their own."""
    people: list[Somebody] = []

    def enter(name: str, email: str) -> Somebody:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", timezone_id="UTC")
        context.set_default_timeout(40_000)
        people.append(Somebody(name, email, site.url, context, mail_server))
        return people[-1]

    yield enter
    for person in people:
        if request.node.stash.get(FAILED, False):
            run.ARTIFACTS.mkdir(exist_ok=True)
            person.page.screenshot(path=run.ARTIFACTS / f"story-{person.name}.png", full_page=True)
        person.context.close()


def test_from_one_agreement_to_a_verified_grant_letter(site: LiveServer, cast: Cast, tmp_path: Path) -> None:
    officer = cast("Olu Officer", "officer@secretariat.example")
    director = cast("Dina Director", "director@secretariat.example")
    for person, role in ((officer, "officer"), (director, "director")):
        site.flask(
            "organization", "invite", "secretariat", "--name", person.name, "--email", person.email, "--role", role
        )
        person.accept_invitation()

    # 1 The secretariat invites two companies and a development organization.
    mira = cast("Mira Map", "mira@maple-maps.example")
    pia = cast("Pia Pay", "pia@pine-pay.example")
    lena, siri = cast("Lena Lead", "lena@linden-bank.example"), cast("Siri Sign", "siri@linden-bank.example")
    partner_roles = ("steward", "signatory", "focal_point")
    for name, kind, people in (
        ("Maple Maps", "partner", [(mira, partner_roles)]),
        ("Pine Pay", "partner", [(pia, partner_roles)]),
        ("Linden Bank", "member", [(lena, ("project_staff", "focal_point")), (siri, ("signatory",))]),
    ):
        organizations.add(officer, name, kind)
        for person, roles in people:
            organizations.invite(officer, name, person, roles)
            person.accept_invitation()

    # 2 Each signatory signs, the secretariat countersigns; before, nobody can list or propose.
    listing.cannot_be_sent_yet(mira)
    for signatory, name in ((mira, "Maple Maps"), (pia, "Pine Pay"), (siri, "Linden Bank")):
        agreement.sign(signatory)
        agreement.countersign(officer, name)
    organizations.vouch(officer, "Linden Bank", lena)
    executed = agreement.download_executed(siri, tmp_path)
    assert executed.read_bytes().startswith(b"%PDF-")

    # 3 Each steward lists a dataset, and the secretariat checks it.
    movement = listing.write(mira, "Hourly movement in Quito", "mobility")
    payments = listing.write(pia, "Shop payments in Quito", "payments")
    for reference in (movement, payments):
        listing.publish(officer, reference)

    # 4 The project lead searches, judges a listing, and proposes a use of both.
    case = proposal.start(lena, "movement quito", movement)
    proposal.add_dataset(lena, case, payments)
    proposal.answer_everything(lena, case)
    proposal.send(lena, case)

    # 5 Intake; changes asked for and answered; one data partner approves with conditions, the other does not approve.
    review.pass_intake(officer, case)
    review.ask_for_changes(mira, case, "Which hours of the day do you need?")
    proposal.answer_request(lena, case, "variables", "Trips by hour, from six to nine in the morning, weekdays.")
    review.approve_with_conditions(mira, case, "Publish no cell under ten trips.")
    review.do_not_approve(pia, case, "Weekly sums would answer the question. Ask for those and I can approve.")
    review.says_whose_turn(lena, case, "Dina Director")

    # 6 A director, who decided nothing on it, issues.
    number = grants.issue(director, case)
    grants.waits_until_active(lena, number)

    # 7 Anyone verifies the letter.
    letter = grants.download_letter(lena, number, tmp_path)
    visitor = cast("Vera Visitor", "vera@elsewhere.example")
    grants.verifies_as(visitor, letter, "Genuine, and in force")
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(letter.read_bytes()[:-1] + b" ")
    grants.verifies_as(visitor, altered, "Altered")
    stranger = tmp_path / "stranger.pdf"
    visitor.page.pdf(path=stranger)
    grants.verifies_as(visitor, stranger, "Not issued by us")
    grants.verifies_by_code(visitor, letter, tmp_path, number)

    # 8 The register shows the grant to the public; the history names every step.
    grants.stands_in_register(visitor, number, "Maple Maps", "Linden Bank")
    review.history_tells(
        lena, case, ["Sent", "Passed the intake check", "Changes requested", "Dataset approved with conditions"]
    )

    grants.revoke(mira, number, "The city asked to end the use early.")
    grants.verifies_as(visitor, letter, "no longer in force")
    visitor.sees("The city asked to end the use early.")
