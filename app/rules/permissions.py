"""Who: for each act the roles that may do it and the roles that bar it. A bar wins over an allow.

*When* an act is possible is workflow.py's. Nobody is an implicit administrator: a role acts only where its row says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.foundation.errors import NotAllowed, NotFound
from app.foundation.words import N_
from app.rules.actions import Action as A
from app.rules.roles import ROLE_NAMES
from app.rules.roles import Role as R
from app.rules.visibility import VISIBLE, sees
from app.rules.workflow import Machine, is_possible, next_state


@dataclass(frozen=True)
class Permission:
    """The roles that may act, and the roles that may not even if another of theirs may."""

    allow: frozenset[R]
    bar: frozenset[R] = frozenset()


def _who(*allow: R, bar: tuple[R, ...] = ()) -> Permission:
    return Permission(frozenset(allow), frozenset(bar))


_TEAM = (R.PROJECT_LEAD, R.TEAM_MEMBER)
_DECIDES = _who(R.DATASET_STEWARD, bar=(R.CONFLICTED,))
_INTAKE = _who(R.OFFICER, bar=(R.CONFLICTED,))

PERMISSIONS: dict[A, Permission] = {
    # organization: its focal point manages people; the secretariat invites the first ones
    A.VIEW_ORGANIZATION: _who(R.COLLEAGUE, R.OFFICER, R.DIRECTOR, R.AUDITOR, R.OPERATOR),
    A.INVITE_PERSON: _who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR, R.OPERATOR),
    A.CHANGE_ROLES: _who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR),
    A.REMOVE_PERSON: _who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR),
    A.EDIT_ORGANIZATION: _who(R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR),
    # who runs the installation, after the secretariat has made sure who asks; no colleague can weaken another sign-in
    A.RESET_SECOND_FACTOR: _who(R.OPERATOR),
    A.START_PROPOSAL: _who(R.PROJECT_STAFF, R.OWN_FOCAL_POINT),
    A.OPEN_ACCESSION: _who(R.OWN_SIGNATORY, R.OWN_FOCAL_POINT, R.OFFICER, R.DIRECTOR, R.OPERATOR, R.SYSTEM),
    # accession: only its own signatory signs; only the secretariat countersigns
    A.SIGN_ACCESSION: _who(R.OWN_SIGNATORY),
    A.DECLINE_ACCESSION: _who(R.OWN_SIGNATORY),
    A.HAND_OVER_ACCESSION: _who(R.OWN_SIGNATORY, R.OWN_FOCAL_POINT),
    A.REOPEN_ACCESSION: _who(R.OWN_SIGNATORY, R.OFFICER, R.DIRECTOR),
    A.COUNTERSIGN_ACCESSION: _who(R.OFFICER, R.DIRECTOR, bar=(R.OWN_SIGNATORY, R.COLLEAGUE)),
    A.RECORD_PAPER_ACCESSION: _who(R.OFFICER, R.DIRECTOR, R.OPERATOR, bar=(R.OWN_SIGNATORY, R.COLLEAGUE)),
    A.END_ACCESSION: _who(R.DIRECTOR),
    # listing: the data partner's own stewards write; the secretariat checks
    A.EDIT_LISTING: _who(R.DATASET_STEWARD, R.OPERATOR),
    A.SEND_LISTING: _who(R.DATASET_STEWARD),
    A.RETURN_LISTING: _who(R.OFFICER),
    A.PUBLISH_LISTING: _who(R.OFFICER, bar=(R.DATASET_STEWARD, R.COLLEAGUE)),
    A.PUBLISH_IMPORTED: _who(R.OPERATOR, R.DATASET_STEWARD),
    A.PAUSE_LISTING: _who(R.DATASET_STEWARD, R.OFFICER),
    A.RESUME_LISTING: _who(R.DATASET_STEWARD),
    A.WITHDRAW_LISTING: _who(R.DATASET_STEWARD),
    # proposal
    A.EDIT_PROPOSAL: _who(*_TEAM),
    A.CHANGE_TEAM: _who(R.PROJECT_LEAD),
    A.SEND_PROPOSAL: _who(R.PROJECT_LEAD),
    A.RESEND_PROPOSAL: _who(R.PROJECT_LEAD),
    A.WITHDRAW_PROPOSAL: _who(R.PROJECT_LEAD),
    A.PASS_INTAKE: _INTAKE,
    A.CLOSE_AT_INTAKE: _INTAKE,
    A.REQUEST_CHANGES: _who(R.OFFICER, R.DATASET_STEWARD, bar=(R.CONFLICTED,)),
    A.PARK_PROPOSAL: _who(R.SYSTEM, R.OFFICER),
    A.COMMENT_ON_PROPOSAL: _who(*_TEAM, R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR),
    A.COMMENT_INTERNALLY: _who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR, bar=(R.CONFLICTED,)),
    A.REMIND_ON_PROPOSAL: _who(*_TEAM, R.OFFICER),
    A.RETURN_TO_REVIEW: _who(R.SYSTEM),
    A.COMPLETE_DECISIONS: _who(R.SYSTEM),
    A.REOPEN_DECISIONS: _who(R.SYSTEM),
    A.ISSUE_GRANTS: _who(R.DIRECTOR, bar=(R.CONFLICTED, R.APPROVER)),
    # item: a data partner decides on its own datasets, and on no others
    A.APPROVE_ITEM: _DECIDES,
    A.APPROVE_ITEM_WITH_CONDITIONS: _DECIDES,
    A.NOT_APPROVE_ITEM: _DECIDES,
    A.UNDO_DECISION: _DECIDES,
    A.VOID_DECISION: _who(R.SYSTEM),
    # grant
    A.READ_LETTER: _who(
        *_TEAM,
        R.COLLEAGUE,
        R.OWN_FOCAL_POINT,
        R.OWN_SIGNATORY,
        R.DATASET_STEWARD,
        R.OFFICER,
        R.DIRECTOR,
        R.AUDITOR,
        R.OPERATOR,
    ),
    A.SEAL_GRANT: _who(R.SYSTEM),
    A.SUSPEND_GRANT: _who(R.DATASET_STEWARD, R.OFFICER, R.DIRECTOR),
    A.LIFT_SUSPENSION: _who(R.DATASET_STEWARD, R.DIRECTOR),
    A.REVOKE_GRANT: _who(R.DATASET_STEWARD, R.DIRECTOR, R.OPERATOR),
    A.EXPIRE_GRANT: _who(R.SYSTEM),
    A.CLOSE_GRANT: _who(R.PROJECT_LEAD, R.OFFICER),
    # the consortium
    A.VIEW_HISTORY: _who(R.OFFICER, R.DIRECTOR, R.AUDITOR),
    A.VIEW_OUTBOX: _who(R.OFFICER, R.DIRECTOR, R.AUDITOR, R.OPERATOR),
    A.RETRY_MESSAGE: _who(R.OFFICER, R.OPERATOR),
    A.ADD_ORGANIZATION: _who(R.OFFICER, R.DIRECTOR, R.OPERATOR),
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
