"""One decision put into the record: on which version, on which of the listing's terms, in place of which earlier one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.hashing import content_hash
from app.organizations.models import Organization
from app.proposals.commands.acting import record_event
from app.proposals.commands.ruling import Checked
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.rules.actions import Action
from app.rules.actors import SYSTEM, Actor
from app.rules.workflow import ItemState, transition

DECIDES: dict[ItemState, Action] = {
    ItemState.APPROVED: Action.APPROVE_ITEM,
    ItemState.APPROVED_WITH_CONDITIONS: Action.APPROVE_ITEM_WITH_CONDITIONS,
    ItemState.NOT_APPROVED: Action.NOT_APPROVE_ITEM,
}


@dataclass(frozen=True)
class Act:
    """Who decides on what, and when; `rule` is the standing consent that did it."""

    session: Session
    actor: Actor
    proposal: Proposal
    version: ProposalVersion
    now: datetime
    rule: str | None = None


def settle(
    act: Act, item: ProposalItem, state: ItemState, checked: Checked, replaces: Decision | None = None
) -> Decision:
    """Record the decision and give the item its state. Where it replaces an earlier one, both are told in one event more."""
    terms = checked.terms[item.dataset_id]
    decision = Decision(
        item_id=item.id,
        proposal_version_id=act.version.id,
        version_hash=act.version.content_hash,
        terms=terms,
        terms_hash=content_hash(terms),
        outcome=checked.outcome,
        reason=checked.reason,
        words=checked.words,
        conditions=checked.conditions,
        decided_by_id=act.actor.person_id,
        decided_at=act.now,
        authentication=act.actor.authentication,
        by_rule=act.rule,
        supersedes_id=replaces.id if replaces else None,
    )
    act.session.add(decision)
    act.session.flush()
    item.state, item.decision_id = state, decision.id
    action = Action.APPROVE_ITEM_BY_RULE if act.rule else DECIDES[checked.outcome]
    facts: JSONObject = {**facts_of(item, decision), "checklist": checked.marks}
    if act.rule:
        facts["rule"] = act.rule
    if replaces:
        before: JSONObject = {"before": replaces.outcome.value, "replaces": replaces.id}
        facts.update(before)
        _record(act, Action.REVISE_DECISION, item, facts)
    _record(act, action, item, facts)
    return decision


def _record(act: Act, action: Action, item: ProposalItem, facts: JSONObject) -> None:
    event = transition(action).event
    owner = act.session.get(Organization, item.dataset.organization_id)
    if event is not None:
        record_event(act.session, event, SYSTEM if act.rule else act.actor, act.proposal, act.now, facts, owner)


def facts_of(item: ProposalItem, decision: Decision) -> JSONObject:
    """What the history keeps of a decision. Pages show it to those alone who may read the decision itself."""
    return {
        "dataset": item.dataset.reference,
        "partner": item.dataset.organization_id,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value if decision.reason else None,
        "words": decision.words,
        "conditions": decision.conditions,
        "terms": decision.terms_hash,
        "decision": decision.id,
    }
