"""How complete a listing is: points by dimension, and what to mend next."""

from sqlalchemy.orm import Session

from app.catalog.completeness import DIMENSIONS, HELPFUL, REQUIRED, Dimension, completeness, missing
from app.catalog.models import AdmittedOrganization
from app.catalog.routes.words import mending
from app.organizations.models import Organization
from app.rules.vocabulary import Visibility
from app.rules.workflow import ListingState
from tests.factories.catalog import make_dataset
from tests.support.application import Client


def test_the_answers_bring_a_hundred_points_and_fourteen_of_them_are_required() -> None:
    assert sum(one.points for one in (*REQUIRED, *HELPFUL)) == 100
    assert len(REQUIRED) == 14
    assert set(DIMENSIONS) == set(Dimension) == {one.dimension for one in (*REQUIRED, *HELPFUL)}


def test_a_gap_costs_its_points_in_its_dimension(session: Session, acme: Organization) -> None:
    whole, without = make_dataset(session, acme), make_dataset(session, acme, not_good_for=[])
    before, after = completeness(whole), completeness(without)
    assert before.percent - after.percent == 4
    lost = {b.dimension for b, a in zip(before.scores, after.scores, strict=True) if b.points != a.points}
    assert lost == {Dimension.REUSABLE}


def test_what_is_required_comes_first_and_then_what_brings_most(session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, not_good_for=[])
    first = completeness(row).next_fix
    assert first is not None
    assert first.field == "not_good_for"
    row.not_good_for = ["Age"]
    then = completeness(row).next_fix
    assert then is not None
    assert then.points == max(one.points for one in HELPFUL)


def test_nothing_is_left_to_do_for_a_listing_that_says_everything(session: Session, acme: Organization) -> None:
    column = {"name": "hour", "meaning": "Local hour", "type": "0 to 23"}
    row = make_dataset(
        session, acme, dictionary=[column], profile={"rows": 1}, sample={"rows": []}, delivery_steps="By file.", good_for=["A"],
        size="3 rows", languages=["en"], release="2026-10", description="Long. " * 30,
    )  # fmt: skip
    found = completeness(row)
    assert (found.percent, found.next_fix) == (100, None)


def test_a_listing_for_named_organizations_needs_one_and_says_so_at_its_field(
    desk: Client, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT, visibility=Visibility.NAMED)
    session.commit()
    assert [one.field for one in missing(row)] == ["admitted"]
    assert (completeness(row).met, completeness(row).required) == (14, 15)
    assert desk.get("/desk/listings").status_code == 200
    html = desk.get(f"/desk/listings/{row.reference}/edit/access?mend=1").text
    assert "Name at least one organization" in html
    sent = desk.post(f"/desk/listings/{row.reference}/send", follow_redirects=True)
    assert "Name at least one organization" in sent.text
    row.admitted = [AdmittedOrganization(organization_id=acme.id)]
    assert missing(row) == []
    assert (completeness(row).met, completeness(row).required) == (15, 15)


def test_the_desk_says_what_brings_points_next_and_where(desk: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT, not_good_for=[])
    session.commit()
    for path in ("/desk/listings", f"/desk/listings/{row.reference}"):
        html = desk.get(path).text
        assert "+4 points: Name at least one limit: what is the data not good for?" in html
        assert f"/desk/listings/{row.reference}/edit/what?mend=1#not_good_for" in html


def test_every_gap_leads_to_a_page_that_is_there(desk: Client, session: Session, acme: Organization) -> None:
    row = make_dataset(session, acme, state=ListingState.DRAFT)
    session.commit()
    with desk.application.test_request_context():
        addresses = {mending(row, one).partition("#")[0] for one in (*REQUIRED, *HELPFUL)}
    assert {desk.get(address).status_code for address in addresses} == {200}
