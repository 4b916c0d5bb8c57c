"""What waits for a person because a grant changes or ends: rows of the inbox, and how many of them are theirs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.changes.models import GrantChange
from app.changes.queries.clock import clocks_of
from app.foundation.words import N_
from app.grants.models import Duty, Grant
from app.organizations.assignments import is_with_colleague
from app.proposals.models import Proposal
from app.rules.actions import Action
from app.rules.actors import Actor, initials_of
from app.rules.calendar import Progress
from app.rules.changes import REMIND_DAYS_BEFORE_END
from app.rules.roles import Role
from app.rules.tasks import Group, Row, mine
from app.rules.workflow import OPEN_CHANGES, OWED, ChangeState, GrantState, Machine, transition

_STEWARDS = (Role.STEWARD, Role.DEPUTY)
_TURNS: dict[ChangeState, tuple[str, str]] = {
    ChangeState.ASKED: (N_("Check a change of a grant"), N_("Check it")),
    ChangeState.IN_DECISION: (N_("Decide on a change of a grant"), N_("Read and decide")),
    ChangeState.APPROVED: (N_("Issue the newer grant"), N_("Read and issue")),
}
_WAITS_FOR: dict[ChangeState, str] = {
    ChangeState.ASKED: N_("The secretariat checks your change"),
    ChangeState.IN_DECISION: N_("The data partner decides on your change"),
    ChangeState.APPROVED: N_("Your change is to be issued"),
}


def rows(session: Session, viewer: Actor, now: datetime) -> list[Row]:
    """Changes that wait for the viewer or whom the viewer waits for, grants to renew or close, close-outs to confirm."""
    own = _changes(session, _my_turn(viewer))
    others = _changes(session, and_(_leads(viewer), ~_my_turn(viewer)))
    clocks = clocks_of(session, [*own, *others], now)
    return [
        *(_turn(change, clocks[change.reference]) for change in own),
        *(_awaited(change, viewer, clocks[change.reference]) for change in others),
        *(_ending(grant, viewer, now) for grant in _ending_grants(session, viewer, now)),
        *(_closing(grant, viewer) for grant in _to_confirm(session, viewer)),
    ]


def some(viewer: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether there is any such row for the viewer."""
    awaited = _open_changes(_leads(viewer))
    return or_(awaited.exists(), *(part.exists() for part in _own_keys(viewer, now)))


def count(viewer: Actor, now: datetime) -> ScalarSelect[int]:
    """How many of these rows are the viewer's own."""
    changes, *rest = _own_keys(viewer, now)
    taken = is_with_colleague(viewer, Machine.CHANGE, GrantChange.reference.expression, GrantChange.state_since)
    first, *others = (
        part.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
        for part in (changes.where(~taken), *rest)
    )
    return select(sum(others, start=first)).scalar_subquery()


def _own_keys(viewer: Actor, now: datetime) -> tuple[Select[int], ...]:
    """The keys of what the viewer does next: one statement for each kind of row."""
    ending = select(Grant.id).join(Proposal, Proposal.id == Grant.proposal_id).where(*_ends_soon(viewer, now))
    return _open_changes(_my_turn(viewer)), ending, select(Grant.id).where(*_closes(viewer))


def _open_changes(condition: ColumnElement[bool]) -> Select[int]:
    return (
        select(GrantChange.id)
        .join(Grant, Grant.id == GrantChange.grant_id)
        .join(Proposal, Proposal.id == Grant.proposal_id)
        .where(GrantChange.state.in_(OPEN_CHANGES), condition)
    )


def _my_turn(viewer: Actor) -> ColumnElement[bool]:
    """The changes whose next step is the viewer's to take; whoever is of the member takes none (`change_standing`)."""
    ways: list[ColumnElement[bool]] = []
    if viewer.organizations_with(Role.OFFICER):
        ways.append(GrantChange.state == ChangeState.ASKED)
    giving = viewer.organizations_with(*_STEWARDS)
    if giving:
        ways.append(and_(GrantChange.state == ChangeState.IN_DECISION, Grant.data_partner_id.in_(giving)))
    if viewer.organizations_with(Role.DIRECTOR):
        decided = or_(GrantChange.decided_by_id.is_(None), GrantChange.decided_by_id != viewer.person_id)
        ways.append(and_(GrantChange.state == ChangeState.APPROVED, decided))
    return and_(or_(*ways), Grant.member_id.not_in(viewer.organization_ids)) if ways else false()


def _leads(viewer: Actor) -> ColumnElement[bool]:
    return and_(Proposal.lead_id == viewer.person_id, Grant.member_id.in_(viewer.organization_ids))


def _changes(session: Session, condition: ColumnElement[bool]) -> Sequence[GrantChange]:
    statement = select(GrantChange).where(GrantChange.id.in_(_open_changes(condition))).order_by(GrantChange.id)
    grant = joinedload(GrantChange.grant)
    return session.scalars(
        statement.options(grant.joinedload(Grant.member), grant.joinedload(Grant.data_partner))
    ).all()


def _turn(change: GrantChange, clock: Progress) -> Row:
    sentence, button = _TURNS[change.state]
    return Row(
        group=mine(clock.is_over),
        sentence=sentence,
        facts=(),
        lines=(f"{change.grant.title} · {change.reference}", change.grant.member.name),
        initials=initials_of(change.grant.member.name),
        tone="b",
        endpoint="changes.show",
        values=(("reference", change.reference),),
        button=button,
        due=clock.due,
        clock=clock,
        take=(Machine.CHANGE, change.reference),
        take_since=change.state_since,
    )


def _awaited(change: GrantChange, viewer: Actor, clock: Progress) -> Row:
    return Row(
        group=Group.OTHERS,
        sentence=_WAITS_FOR[change.state],
        facts=(),
        lines=(f"{change.grant.title} · {change.reference}", change.grant.data_partner.name),
        initials=viewer.initials,
        tone="c",
        endpoint="changes.show",
        values=(("reference", change.reference),),
        due=clock.due,
        clock=clock,
    )


def _ends_soon(viewer: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    today = now.astimezone(UTC).date()
    busy = select(GrantChange.grant_id).where(GrantChange.state.in_(OPEN_CHANGES))
    return (
        _leads(viewer),
        Grant.state.in_(transition(Action.ASK_FOR_CHANGE).sources),
        Grant.ends_on.between(today, today + timedelta(days=max(REMIND_DAYS_BEFORE_END))),
        Grant.id.not_in(busy),
    )


def _ending_grants(session: Session, viewer: Actor, now: datetime) -> Sequence[Grant]:
    near = select(Grant).join(Proposal, Proposal.id == Grant.proposal_id)
    statement = near.where(*_ends_soon(viewer, now))
    return session.scalars(statement.options(joinedload(Grant.data_partner)).order_by(Grant.ends_on, Grant.id)).all()


def _ending(grant: Grant, viewer: Actor, _now: datetime) -> Row:
    return Row(
        group=mine(is_overdue=False),
        sentence=N_("Renew or close a grant that ends"),
        facts=(),
        lines=(f"{grant.title} · {grant.number}", grant.data_partner.name),
        initials=viewer.initials,
        tone="a",
        endpoint="grants.show",
        values=(("number", grant.number),),
        button=N_("Renew or close"),
        due=grant.ends_on,
    )


def _closes(viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """Close-outs whose certificate is in: the officers and the data partner's stewards can confirm them."""
    ways: list[ColumnElement[bool]] = []
    if viewer.organizations_with(Role.OFFICER):
        ways.append(Grant.id.is_not(None))
    giving = viewer.organizations_with(*_STEWARDS)
    if giving:
        ways.append(Grant.data_partner_id.in_(giving))
    if not ways:
        return (false(),)
    owed = select(Duty.grant_id).where(Duty.kind == "delete", Duty.state.in_(OWED))
    return (
        Grant.state.in_((GrantState.CLOSING, GrantState.EXPIRED)),
        Grant.id.not_in(owed),
        Grant.member_id.not_in(viewer.organization_ids),
        or_(*ways),
    )


def _to_confirm(session: Session, viewer: Actor) -> Sequence[Grant]:
    ready = select(Grant).where(*_closes(viewer))
    return session.scalars(ready.options(joinedload(Grant.member)).order_by(Grant.id)).all()


def _closing(grant: Grant, viewer: Actor) -> Row:
    return Row(
        group=mine(is_overdue=False),
        sentence=N_("Confirm that a grant is closed"),
        facts=(),
        lines=(f"{grant.title} · {grant.number}", grant.member.name),
        initials=viewer.initials,
        tone="b",
        endpoint="changes.closing",
        values=(("number", grant.number),),
        button=N_("Confirm it"),
    )
