"""Each wait on a grant has exactly one named person who can sign in, is reminded of at shares of its time, and never of old."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import worker
from app.changes import commands
from app.changes.commands import handing
from app.changes.models import GrantChange
from app.changes.queries import subgrants, waiting
from app.changes.queries.waits import close_out_turns, signing_turns, suspension_wait, turn_of
from app.duties.commands import accept
from app.grants.commands import ask_to_close, lift_suspension, suspend
from app.grants.models import Duty, Grant
from app.grants.queries.turns import Turn, turn_on
from app.history.models import HistoryDetail, HistoryEvent
from app.inbox.taking import take_case
from app.organizations.models import Membership, Organization, Person
from app.outbox.models import OutboxMessage
from app.proposals.step_models import ConflictOfInterest
from app.rules.calendar import Progress
from app.rules.roles import Role
from app.rules.tasks import Group, Row
from app.rules.workflow import DutyState
from tests.changes.test_handovers import asked as handed
from tests.factories.changes import LONGER, ask, shown
from tests.factories.grants import NOW
from tests.factories.organizations import acting, make_person, make_secretariat
from tests.factories.proposals import Cast

TEMPLATES = ("grant_to_act", "grant_reminder")
pytestmark = pytest.mark.both_databases


@pytest.fixture
def deputy(session: Session, cast: Cast) -> Person:
    partner = session.get_one(Organization, cast.datasets[0].organization_id)
    return make_person(session, partner, Role.DEPUTY, name="Tom Ek")


def in_decision(session: Session, cast: Cast, grant: Grant) -> GrantChange:
    change = ask(session, cast, grant, LONGER, NOW)
    return commands.check(session, acting(session, cast.officer), change.reference, NOW)


def approved(session: Session, cast: Cast, grant: Grant) -> GrantChange:
    change = in_decision(session, cast, grant)
    steward = acting(session, cast.stewards[grant.data_partner_id])
    return commands.approve(session, steward, change.reference, "", shown(session, grant, change, NOW), NOW)


def ended(session: Session, cast: Cast, grant: Grant) -> Grant:
    """The lead has ended the use, and certified the deletion."""
    ask_to_close(session, acting(session, cast.lead), grant.number, "Done.", NOW)
    certified(session, grant, NOW)
    return grant


def certified(session: Session, grant: Grant, at: datetime, state: DutyState = DutyState.ACCEPTED) -> None:
    for row in session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.kind == "delete")):
        row.state, row.state_since, row.done_at = state, at, at
    session.flush()


def turn(session: Session, change: GrantChange, grant: Grant, at: datetime = NOW) -> Turn:
    found = turn_of(session, change, grant, at)
    assert found is not None
    return found


def when(session: Session, change: GrantChange, grant: Grant, percent: int) -> datetime:
    """The first noon at which this share of the wait is used."""
    moment = NOW
    while turn(session, change, grant, moment).clock.percent < percent:
        moment += timedelta(days=1)
    return moment


def row_of(session: Session, person: Person, at: datetime = NOW, source: object = waiting) -> Row | None:
    assert source in {waiting, subgrants}
    rows: Sequence[Row] = source.rows(session, acting(session, person), at)
    return rows[0] if rows else None


def group_of(session: Session, person: Person, at: datetime = NOW) -> Group | None:
    row = row_of(session, person, at)
    return row.group if row else None


def shares(session: Session, kind: str) -> list[object]:
    found = select(HistoryDetail.payload).join(HistoryEvent, HistoryEvent.seq == HistoryDetail.seq)
    return [facts["percent"] for facts in session.scalars(found.where(HistoryEvent.type == kind).order_by("seq"))]


def leave(session: Session, person: Person) -> None:
    for row in session.scalars(select(Membership).where(Membership.person_id == person.id)):
        row.ended_at = NOW
    session.flush()


def test_an_officer_checks_and_a_director_only_follows_up(session: Session, active: Grant, cast: Cast) -> None:
    change = ask(session, cast, active, LONGER, NOW)
    now = turn(session, change, active)
    assert now.acts is not None
    assert now.acts.name == cast.officer.name
    assert now.next == now.acts
    assert now.stands_in is None
    leave(session, cast.officer)
    now = turn(session, change, active)
    assert (now.acts, now.next.name) == (None, cast.director.name)  # type: ignore[union-attr]
    row = row_of(session, cast.director)
    assert row is not None
    assert (row.is_yours, row.sentence) == (True, "Follow up with %(name)s")


def test_the_deputy_joins_when_the_time_is_over_and_the_secretariat_at_half_as_long_again(
    session: Session, active: Grant, cast: Cast, deputy: Person
) -> None:
    change, steward = in_decision(session, cast, active), cast.stewards[active.data_partner_id]
    now = turn(session, change, active)
    assert (now.acts.name, now.stands_in.name) == (steward.name, "Tom Ek")  # type: ignore[union-attr]
    assert [group_of(session, each) for each in (steward, deputy, cast.officer)] == [Group.YOURS, Group.OTHERS, None]
    at = when(session, change, active, 100)
    assert [group_of(session, each, at) for each in (steward, deputy, cast.officer)] == [Group.YOURS] * 2 + [None]
    at = when(session, change, active, 150)
    late = turn(session, change, active, at)
    assert late.acts is not None
    assert late.acts.name == steward.name
    assert late.follows_up is not None
    assert late.follows_up.name == cast.officer.name
    assert [group_of(session, each, at) for each in (steward, deputy, cast.officer)] == [Group.OVERDUE] * 3
    row = row_of(session, cast.officer, at)
    assert row is not None
    assert (row.sentence, dict(row.facts)) == ("Follow up with %(name)s", {"name": steward.name})


def test_who_decided_does_not_issue_and_is_not_named_for_it(session: Session, active: Grant, cast: Cast) -> None:
    steward, office = cast.stewards[active.data_partner_id], make_secretariat(session)
    session.add(
        Membership(person_id=steward.id, organization_id=office.id, role=Role.DIRECTOR, since=NOW - timedelta(9))
    )
    session.flush()
    change = approved(session, cast, active)
    now = turn(session, change, active)
    assert [name.name for name in now.acting] == [cast.director.name]
    assert now.next is not None
    assert now.next.name == cast.director.name
    assert group_of(session, steward) is None


def test_nobody_of_the_members_side_or_in_a_conflict_is_named(
    session: Session, active: Grant, cast: Cast, deputy: Person
) -> None:
    change, steward = in_decision(session, cast, active), cast.stewards[active.data_partner_id]
    session.add(ConflictOfInterest(proposal_id=active.proposal_id, person_id=steward.id, declared_at=NOW, words="Kin."))
    session.flush()
    assert [name.name for name in turn(session, change, active).acting] == ["Tom Ek"]
    assert group_of(session, steward) is None
    session.add(Membership(person_id=deputy.id, organization_id=cast.member.id, role=Role.PROJECT_STAFF, since=NOW))
    session.flush()
    now = turn(session, change, active)
    assert (now.acting, now.next.name) == ((), cast.officer.name)  # type: ignore[union-attr]


def test_who_takes_a_change_is_named_until_its_next_step(session: Session, active: Grant, cast: Cast) -> None:
    other = make_person(session, make_secretariat(session), Role.OFFICER, Role.DIRECTOR, name="Una Berg")
    change = ask(session, cast, active, LONGER, NOW)
    assert turn(session, change, active).next.name == cast.officer.name  # type: ignore[union-attr]
    take_case(session, acting(session, other), "change", change.reference, NOW)
    assert turn(session, change, active).next.name == "Una Berg"  # type: ignore[union-attr]
    later = NOW + timedelta(hours=1)
    commands.check(session, acting(session, other), change.reference, later)
    steward = acting(session, cast.stewards[active.data_partner_id])
    commands.approve(session, steward, change.reference, "", shown(session, active, change, later), later)
    assert turn(session, change, active).next.name == cast.director.name  # type: ignore[union-attr]


def test_each_share_is_reminded_of_once_and_anew_in_each_step(session: Session, active: Grant, cast: Cast) -> None:
    change = in_decision(session, cast, active)
    sent = [commands.remind_of_changes(session, NOW + timedelta(days=day, hours=1)) for day in range(40)]
    assert sum(sent) == 4
    assert shares(session, "change.reminded") == [50, 80, 100, 150]
    at = NOW + timedelta(days=40)
    steward = acting(session, cast.stewards[active.data_partner_id])
    commands.approve(session, steward, change.reference, "", shown(session, active, change, at), at)
    assert commands.remind_of_changes(session, at) == 0
    assert commands.remind_of_changes(session, at + timedelta(days=60)) == 1
    assert shares(session, "change.reminded")[-1] == 150


def test_a_close_out_has_a_day_a_name_and_reminders(
    session: Session, active: Grant, cast: Cast, deputy: Person
) -> None:
    ask_to_close(session, acting(session, cast.lead), active.number, "Done.", NOW)
    assert close_out_turns(session, [active], NOW) == {}
    certified(session, active, NOW + timedelta(days=1), DutyState.DONE)
    assert close_out_turns(session, [active], NOW + timedelta(days=1)) == {}
    assert row_of(session, cast.stewards[active.data_partner_id], NOW + timedelta(days=1)) is None
    certified(session, active, NOW + timedelta(days=3))
    at = NOW + timedelta(days=3)
    now, steward = close_out_turns(session, [active], at)[active.number], cast.stewards[active.data_partner_id]
    assert (now.acts.name, now.stands_in.name) == (steward.name, "Tom Ek")  # type: ignore[union-attr]
    assert isinstance(now.clock, Progress)
    assert (now.clock.day, now.clock.total) == (0, 10)
    row = row_of(session, steward, at)
    assert row is not None
    assert (row.is_yours, row.due) == (True, now.clock.due)
    assert (group_of(session, deputy, at), group_of(session, cast.officer, at)) == (Group.OTHERS, None)
    sent = [commands.remind_of_close_outs(session, at + timedelta(days=day, hours=1)) for day in range(40)]
    assert sum(sent) == 4
    assert shares(session, "grant.close_out_reminded") == [50, 80, 100, 150]
    late = at + timedelta(days=39)
    row = row_of(session, cast.officer, late)
    assert row is not None
    assert (row.group, row.sentence) == (Group.OVERDUE, "Confirm that a grant is closed")
    commands.close(session, acting(session, cast.officer), active.number, "", late)
    assert row_of(session, cast.officer, late) is None


def test_whoever_closes_is_asked_when_the_certificate_is_accepted_and_not_when_it_is_given(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    steward = ready.stewards[granted.data_partner_id]
    ask_to_close(session, acting(session, ready.lead), granted.number, "Done.", NOW)
    certified(session, granted, NOW, DutyState.DONE)
    session.commit()
    worker.drain(app, lambda: NOW)
    assert all("Confirm" not in each for each in subjects(session, steward))
    duty = session.scalars(select(Duty).where(Duty.grant_id == granted.id, Duty.kind == "delete")).one()
    accept(session, acting(session, ready.officer), granted.number, duty.id, "", NOW + timedelta(days=2))
    session.commit()
    worker.drain(app, lambda: NOW + timedelta(days=2))
    assert subjects(session, steward)[-1].startswith("Confirm by ")


def test_a_suspension_has_a_day_a_name_and_reminders(
    session: Session, active: Grant, cast: Cast, deputy: Person
) -> None:
    steward = cast.stewards[active.data_partner_id]
    suspend(session, acting(session, steward), active.number, "The files were copied.", NOW)
    turn = turn_on(session, suspension_wait(active), NOW)
    assert turn is not None
    assert (turn.acts.name, turn.stands_in.name) == (steward.name, "Tom Ek")  # type: ignore[union-attr]
    row = row_of(session, steward, NOW)
    assert row is not None
    assert (row.is_yours, row.sentence, row.due) == (True, "Lift a suspension, or end the grant", turn.clock.due)
    assert (group_of(session, deputy, NOW), group_of(session, cast.lead, NOW)) == (Group.OTHERS, Group.OTHERS)
    sent = [commands.remind_of_suspensions(session, NOW + timedelta(days=day, hours=1)) for day in range(40)]
    assert sum(sent) == 4
    assert shares(session, "grant.suspension_reminded") == [50, 80, 100, 150]
    lift_suspension(session, acting(session, steward), active.number, NOW + timedelta(days=40))
    assert suspension_wait(active) is None
    assert row_of(session, steward, NOW + timedelta(days=40)) is None
    suspend(session, acting(session, steward), active.number, "Again.", NOW + timedelta(days=41))
    assert commands.remind_of_suspensions(session, NOW + timedelta(days=42)) == 0
    assert commands.remind_of_suspensions(session, NOW + timedelta(days=49)) == 1


def test_the_wait_for_a_close_out_begins_anew_with_a_new_certificate(
    session: Session, active: Grant, cast: Cast
) -> None:
    ended(session, cast, active)
    assert commands.remind_of_close_outs(session, NOW + timedelta(days=8)) == 1
    certified(session, active, NOW + timedelta(days=30))
    assert commands.remind_of_close_outs(session, NOW + timedelta(days=31)) == 0
    assert commands.remind_of_close_outs(session, NOW + timedelta(days=38)) == 1


def test_a_hand_over_waits_for_one_signatory_or_for_who_can_appoint_one(
    session: Session, active: Grant, cast: Cast
) -> None:
    row = handing.hand_over(session, acting(session, cast.lead), active.number, handed(cast), NOW)
    for_whom = signing_turns(session, [(row, active)], NOW)[row.number]
    assert (for_whom.acts, for_whom.next.name) == (None, cast.officer.name)  # type: ignore[union-attr]
    focal = make_person(session, cast.member, Role.FOCAL_POINT, name="Ana Ruiz")
    for_whom = signing_turns(session, [(row, active)], NOW)[row.number]
    assert (for_whom.acts, for_whom.next.name) == (None, "Ana Ruiz")  # type: ignore[union-attr]
    signatory = make_person(session, cast.member, Role.SIGNATORY, name="Helena Voss")
    for_whom = signing_turns(session, [(row, active)], NOW)[row.number]
    assert for_whom.acts is not None
    assert for_whom.acts.name == "Helena Voss"
    mine, awaited = (row_of(session, each, NOW, subgrants) for each in (signatory, cast.lead))
    assert mine is not None
    assert mine.is_yours
    assert row_of(session, focal, NOW, subgrants) is None
    assert awaited is not None
    assert dict(awaited.facts) == {"name": "Helena Voss"}
    assert not awaited.is_yours
    sent = [commands.remind_of_signatures(session, NOW + timedelta(days=day, hours=1)) for day in range(30)]
    assert sum(sent) == 4
    assert shares(session, "subgrant.reminded") == [50, 80, 100, 150]


def test_reminders_go_to_whoever_has_been_asked_and_say_what_they_can_do(
    app: Flask, session: Session, granted: Grant, ready: Cast
) -> None:
    steward, change = ready.stewards[granted.data_partner_id], in_decision(session, ready, granted)
    make_person(session, session.get_one(Organization, granted.data_partner_id), Role.DEPUTY, name="Tom Ek")
    at = {percent: when(session, change, granted, percent) for percent in (50, 150)}
    session.commit()
    worker.drain(app, lambda: NOW)
    assert subjects(session, steward)[-1].startswith("Decide by ")
    for percent, moment in at.items():
        commands.remind_of_changes(session, moment)
        session.commit()
        worker.drain(app, lambda moment=moment: moment)  # type: ignore[misc]
        if percent < 100:
            assert subjects(session, steward)[-1].endswith(f": decide on a change of {granted.number}")
            assert all("Follow up" not in each for each in subjects(session, ready.officer))
    assert subjects(session, steward)[-2].startswith("Due ")
    assert subjects(session, steward)[-1].startswith("Overdue since ")
    assert subjects(session, ready.officer)[-1].startswith("Follow up, overdue since ")
    texts = [str(mail["text"]) for mail in mails(session, ready.officer)]
    assert f"{steward.name} of " in texts[-1]
    assert "was to act by" in texts[-1]
    assert "If nothing happens by then, Tom Ek is asked too." in str(mails(session, steward)[-2]["text"])


def mails(session: Session, person: Person) -> list[dict[str, object]]:
    session.expire_all()
    sent = select(OutboxMessage.payload).where(OutboxMessage.kind == "mail.send").order_by(OutboxMessage.id)
    return [
        dict(mail)
        for mail in session.scalars(sent)
        if mail["to_email"] == person.email and mail["template"] in TEMPLATES
    ]


def subjects(session: Session, person: Person) -> list[str]:
    return [str(mail["subject"]) for mail in mails(session, person)]
