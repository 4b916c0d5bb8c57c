"""Who of several colleagues does it: one takes a proposal, or hands it to another who could act on it as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.foundation.errors import Invalid, NotAllowed, NotFound, WrongState
from app.foundation.words import N_
from app.organizations.assignments import assign
from app.proposals.commands.acting import locked, permitted, record_act
from app.proposals.models import Proposal
from app.proposals.queries.whose_turn import Holder, whose_turn
from app.rules.actions import Action
from app.rules.actors import Actor

_NONE_CHOSEN = N_("Choose at least one proposal.")
_NOT_YOURS = N_("Somebody else is waited for now. The proposal's page says who.")


@dataclass(frozen=True)
class NotHandedOn:
    """One of several proposals that could not be handed on, and why."""

    reference: str
    why: str


def take(session: Session, actor: Actor, reference: str, now: datetime) -> Proposal:
    """Put one's own name on a proposal that a colleague and oneself could act on; it leaves the colleague's inbox.

    Raises:
        WrongState: the actor is none of those who could act on it now.
    """
    proposal = locked(session, reference)
    permitted(session, Action.TAKE_PROPOSAL, actor, proposal)
    holder = _holder(session, actor, proposal, now)
    before = holder.next
    assign(session, "proposal", reference, holder.organization_id, _key(actor), _key(actor), now)
    facts: JSONObject = {"before": before.name if before else ""}
    record_act(session, Action.TAKE_PROPOSAL, actor, proposal, now, facts)
    return proposal


def hand_on(session: Session, actor: Actor, reference: str, person_id: int, now: datetime) -> Proposal:
    """Hand a proposal to a colleague who could act on it.

    Raises:
        Invalid: the colleague could not act on it.
        WrongState: the actor is none of those who could act on it now.
    """
    proposal = locked(session, reference)
    permitted(session, Action.HAND_ON_PROPOSAL, actor, proposal)
    holder = _holder(session, actor, proposal, now)
    colleague = next((each for each in (*holder.people, *holder.deputies) if each.person_id == person_id), None)
    if colleague is None:
        raise Invalid(
            N_("Choose a colleague who could act on it: somebody with the role, and without a conflict of interest."),
            field="person",
        )
    assign(session, "proposal", reference, holder.organization_id, person_id, _key(actor), now)
    facts: JSONObject = {"to": colleague.name}
    record_act(session, Action.HAND_ON_PROPOSAL, actor, proposal, now, facts)
    return proposal


def hand_on_many(
    session: Session, actor: Actor, references: Sequence[str], person_id: int, now: datetime
) -> tuple[int, list[NotHandedOn]]:
    """Hand on what can be of several proposals. Returns how many were, and which were not, each with why.

    Raises:
        Invalid: none was chosen.
    """
    chosen = sorted(set(references))
    if not chosen:
        raise Invalid(_NONE_CHOSEN, field="reference")
    left = []
    for reference in chosen:
        try:
            hand_on(session, actor, reference, person_id, now)
        except (WrongState, NotAllowed, NotFound, Invalid) as error:
            left.append(NotHandedOn(reference, error.message))
    return len(chosen) - len(left), left


def _holder(session: Session, actor: Actor, proposal: Proposal, now: datetime) -> Holder:
    """The organization that is waited for and for which the actor could act."""
    holders = whose_turn(session, proposal, now).holders
    found = next((each for each in holders if actor.person_id in each.could_act), None)
    if found is None:
        raise WrongState(_NOT_YOURS)
    return found


def _key(actor: Actor) -> int:
    if actor.person_id is None:
        raise WrongState(_NOT_YOURS)
    return actor.person_id
