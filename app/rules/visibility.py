"""Who knows that a thing exists, by role and state. What is not in this table is not found.

Queries turn a row into a condition on the database; pages and commands ask `sees` about one thing.
"""

from enum import StrEnum

from app.rules.roles import Role as R
from app.rules.workflow import (
    AccessionState,
    CardState,
    ChangeState,
    CoApplicantState,
    ConsentState,
    GrantState,
    HandoverState,
    HarvestState,
    IncidentState,
    ListingState,
    Machine,
    MemberState,
    NeedState,
    OutputState,
    ProposalState,
    QuestionState,
    SubGrantState,
    SuggestionState,
)

_P, _G, _L, _S = ProposalState, GrantState, ListingState, AccessionState

_SENT = frozenset(_P) - {_P.DRAFT}
# A data partner is shown a proposal once it has passed the intake check.
_PASSED = frozenset({_P.IN_REVIEW, _P.CHANGES_REQUESTED, _P.DECIDED, _P.ISSUED, _P.PARKED, _P.WITHDRAWN, _P.ENDED})

_SHOWN = frozenset({_L.LISTED, _L.PAUSED, _L.WITHDRAWN})
_ASKED_OPENLY = frozenset({QuestionState.OPEN, QuestionState.ANSWERED})

# A data partner's rule is its own while it is being written.
_TRIED = frozenset(ConsentState) - {ConsentState.DRAFT}

# An output is confidential until it is published (clause 17.7).
_O, _I = frozenset(OutputState), frozenset(IncidentState)
_OPENLY = frozenset({OutputState.PUBLISHED})


def _of(states: type[StrEnum], *roles: R) -> dict[R, frozenset[StrEnum]]:
    """Known in every state to these roles, and to the secretariat."""
    return dict.fromkeys((*roles, R.OFFICER, R.DIRECTOR, R.AUDITOR), frozenset(states))


VISIBLE: dict[Machine, dict[R, frozenset[StrEnum]]] = {
    Machine.PROPOSAL: {
        R.PROJECT_LEAD: frozenset(_P),
        R.TEAM_MEMBER: frozenset(_P),
        R.OWN_FOCAL_POINT: _SENT,
        R.COLLEAGUE: _SENT,
        # Who read it for a step of its pipeline, or was to decide on it, also reads that it ended there.
        R.DATASET_STEWARD: _PASSED | {_P.NOT_TAKEN_UP},
        R.REVIEWER: _PASSED | {_P.NOT_TAKEN_UP},
        R.CHAIR: _PASSED | {_P.NOT_TAKEN_UP},
        R.ETHICS_REVIEWER: _PASSED | {_P.NOT_TAKEN_UP},
        R.LEGAL_REVIEWER: _PASSED | {_P.NOT_TAKEN_UP},
        R.OFFICER: _SENT,
        R.DIRECTOR: _SENT,
        R.AUDITOR: _SENT,
    },
    # The proposing side and the secretariat; a data partner what it suggested itself, and no other (safety.md T5). Of a step's
    # reviewers the secretariat's own read what the secretariat suggested, the committee's what they suggested themselves.
    Machine.SUGGESTION: {
        role: frozenset(SuggestionState)
        for role in (
            R.PROJECT_LEAD,
            R.TEAM_MEMBER,
            R.OWN_FOCAL_POINT,
            R.COLLEAGUE,
            R.DATASET_STEWARD,
            R.REVIEWER,
            R.CHAIR,
            R.ETHICS_REVIEWER,
            R.LEGAL_REVIEWER,
            R.OFFICER,
            R.DIRECTOR,
            R.AUDITOR,
        )
    },
    Machine.GRANT: {
        R.PROJECT_LEAD: frozenset(_G),
        R.TEAM_MEMBER: frozenset(_G),
        R.COLLEAGUE: frozenset(_G),
        R.OWN_FOCAL_POINT: frozenset(_G),
        R.OWN_SIGNATORY: frozenset(_G),
        R.DATASET_STEWARD: frozenset(_G),
        R.OFFICER: frozenset(_G),
        R.DIRECTOR: frozenset(_G),
        R.AUDITOR: frozenset(_G),
        R.OPERATOR: frozenset(_G),
    },
    Machine.OUTPUT: {
        R.PROJECT_LEAD: _O,
        R.TEAM_MEMBER: _O,
        R.OWN_FOCAL_POINT: _O,
        R.COLLEAGUE: _OPENLY,
        R.OWN_SIGNATORY: _OPENLY,
        R.DATASET_STEWARD: _O,
        R.OFFICER: _O,
        R.DIRECTOR: _O,
        R.AUDITOR: _O,
    },
    # Those concerned alone: not the colleagues of either side.
    Machine.INCIDENT: {
        R.REPORTER: _I,
        R.PROJECT_LEAD: _I,
        R.OWN_FOCAL_POINT: _I,
        R.DATASET_STEWARD: _I,
        R.OFFICER: _I,
        R.DIRECTOR: _I,
        R.AUDITOR: _I,
    },
    Machine.CHANGE: dict.fromkeys(
        (
            R.PROJECT_LEAD,
            R.TEAM_MEMBER,
            R.COLLEAGUE,
            R.OWN_FOCAL_POINT,
            R.OWN_SIGNATORY,
            R.DATASET_STEWARD,
            R.OFFICER,
            R.DIRECTOR,
            R.AUDITOR,
        ),
        frozenset(ChangeState),
    ),
    Machine.SUBGRANT: {
        **dict.fromkeys(
            (
                R.PROJECT_LEAD,
                R.TEAM_MEMBER,
                R.COLLEAGUE,
                R.OWN_FOCAL_POINT,
                R.OWN_SIGNATORY,
                R.DATASET_STEWARD,
                R.OFFICER,
                R.DIRECTOR,
                R.AUDITOR,
            ),
            frozenset(SubGrantState),
        ),
        # Whoever holds the link knows of what they are offered, once it was signed.
        R.RECIPIENT: frozenset(SubGrantState) - {SubGrantState.TO_SIGN},
    },
    # A card is known inside its organization; a place on the team, a co-applicant and a hand-over to those whom they concern.
    Machine.CARD: _of(CardState, R.COLLEAGUE, R.OWN_FOCAL_POINT),
    Machine.TEAM_MEMBER: _of(MemberState, R.TEAM_MEMBER, R.PROJECT_LEAD),
    Machine.CO_APPLICANT: _of(CoApplicantState, R.OWN_FOCAL_POINT, R.PROJECT_LEAD, R.TEAM_MEMBER),
    Machine.HANDOVER: _of(HandoverState, R.TEAM_MEMBER, R.PROJECT_LEAD, R.OWN_FOCAL_POINT),
    Machine.LISTING: {
        # The states in which anyone admitted by the listing's visibility knows of it.
        R.PUBLIC: _SHOWN,
        # Somebody signed in, of another organization, whom the listing's visibility admits too.
        R.OTHER_MEMBER: _SHOWN,
        R.DATASET_STEWARD: frozenset(_L),
        R.COLLEAGUE: frozenset(_L),
        R.OFFICER: frozenset(_L),
        R.DIRECTOR: frozenset(_L),
        R.AUDITOR: frozenset(_L),
        R.OPERATOR: frozenset(_L),
    },
    # A question is read by everyone who sees the listing; a hidden one by those who answer and those who hide.
    Machine.LISTING_QUESTION: {
        R.PUBLIC: _ASKED_OPENLY,
        R.COLLEAGUE: _ASKED_OPENLY,
        **_of(QuestionState, R.DATASET_STEWARD),
    },
    Machine.HARVEST: _of(HarvestState, R.DATASET_STEWARD, R.COLLEAGUE),
    # Inside the consortium: members who look for the like, data partners who may have it. Not the public.
    Machine.NEED: _of(NeedState, R.COLLEAGUE, R.OTHER_MEMBER, R.DATASET_STEWARD),
    Machine.CONSENT: {
        R.DATASET_STEWARD: frozenset(ConsentState),
        R.COLLEAGUE: frozenset(ConsentState),
        R.OFFICER: _TRIED,
        R.DIRECTOR: _TRIED,
        R.AUDITOR: _TRIED,
    },
    Machine.ACCESSION: {
        R.OWN_SIGNATORY: frozenset(_S),
        R.OWN_FOCAL_POINT: frozenset(_S),
        R.COLLEAGUE: frozenset(_S),
        R.OFFICER: frozenset(_S),
        R.DIRECTOR: frozenset(_S),
        R.AUDITOR: frozenset(_S),
        R.OPERATOR: frozenset(_S),
    },
}


def sees(roles: frozenset[R], machine: Machine, state: StrEnum) -> bool:
    """Whether someone with these roles towards a thing knows that it exists in this state.

    A thing without rows of its own is seen with the thing that it is part of: an item with its proposal.
    """
    rows = VISIBLE.get(machine)
    return rows is None or any(state in rows.get(role, frozenset()) for role in roles)


def visible_states(machine: Machine, role: R) -> frozenset[StrEnum]:
    """The states in which this role sees such a thing; empty when never."""
    return VISIBLE[machine].get(role, frozenset())
