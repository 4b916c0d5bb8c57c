"""`flask policy`: the rules as text that a lawyer can read; a test compares it with tests/rules/policy.txt."""

from collections.abc import Iterator

import click

from app.rules.actions import Action
from app.rules.permissions import PERMISSIONS, allowed
from app.rules.roles import Role
from app.rules.visibility import VISIBLE
from app.rules.workflow import STATES, Machine, transition


@click.command("policy")
def policy() -> None:
    """Print who may do what, and when: role, state, action."""
    for line in lines():
        click.echo(line)


def lines() -> Iterator[str]:
    """The whole policy, one line per role and state, then the acts that have no state, the bars and the moves."""
    for machine in STATES:
        yield f"# {machine.value}"
        yield from _by_state(machine)
        yield ""
    yield "# without a state"
    for machine in (Machine.ORGANIZATION, Machine.CONSORTIUM):
        for role in Role:
            acts = sorted(a.value for a in allowed(frozenset({role}), machine))
            if acts:
                yield f"{role.value} · {', '.join(acts)}"
    yield ""
    yield "# bars"
    for action, rule in PERMISSIONS.items():
        if rule.bar:
            yield f"{action.value} · never by: {', '.join(sorted(r.value for r in rule.bar))}"
    yield ""
    yield "# moves"
    for action in PERMISSIONS:
        yield from _move(action)


def _by_state(machine: Machine) -> Iterator[str]:
    for role in Role:
        for state in STATES[machine]:
            acts = sorted(a.value.split(".")[1] for a in allowed(frozenset({role}), machine, state))
            reads = state in VISIBLE.get(machine, {}).get(role, frozenset())
            if acts or reads:
                yield f"{role.value} · {state.value} · {', '.join(acts) or 'reads'}"


def _move(action: Action) -> Iterator[str]:
    try:
        row = transition(action)
    except KeyError:
        return
    sources = ", ".join(sorted(s.value for s in row.sources))
    yield f"{row.action.value} · {sources} → {row.target.value if row.target else 'stays'}"
