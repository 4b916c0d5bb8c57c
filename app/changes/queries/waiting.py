"""What waits for a person because a grant changes or ends: rows of the inbox. One person is named for each wait."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy import Row as SqlRow
from sqlalchemy.orm import Session, defer, joinedload

from app.changes.models import GrantChange
from app.changes.queries.changes import end_is_to_move, nothing_follows
from app.changes.queries.waits import close_out_waits, suspension_wait, to_confirm, wait_of
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.queries.rests import rests_of
from app.grants.queries.turn_rows import Way, row_of_turn
from app.grants.queries.turns import turns
from app.proposals.models import Proposal
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.changes import REMIND_DAYS_BEFORE_END
from app.rules.roles import Role
from app.rules.tasks import Row, mine
from app.rules.workflow import OPEN_CHANGES, ChangeState, Machine, is_possible, transition

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_OFFICE = (Role.OFFICER, Role.DIRECTOR)
_CHANGES: dict[ChangeState, Way] = {
    ChangeState.ASKED: Way(
        N_("Check a change of a grant"),
        N_("Check it"),
        N_("%(name)s checks a change of a grant"),
        N_("%(name)s checks your change"),
        "changes.show",
    ),
    ChangeState.IN_DECISION: Way(
        N_("Decide on a change of a grant"),
        N_("Read and decide"),
        N_("%(name)s decides on a change of a grant"),
        N_("%(name)s decides on your change"),
        "changes.show",
    ),
    ChangeState.APPROVED: Way(
        N_("Issue the newer grant"),
        N_("Read and issue"),
        N_("%(name)s issues the newer grant"),
        N_("%(name)s issues your newer grant"),
        "changes.show",
    ),
}
_CLOSING = Way(
    N_("Confirm that a grant is closed"),
    N_("Confirm it"),
    N_("%(name)s confirms that a grant is closed"),
    N_("%(name)s confirms that your grant is closed"),
    "changes.closing",
)
_SUSPENDED = Way(
    N_("Lift a suspension, or end the grant"),
    N_("Open the grant"),
    N_("%(name)s lifts a suspension, or ends the grant"),
    N_("%(name)s lifts the suspension of your grant, or ends it"),
    "grants.show",
)
_RENEW_OR_CLOSE = (N_("Renew or close a grant that ends"), N_("Renew or close"), "grants.show")
_CLOSE = (N_("Close a grant that ends and cannot be renewed"), N_("Close"), "changes.closing")


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Changes that wait for the viewer, or whom the viewer waits for; grants to renew, to close, or that are suspended."""
    return [
        *_waiting(session, viewer, now),
        *(_ending(grant, viewer, is_last) for grant, is_last in _ending_grants(session, viewer, now)),
    ]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there may be any such row for the viewer."""
    near = select(Grant.id).join(Proposal, Proposal.id == Grant.proposal_id).where(*_ends_soon(viewer, now))
    return or_(_open_changes(viewer).exists(), near.exists(), _of_grants(viewer).exists())


def count(_viewer: Actor, _now: datetime) -> None:
    """Only the rows tell, as they ask who is named."""


def _leads(viewer: Actor) -> ColumnElement[bool]:
    return and_(Proposal.lead_id == viewer.person_id, Grant.member_id.in_(viewer.organization_ids))


def _gives(viewer: Actor) -> ColumnElement[bool]:
    giving = viewer.organizations_with(*_STEWARDS)
    return Grant.data_partner_id.in_(giving) if giving else false()


def _office(viewer: Actor) -> ColumnElement[bool]:
    """Whoever of the secretariat may come to be named: for what waits for the data partner too."""
    return true() if viewer.organizations_with(*_OFFICE) else false()


def _open_changes(viewer: Actor) -> Select[int]:
    concerned = or_(_leads(viewer), _office(viewer), _gives(viewer) & (GrantChange.state == ChangeState.IN_DECISION))
    return (
        select(GrantChange.id)
        .join(Grant, Grant.id == GrantChange.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .where(GrantChange.state.in_(OPEN_CHANGES), concerned)
    )


def _waiting(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Changes, suspensions, and close-outs that nothing holds up: whose turn it is on any of them is asked once."""
    changes, grants = _changing(session, viewer), _waiting_grants(session, viewer)
    rested = rests_of(session, (change.grant for change in changes))
    asked = [wait_of(change, change.grant, rested) for change in changes]
    suspended = [suspension_wait(grant) for grant in grants]
    found = turns(session, [*asked, *suspended, *close_out_waits(session, grants)], now)
    made = [
        row_of_turn(
            change.grant,
            found[change.reference],
            viewer,
            _CHANGES[change.state],
            (("reference", change.reference),),
            take=(Machine.CHANGE, change.reference),
        )
        for change in changes
        if change.reference in found  # one that rests waits with its grant
    ]
    made += [
        row_of_turn(grant, found[grant.number], viewer, _way(grant), (("number", grant.number),))
        for grant in grants
        if grant.number in found
    ]
    return [row for row in made if row is not None]


def _way(grant: Grant) -> Way:
    return _SUSPENDED if is_possible(Action.LIFT_SUSPENSION, grant.state) else _CLOSING


def _changing(session: Session, viewer: Actor) -> Sequence[GrantChange]:
    grant = joinedload(GrantChange.grant)
    parties = (grant.joinedload(Grant.member), grant.joinedload(Grant.data_partner), grant.joinedload(Grant.proposal))
    wanted = select(GrantChange).where(GrantChange.id.in_(_open_changes(viewer))).options(*parties)
    return session.scalars(wanted.order_by(GrantChange.id)).all()


def _ends_soon(viewer: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    today = now.astimezone(UTC).date()
    return (
        _leads(viewer),
        Grant.state.in_(transition(Action.ASK_FOR_CHANGE).sources),
        Grant.ends_on.between(today, today + timedelta(days=max(REMIND_DAYS_BEFORE_END))),
        ~end_is_to_move(),
    )


def _ending_grants(session: Session, viewer: Actor, now: datetime) -> Sequence[SqlRow[Grant, bool]]:
    """Each with whether nothing can follow it, because a side of it leaves or has left."""
    near = select(Grant, nothing_follows()).join(Proposal, Proposal.id == Grant.proposal_id)
    statement = near.where(*_ends_soon(viewer, now))
    return session.execute(statement.options(joinedload(Grant.data_partner)).order_by(Grant.ends_on, Grant.id)).all()


def _ending(grant: Grant, viewer: Actor, is_last: bool) -> Row:
    sentence, button, endpoint = _CLOSE if is_last else _RENEW_OR_CLOSE
    return Row(
        group=mine(is_overdue=False),
        sentence=sentence,
        facts=(),
        lines=(f"{grant.title} · {grant.number}", grant.data_partner.name),
        initials=viewer.initials,
        tone="a",
        endpoint=endpoint,
        values=(("number", grant.number),),
        button=button,
        due=grant.ends_on,
    )


def _of_grants(viewer: Actor) -> Select[int]:
    """Grants that wait for somebody themselves, and concern the viewer: suspended ones, and those to confirm as closed."""
    concerned = or_(_leads(viewer), _office(viewer), _gives(viewer))
    waits = or_(Grant.state.in_(transition(Action.LIFT_SUSPENSION).sources), to_confirm())
    return select(Grant.id).join(Proposal, Proposal.id == Grant.proposal_id).where(waits, concerned)


def _waiting_grants(session: Session, viewer: Actor) -> Sequence[Grant]:
    wanted = select(Grant).where(Grant.id.in_(_of_grants(viewer))).order_by(Grant.id)
    parties = (joinedload(Grant.member), joinedload(Grant.data_partner), joinedload(Grant.proposal))
    return session.scalars(wanted.options(*parties, defer(Grant.record))).all()
