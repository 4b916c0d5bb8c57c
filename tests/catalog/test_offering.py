"""What a dataset's pages offer to whom: only ways on that open for the one who reads, and a preview that shows what will be."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.organizations.models import Organization
from app.rules.roles import Kind, Role
from app.rules.workflow import ListingState
from tests.catalog.desk import signed_in
from tests.catalog.people import organization, person
from tests.factories.catalog import make_dataset
from tests.support.application import Client

CRUMBS = re.compile(r'<nav class="op-crumbs".*?</nav>', re.DOTALL)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIRECTOR, Role.AUDITOR])
@pytest.mark.parametrize("path", ["", "/pause"])
def test_the_secretariat_comes_to_a_listing_from_where_it_can_go_back_to(
    app: Flask, session: Session, acme: Organization, role: Role, path: str
) -> None:
    row = make_dataset(session, acme)
    reader = signed_in(app, session, person(session, organization(session, Kind.SECRETARIAT), role))
    answer = reader.get(f"/desk/listings/{row.reference}{path}")
    if path and role is not Role.OFFICER:
        assert answer.status_code == 404
        return
    links = re.findall(r'href="([^"]+)"', CRUMBS.findall(answer.text)[0])
    assert links
    assert all(reader.get(link, follow_redirects=True).status_code == 200 for link in links)


def test_a_steward_comes_to_a_listing_from_their_own_and_a_colleague_does_not(
    app: Flask, session: Session, acme: Organization
) -> None:
    row = make_dataset(session, acme)
    address = f"/desk/listings/{row.reference}"
    steward, colleague = (signed_in(app, session, person(session, acme, r)) for r in (Role.STEWARD, Role.SIGNATORY))
    assert 'href="/desk/listings"' in CRUMBS.findall(steward.get(address).text)[0]
    assert 'href="/datasets"' in CRUMBS.findall(colleague.get(address).text)[0]


@pytest.mark.parametrize(
    ("kind", "role", "is_offered"),
    [
        (Kind.MEMBER, Role.PROJECT_STAFF, True),
        (Kind.MEMBER, Role.FOCAL_POINT, True),
        (Kind.BOTH, Role.PROJECT_STAFF, True),
        (Kind.MEMBER, Role.SIGNATORY, False),
        (Kind.PARTNER, Role.STEWARD, False),
        (Kind.PARTNER, Role.FOCAL_POINT, False),
        (Kind.SECRETARIAT, Role.OFFICER, False),
    ],
)
def test_a_use_is_proposed_by_those_who_may(
    app: Flask, client: Client, session: Session, acme: Organization, kind: Kind, role: Role, is_offered: bool
) -> None:
    row = make_dataset(session, acme)
    reader = signed_in(app, session, person(session, organization(session, kind), role))
    offer = re.compile(rf'href="/proposals/new\?dataset={row.reference}"[^>]*>\s*Propose a use')
    for path in ("", "/dictionary"):
        address = f"/datasets/{row.reference}{path}"
        assert bool(offer.search(reader.get(address, follow_redirects=True).text)) is is_offered
        assert offer.search(client.get(address, follow_redirects=True).text)


@pytest.mark.parametrize(
    ("state", "is_open", "says"),
    [
        (ListingState.DRAFT, True, ""),
        (ListingState.IN_CHECK, True, ""),
        (ListingState.LISTED, True, ""),
        (ListingState.PAUSED, False, "takes no new proposals since"),
        (ListingState.WITHDRAWN, False, "was withdrawn on"),
    ],
)
def test_a_preview_shows_what_a_member_will_see(
    app: Flask, session: Session, acme: Organization, state: ListingState, is_open: bool, says: str
) -> None:
    organization(session, Kind.SECRETARIAT)
    row = make_dataset(session, acme, state=state)
    member_like = person(session, organization(session, Kind.BOTH), Role.PROJECT_STAFF)
    desk = person(session, acme, Role.STEWARD)
    address = f"/desk/listings/{row.reference}/preview"
    html = signed_in(app, session, desk).get(address).text
    assert ("Data in hand at most" in html) is is_open
    assert says in html
    assert (f'<a href="{address}" role="button"' in html or f'href="{address}"' in html) is is_open
    assert (f'href="/organizations/{acme.slug}"' in html) is (state is ListingState.LISTED)
    assert signed_in(app, session, member_like).get(address).status_code == 404
