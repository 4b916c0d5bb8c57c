"""Who: for each act the roles that may do it and the roles that bar it. A bar wins over an allow.

*When* an act is possible is the workflow's part. Nobody is an implicit administrator: a role acts only where its row says so.
"""

from enum import StrEnum

from app.foundation.errors import NotAllowed, NotFound
from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.permissions import (
    consents,
    consortium,
    grants,
    harvests,
    listings,
    needs,
    organizations,
    promises,
    proposals,
    suggestions,
    teams,
)
from app.rules.permissions.row import Permission
from app.rules.roles import ROLE_NAMES
from app.rules.roles import Role as R
from app.rules.visibility import VISIBLE, sees
from app.rules.workflow import Machine, is_possible, next_state

PERMISSIONS: dict[A, Permission] = {
    **organizations.ROWS,
    **listings.ROWS,
    **harvests.ROWS,
    **needs.ROWS,
    **proposals.ROWS,
    **suggestions.ROWS,
    **consents.ROWS,
    **grants.ROWS,
    **promises.ROWS,
    **teams.ROWS,
    **consortium.ROWS,
}


def may(roles: frozenset[R], action: A) -> bool:
    """Whether these roles may do this at all, leaving aside whether it is possible now."""
    rule = PERMISSIONS[action]
    return bool(roles & rule.allow) and not roles & rule.bar


def allowed(roles: frozenset[R], machine: Machine, state: StrEnum | None = None) -> frozenset[A]:
    """Every act on such a thing that these roles may do while it is in this state.

    Pages show a button only for an act in this set; commands refuse by the same rows through `permit`.
    """
    if state is not None and not sees(roles, machine, state):
        return frozenset()
    prefix = f"{machine.value}."
    return frozenset(a for a in PERMISSIONS if a.value.startswith(prefix) and may(roles, a) and is_possible(a, state))


def permit(action: A, roles: frozenset[R], machine: Machine, state: StrEnum | None = None) -> StrEnum | None:
    """Let an act pass, or refuse it with the right error; returns the state after it.

    Raises:
        NotFound: the roles do not see the thing at all, so that its existence is not told.
        NotAllowed: they see it, and this is not theirs to do; the message names who may.
        WrongState: it is theirs, but not possible now.
    """
    seen = machine not in VISIBLE or state is None or R.SYSTEM in roles or sees(roles, machine, state)
    if not seen:
        raise NotFound(N_("There is nothing at this address. It may have moved, or the address has a typing mistake."))
    if not may(roles, action):
        raise NotAllowed(_who_may(action))
    return None if state is None else next_state(action, state)


def _who_may(action: A) -> str:
    names = " or ".join(ROLE_NAMES[role].lower() for role in R if role in PERMISSIONS[action].allow)
    return f"This is for: {names}. Ask one of them, or your focal point if the role should be yours."
