"""Listings that are sent to the check in one act are told once, checked together, and each can be given back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.catalog.commands import decide_together, send_together
from app.catalog.models import Dataset
from app.catalog.queries import in_groups, listings_in_check, sample_of, sent_together
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotAllowed, WrongState
from app.organizations.models import Organization, Person
from app.outbox.models import OutboxMessage
from app.rules.actors import Actor
from app.rules.roles import Kind, Role
from app.rules.workflow import ListingState
from tests.catalog.desk import signed_in
from tests.catalog.people import NOW, actor, organization, person
from tests.factories.catalog import make_dataset
from tests.factories.organizations import make_person, make_secretariat


@pytest.fixture
def steward(acme: Organization, acme_steward: Person) -> Actor:
    return actor(acme, Role.STEWARD, who=acme_steward)


def drafts(session: Session, acme: Organization, number: int = 7) -> list[Dataset]:
    return [make_dataset(session, acme, state=ListingState.DRAFT, listed_at=None) for _ in range(number)]


def sent(session: Session, acme: Organization, steward: Actor, number: int = 7) -> list[Dataset]:
    rows = drafts(session, acme, number)
    assert send_together(session, steward, [row.reference for row in rows], NOW) == number
    return rows


def officer(session: Session) -> Actor:
    office = organization(session, Kind.SECRETARIAT)
    return actor(office, Role.OFFICER, who=person(session, office, Role.OFFICER))


def test_what_was_sent_together_is_one_group_and_another_is_alone(
    session: Session, acme: Organization, steward: Actor
) -> None:
    rows = sent(session, acme, steward, 3)
    later = drafts(session, acme, 1)
    send_together(session, steward, [later[0].reference], NOW + timedelta(hours=1))
    groups = in_groups(listings_in_check(session, officer(session)))
    assert [[row.reference for row in group] for group in groups] == [
        [row.reference for row in rows],
        [later[0].reference],
    ]
    assert [row.reference for row in sent_together(session, rows[1])] == [row.reference for row in rows]


@pytest.mark.parametrize(("number", "read"), [(1, 1), (3, 3), (7, 5), (60, 8), (200, 15)])
def test_of_more_a_smaller_share_is_read(
    number: int, read: int, session: Session, acme: Organization, steward: Actor
) -> None:
    rows = sent(session, acme, steward, number)
    assert len(sample_of(rows)) == read
    assert sample_of(rows) == sample_of(rows[::-1])


def test_those_whose_sample_may_name_persons_are_read_beside_the_drawn(
    app: Flask, session: Session, acme: Organization, acme_steward: Person
) -> None:
    rows = sent(session, acme, actor(acme, Role.STEWARD, who=acme_steward), 8)
    drawn = sample_of(rows)
    named = next(row for row in rows if row.reference not in drawn)
    named.sample = {"heads": ["email"], "rows": [["a@example.org"]], "is_synthetic": True}
    assert sample_of(rows, [named.reference]) == drawn | {named.reference}
    checks = make_person(session, make_secretariat(session), Role.OFFICER)
    session.commit()
    html = signed_in(app, session, checks).get(f"/desk/checks/{rows[0].reference}/together").text
    assert html.count("Read this one") == len(drawn) + 1
    assert "look like it: email. Its rows are said to be made up." in html


def test_one_that_lacks_an_answer_keeps_all_back(session: Session, acme: Organization, steward: Actor) -> None:
    rows = drafts(session, acme, 3)
    rows[2].description = ""
    session.flush()
    with pytest.raises(Invalid, match=rf"^{rows[2].reference}: Describe how the data comes about") as refused:
        send_together(session, steward, [row.reference for row in rows], NOW)
    assert refused.value.field == "description"
    session.expire_all()
    assert {row.state for row in rows} == {ListingState.DRAFT}


def test_one_that_lacks_an_answer_is_named_before_any_goes_back_or_is_listed(
    session: Session, acme: Organization, steward: Actor
) -> None:
    rows = sent(session, acme, steward, 3)
    rows[2].description = ""
    session.flush()
    seen = [row.reference for row in rows]
    with pytest.raises(Invalid, match=rf"^{seen[2]}: Describe how the data comes about"):
        decide_together(session, officer(session), rows[0], seen, seen[:1], "Name the limits.", NOW, is_read=True)
    session.expire_all()
    assert {row.state for row in rows} == {ListingState.IN_CHECK}


def test_an_officer_lists_all_but_those_that_go_back(session: Session, acme: Organization, steward: Actor) -> None:
    rows = sent(session, acme, steward)
    seen = [row.reference for row in rows]
    who = officer(session)
    with pytest.raises(Invalid, match="Read the listings of the sample"):
        decide_together(session, who, rows[0], seen, seen[:2], "Name the limits.", NOW, is_read=False)
    with pytest.raises(WrongState, match="changed meanwhile"):
        decide_together(session, who, rows[0], seen[1:], [], "", NOW, is_read=True)
    with pytest.raises(Invalid, match="Say why"), session.begin_nested():
        decide_together(session, who, rows[0], seen, seen[:2], " ", NOW, is_read=True)
    with pytest.raises(NotAllowed), session.begin_nested():
        decide_together(session, steward, rows[0], seen, [], "", NOW, is_read=True)
    made = decide_together(session, who, rows[0], seen, seen[:2], "Name the limits.", NOW, is_read=True)
    assert (made.listed, made.returned) == (5, 2)
    session.expire_all()
    assert [row.state for row in rows] == [ListingState.DRAFT] * 2 + [ListingState.LISTED] * 5
    assert {row.state_reason for row in rows[:2]} == {"Name the limits."}


def mails(session: Session, to: Person) -> list[str]:
    wanted = select(OutboxMessage).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    payloads = [str(one.payload) for one in session.scalars(wanted)]
    return [text for text in payloads if to.email in text]


def test_each_side_is_told_once_and_the_page_decides(
    app: Flask, session: Session, acme: Organization, acme_steward: Person
) -> None:
    checks = make_person(session, make_secretariat(session), Role.OFFICER)
    rows = drafts(session, acme, 3)
    session.commit()
    send_together(
        session,
        actor(acme, Role.STEWARD, who=acme_steward),
        [row.reference for row in rows],
        now() - timedelta(minutes=1),
    )
    session.commit()
    worker.drain(app, now)
    (told,) = mails(session, checks)
    assert "3 listings" in told
    client = signed_in(app, session, checks)
    first = rows[0].reference
    queue = client.get("/desk/checks").text
    assert "3 listings that were sent together" in queue
    html = client.get(f"/desk/checks/{first}/together").text
    assert "Read each of them." in html  # so few that none is drawn
    assert "Check 3 listings that were sent together" in client.get("/inbox").text
    seen = [row.reference for row in rows]
    said = {"seen": seen, "back": [seen[1]], "reason": "", "is_read": "y", "idempotency_key": "k1"}
    refused = client.post(f"/desk/checks/{first}/together", data=said)
    assert refused.status_code == 422
    assert "Say why in a sentence or two" in refused.text
    said |= {"reason": "Name the limits.", "idempotency_key": "k2"}
    assert client.post(f"/desk/checks/{first}/together", data=said).status_code == 303
    session.expire_all()
    assert sorted(row.state for row in rows) == [ListingState.DRAFT, ListingState.LISTED, ListingState.LISTED]
    worker.drain(app, now)
    session.expire_all()
    assert sum("Listed: 2 of your datasets" in text for text in mails(session, acme_steward)) == 1
    assert sum("To mend: " in text for text in mails(session, acme_steward)) == 1


def test_one_alone_is_checked_on_its_own_page(
    app: Flask, session: Session, acme: Organization, acme_steward: Person
) -> None:
    office = organization(session, Kind.SECRETARIAT)
    (row,) = sent(session, acme, actor(acme, Role.STEWARD, who=acme_steward), 1)
    client = signed_in(app, session, person(session, office, Role.OFFICER))
    answer = client.get(f"/desk/checks/{row.reference}/together")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/desk/checks/{row.reference}")
