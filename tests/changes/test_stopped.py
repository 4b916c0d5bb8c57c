"""A change whose grant stops or ends meanwhile, and who signs for what: nothing is revived, and nobody acts alone."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.changes import commands
from app.changes.commands import settings
from app.changes.commands.deciding import may_still_undo
from app.changes.commands.following import follow_end
from app.changes.models import GrantChange
from app.changes.queries.waits import turn_of
from app.changes.wanted import Wanted
from app.foundation.errors import NotAllowed, WrongState
from app.grants.commands import ask_to_close, revoke
from app.grants.models import Grant
from app.grants.record import from_json
from app.organizations.models import Membership, Organization
from app.rules.roles import Role
from app.rules.workflow import ChangeState
from tests.factories.changes import LONGER, SOON, ask, issue, shown
from tests.factories.grants import NOW, director_of
from tests.factories.organizations import acting, make_person, make_secretariat
from tests.factories.proposals import Cast

LATER = SOON + timedelta(minutes=5)


def not_approved(session: Session, cast: Cast, grant: Grant) -> GrantChange:
    change = ask(session, cast, grant, LONGER)
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    steward = acting(session, cast.stewards[grant.data_partner_id])
    return commands.not_approve(session, steward, change.reference, "Not this year.", change.content_hash, SOON)


@pytest.mark.parametrize("ended_by", ["revoked", "closing"])
def test_a_no_stands_once_the_grant_has_ended(session: Session, active: Grant, cast: Cast, ended_by: str) -> None:
    change = not_approved(session, cast, active)
    steward = acting(session, cast.stewards[active.data_partner_id])
    assert may_still_undo(active, change, LATER)
    if ended_by == "revoked":
        revoke(session, steward, active.number, "A copy was found outside.", SOON + timedelta(minutes=2))
    else:
        ask_to_close(session, acting(session, cast.lead), active.number, "", SOON + timedelta(minutes=2))
    follow_end(session, active.number, SOON + timedelta(minutes=2))
    assert not may_still_undo(active, change, LATER)
    with pytest.raises(WrongState, match="has ended meanwhile"):
        commands.undo(session, steward, change.reference, LATER)
    assert change.state is ChangeState.NOT_APPROVED
    assert turn_of(session, change, active, LATER) is None


def undecided(session: Session, cast: Cast, grant: Grant) -> GrantChange:
    """A change on which the data partner wants no decision, so that a check is enough."""
    steward = acting(session, cast.stewards[grant.data_partner_id])
    partner = session.get_one(Organization, grant.data_partner_id)
    settings.set_wishes(session, steward, partner.slug, {"storage": False}, SOON)
    wanted = Wanted(kept_where="Another server, encrypted")
    return ask(session, cast, grant, wanted)


def test_who_checked_does_not_issue_where_nobody_decided(session: Session, active: Grant, cast: Cast) -> None:
    office = make_secretariat(session)
    other = make_person(session, office, Role.DIRECTOR, name="Nadia Wirth")
    officer = Membership(person_id=cast.director.id, organization_id=office.id, role=Role.OFFICER, since=NOW)
    session.add(officer)
    session.flush()
    change = undecided(session, cast, active)
    commands.check(session, director_of(session, cast), change.reference, SOON)
    assert change.state is ChangeState.APPROVED
    with pytest.raises(NotAllowed):
        commands.issue_successor(session, director_of(session, cast), change.reference, SOON)
    turn = turn_of(session, change, active, SOON)
    assert turn is not None
    assert not turn.could_act(cast.director.id)
    assert turn.could_act(other.id)
    assert commands.issue_successor(session, acting(session, other), change.reference, SOON).predecessor_id == active.id


def test_a_letter_names_the_role_in_which_somebody_decided(session: Session, active: Grant, cast: Cast) -> None:
    partner = session.get_one(Organization, active.data_partner_id)
    deputy = make_person(session, partner, Role.DEPUTY, name="Tom Ek")
    change = ask(session, cast, active, LONGER)
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    seen = shown(session, active, change)
    commands.approve(session, acting(session, deputy), change.reference, "", seen, SOON)
    approvals = from_json(issue(session, cast, change).record).approvals
    assert [(act.name, act.role) for act in approvals] == [
        ("Tom Ek", "Deputy data steward"),
        (cast.stewards[active.data_partner_id].name, "Data steward"),
    ]
