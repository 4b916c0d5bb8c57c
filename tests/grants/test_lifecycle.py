"""A grant's life after issue: sealed once, stopped with a reason, over at its end, and never unrecorded."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.commands import close
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.files import FileStore
from app.grants.commands import activate, ask_to_close, expire_due, lift_suspension, revoke, suspend
from app.grants.commands.letters import Press, sealed_letter
from app.grants.models import Duty, Grant
from app.grants.queries.verification import grant_with_code, is_in_force, status_of
from app.history.models import HistoryEvent
from app.rules.actors import NOBODY, OPERATOR
from app.rules.grant_days import NOT_YET
from app.rules.roles import Kind, Role
from app.rules.stopping import Ground
from app.rules.workflow import DutyState, GrantState
from tests.factories.grants import NOW, director_of, grant_of, make_issued
from tests.factories.organizations import acting, make_organization, make_person
from tests.factories.proposals import Cast

LATER = NOW + timedelta(days=3)


def events_on(session: Session, number: str) -> list[str]:
    statement = select(HistoryEvent.type).where(HistoryEvent.thing_ref == number).order_by(HistoryEvent.seq)
    return list(session.scalars(statement))


def test_sealing_makes_a_grant_active_and_stores_its_letter(session: Session, active: Grant) -> None:
    assert active.state is GrantState.ACTIVE
    assert active.sealed_at is not None
    letter = grant_of(session, active.number)
    assert letter.letter_id is not None
    assert events_on(session, active.number) == ["grant.issued", "grant.sealed"]


def test_a_letter_that_is_sealed_twice_is_kept_once(
    session: Session, cast: Cast, store: FileStore, press: Press
) -> None:
    (grant,) = make_issued(session, cast)
    first = sealed_letter(press, grant.record, grant.verify_token, datetime.now(UTC))
    second = sealed_letter(press, grant.record, grant.verify_token, datetime.now(UTC))
    activate(session, store, grant.number, first, NOW)
    kept = grant_of(session, grant.number).letter_id
    activate(session, store, grant.number, second, LATER)
    assert grant_of(session, grant.number).letter_id == kept
    assert events_on(session, grant.number).count("grant.sealed") == 1


def test_a_grant_that_was_revoked_before_its_seal_stays_revoked(
    session: Session, cast: Cast, store: FileStore, press: Press
) -> None:
    (grant,) = make_issued(session, cast)
    revoke(session, director_of(session, cast), grant.number, "Issued by mistake.", NOW)
    sealed = sealed_letter(press, grant.record, grant.verify_token, datetime.now(UTC))
    activate(session, store, grant.number, sealed, NOW)
    again = grant_of(session, grant.number)
    assert again.state is GrantState.REVOKED
    assert again.letter_id is None


def test_suspending_stops_and_lifting_lets_go_on(session: Session, active: Grant, cast: Cast) -> None:
    steward = acting(session, cast.steward_of(cast.datasets[0]))
    suspend(session, steward, active.number, "We look into a report of misuse.", LATER)
    assert active.state is GrantState.SUSPENDED
    assert not status_of(active, LATER).gives_right
    lift_suspension(session, steward, active.number, LATER)
    assert status_of(active, LATER).gives_right
    assert active.state_reason == ""
    assert events_on(session, active.number)[-2:] == ["grant.suspended", "grant.suspension_lifted"]


@pytest.mark.parametrize("reason", ["", "   ", "\u202e\x00"])
def test_nobody_stops_a_grant_without_a_reason(session: Session, active: Grant, cast: Cast, reason: str) -> None:
    for act in (suspend, revoke):
        with pytest.raises(Invalid, match="Say why"):
            act(session, director_of(session, cast), active.number, reason, LATER)
    assert active.state is GrantState.ACTIVE


def test_revoking_is_for_good(session: Session, active: Grant, cast: Cast) -> None:
    director = director_of(session, cast)
    revoke(session, director, active.number, "The data was passed on.", LATER)
    issued = status_of(active, LATER)
    assert (issued.gives_right, issued.status, issued.since, issued.reason) == (
        False,
        "revoked",
        LATER,
        "The data was passed on.",
    )
    for act in (revoke, suspend):
        with pytest.raises(WrongState):
            act(session, director, active.number, "Again.", LATER)
    with pytest.raises(WrongState):
        lift_suspension(session, director, active.number, LATER)


def test_the_operator_may_revoke_and_nothing_else(session: Session, active: Grant) -> None:
    with pytest.raises(NotAllowed):
        suspend(session, OPERATOR, active.number, "Because.", LATER)
    assert revoke(session, OPERATOR, active.number, "By order of a court.", LATER).state is GrantState.REVOKED


def certified(session: Session, grant: Grant, state: DutyState = DutyState.ACCEPTED) -> None:
    """The certificate of deletion is in, and accepted unless said otherwise."""
    for duty in session.scalars(select(Duty).where(Duty.grant_id == grant.id, Duty.kind == "delete")):
        duty.state, duty.words = state, "As agreed."
        duty.done_at = None if state is DutyState.RETURNED else LATER
    session.flush()


def test_the_member_ends_its_use_at_once_and_cannot_revoke(session: Session, active: Grant, cast: Cast) -> None:
    lead = acting(session, cast.lead)
    with pytest.raises(NotAllowed):
        revoke(session, lead, active.number, "We are done.", LATER)
    assert is_in_force(active, LATER)
    assert ask_to_close(session, lead, active.number, "Published.", LATER).state is GrantState.CLOSING
    assert not is_in_force(active, LATER)
    with pytest.raises(NotAllowed):
        close(session, lead, active.number, "", LATER)


def test_a_grant_is_closed_by_somebody_else_once_the_deletion_is_certified_and_accepted(
    session: Session, active: Grant, cast: Cast
) -> None:
    ask_to_close(session, acting(session, cast.lead), active.number, "Published.", LATER)
    officer = acting(session, cast.officer)
    with pytest.raises(WrongState, match="certificate of deletion is not in yet"):
        close(session, officer, active.number, "", LATER)
    certified(session, active, DutyState.DONE)
    with pytest.raises(WrongState, match="in and not read yet"):
        close(session, officer, active.number, "", LATER)
    certified(session, active, DutyState.RETURNED)
    with pytest.raises(WrongState, match="is not in yet"):
        close(session, officer, active.number, "", LATER)
    certified(session, active)
    assert close(session, officer, active.number, "", LATER).state is GrantState.CLOSED
    assert active.state_reason == "Published."


def test_an_expired_grant_is_closed_without_its_lead(session: Session, active: Grant, cast: Cast) -> None:
    expire_due(session, datetime(2028, 1, 1, tzinfo=UTC))
    certified(session, active)
    steward = acting(session, cast.steward_of(cast.datasets[0]))
    assert close(session, steward, active.number, "", datetime(2028, 1, 2, tzinfo=UTC)).state is GrantState.CLOSED


def test_a_suspension_names_a_ground_of_the_agreement(session: Session, active: Grant, cast: Cast) -> None:
    director = director_of(session, cast)
    with pytest.raises(Invalid, match="one of the reasons"):
        suspend(session, director, active.number, "Because.", LATER, Ground.AGREED)
    suspend(session, director, active.number, "A laptop was lost.", LATER, Ground.INCIDENT)
    assert active.state_ground == "incident"
    lift_suspension(session, director, active.number, LATER)
    assert active.state_ground is None


def test_a_grant_does_not_exist_for_people_of_others(session: Session, active: Grant) -> None:
    other = make_organization(session, Kind.BOTH, "Another company")
    stranger = acting(session, make_person(session, other, Role.STEWARD, Role.PROJECT_STAFF))
    for actor in (stranger, NOBODY):
        with pytest.raises(NotFound):
            revoke(session, actor, active.number, "Because.", LATER)
    with pytest.raises(NotFound):
        revoke(session, OPERATOR, "GR-2026-9999", "Because.", LATER)


def test_a_grant_is_over_with_the_first_minute_after_its_last_day(session: Session, active: Grant) -> None:
    last = datetime(2027, 11, 22, 23, 59, 59, tzinfo=UTC)
    first_after = datetime(2027, 11, 23, 0, 0, 0, tzinfo=UTC)
    assert status_of(active, last).gives_right
    assert not status_of(active, first_after).gives_right  # whether or not the worker has run
    assert status_of(active, first_after).status == "expired"
    assert expire_due(session, last) == 0
    assert expire_due(session, first_after) == 1
    assert active.state is GrantState.EXPIRED
    assert expire_due(session, first_after) == 0
    assert status_of(active, first_after).since == first_after


def test_a_suspended_grant_expires_too(session: Session, active: Grant, cast: Cast) -> None:
    suspend(session, director_of(session, cast), active.number, "Under review.", LATER)
    assert expire_due(session, datetime(2028, 1, 1, tzinfo=UTC)) == 1


def test_before_its_first_day_a_grant_gives_no_right(active: Grant) -> None:
    before = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert status_of(active, before).status == NOT_YET
    assert not status_of(active, before).gives_right


def test_the_code_on_the_letter_opens_it_and_any_other_does_not(session: Session, active: Grant) -> None:
    token = active.verify_token
    spaced = f"{token[:4]} {token[4:8]} {token[8:12]} {token[12:]}".upper()
    assert grant_with_code(session, active.number, token) is active
    assert grant_with_code(session, active.number, spaced) is active
    for number, code in (
        (active.number, ""),
        (active.number, "0" * 16),
        ("GR-2026-9999", token),
        (active.number, "é" * 16),
    ):
        assert grant_with_code(session, number, code) is None


def test_a_grant_that_is_not_sealed_has_no_code_yet(session: Session, cast: Cast) -> None:
    (grant,) = make_issued(session, cast)
    assert grant_with_code(session, grant.number, grant.verify_token) is None
