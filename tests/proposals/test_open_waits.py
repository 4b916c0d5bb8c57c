"""The kept table of open waits follows whatever changes who has a conflict of interest."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.organizations.models import Membership
from app.proposals.open_waits import OpenWait
from app.proposals.queries.named import named_now, people_named, settle
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


def test_the_table_in_sql_names_the_same_person_as_its_rows(session: Session) -> None:
    scene = scene_in_review(session)
    _kept(scene)
    for hole in ("", "officer_id", "deputy_id"):
        rows = session.scalars(select(OpenWait).where(OpenWait.proposal_id == scene.proposal.id)).all()
        for row in rows:
            setattr(row, hole or "turn", None if hole else row.turn)
        session.flush()
        for days in (0, 14, 15, 20, 40):
            now = MONDAY + timedelta(days=days)
            statement = select(OpenWait.proposal_id, OpenWait.organization_id, named_now(now))
            found = {(proposal, place): person for proposal, place, person in session.execute(statement)}
            assert found == people_named(rows, now), (hole, days)
