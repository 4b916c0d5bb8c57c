"""A member that owes something overdue asks for no later last day: what its page and its mail say holds."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.changes.wanted import Wanted
from app.foundation.errors import Invalid
from app.grants.models import Grant
from app.organizations.commands.restricting import restrict
from app.organizations.models import Restriction
from app.rules.actors import SYSTEM
from app.rules.restrictions import RestrictionKind
from tests.factories.changes import LONGER, RENEWED, SOON, ask
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client


def _held_up(session: Session, grant: Grant, cause: str = "") -> None:
    words = "A report is overdue. Do it, or ask for a waiver."
    restrict(session, SYSTEM, grant.member_id, RestrictionKind.RENEW_GRANTS, words, cause or grant.number, SOON)


@pytest.mark.parametrize("wanted", [LONGER, RENEWED], ids=["longer", "renewed"])
def test_no_later_last_day_is_asked_for_while_something_is_overdue(
    session: Session, active: Grant, cast: Cast, wanted: Wanted
) -> None:
    _held_up(session, active, "GR-2020-0001")  # of another grant of the same member
    with pytest.raises(Invalid, match="cannot renew or extend grants for now: A report is overdue"):
        ask(session, cast, active, wanted)
    session.execute(delete(Restriction))
    assert ask(session, cast, active, wanted).reference


def test_an_earlier_last_day_is(session: Session, active: Grant, cast: Cast) -> None:
    _held_up(session, active)
    assert ask(session, cast, active, Wanted(ends_on=active.ends_on - timedelta(days=30))).kinds == ["shorter"]


def test_the_grants_page_offers_no_renewal_and_the_page_of_one_says_why(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    client.sign_in_as(ready.lead)
    renew = f"/grants/{granted.number}/renew"
    assert renew in client.get(f"/grants/{granted.number}").get_data(as_text=True)
    _held_up(session, granted)
    assert renew not in client.get(f"/grants/{granted.number}").get_data(as_text=True)
    page = text_of(client, renew)
    assert "A report is overdue" in page
    assert "Open what is overdue" in page


def test_the_data_partner_reads_of_what_it_is_owed_alone(
    client: Client, session: Session, granted: Grant, ready: Cast
) -> None:
    change = ask(session, ready, granted, LONGER)
    _held_up(session, granted, "GR-2020-0001")
    page = f"/changes/{change.reference}"
    steward = ready.stewards[granted.data_partner_id]
    for person, reads in ((ready.officer, True), (ready.lead, True), (steward, False)):
        client.sign_in_as(person)
        assert ("A report is overdue" in text_of(client, page)) is reads, person.name
    session.execute(delete(Restriction))
    _held_up(session, granted)
    client.sign_in_as(steward)
    assert "A report is overdue" in text_of(client, page)
