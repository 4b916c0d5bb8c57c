"""Incidents: reported by anyone concerned, told at once to those who must know and to nobody else, closed with what was done."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.grants.commands.letters import Press
from app.grants.models import Grant
from app.grants.queries.turns import turn_on
from app.history.queries import happenings
from app.incidents import commands
from app.incidents.commands import Notice
from app.incidents.models import Incident, IncidentNotice
from app.incidents.queries import incident_seen_by, incidents_of, rules_of, wait_of
from app.organizations.models import Membership
from app.proposals.step_models import ConflictOfInterest
from app.rules.actors import Actor
from app.rules.incidents import SUSPENSION_WORDS, PersonalData, Recipient
from app.rules.roles import Kind, Role
from app.rules.stopping import Ground
from app.rules.workflow import GrantState, IncidentState
from tests.factories.changes import LONGER, SOON, succeed
from tests.factories.grants import NOW, director_of, grant_of
from tests.factories.organizations import acting, make_organization, make_person, rest_on
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases

NOTICED = NOW - timedelta(hours=5)
LATER = NOW + timedelta(hours=3)


def notice(**more: object) -> Notice:
    given: dict[str, object] = {
        "what": "A laptop with an extract was left on a train.",
        "noticed_at": NOTICED,
        "personal_data": PersonalData.UNKNOWN,
    }
    return Notice(**{**given, **more})  # type: ignore[arg-type]


def lead(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.lead)


def steward(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.steward_of(cast.datasets[0]))


@pytest.fixture
def reported(session: Session, granted: Grant, ready: Cast) -> Incident:
    return commands.report(session, lead(session, ready), granted.number, notice(), NOW)


def test_who_is_told_and_by_when_is_what_the_terms_say(
    session: Session, granted: Grant, reported: Incident, ready: Cast
) -> None:
    rules = rules_of(granted)
    assert reported.notice_by == NOTICED + timedelta(hours=rules.notice_hours)
    assert rules.notice_hours in (24, 72)
    seen = incident_seen_by(session, steward(session, ready), reported.reference, NOW)
    told = {each.recipient: each.organization_id for each in seen.incident.notices}
    assert told[Recipient.PARTNER] == granted.data_partner_id
    assert told[Recipient.MEMBER] == granted.member_id
    assert Recipient.SECRETARIAT in told


def test_it_is_known_to_those_concerned_and_to_nobody_else(
    session: Session, granted: Grant, reported: Incident, ready: Cast
) -> None:
    focal = make_person(session, ready.member, Role.FOCAL_POINT, name="Fenna Blok")
    for person in (ready.lead, focal, ready.steward_of(ready.datasets[0]), ready.officer, ready.director):
        assert incident_seen_by(session, acting(session, person), reported.reference, NOW).incident is reported
    colleague = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    signatory = make_person(session, ready.member, Role.SIGNATORY, name="A Signatory")
    elsewhere = make_person(session, make_organization(session, Kind.MEMBER, "Another fund"), Role.PROJECT_STAFF)
    for person in (colleague, signatory, elsewhere):
        with pytest.raises(NotFound):
            incident_seen_by(session, acting(session, person), reported.reference, NOW)
        assert list(incidents_of(session, acting(session, person), granted)) == []
    # Nor does the grant's history, which colleagues read, say a word of it.
    assert not [line for line in happenings(session, [("grant", granted.number)]) if "incident" in line.type]


def test_a_colleague_may_report_one_and_then_sees_that_one(session: Session, granted: Grant, ready: Cast) -> None:
    colleague = acting(session, make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague"))
    own = commands.report(session, colleague, granted.number, notice(), NOW)
    assert incident_seen_by(session, colleague, own.reference, NOW).incident is own
    with pytest.raises(NotAllowed):
        commands.close(session, colleague, own.reference, "All is well.", NOW)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"what": " "}, "Say what happened"),
        ({"noticed_at": None}, "when it was noticed"),
        ({"noticed_at": NOW + timedelta(minutes=1)}, "not later than now"),
    ],
)
def test_what_is_missing_is_named(
    session: Session, granted: Grant, ready: Cast, more: dict[str, object], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        commands.report(session, lead(session, ready), granted.number, notice(**more), NOW)


def test_somebody_is_next_until_it_closes_with_what_was_done(
    session: Session, granted: Grant, reported: Incident, ready: Cast
) -> None:
    first = turn_on(session, wait_of(granted, reported), NOW)
    assert first is not None
    assert first.has_it is not None
    assert first.has_it.person_id == ready.lead.id
    commands.add(session, lead(session, ready), reported.reference, "The disk was encrypted.", LATER)
    commands.report_in_full(
        session, lead(session, ready), reported.reference, "Found at the lost property office.", LATER
    )
    assert reported.state.value == "reported"
    then = turn_on(session, wait_of(granted, reported), NOW)
    assert then is not None
    assert then.has_it is not None
    assert then.has_it.person_id == ready.steward_of(ready.datasets[0]).id
    with pytest.raises(NotAllowed):
        commands.close(session, lead(session, ready), reported.reference, "We say so.", LATER)
    with pytest.raises(Invalid, match="what was done"):
        commands.close(session, steward(session, ready), reported.reference, " ", LATER)
    commands.close(session, steward(session, ready), reported.reference, "The disk was wiped.", LATER)
    assert reported.state is IncidentState.CLOSED
    assert turn_on(session, wait_of(granted, reported), NOW) is None
    with pytest.raises(WrongState):
        commands.add(session, lead(session, ready), reported.reference, "More.", LATER)


def test_taking_note_is_kept_for_each_recipient(session: Session, reported: Incident, ready: Cast) -> None:
    commands.acknowledge(session, steward(session, ready), reported.reference, LATER)
    commands.acknowledge(session, acting(session, ready.officer), reported.reference, LATER)
    session.expire_all()
    seen = incident_seen_by(session, steward(session, ready), reported.reference, LATER)
    noted = {each.recipient for each in seen.incident.notices if each.acknowledged_at}
    assert {Recipient.PARTNER.value, Recipient.SECRETARIAT.value} <= noted
    assert Recipient.MEMBER.value not in noted
    assert not seen.owes_note


def test_suspending_is_one_step_and_the_reason_that_all_can_read_tells_nothing(
    session: Session, granted: Grant, reported: Incident, ready: Cast
) -> None:
    with pytest.raises(NotAllowed):
        commands.stop_use(session, lead(session, ready), reported.reference, LATER)
    commands.stop_use(session, steward(session, ready), reported.reference, LATER)
    grant = grant_of(session, granted.number)
    assert grant.state is GrantState.SUSPENDED
    assert (grant.state_reason, grant.state_ground) == (SUSPENSION_WORDS, Ground.INCIDENT)
    assert "laptop" not in grant.state_reason


def test_after_an_amendment_it_is_the_grant_in_force_that_is_suspended(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    row = commands.report(session, lead(session, cast), active.number, notice(), NOW)
    successor = succeed(session, store, press, cast, active, LONGER)
    assert active.state is GrantState.REPLACED
    assert incident_seen_by(session, steward(session, cast), row.reference, SOON).may_suspend
    assert list(incidents_of(session, steward(session, cast), successor)) == [row]
    assert commands.stop_use(session, steward(session, cast), row.reference, SOON) is successor
    assert successor.state is GrantState.SUSPENDED
    assert active.state is GrantState.REPLACED
    assert not incident_seen_by(session, steward(session, cast), row.reference, SOON).may_suspend


def test_after_an_amendment_a_notice_on_the_earlier_grant_suspends_the_one_in_force(
    session: Session, active: Grant, cast: Cast, store: FileStore, press: Press
) -> None:
    successor = succeed(session, store, press, cast, active, LONGER)
    suspends_by_itself(session, active)
    commands.report(session, lead(session, cast), active.number, notice(noticed_at=SOON), SOON)
    assert successor.state is GrantState.SUSPENDED


def test_an_officer_does_not_take_note_for_the_board(session: Session, active: Grant, cast: Cast) -> None:
    row = commands.report(session, lead(session, cast), active.number, notice(), NOW)
    office = next(each for each in session.scalars(select(IncidentNotice)) if each.recipient == Recipient.SECRETARIAT)
    board = IncidentNotice(
        incident_id=row.id, recipient=Recipient.BOARD, organization_id=office.organization_id, due_at=NOW, told_at=NOW
    )
    session.add(board)
    session.flush()
    commands.acknowledge(session, acting(session, cast.officer), row.reference, LATER)
    assert office.acknowledged_at == LATER
    assert board.acknowledged_at is None
    session.expire_all()
    assert not incident_seen_by(session, acting(session, cast.officer), row.reference, LATER).owes_note
    director = director_of(session, cast)
    assert incident_seen_by(session, director, row.reference, LATER).owes_note
    commands.acknowledge(session, director, row.reference, LATER)
    assert board.acknowledged_by_id == director.person_id


def test_where_the_terms_say_so_the_notice_suspends_by_itself(session: Session, granted: Grant, ready: Cast) -> None:
    suspends_by_itself(session, granted)
    assert rules_of(granted).suspends
    commands.report(session, lead(session, ready), granted.number, notice(is_near_miss=True), NOW)
    assert granted.state.value == "active"  # a near miss does not
    commands.report(session, lead(session, ready), granted.number, notice(), NOW)
    assert granted.state is GrantState.SUSPENDED


def suspends_by_itself(session: Session, granted: Grant) -> None:
    datasets = [dict(each) for each in granted.record["datasets"]]  # type: ignore[attr-defined]
    for each in datasets:
        clearance = next(rule for rule in each["terms"]["rules"] if rule["param"] == "clearance_required")
        rules = [*each["terms"]["rules"], {**clearance, "param": "auto_suspend", "clause": "incident", "point": "16.5"}]
        each["terms"] = {**each["terms"], "rules": rules}
    granted.record = {**granted.record, "datasets": datasets}
    session.flush()


def test_reminders_go_out_once_for_each_share(session: Session, reported: Incident) -> None:
    days = (reported.full_report_by - NOW.date()).days
    assert commands.remind_due(session, NOW + timedelta(days=1)) == 0
    assert commands.remind_due(session, NOW + timedelta(days=days // 2 + 1)) == 1
    assert commands.remind_due(session, NOW + timedelta(days=days // 2 + 1)) == 0
    assert commands.remind_due(session, NOW + timedelta(days=days)) == 1


def test_who_reported_one_and_left_everything_reads_it_no_more(session: Session, granted: Grant, ready: Cast) -> None:
    gone = make_person(session, ready.member, Role.PROJECT_STAFF, name="A Colleague")
    row = commands.report(session, acting(session, gone), granted.number, notice(), NOW)
    session.add(
        ConflictOfInterest(proposal_id=granted.proposal_id, person_id=gone.id, words="We are kin.", declared_at=NOW)
    )
    for membership in session.scalars(select(Membership).where(Membership.person_id == gone.id)):
        membership.ended_at = LATER
    session.flush()
    with pytest.raises(NotFound):
        incident_seen_by(session, acting(session, gone), row.reference, LATER)


def known(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(IncidentNotice).order_by(IncidentNotice.id))
    return [(each.recipient, each.because.value) for each in rows if each.acknowledged_at is None]


def test_that_personal_data_is_touched_after_all_is_told_anew_within_the_hours_and_noted_anew(
    session: Session, reported: Incident, granted: Grant, ready: Cast
) -> None:
    commands.acknowledge(session, steward(session, ready), reported.reference, LATER)
    noted_before = len(known(session))
    commands.add(session, lead(session, ready), reported.reference, "Names were in it.", LATER, PersonalData.YES)
    assert reported.personal_data == PersonalData.YES
    anew = [recipient for recipient, because in known(session) if because == "personal_data"]
    assert set(anew) == {str(each) for each in rules_of(granted).recipients}
    due = {each.due_at for each in session.scalars(select(IncidentNotice)) if each.because.value == "personal_data"}
    assert due == {LATER + timedelta(hours=rules_of(granted).notice_hours)}
    session.expire_all()
    assert incident_seen_by(session, steward(session, ready), reported.reference, LATER).owes_note
    commands.acknowledge(session, steward(session, ready), reported.reference, LATER)
    assert len(known(session)) == noted_before + len(anew) - 1
    session.expire_all()
    assert not incident_seen_by(session, steward(session, ready), reported.reference, LATER).owes_note


def test_that_none_is_touched_is_learned_without_telling_anew_and_that_it_is_stays_said(
    session: Session, reported: Incident, ready: Cast
) -> None:
    act, before = lead(session, ready), known(session)
    commands.add(session, act, reported.reference, "Only counts.", LATER, PersonalData.NO)
    assert (reported.personal_data, known(session)) == (PersonalData.NO, before)
    commands.add(session, act, reported.reference, "It had names.", LATER, PersonalData.YES)
    for learned in (PersonalData.NO, PersonalData.YES):
        with pytest.raises(Invalid, match="said already"):
            commands.add(session, act, reported.reference, "Or not.", LATER, learned)
    assert commands.add(session, act, reported.reference, "Forty names.", LATER).personal_data == ""


def test_the_full_report_and_the_closing_count_the_working_days_of_whoever_is_waited_for(
    session: Session, granted: Grant, ready: Cast
) -> None:
    rest_on(session, granted.member_id, date(2026, 11, 24), date(2026, 11, 25))
    rest_on(session, granted.data_partner_id, date(2026, 11, 26))
    row = commands.report(session, lead(session, ready), granted.number, notice(), NOW)
    assert row.full_report_by == date(2026, 12, 9)
    commands.report_in_full(session, lead(session, ready), row.reference, "All of it.", NOW)
    assert incident_seen_by(session, steward(session, ready), row.reference, NOW).due_on == date(2026, 12, 8)
