"""When: one row per action, with the states it is possible in, the state it leads to, and the event it records.

One table for each thing that has a life. Who may act is permissions' part; no file here names a role.
"""

from enum import StrEnum

from app.foundation.errors import WrongState
from app.foundation.words import N_
from app.rules.actions import Action
from app.rules.workflow.accessions import ACCESSION, BEGINS, BINDS
from app.rules.workflow.changes import CHANGE, CHANGE_STATES, OPEN_CHANGES, REST_WORDS, TURN_WORDS, ChangeState
from app.rules.workflow.consents import CONSENT
from app.rules.workflow.delivery import DELIVERY, DELIVERY_STATES, DeliveryState
from app.rules.workflow.duties import DUTY, DUTY_STATES, OWED, READ_NEXT, SETTLED, DutyState
from app.rules.workflow.grants import GRANT
from app.rules.workflow.harvests import HARVEST, HARVEST_STATES, READ_BY_DATE, HarvestState
from app.rules.workflow.incidents import INCIDENT, INCIDENT_STATES, IncidentState
from app.rules.workflow.listing_questions import LISTING_QUESTION, QUESTION_STATES, QuestionState
from app.rules.workflow.listings import LISTING
from app.rules.workflow.needs import NEED, NEED_STATES, NeedState
from app.rules.workflow.outputs import OUTPUT, OUTPUT_STATES, OutputState
from app.rules.workflow.proposals import ITEM, PROPOSAL
from app.rules.workflow.row import Transition
from app.rules.workflow.states import (
    APPROVALS,
    ITEM_STATES,
    LIVE_GRANTS,
    OPEN_FOR_DECISION,
    OPEN_FOR_REVISION,
    OPEN_FOR_UNDO,
    SUGGESTION_STATES,
    WITH_GRANTS,
    AccessionState,
    ConsentState,
    GrantState,
    ItemState,
    ListingState,
    ProposalState,
    SuggestionState,
)
from app.rules.workflow.subgrants import SUBGRANT, SUBGRANT_STATES, SubGrantState
from app.rules.workflow.suggestions import SUGGESTION
from app.rules.workflow.teams import (
    CARD,
    CARD_STATES,
    CO_APPLICANT,
    CO_APPLICANT_STATES,
    HANDOVER,
    MEMBER_NOTES,
    MEMBER_STATES,
    TEAM_MEMBER,
    CardState,
    CoApplicantState,
    HandoverState,
    MemberState,
)

__all__ = [
    "APPROVALS",
    "BEGINS",
    "BINDS",
    "CARD_STATES",
    "CHANGE_STATES",
    "CO_APPLICANT_STATES",
    "DELIVERY_STATES",
    "DUTY_STATES",
    "HARVEST_STATES",
    "INCIDENT_STATES",
    "ITEM_STATES",
    "LIVE_GRANTS",
    "MEMBER_NOTES",
    "MEMBER_STATES",
    "NEED_STATES",
    "OPEN_CHANGES",
    "OPEN_FOR_DECISION",
    "OPEN_FOR_REVISION",
    "OPEN_FOR_UNDO",
    "OUTPUT_STATES",
    "OWED",
    "QUESTION_STATES",
    "READ_BY_DATE",
    "READ_NEXT",
    "REST_WORDS",
    "SETTLED",
    "STATES",
    "SUBGRANT_STATES",
    "SUGGESTION_STATES",
    "TABLES",
    "TURN_WORDS",
    "WITH_GRANTS",
    "AccessionState",
    "CardState",
    "ChangeState",
    "CoApplicantState",
    "ConsentState",
    "DeliveryState",
    "DutyState",
    "GrantState",
    "HandoverState",
    "HarvestState",
    "IncidentState",
    "ItemState",
    "ListingState",
    "Machine",
    "MemberState",
    "NeedState",
    "OutputState",
    "ProposalState",
    "QuestionState",
    "SubGrantState",
    "SuggestionState",
    "Transition",
    "is_possible",
    "next_state",
    "transition",
]


class Machine(StrEnum):
    """The things that have a life, and those that only have acts."""

    PROPOSAL = "proposal"
    ITEM = "item"
    GRANT = "grant"
    DUTY = "duty"
    DELIVERY = "delivery"
    OUTPUT = "output"
    INCIDENT = "incident"
    CHANGE = "change"
    SUBGRANT = "subgrant"
    LISTING = "listing"
    LISTING_QUESTION = "listing_question"
    HARVEST = "harvest"
    NEED = "need"
    ACCESSION = "accession"
    CONSENT = "consent"
    SUGGESTION = "suggestion"
    CARD = "card"
    TEAM_MEMBER = "team_member"
    CO_APPLICANT = "co_applicant"
    HANDOVER = "handover"
    ORGANIZATION = "organization"
    CONSORTIUM = "consortium"


TABLES: dict[Machine, tuple[Transition, ...]] = {
    Machine.PROPOSAL: PROPOSAL,
    Machine.ITEM: ITEM,
    Machine.CARD: CARD,
    Machine.TEAM_MEMBER: TEAM_MEMBER,
    Machine.CO_APPLICANT: CO_APPLICANT,
    Machine.HANDOVER: HANDOVER,
    Machine.SUGGESTION: SUGGESTION,
    Machine.GRANT: GRANT,
    Machine.DUTY: DUTY,
    Machine.DELIVERY: DELIVERY,
    Machine.OUTPUT: OUTPUT,
    Machine.INCIDENT: INCIDENT,
    Machine.CHANGE: CHANGE,
    Machine.SUBGRANT: SUBGRANT,
    Machine.LISTING: LISTING,
    Machine.LISTING_QUESTION: LISTING_QUESTION,
    Machine.HARVEST: HARVEST,
    Machine.NEED: NEED,
    Machine.ACCESSION: ACCESSION,
    Machine.CONSENT: CONSENT,
}

STATES: dict[Machine, type[StrEnum]] = {
    Machine.PROPOSAL: ProposalState,
    Machine.ITEM: ItemState,
    Machine.CARD: CardState,
    Machine.TEAM_MEMBER: MemberState,
    Machine.CO_APPLICANT: CoApplicantState,
    Machine.HANDOVER: HandoverState,
    Machine.SUGGESTION: SuggestionState,
    Machine.GRANT: GrantState,
    Machine.DUTY: DutyState,
    Machine.DELIVERY: DeliveryState,
    Machine.OUTPUT: OutputState,
    Machine.INCIDENT: IncidentState,
    Machine.CHANGE: ChangeState,
    Machine.SUBGRANT: SubGrantState,
    Machine.LISTING: ListingState,
    Machine.LISTING_QUESTION: QuestionState,
    Machine.HARVEST: HarvestState,
    Machine.NEED: NeedState,
    Machine.ACCESSION: AccessionState,
    Machine.CONSENT: ConsentState,
}

_BY_ACTION = {row.action: row for table in TABLES.values() for row in table}


def transition(action: Action) -> Transition:
    """The row of an action that moves a thing through its life."""
    return _BY_ACTION[action]


def is_possible(action: Action, state: StrEnum | None) -> bool:
    """Whether the action may happen to a thing in this state. An act without a row moves nothing, or begins a thing's life:
    it is possible where there is no state.
    """
    row = _BY_ACTION.get(action)
    return state is None if row is None else state in row.sources


def next_state(action: Action, state: StrEnum) -> StrEnum:
    """The state after the action.

    Raises:
        WrongState: the action is not possible in this state; something else happened first.
    """
    row = _BY_ACTION.get(action)
    if row is None or state not in row.sources:
        raise WrongState(
            N_(
                "This is no longer possible here, because something else happened first. "
                "Open the page again to see where it stands."
            )
        )
    return state if row.target is None else row.target
