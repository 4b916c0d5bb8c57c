"""To whom pages offer to propose a use."""

from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.roles import CAPACITIES, TOWARDS_OWN, Capacity, Role


def could_propose(actor: Actor) -> bool:
    """Whether there is an organization in whose name the actor starts proposals, or nobody knows yet who it is."""
    return actor.person_id is None or any(
        Capacity.MEMBER in CAPACITIES[held.kind] and starts_proposals(held.role) for held in actor.held
    )


def starts_proposals(role: Role) -> bool:
    """Whether somebody who holds the role in a member starts proposals in its name."""
    return may(frozenset({role, TOWARDS_OWN.get(role, role)}), Action.START_PROPOSAL)


def may_learn_who_proposes(actor: Actor) -> bool:
    """Whether the actor cannot propose, and belongs to a member in whose name others do."""
    return not could_propose(actor) and any(Capacity.MEMBER in CAPACITIES[held.kind] for held in actor.held)
