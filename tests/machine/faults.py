"""Faults that somebody could make, planted one at a time while the product runs. The machine must find each of them.

Each is one small change to a rules table or a function: a bar that is gone, a check that is left out. What the machine judges
by was read before (`machine.SOURCES`, `invariants/moves.DECLARED`), so that a planted fault cannot hide itself.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from unittest import mock

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes.commands import issuing as successors
from app.foundation import numbers
from app.grants.commands import freezing, issuing
from app.grants.queries import verification
from app.organizations.models import Membership, Person
from app.outputs.commands import reading
from app.proposals import standing
from app.proposals.commands import deciding, ending, sending
from app.proposals.commands.acting import current_version, items_of
from app.proposals.models import Proposal
from app.reactions.table import SCHEDULE
from app.rules import permissions, workflow
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.pipelines import Step
from app.rules.roles import Role
from app.rules.terms import EffectiveTerms
from app.rules.workflow import GrantState, ItemState, ProposalState
from tests.machine import machine


@dataclass(frozen=True)
class Fault:
    """What is wrong, how it is planted, and the areas that the examples dwell on to find it."""

    name: str
    plant: Callable[[ExitStack], object]
    areas: tuple[str, ...]


def _without(module: object, name: str, instead: object) -> Callable[[ExitStack], object]:
    """Put something else in a function's place."""
    return lambda stack: stack.enter_context(mock.patch.object(module, name, instead))


def _dropped_bar(stack: ExitStack) -> None:
    for action in (Action.APPROVE_ITEM, Action.APPROVE_ITEM_WITH_CONDITIONS, Action.NOT_APPROVE_ITEM):
        without = replace(permissions.PERMISSIONS[action], bar=frozenset())
        stack.enter_context(mock.patch.dict(permissions.PERMISSIONS, {action: without}))


def _skipped_state(stack: ExitStack) -> None:
    row = workflow.transition(Action.LIFT_SUSPENSION)
    from_anywhere = replace(row, sources=frozenset(GrantState))
    stack.enter_context(mock.patch.dict(workflow._BY_ACTION, {Action.LIFT_SUSPENSION: from_anywhere}))


def _whatever_was_shown(session: Session, proposal: Proposal, *_rest: object) -> object:
    return current_version(session, proposal)


def _longer(terms: Sequence[EffectiveTerms]) -> tuple[date, date]:
    first, last = _DAYS(terms)
    return first, last + timedelta(days=60)


_DAYS = freezing._days


def _silence(stack: ExitStack) -> None:
    def approve_what_nobody_decided_on(session: Session, now: datetime) -> None:
        waiting = select(Proposal).where(
            Proposal.state == ProposalState.IN_REVIEW,
            Proposal.step == Step.DATA_PARTNERS,
            Proposal.waiting_since < now - timedelta(days=7),
        )
        for proposal in session.scalars(waiting).all():
            for item in [each for each in items_of(session, proposal) if each.state is ItemState.PENDING]:
                steward = session.scalars(
                    select(Person)
                    .join(Membership, Membership.person_id == Person.id)
                    .where(Membership.organization_id == item.dataset.organization_id, Membership.role == Role.STEWARD)
                ).first()
                if steward is not None:
                    by = Actor(steward.id, steward.pid, steward.name, steward.email, frozenset(), "system")
                    deciding.settle_by_rule(session, proposal, item, by, "SC-0000", now)

    stack.enter_context(mock.patch.object(machine, "SCHEDULE", (*SCHEDULE, approve_what_nobody_decided_on)))


def _always_valid(stack: ExitStack) -> None:
    honest = verification.status_of

    def status_of(grant: object, now: datetime) -> object:
        issued = honest(grant, now)  # type: ignore[arg-type]
        return replace(issued, gives_right=grant.state is GrantState.ACTIVE)  # type: ignore[attr-defined]

    stack.enter_context(mock.patch.object(verification, "status_of", status_of))


def _same_number(session: Session, prefix: str, year: int) -> str:
    """Reads the last number without taking the next one."""
    row = session.get(numbers.NumberSeries, f"{prefix}-{year}")
    return f"{prefix}-{year}-{row.last if row else 1:04d}"


def _nothing(*_arguments: object, **_more: object) -> int:
    return 0


def _always(*_arguments: object, **_more: object) -> bool:
    return True


def _never(*_arguments: object, **_more: object) -> bool:
    return False


FAULTS = (
    Fault("a dropped bar: somebody in conflict may decide", _dropped_bar, ("items", "steps")),
    Fault("a conflict that is not derived", _without(standing, "is_conflicted", _never), ("items", "proposals")),
    Fault("a skipped state check: a revoked grant comes back", _skipped_state, ("grants",)),
    Fault(
        "a decision that is not bound to the version shown",
        _without(deciding, "_shown_version", _whatever_was_shown),
        ("items",),
    ),
    Fault(
        "an edit that does not void decisions", _without(sending, "void_decisions", _nothing), ("proposals", "items")
    ),
    Fault("undo without an end", _without(deciding, "may_still_undo", _always), ("items",)),
    Fault("silence that approves", _silence, ("items", "proposals")),
    Fault("a grant wider than its proposal", _without(freezing, "_days", _longer), ("items",)),
    Fault("a number that is used twice", _without(issuing, "yearly_reference", _same_number), ("items",)),
    Fault("an expired grant that is still valid", _always_valid, ("grants",)),
    Fault(
        "a successor of a grant that was stopped",
        _without(successors, "_require_possible", _nothing),
        ("changes", "grants"),
    ),
    Fault(
        "an output cleared in a version that nobody saw", _without(reading, "require_shown", _nothing), ("promises",)
    ),
    Fault("a review that waits for who has left", _without(ending, "_has_left", _never), ("leaving",)),
)
