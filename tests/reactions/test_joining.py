"""Several things that happen to one case are one mail; what asks for an act leaves at once; each person says when."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.correspondence.commands import Wishes, turn_off
from app.organizations.models import Membership
from app.outbox.models import MessageState, OutboxMessage
from app.reactions.mail import Recipient, write_mail
from app.rules.mail import Cadence, Topic
from app.rules.mail_hours import WINDOW
from app.rules.workflow import ItemState
from tests.factories.review import MONDAY
from tests.support.office import Office

pytestmark = pytest.mark.both_databases


def test_four_messages_within_ten_minutes_are_one_mail_that_lists_them(office: Office) -> None:
    for minute, words in enumerate(["Would block centers do?", "By hour?", "For both cities?", "Thank you."]):
        office.says("rosa", words, MONDAY + timedelta(minutes=minute))
    assert office.leave(MONDAY + WINDOW - timedelta(minutes=1)) == []
    [mail] = office.to("pia", office.leave(MONDAY + WINDOW))
    assert mail["subject"] == "4 new messages: Who cannot reach a Care Block on foot?"
    assert mail["html"].count('class="m-button"') == 1
    for words in ("Would block centers do?", "By hour?", "For both cities?", "Thank you."):
        assert f"Rosa Lindqvist: {words}" in mail["text"]
        assert words in mail["html"]
    assert office.leave(MONDAY + timedelta(days=20)) == []


def test_five_decisions_of_one_act_are_one_mail_with_a_line_for_each_dataset(office: Office) -> None:
    rosa = office.scene.people["rosa"]
    for number in range(5):
        context = {"title": "Care Blocks", "reference": "PR-1", "outcome": "Approved", "dataset": f"Streets {number}"}
        context |= {"partner": "Acme Maps", "by": "Lucía Prado", "version": "1"}
        to = Recipient(rosa.name, rosa.email)
        write_mail(office.session, office.work, "proposal_item_decided", to, context, office.scene.ref, "/proposals/x")
    [mail] = office.leave(MONDAY + WINDOW)
    assert mail["subject"] == "5 decisions: Care Blocks"
    assert [f"Approved: Streets {number} (Acme Maps)" in mail["text"] for number in range(5)] == [True] * 5


def test_one_thing_alone_is_the_mail_that_was_written_for_it(office: Office) -> None:
    office.says("rosa", "Would block centers do?")
    [mail] = office.to("pia", office.leave(MONDAY + WINDOW))
    assert mail["subject"].startswith("Rosa Lindqvist wrote: ")
    assert "\u2060" not in mail["text"]
    assert "<!-- also -->" not in mail["html"]


def test_what_asks_for_an_act_leaves_at_once_and_takes_the_rest_along(office: Office) -> None:
    office.says("lucia", "Which blocks exactly?")
    office.scene.decides("pia", "shops", ItemState.APPROVED)
    office.scene.decides("lucia", "streets", ItemState.APPROVED)
    [mail] = office.to("rosa", office.leave(MONDAY))
    assert mail["subject"].startswith("Approved, to be issued: ")
    assert "Also:\n- Lucía Prado: Which blocks exactly?" in mail["text"]
    assert "Lucía Prado: Which blocks exactly?" in mail["html"]
    assert mail["html"].count('class="m-button"') == 1


def test_an_internal_note_and_an_open_message_are_two_mails_with_two_addresses_for_replies(office: Office) -> None:
    office.says("tom", "Like Lima in May.", is_internal=True)
    office.says("rosa", "Thank you.")
    mails = office.to("jonas", office.leave(MONDAY + WINDOW)) + office.to("lucia", [])
    assert all("Lima" not in mail["text"] + mail["html"] + mail["subject"] + mail["line"] for mail in mails)
    sides = {mail["reply"] for mail in mails}
    assert "note" in sides
    assert all(mail["reply"] != "note" or "Thank you" not in mail["text"] for mail in mails)


def test_who_wants_one_mail_a_day_gets_it_in_their_morning(office: Office) -> None:
    office.wants("pia", conversation=Cadence.DAILY)
    office.says("rosa", "One.")
    office.says("rosa", "Two.", MONDAY + timedelta(hours=5))
    mails = office.leave(MONDAY + timedelta(hours=6))
    assert office.to("pia", mails) == []
    assert office.to("lucia", mails) != []
    morning = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)  # seven in Madrid
    assert office.leave(morning - timedelta(seconds=1)) == []
    [mail] = office.to("pia", office.leave(morning))
    assert mail["subject"] == "Your day: 2 things happened"
    assert "One." in mail["text"]
    assert "Two. · Who cannot reach a Care Block on foot?" in mail["text"]
    assert "/mail/off/" in mail["off_link"]
    assert f"/proposals/{office.scene.ref}" in mail["text"]
    assert mail["html"].count('class="m-button"') == 1
    assert mail["reply"] == ""


def test_in_quiet_hours_nothing_optional_leaves(office: Office) -> None:
    office.wants("pia", Wishes("en", "UTC", "08:00", "12:00"))
    office.says("rosa", "Would block centers do?")
    assert office.to("pia", office.leave(MONDAY + timedelta(hours=2))) == []
    assert len(office.to("pia", office.leave(MONDAY + timedelta(hours=3)))) == 1


def test_what_is_turned_off_is_not_written_and_what_must_be_sent_is(office: Office) -> None:
    office.wants("pia", conversation=Cadence.OFF, reminders=Cadence.OFF)
    office.says("rosa", "Would block centers do?")
    assert office.to("pia", office.leave(MONDAY + WINDOW)) == []
    pia = office.scene.people["pia"]
    context = {"title": "Care Blocks", "is_over": True, "due": MONDAY, "act": "Decide", "days": "2 working days over"}
    for values in (context, {**context, "is_over": False}):
        to = Recipient(pia.name, pia.email)
        write_mail(office.session, office.work, "proposal_reminder", to, values, office.scene.ref, "/proposals/x")
    [mail] = office.leave(MONDAY)
    assert mail["subject"].startswith("Overdue since")
    assert mail["off_link"] == ""


def test_what_is_turned_off_while_it_waits_does_not_leave(office: Office) -> None:
    office.says("rosa", "Would block centers do?")
    office.leave(MONDAY)
    turn_off(office.session, office.scene.people["pia"].id, Topic.CONVERSATION)
    mails = office.leave(MONDAY + WINDOW)
    assert office.to("pia", mails) == []
    assert office.to("lucia", mails) != []


def test_who_may_no_longer_know_of_a_case_gets_no_mail_that_waited(office: Office) -> None:
    office.says("rosa", "Would block centers do?")
    office.leave(MONDAY)
    held = select(Membership).where(Membership.person_id == office.scene.people["pia"].id)
    for row in office.session.scalars(held):
        row.ended_at = MONDAY
    mails = office.leave(MONDAY + WINDOW)
    assert office.to("pia", mails) == []
    dropped = [m for m in office.session.scalars(select(OutboxMessage)) if m.payload.get("dropped")]
    assert [(m.recipient, m.state) for m in dropped] == [(office.scene.people["pia"].email, MessageState.DONE)]


def test_a_long_list_is_cut_and_says_how_much_is_left(office: Office) -> None:
    for number in range(15):
        office.says("rosa", f"Line {number}.")
    [mail] = office.to("pia", office.leave(MONDAY + WINDOW))
    assert "and 3 more" in mail["text"]
    assert mail["text"].count("Rosa Lindqvist: ") == 12
