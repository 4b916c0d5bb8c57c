"""Who: exhaustive over role, state and action. Bars win, nobody is an implicit administrator, the printed policy is this one."""

from enum import StrEnum
from itertools import product
from pathlib import Path

import pytest

from app.commandline.policy import lines
from app.foundation.errors import NotAllowed, NotFound, WrongState
from app.rules.actions import Action
from app.rules.permissions import PERMISSIONS, allowed, may, permit
from app.rules.roles import HELD_ROLES, ROLE_NAMES, Kind, Role
from app.rules.visibility import VISIBLE, sees, visible_states
from app.rules.workflow import STATES, Machine, is_possible

POLICY = Path(__file__).with_name("policy.txt")
CELLS = [(machine, state) for machine, states in STATES.items() for state in states]


def _acts(machine: Machine) -> list[Action]:
    return [action for action in Action if action.value.startswith(f"{machine.value}.")]


def _verdict(action: Action, roles: frozenset[Role], machine: Machine, state: StrEnum) -> str:
    try:
        permit(action, roles, machine, state)
    except NotFound:
        return "not found"
    except NotAllowed:
        return "not allowed"
    except WrongState:
        return "wrong state"
    return "allowed"


@pytest.mark.parametrize("action", Action)
def test_every_action_names_who_may(action: Action) -> None:
    rule = PERMISSIONS[action]
    assert rule.allow
    assert not rule.allow & rule.bar, "a role that is allowed and barred could never act"


@pytest.mark.parametrize(("machine", "state"), CELLS, ids=lambda each: each.value)
@pytest.mark.parametrize("role", Role)
def test_buttons_and_commands_agree_for_every_role(role: Role, machine: Machine, state: StrEnum) -> None:
    roles = frozenset({role})
    shown = allowed(roles, machine, state)
    for action in _acts(machine):
        verdict = _verdict(action, roles, machine, state)
        if role is not Role.SYSTEM:  # no page is shown to it, and its acts are possible on what it does not look at
            assert (verdict == "allowed") == (action in shown), action
        if verdict == "allowed":
            assert may(roles, action)
            assert is_possible(action, state)


@pytest.mark.parametrize(("machine", "state"), CELLS, ids=lambda each: each.value)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_what_a_role_may_not_see_is_not_found_whatever_it_tries(role: Role, machine: Machine, state: StrEnum) -> None:
    roles = frozenset({role})
    if machine not in VISIBLE or sees(roles, machine, state):
        return
    assert allowed(roles, machine, state) == frozenset()
    assert {_verdict(action, roles, machine, state) for action in _acts(machine)} == {"not found"}


@pytest.mark.parametrize("action", [action for action in Action if PERMISSIONS[action].bar])
def test_a_bar_wins_over_every_allow(action: Action) -> None:
    rule = PERMISSIONS[action]
    for allow, bar in product(rule.allow, rule.bar):
        assert not may(frozenset({allow, bar}), action)
        assert not may(frozenset(Role) - (rule.bar - {bar}), action)
    assert may(rule.allow, action)


@pytest.mark.parametrize("action", Action)
def test_more_roles_never_allow_what_none_of_them_allows(action: Action) -> None:
    rest = frozenset(Role) - PERMISSIONS[action].allow
    assert not may(rest, action)
    assert not may(frozenset(), action)


def test_the_operator_decides_nothing_and_sees_no_proposal() -> None:
    for state in STATES[Machine.PROPOSAL]:
        assert allowed(frozenset({Role.OPERATOR}), Machine.PROPOSAL, state) == frozenset()
    assert allowed(frozenset({Role.OPERATOR}), Machine.ITEM, next(iter(STATES[Machine.ITEM]))) == frozenset()


def test_an_auditor_reads_and_changes_nothing() -> None:
    auditor = frozenset({Role.AUDITOR})
    reads = {
        Action.READ_LETTER,
        Action.RUN_DRILL,
        Action.VIEW_HISTORY,
        Action.VIEW_OUTBOX,
        Action.VIEW_ORGANIZATION,
        Action.VIEW_PIPELINES,
    }
    assert {action for action in Action if may(auditor, action)} == reads
    for machine in VISIBLE:
        hidden = set(STATES[machine]) - visible_states(machine, Role.AUDITOR)
        assert {state.value for state in hidden} <= {"draft"}


def test_who_decided_does_not_issue_and_who_is_in_conflict_does_neither() -> None:
    assert not may(frozenset({Role.DIRECTOR, Role.APPROVER}), Action.ISSUE_GRANTS)
    assert not may(frozenset({Role.DIRECTOR, Role.CONFLICTED}), Action.ISSUE_GRANTS)
    for act in (
        Action.APPROVE_ITEM,
        Action.APPROVE_ITEM_WITH_CONDITIONS,
        Action.NOT_APPROVE_ITEM,
        Action.UNDO_DECISION,
    ):
        assert PERMISSIONS[act].allow == frozenset({Role.DATASET_STEWARD})
        assert not may(frozenset({Role.DATASET_STEWARD, Role.CONFLICTED}), act)


def test_a_draft_is_its_teams_alone() -> None:
    draft = next(iter(STATES[Machine.PROPOSAL]))
    knowing = {role for role in Role if draft in visible_states(Machine.PROPOSAL, role)}
    assert knowing == {Role.PROJECT_LEAD, Role.TEAM_MEMBER}


def test_every_held_role_belongs_to_a_kind_of_organization_and_has_a_name() -> None:
    held = frozenset[Role]().union(*HELD_ROLES.values())
    assert set(HELD_ROLES) == set(Kind)
    assert set(ROLE_NAMES) == set(Role)
    assert held <= set(Role)


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(NotAllowed, match="steward of this dataset"):
        permit(Action.APPROVE_ITEM, frozenset({Role.OFFICER}), Machine.ITEM, next(iter(STATES[Machine.ITEM])))


def test_the_printed_policy_is_the_one_that_was_read_and_agreed_to() -> None:
    """A change of rights shows as a difference in policy.txt: `flask policy > tests/rules/policy.txt`."""
    assert list(lines()) == POLICY.read_text(encoding="utf-8").splitlines()
