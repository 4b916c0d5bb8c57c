"""Duties from the first report to the certificate of deletion: each has one who is next, and nothing is done without evidence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.duties import commands
from app.duties.commands import Deletion, Given
from app.duties.models import DutyReport
from app.duties.queries import duties_of, duty_seen_by, wait_of
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.hashing import sha256_hex
from app.grants.commands import ask_to_close, expire_due, revoke
from app.grants.models import Duty, Grant
from app.grants.queries.turns import turn_on
from app.organizations.models import Restriction
from app.organizations.restrictions import restrictions_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.duties import DeletionMethod, reminder_due
from app.rules.restrictions import RestrictionKind
from app.rules.roles import Kind, Role
from app.rules.workflow import DutyState
from tests.factories.grants import NOW, grant_of
from tests.factories.organizations import acting, make_organization, make_person, rest_on
from tests.factories.proposals import Cast

pytestmark = pytest.mark.both_databases

REPORT = {"decision": "The city rebuilt four crossings.", "indicators": [{"name": "Children hurt", "value": "52"}]}
SHOWN = Given("The map names the source.", "https://fund.example/map")


def lead(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.lead)


def steward(session: Session, cast: Cast) -> Actor:
    return acting(session, cast.steward_of(cast.datasets[0]))


def duty(session: Session, grant: Grant, kind: str, number: int = 1) -> Duty:
    found = select(Duty).where(Duty.grant_id == grant.id, Duty.kind == kind, Duty.round == number)
    return session.scalars(found).one()


def sent_report(session: Session, grant: Grant, cast: Cast) -> Duty:
    row = duty(session, grant, "report")
    return commands.send_report(session, lead(session, cast), grant.number, row.id, REPORT, NOW)


def deletion(**more: object) -> Deletion:
    given: dict[str, object] = {
        "what": "All files of the release.",
        "where": "Research server in Cali, two laptops.",
        "methods": (DeletionMethod.KEYS_ERASED,),
        "deleted_on": date(2027, 11, 25),
        "by_whom": "Rosa Lindqvist",
        "backups_by": None,
        "kept": "none",
        "kept_words": "",
        "typed_name": "rosa lindqvist",
    }
    return Deletion(**{**given, **more})  # type: ignore[arg-type]


def test_a_report_is_kept_unfinished_and_sent_whole(session: Session, granted: Grant, ready: Cast) -> None:
    row = duty(session, granted, "report")
    commands.save_report(session, lead(session, ready), granted.number, row.id, {"decision": "Not yet"}, NOW)
    assert session.scalars(select(DutyReport)).one().content["decision"] == "Not yet"
    assert row.state is DutyState.OPEN
    with pytest.raises(Invalid, match="Say which decision"):
        commands.send_report(session, lead(session, ready), granted.number, row.id, {}, NOW)
    assert sent_report(session, granted, ready).state is DutyState.DONE
    assert row.done_at == NOW


def test_the_next_report_is_made_when_one_is_sent_and_only_once(session: Session, granted: Grant, ready: Cast) -> None:
    first = sent_report(session, granted, ready)
    assert first.due_on is not None
    second = duty(session, granted, "report", 2)
    assert second.due_on == first.due_on + timedelta(days=180)
    commands.return_with_words(session, steward(session, ready), granted.number, first.id, "Which crossings?", NOW)
    commands.send_report(session, lead(session, ready), granted.number, first.id, REPORT, NOW)
    rounds = [d.round for d in duties_of(session, granted) if d.kind == "report"]
    assert sorted(rounds) == [1, 2]


def test_the_data_partner_accepts_or_sends_back_with_words(session: Session, granted: Grant, ready: Cast) -> None:
    row = sent_report(session, granted, ready)
    later = NOW + timedelta(days=100)
    with pytest.raises(Invalid, match="Say what is missing"):
        commands.return_with_words(session, steward(session, ready), granted.number, row.id, "", later)
    commands.return_with_words(session, steward(session, ready), granted.number, row.id, "Which crossings?", later)
    assert (row.state, row.done_at, row.words) == (DutyState.RETURNED, None, "Which crossings?")
    assert row.due_on is not None
    assert row.due_on > later.date()  # what comes back is not overdue at once
    commands.send_report(session, lead(session, ready), granted.number, row.id, REPORT, later)
    commands.accept(session, steward(session, ready), granted.number, row.id, "", later)
    assert row.state is DutyState.ACCEPTED
    with pytest.raises(WrongState):
        commands.return_with_words(session, steward(session, ready), granted.number, row.id, "Late.", later)


def test_what_came_back_is_mended_within_ten_working_days_of_the_member(
    session: Session, granted: Grant, ready: Cast
) -> None:
    row = sent_report(session, granted, ready)
    row.due_on = NOW.date()
    rest_on(session, granted.member_id, date(2026, 11, 25), date(2026, 11, 26))
    commands.return_with_words(session, steward(session, ready), granted.number, row.id, "Which crossings?", NOW)
    assert row.due_on == date(2026, 12, 9)


def test_each_side_does_its_own_part_and_strangers_find_nothing(session: Session, granted: Grant, ready: Cast) -> None:
    row = duty(session, granted, "statement")
    with pytest.raises(NotAllowed):
        commands.do(session, steward(session, ready), granted.number, row.id, SHOWN, NOW)
    with pytest.raises(NotAllowed):
        commands.waive(session, lead(session, ready), granted.number, row.id, "We wish it.", NOW)
    elsewhere = make_organization(session, Kind.BOTH, "Another company")
    stranger = acting(session, make_person(session, elsewhere, Role.STEWARD))
    with pytest.raises(NotFound):
        duty_seen_by(session, stranger, granted.number, row.id, NOW)
    with pytest.raises(NotAllowed):
        commands.accept(session, stranger, granted.number, row.id, "", NOW)


def test_somebody_of_both_sides_does_not_answer(session: Session, granted: Grant, ready: Cast) -> None:
    row = sent_report(session, granted, ready)
    both = ready.steward_of(ready.datasets[0])
    from app.organizations.models import Membership

    session.add(Membership(person_id=both.id, organization_id=granted.member_id, role=Role.PROJECT_STAFF, since=NOW))
    session.flush()
    with pytest.raises(NotAllowed):
        commands.accept(session, acting(session, both), granted.number, row.id, "", NOW)


def test_nothing_is_done_without_something_that_shows_it(session: Session, granted: Grant, ready: Cast) -> None:
    row = duty(session, granted, "statement")
    with pytest.raises(Invalid, match="Show it"):
        commands.do(session, lead(session, ready), granted.number, row.id, Given(), NOW)
    with pytest.raises(Invalid, match="begins with https"):
        commands.do(session, lead(session, ready), granted.number, row.id, Given(link="javascript:x"), NOW)
    assert commands.do(session, lead(session, ready), granted.number, row.id, SHOWN, NOW).state is DutyState.DONE


def test_what_has_a_page_of_its_own_is_not_done_with_a_sentence(session: Session, granted: Grant, ready: Cast) -> None:
    for kind in ("report", "delete", "clear_output"):
        with pytest.raises(WrongState, match="page of its own"):
            commands.do(session, lead(session, ready), granted.number, duty(session, granted, kind).id, SHOWN, NOW)


def test_somebody_is_next_as_long_as_a_duty_is_open(session: Session, granted: Grant, ready: Cast) -> None:
    row = duty(session, granted, "report")
    first = turn_on(session, wait_of(granted, row), NOW)
    assert first is not None
    assert first.has_it is not None
    assert first.has_it.person_id == ready.lead.id
    sent_report(session, granted, ready)
    then = turn_on(session, wait_of(granted, row), NOW)
    assert then is not None
    assert then.has_it is not None
    assert then.has_it.person_id == ready.steward_of(ready.datasets[0]).id
    commands.accept(session, steward(session, ready), granted.number, row.id, "", NOW)
    assert turn_on(session, wait_of(granted, row), NOW) is None


def test_reminders_go_out_once_each_before_and_after_the_day() -> None:
    due = date(2027, 3, 15)
    last, sent = None, []
    for day in range(-20, 15):
        step = reminder_due(due, due + timedelta(days=day), last)
        if step is not None:
            last = step
            sent.append((day, step))
    assert sent == [(-14, 14), (-7, 7), (-1, 1), (1, -1), (10, -10)]
    assert reminder_due(due, due - timedelta(days=3), None) == 7  # days without a worker are made up for, once


def test_a_member_with_an_overdue_duty_may_begin_nothing_new_until_it_is_done(
    session: Session, granted: Grant, ready: Cast
) -> None:
    row = duty(session, granted, "report")
    assert row.due_on is not None
    at_noon = datetime.combine(row.due_on, datetime.min.time(), UTC) + timedelta(hours=12)
    assert commands.restrict_overdue(session, at_noon) == 0
    late = at_noon + timedelta(days=2)
    assert commands.restrict_overdue(session, late) == 1
    commands.restrict_overdue(session, late)
    for kind in (RestrictionKind.SEND_PROPOSALS, RestrictionKind.RENEW_GRANTS):
        assert restrictions_of(session, granted.member_id, kind)
    assert len(session.scalars(select(Restriction)).all()) == 2
    assert "It must be done, or waived" in session.scalars(select(Restriction)).first().words  # type: ignore[union-attr]
    commands.send_report(session, lead(session, ready), granted.number, row.id, REPORT, late)
    assert not restrictions_of(session, granted.member_id, RestrictionKind.SEND_PROPOSALS)


def test_a_waiver_ends_it_too_and_the_next_report_still_comes(session: Session, granted: Grant, ready: Cast) -> None:
    row = duty(session, granted, "report")
    late = NOW + timedelta(days=120)
    commands.restrict_overdue(session, late)
    with pytest.raises(Invalid, match="Say why"):
        commands.waive(session, steward(session, ready), granted.number, row.id, " ", late)
    commands.waive(session, steward(session, ready), granted.number, row.id, "The first quarter was the set-up.", late)
    assert row.state is DutyState.WAIVED
    assert not restrictions_of(session, granted.member_id, RestrictionKind.SEND_PROPOSALS)
    assert duty(session, granted, "report", 2).state is DutyState.OPEN


def test_at_the_end_the_deletion_is_due_as_the_terms_say(session: Session, granted: Grant, ready: Cast) -> None:
    row = duty(session, granted, "delete")
    by_itself = row.due_on
    revoke(session, steward(session, ready), granted.number, "It was passed on.", NOW + timedelta(days=40))
    # The deletion gets its day; a report and a statement that would have come later fall away.
    assert commands.wind_up(session, granted.number, NOW + timedelta(days=40)) == 3
    assert row.due_on == (NOW + timedelta(days=70)).date()
    assert by_itself is not None
    assert row.due_on < by_itself
    assert commands.wind_up(session, granted.number, NOW + timedelta(days=41)) == 0  # once


def test_a_grant_that_ends_by_itself_keeps_the_day_that_was_promised(session: Session, granted: Grant) -> None:
    row, after = duty(session, granted, "delete"), NOW + timedelta(days=400)
    promised = row.due_on
    expire_due(session, after)
    commands.wind_up(session, granted.number, after)
    assert row.due_on == promised
    assert promised == granted.ends_on + timedelta(days=30)


def test_a_certificate_is_signed_by_name_and_its_text_is_what_was_hashed(
    session: Session, granted: Grant, ready: Cast
) -> None:
    row, after = duty(session, granted, "delete"), datetime(2027, 11, 26, 10, 0, tzinfo=UTC)
    signed = commands.certify(session, lead(session, ready), granted.number, row.id, deletion(), after)
    assert row.state is DutyState.DONE
    assert signed.body_sha256 == sha256_hex(signed.body.encode())
    for words in (
        granted.number,
        granted.record_hash,
        "every key erased",
        "Research server",
        "rosa lindqvist",
        "Nothing is kept",
    ):
        assert words in signed.body
    commands.accept(session, steward(session, ready), granted.number, row.id, "", after)
    assert grant_of(session, granted.number).id == signed.grant_id


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"what": ""}, "Say what was deleted"),
        ({"methods": ()}, "at least one way"),
        ({"deleted_on": date(2027, 12, 25)}, "not one in the future"),
        ({"kept": "integrity"}, "Name the sealed copy"),
        ({"typed_name": "Somebody Else"}, "your signature"),
    ],
)
def test_a_certificate_that_says_too_little_is_not_taken(
    session: Session, granted: Grant, ready: Cast, more: dict[str, object], words: str
) -> None:
    row, after = duty(session, granted, "delete"), datetime(2027, 11, 26, 10, 0, tzinfo=UTC)
    with pytest.raises(Invalid, match=words):
        commands.certify(session, lead(session, ready), granted.number, row.id, deletion(**more), after)
    assert row.state is DutyState.OPEN


def test_the_deletion_of_all_data_is_certified_once_the_grant_has_ended(
    session: Session, granted: Grant, ready: Cast
) -> None:
    row, early = duty(session, granted, "delete"), deletion(deleted_on=NOW.date())
    seen = duty_seen_by(session, lead(session, ready), granted.number, row.id, NOW)
    assert Action.DO_DUTY not in seen.may
    with pytest.raises(WrongState, match="has not ended"):
        commands.certify(session, lead(session, ready), granted.number, row.id, early, NOW)
    ask_to_close(session, lead(session, ready), granted.number, "", NOW)
    assert commands.certify(session, lead(session, ready), granted.number, row.id, early, NOW).duty_id == row.id


def test_a_certificate_names_no_partner_that_wishes_to_stay_unnamed(
    session: Session, granted: Grant, ready: Cast
) -> None:
    name = granted.record["data_partner"]["name"]  # type: ignore[index]
    granted.record = {**granted.record, "data_partner": {**granted.record["data_partner"], "is_unnamed": True}}  # type: ignore[dict-item]
    session.flush()
    row, after = duty(session, granted, "delete"), datetime(2027, 11, 26, 10, 0, tzinfo=UTC)
    signed = commands.certify(session, lead(session, ready), granted.number, row.id, deletion(), after)
    assert name not in signed.body
