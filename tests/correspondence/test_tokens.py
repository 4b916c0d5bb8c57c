"""The marks in addresses: only ours are taken, each stands for one person and one thing, and none lets anybody in."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.correspondence.tokens import (
    NOTE,
    PROPOSAL,
    VALID,
    off_token,
    read_off_token,
    read_reply_token,
    reply_address,
    reply_token,
    token_in,
)
from app.rules.mail import OPTIONAL, Topic
from config import LONGEST_REPLY_NAME
from tests.support.application import Client

CONFIG = {"SECRET_KEY": "k" * 40, "INBOUND_ADDRESS": "reply@onepact.example"}
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
TOKEN = reply_token(CONFIG, 7, PROPOSAL, "PR-2026-0117", NOW)


@given(st.integers(1, 2**32 - 1), st.sampled_from([PROPOSAL, NOTE]))
def test_a_mark_stands_for_one_person_one_thing_and_ninety_days(person_id: int, thing: str) -> None:
    text = reply_token(CONFIG, person_id, thing, "PR-2026-0117", NOW)
    found = read_reply_token(CONFIG, text.upper())  # mail servers may change the case
    assert found is not None
    assert (found.person_id, found.thing, found.ref) == (person_id, thing, "PR-2026-0117")
    assert NOW < found.expires_at <= NOW + VALID


def test_an_address_with_a_mark_is_one_that_mail_servers_take() -> None:
    local = reply_address(CONFIG, TOKEN).partition("@")[0].partition("+")[2]
    assert len("r" * LONGEST_REPLY_NAME + "+" + local) <= 64  # RFC 5321, 4.5.3.1.1
    assert local.isalnum()


@pytest.mark.parametrize("place", range(0, len(TOKEN), 3))
def test_a_mark_that_was_changed_in_one_letter_is_nobodys(place: int) -> None:
    changed = "b" if TOKEN[place] != "b" else "c"
    found = read_reply_token(CONFIG, TOKEN[:place] + changed + TOKEN[place + 1 :])
    # The last letter carries bits that stand for nothing.
    assert found is None or (place == len(TOKEN) - 1 and found == read_reply_token(CONFIG, TOKEN))


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_mark(text: str) -> None:
    assert read_reply_token(CONFIG, text) is None
    assert read_off_token(CONFIG, text) is None


def test_a_mark_of_another_installation_is_nobodys() -> None:
    assert read_reply_token({**CONFIG, "SECRET_KEY": "x" * 40}, TOKEN) is None
    assert read_off_token({**CONFIG, "SECRET_KEY": "x" * 40}, off_token(CONFIG, 7, Topic.GRANTS)) is None


def test_only_our_own_reply_addresses_carry_one() -> None:
    assert token_in(CONFIG, f"Reply+{TOKEN}@Onepact.example") == TOKEN
    assert token_in(CONFIG, f"reply+{TOKEN}@elsewhere.example") is None
    assert token_in(CONFIG, f"other+{TOKEN}@onepact.example") is None
    assert token_in(CONFIG, "reply@onepact.example") is None
    assert token_in({}, f"+{TOKEN}@") is None


@pytest.mark.parametrize("topic", list(Topic))
def test_a_link_turns_off_only_what_can_be_turned_off(topic: Topic) -> None:
    found = read_off_token(CONFIG, off_token(CONFIG, 7, topic))
    assert found == ((7, topic) if topic in OPTIONAL else None)


def test_no_mark_signs_anybody_in(client: Client) -> None:
    off = off_token(client.application.config, 1, Topic.GRANTS)
    mark = reply_token(client.application.config, 1, PROPOSAL, "PR-2026-0117", NOW)
    for token in (off, mark):
        for address in ("/demo/sign-in/", "/invitation/", "/password/reset/"):
            client.get(address + token)
        client.get(f"/mail/off/{token}")
        with client.session_transaction() as cookie:
            assert "_user_id" not in cookie
        assert client.get("/me").status_code == 303
