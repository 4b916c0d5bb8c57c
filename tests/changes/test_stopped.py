"""A change whose grant stops or ends meanwhile, and who signs for what: nothing is revived, and nobody acts alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import worker
from app.changes import commands
from app.changes.commands import by_date, settings
from app.changes.commands.carrying import follow_grant
from app.changes.commands.deciding import may_still_undo
from app.changes.commands.following import follow_end
from app.changes.models import GrantChange
from app.changes.queries import waiting
from app.changes.queries.waits import suspension_wait, turn_of
from app.changes.wanted import Wanted
from app.foundation.errors import NotAllowed, WrongState
from app.foundation.files import FileStore
from app.grants.commands import ask_to_close, expire_due, lift_suspension, revoke, suspend
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.grants.queries.turns import turn_on
from app.grants.queries.verification import is_in_force, sub_status_of
from app.grants.record import from_json
from app.organizations.models import Membership, Organization
from app.rules.roles import Role
from app.rules.workflow import ChangeState, GrantState, SubGrantState
from tests.changes.test_handovers import in_force
from tests.changes.test_offers import mails
from tests.factories.changes import (
    LONGER,
    RENEWED,
    SOON,
    another_dataset,
    approve,
    ask,
    issue,
    seal,
    shown,
    succeed,
)
from tests.factories.grants import NOW, director_of
from tests.factories.organizations import acting, make_person, make_secretariat
from tests.factories.proposals import Cast
from tests.grants.pages import text_of
from tests.support.application import Client

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


def test_what_expired_suspended_is_followed_by_a_suspended_grant(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    decided = datetime(active.ends_on.year, active.ends_on.month, active.ends_on.day, 9, tzinfo=UTC) - timedelta(days=9)
    change = approve(session, cast, active, ask(session, cast, active, RENEWED, decided), decided)
    steward = acting(session, cast.stewards[active.data_partner_id])
    suspend(session, steward, active.number, "A laptop was lost.", decided + timedelta(days=1))
    over = decided + timedelta(days=10)
    expire_due(session, over)
    follow_end(session, active.number, over)
    assert (active.state, change.state) == (GrantState.EXPIRED, ChangeState.APPROVED)
    successor = seal(session, store, press, issue(session, cast, change, over), over)
    assert (successor.state, successor.state_reason) == (GrantState.SUSPENDED, "A laptop was lost.")
    assert not is_in_force(successor, over)
    turn = turn_on(session, suspension_wait(successor), over)
    assert turn is not None
    assert turn.next is not None
    lift_suspension(session, steward, successor.number, over + timedelta(days=1))
    assert is_in_force(successor, over + timedelta(days=1))


def test_an_approved_change_rests_while_its_grant_is_suspended(
    client: Client, session: Session, active: Grant, cast: Cast
) -> None:
    change = approve(session, cast, active, ask(session, cast, active, LONGER))
    before = turn_of(session, change, active, SOON)
    suspend(session, director_of(session, cast), active.number, "A suspicion.", SOON + timedelta(hours=1))
    steward = cast.stewards[active.data_partner_id]
    later = SOON + timedelta(days=14)
    turn = turn_of(session, change, active, later)
    assert turn is not None
    assert turn.next is not None
    assert turn.next.person_id == steward.id  # who lifts it, and nobody else
    assert by_date.remind_of_changes(session, later) == 0
    office = waiting.rows(session, director_of(session, cast), later)
    assert not [row for row in office if ("reference", change.reference) in row.values]
    session.commit()
    client.sign_in_as(cast.director)
    page = text_of(client, f"/changes/{change.reference}")
    assert "Issue it" not in page
    assert f"{active.number} is suspended; the newer grant is issued once that is lifted." in page
    lift_suspension(session, acting(session, steward), active.number, later)
    after = turn_of(session, change, active, later)
    assert before is not None
    assert after is not None
    assert (after.next, after.clock.percent) == (before.next, before.clock.percent)
    assert after.clock.due is not None
    assert after.clock.due > later.date()
    assert by_date.remind_of_changes(session, later) == 0


def test_whoever_issues_is_asked_once_the_suspension_is_lifted(
    app: Flask, session: Session, active: Grant, cast: Cast
) -> None:
    change = ask(session, cast, active, LONGER)
    commands.check(session, acting(session, cast.officer), change.reference, SOON)
    steward = acting(session, cast.stewards[active.data_partner_id])
    suspend(session, steward, active.number, "A suspicion.", SOON)
    commands.approve(session, steward, change.reference, "", shown(session, active, change), SOON)
    assert not asked_to_issue(app, session, cast, SOON)
    lift_suspension(session, steward, active.number, SOON + timedelta(days=3))
    assert len(asked_to_issue(app, session, cast, SOON + timedelta(days=3))) == 1


@pytest.mark.parametrize("was_suspended", [True, False])
def test_whoever_issues_a_renewal_is_asked_once_its_grant_has_expired_suspended(
    app: Flask, session: Session, active: Grant, cast: Cast, was_suspended: bool
) -> None:
    decided = datetime(active.ends_on.year, active.ends_on.month, active.ends_on.day, 9, tzinfo=UTC) - timedelta(days=9)
    change = ask(session, cast, active, RENEWED, decided)
    commands.check(session, acting(session, cast.officer), change.reference, decided)
    steward = acting(session, cast.stewards[active.data_partner_id])
    if was_suspended:
        suspend(session, steward, active.number, "A laptop was lost.", decided)
    commands.approve(session, steward, change.reference, "", shown(session, active, change, decided), decided)
    assert len(asked_to_issue(app, session, cast, decided)) == (0 if was_suspended else 1)
    over = decided + timedelta(days=30)
    expire_due(session, over)
    assert len(asked_to_issue(app, session, cast, over)) == 1
    turn = turn_of(session, change, active, over)
    assert turn is not None
    assert turn.clock.is_over is not was_suspended


def asked_to_issue(app: Flask, session: Session, cast: Cast, now: datetime) -> list[str]:
    """The subjects of the mails by which the director is asked to issue the newer grant."""
    session.commit()
    worker.drain(app, lambda: now)
    session.expire_all()
    return [subject for subject, _text in mails(session, cast.director.email) if subject.startswith("Issue by")]


def test_a_hand_over_is_shortened_with_an_earlier_last_day(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
    row = in_force(session, store, press, cast, active, signatory)
    shorter = Wanted(ends_on=date(2027, 5, 31))
    successor = succeed(session, store, press, cast, active, shorter)
    follow_grant(session, active.number, SOON)
    assert (row.state, row.ends_on, row.grant_id) == (SubGrantState.ACTIVE, date(2027, 5, 31), successor.id)
    assert sub_status_of(row, successor, SOON).gives_right


def test_a_hand_over_that_is_left_out_says_what_took_its_place(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
    row = in_force(session, store, press, cast, active, signatory)
    other = another_dataset(session, active)
    swapped = Wanted(add=(other.reference,), drop=(cast.datasets[0].reference,))
    successor = succeed(session, store, press, cast, active, swapped)
    follow_grant(session, active.number, SOON)
    assert row.state is SubGrantState.ENDED
    assert row.state_reason.startswith(f"{successor.number} took the place of {active.number}")
