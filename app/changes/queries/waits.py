"""What is waited for on a grant, and who acts on it: a step of a change, a suspension, a close-out, a hand-over to sign."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.changes.models import GrantChange
from app.changes.standing import judged_by
from app.delivery.models import Delivery
from app.grants.models import Duty, Grant, SubGrant
from app.grants.queries.rests import Rests, rests_of
from app.grants.queries.turns import Turn, Waiting, turn_on, turns
from app.rules.actions import Action
from app.rules.calendar import Calendar, Progress, Wait, progress
from app.rules.closing import hold_up, holding_up
from app.rules.roles import Role
from app.rules.workflow import ChangeState, Machine, SubGrantState, is_possible, transition

# By state: the length of the wait and the roles of the secretariat that act. The data partner's wait is a row of its own.
_OF_OFFICE: dict[ChangeState, tuple[Wait, tuple[Role, ...]]] = {
    ChangeState.ASKED: (Wait.INTAKE, (Role.OFFICER,)),
    ChangeState.APPROVED: (Wait.ISSUE, (Role.DIRECTOR,)),
}
CLOSE_OUT = "close_out"
SUSPENSION = "suspension"
_DELETE = "delete"


def rests(change: GrantChange, grant: Grant) -> bool:
    """Whether the newer grant could be issued but for a suspension, which is lifted first."""
    return change.state is ChangeState.APPROVED and is_possible(Action.LIFT_SUSPENSION, grant.state)


def wait_of(change: GrantChange, grant: Grant, rested: Rests) -> Waiting | None:
    """Whom a change waits for: who checks it, who decides on it, who issues the newer grant; None where it is over or rests.

    The days of a suspension do not count for whoever issues.
    Whoever decided, or checked it where no decision was wanted, does not issue (four eyes).
    """
    thing, ref, since = Machine.CHANGE.value, change.reference, change.state_since
    if change.state is ChangeState.IN_DECISION:
        partner, deputies = grant.data_partner_id, (Role.DEPUTY,)
        return Waiting(thing, ref, grant, Wait.DECISION, since, partner, (Role.STEWARD,), deputies)
    if change.state not in _OF_OFFICE or rests(change, grant):
        return None
    length, own = _OF_OFFICE[change.state]
    clock = rested.clock(grant, length, since) if change.state is ChangeState.APPROVED else length
    return Waiting(thing, ref, grant, clock, since, None, own, decided_by=judged_by(change))


def turn_of(session: Session, change: GrantChange, grant: Grant, now: datetime) -> Turn | None:
    """Whose turn it is on one change; where it rests, who lifts the suspension of its grant; None where it is over."""
    if rests(change, grant):
        return turn_on(session, suspension_wait(grant), now)
    return turn_on(session, wait_of(change, grant, rests_of(session, [grant])), now)


def to_confirm() -> ColumnElement[bool]:
    """The grants whose use has ended and that nothing holds up (rules/closing): somebody confirms that they are closed."""
    open_ones = select(Duty.grant_id).where(Duty.kind == _DELETE, Duty.state.in_(holding_up(Machine.DUTY)))
    still_on = select(Delivery.grant_id).where(Delivery.is_open)
    may_close = Grant.state.in_(transition(Action.CLOSE_GRANT).sources)
    return and_(may_close, Grant.id.not_in(open_ones), Grant.id.not_in(still_on))


def close_out_waits(session: Session, grants: Sequence[Grant]) -> list[Waiting]:
    """Whom the close-outs of these grants wait for, of those that can be confirmed now.

    The data partner confirms, its deputy joins; the secretariat may as well, and is asked last. It is waited for since the use
    ended or, where that was later, since the last certificate was accepted or waived, or access switched off.
    """
    keys = [grant.id for grant in grants if grant.state in transition(Action.CLOSE_GRANT).sources]
    rows = session.scalars(select(Duty).where(Duty.grant_id.in_(keys), Duty.kind == _DELETE)).all() if keys else ()
    duties = {key: [row for row in rows if row.grant_id == key] for key in keys}
    given = session.scalars(select(Delivery).where(Delivery.grant_id.in_(keys))).all() if keys else ()
    access = {row.grant_id: row for row in given}
    return [
        _close_out(grant, duties[grant.id], access.get(grant.id))
        for grant in grants
        if grant.id in duties
        and not (grant.id in access and access[grant.id].is_open)
        and not any(hold_up(Machine.DUTY, row.state, row.kind) for row in duties[grant.id])
    ]


def _close_out(grant: Grant, deletions: Sequence[Duty], access: Delivery | None) -> Waiting:
    given = [moment for row in deletions if (moment := row.state_since or row.done_at) is not None]
    given += [access.switched_off_at] if access and access.switched_off_at else []
    return Waiting(
        CLOSE_OUT,
        grant.number,
        grant,
        Wait.CLOSE_OUT,
        max([grant.state_since, *given]),
        grant.data_partner_id,
        (Role.STEWARD,),
        (Role.DEPUTY,),
        of_office=(Role.OFFICER,),
    )


def close_out_turns(session: Session, grants: Sequence[Grant], now: datetime) -> dict[str, Turn]:
    """Whose turn it is to confirm that these grants are closed, by number; those that cannot be closed now are not in it."""
    return turns(session, close_out_waits(session, grants), now)


def suspension_wait(grant: Grant) -> Waiting | None:
    """Whom a suspended grant waits for: the data partner lifts it or ends the grant; a director may too, and is asked last."""
    if not is_possible(Action.LIFT_SUSPENSION, grant.state):
        return None
    return Waiting(
        SUSPENSION,
        grant.number,
        grant,
        Wait.SUSPENSION,
        grant.state_since,
        grant.data_partner_id,
        (Role.STEWARD,),
        (Role.DEPUTY,),
        of_office=(Role.DIRECTOR,),
    )


def signing_wait(row: SubGrant, grant: Grant) -> Waiting | None:
    """Whom a hand-over waits for before it is offered: the member's signatory; where it has none, who can appoint one."""
    if row.state is not SubGrantState.TO_SIGN:
        return None
    own, others = (Role.SIGNATORY,), (Role.FOCAL_POINT,)
    return Waiting(
        Machine.SUBGRANT.value,
        row.number,
        grant,
        Wait.SIGNATURE,
        row.state_since,
        grant.member_id,
        own,
        substitutes=others,
        is_own=True,
    )


def answer_clock(row: SubGrant, now: datetime) -> Progress:
    """The time in which the recipient, who has no account, answers an offer: working days of their country."""
    return progress(Wait.SIGNATURE, row.state_since, now, calendar=Calendar(row.country or None))


def signing_turns(session: Session, rows: Collection[tuple[SubGrant, Grant]], now: datetime) -> dict[str, Turn]:
    """Whose turn it is to sign these hand-overs, by number; those that are signed are not in it."""
    return turns(session, (signing_wait(row, grant) for row, grant in rows), now)
