"""The kept table of open waits follows whatever changes who has a conflict of interest."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Membership
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import settle
from app.proposals.team_models import CoApplicant
from app.rules.roles import Role
from app.rules.workflow import CoApplicantState
from tests.factories.review import MONDAY, Scene, scene_in_review


def _kept(scene: Scene) -> dict[int, int | None]:
    settle(scene.session)
    rows = scene.session.scalars(select(OpenWait).where(OpenWait.proposal_id == scene.proposal.id)).all()
    return {row.organization_id: row.person_id for row in rows}


def test_whoever_leaves_the_proposing_side_takes_their_place_among_colleagues_again(session: Session) -> None:
    scene = scene_in_review(session)
    acme, lucia = scene.organizations["acme"].id, scene.people["lucia"].id
    place = Membership(
        person_id=lucia, organization_id=scene.proposal.organization_id, role=Role.PROJECT_STAFF, since=MONDAY
    )
    session.add(place)
    assert _kept(scene)[acme] == scene.people["tom"].id
    place.ended_at = MONDAY
    assert _kept(scene)[acme] == lucia


def test_a_co_applicant_that_comes_or_goes_changes_who_is_named(session: Session) -> None:
    scene = scene_in_review(session)
    acme, lucia = scene.organizations["acme"].id, scene.people["lucia"].id
    other = scene.organizations["other"].id
    place = Membership(person_id=lucia, organization_id=other, role=Role.PROJECT_STAFF, since=MONDAY)
    session.add(place)
    assert _kept(scene)[acme] == lucia
    row = CoApplicant(proposal_id=scene.proposal.id, organization_id=other, named_at=MONDAY)
    session.add(row)
    assert _kept(scene)[acme] == scene.people["tom"].id
    row.state = CoApplicantState.WITHDRAWN
    assert _kept(scene)[acme] == lucia
    row.state = CoApplicantState.CONFIRMED
    assert _kept(scene)[acme] == scene.people["tom"].id
    place.ended_at = MONDAY
    assert _kept(scene)[acme] == lucia
