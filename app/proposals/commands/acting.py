"""What every command on a proposal begins and ends with: the row under lock, the actor's right, the line in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, object_session

from app.catalog.models import Dataset
from app.foundation.base import JSONObject
from app.foundation.errors import NotFound, WrongState
from app.foundation.words import N_
from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.organizations.queries import secretariat
from app.proposals.models import Decision, Proposal, ProposalItem, ProposalVersion
from app.proposals.standing import data_partner_ids, in_reach, standing
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.calendar import took_working_days
from app.rules.events import Event
from app.rules.permissions import may, permit
from app.rules.pipelines import STEP_ROLES, Step
from app.rules.roles import Role
from app.rules.turns import KEEPS_ITS_CLOCK, current_step
from app.rules.visibility import sees
from app.rules.workflow import ItemState, Machine, ProposalState, transition

NOT_THERE = N_("There is nothing at this address. It may have moved, or the address has a typing mistake.")


def locked(session: Session, reference: str) -> Proposal:
    """The proposal, with its row locked until the transaction ends.

    Raises:
        NotFound: there is none of this reference.
    """
    row = session.scalar(
        select(Proposal)
        .where(Proposal.reference == reference)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def roles_of(session: Session, actor: Actor, proposal: Proposal) -> frozenset[Role]:
    """The actor's roles towards a proposal that they may know of.

    Raises:
        NotFound: they may not.
    """
    roles = standing(session, actor, proposal)
    if not sees(roles, Machine.PROPOSAL, proposal.state):
        raise NotFound(NOT_THERE)
    return roles


def permitted(session: Session, action: Action, actor: Actor, proposal: Proposal) -> ProposalState:
    """Let the act pass and return the state after it; raises as `permit` does."""
    return _after(action, standing(session, actor, proposal), proposal)


def permitted_at_answers(session: Session, action: Action, actor: Actor, proposal: Proposal) -> frozenset[Role]:
    """Let an act of a reviewer at the answers pass, and return the roles in which they do it; raises as `permitted` does.

    Raises:
        WrongState: they review it in a step that it has not reached.
    """
    permitted(session, action, actor, proposal)
    roles = in_reach(standing(session, actor, proposal), proposal)
    if not may(roles, action):
        raise WrongState(
            N_("Your step of the review is still ahead. You can do this once the proposal has reached it.")
        )
    return roles


def side_of(session: Session, actor: Actor, proposal: Proposal, roles: frozenset[Role], *, in_step: bool) -> int:
    """The key of the organization with which a reviewer's words at the answers are kept: a steward's with the data partner,
    everyone else's with the secretariat.

    Args:
        in_step: it is said in a step of the pipeline, by somebody who may be a steward too.
    """
    is_for_partner = Role.DATASET_STEWARD in roles and not (in_step and roles & STEP_ROLES)
    found = speaks_for(session, actor, proposal) if is_for_partner else None
    return (found or secretariat(session)).id


def by_system(action: Action, proposal: Proposal) -> ProposalState:
    """The state after an act that the system does by rule, whoever caused it."""
    return _after(action, frozenset({Role.SYSTEM}), proposal)


def _after(action: Action, roles: frozenset[Role], proposal: Proposal) -> ProposalState:
    after = permit(action, roles, Machine.PROPOSAL, proposal.state)
    return proposal.state if after is None else ProposalState(after)


def record_act(
    session: Session, action: Action, actor: Actor, proposal: Proposal, now: datetime, facts: JSONObject | None = None
) -> None:
    """Record the event that belongs to an action on the proposal."""
    event = transition(action).event
    if event is not None:
        record_event(session, event, actor, proposal, now, facts)


def record_event(
    session: Session,
    event: Event,
    actor: Actor,
    proposal: Proposal,
    now: datetime,
    facts: JSONObject | None = None,
    acting_for: Organization | None = None,
) -> None:
    """Record one event about the proposal, bound to the version that was sent and the agreement it was sent under."""
    current = current_version(session, proposal)
    organization = acting_for or speaks_for(session, actor, proposal)
    subject = Subject(
        "proposal",
        proposal.reference,
        acting_for=organization.slug if organization else None,
        version_hash=current.content_hash if current else None,
        agreement_version=current.agreement_version if current else None,
        agreement_hash=current.agreement_hash if current else None,
    )
    record(session, event, actor, subject, now, {"title": proposal.title, **(facts or {})})


def current_version(session: Session, proposal: Proposal) -> ProposalVersion | None:
    """What was sent last; None for a draft."""
    return session.get(ProposalVersion, proposal.current_version_id) if proposal.current_version_id else None


def items_of(session: Session, proposal: Proposal) -> list[ProposalItem]:
    """The proposal's items with their datasets, as they are now, in the order in which they were added."""
    statement = select(ProposalItem).where(ProposalItem.proposal_id == proposal.id).order_by(ProposalItem.id)
    with_dataset = statement.options(joinedload(ProposalItem.dataset)).execution_options(populate_existing=True)
    return list(session.scalars(with_dataset))


def stop_review_clock(proposal: Proposal, now: datetime) -> None:
    """Keep the working days that the reviewers have used, before somebody else is waited for.

    Only a review's clock goes on where it stopped; every other wait begins anew. Each data partner is charged up to its own
    last decision.
    """
    step, since, session = current_step(proposal.state, proposal.step), proposal.waiting_since, object_session(proposal)
    if step not in KEEPS_ITS_CLOCK or since is None or session is None:
        return
    proposal.used_days += took_working_days(since, now)
    until = _acting_until(session, proposal, now) if step is Step.DATA_PARTNERS else {secretariat(session).id: now}
    proposal.review_runs = [
        *proposal.review_runs,
        *(
            {"organization": key, "step": step, "from": since.isoformat(), "to": max(end, since).isoformat()}
            for key, end in until.items()
        ),
    ]


def _acting_until(session: Session, proposal: Proposal, now: datetime) -> dict[int, datetime]:
    """Until when each data partner was waited for: until now, or until it had decided on the last of its datasets."""
    statement = (
        select(Dataset.organization_id, Decision.decided_at)
        .join(ProposalItem, ProposalItem.dataset_id == Dataset.id)
        .outerjoin(Decision, Decision.id == ProposalItem.decision_id)
        .where(ProposalItem.proposal_id == proposal.id, ProposalItem.state != ItemState.NOT_OFFERED)
        .order_by(ProposalItem.id)
    )
    until: dict[int, datetime] = {}
    for partner_id, decided_at in session.execute(statement):
        end: datetime | None = decided_at
        until[partner_id] = max(until.get(partner_id, end or now), end or now)
    since = proposal.waiting_since or now
    return {key: end for key, end in until.items() if end >= since}


def speaks_for(session: Session, actor: Actor, proposal: Proposal) -> Organization | None:
    """The organization for which the actor acts here: the proposer, one whose data is asked for, or the one they are of."""
    if actor.person_id is None:
        return None
    own = list(
        session.scalars(
            select(Organization).where(Organization.id.in_(actor.organization_ids)).order_by(Organization.id)
        )
    )
    giving = data_partner_ids(session, proposal)
    concerned = [o for o in own if o.id == proposal.organization_id] + [o for o in own if o.id in giving]
    return next(iter([*concerned, *own]), None)
