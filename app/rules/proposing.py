"""To whom pages offer to propose a use."""

from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.roles import CAPACITIES, TOWARDS_OWN, Capacity


def could_propose(actor: Actor) -> bool:
    """Whether there is an organization in whose name the actor starts proposals, or nobody knows yet who it is."""
    return actor.person_id is None or any(
        Capacity.MEMBER in CAPACITIES[held.kind]
        and may(frozenset({held.role, TOWARDS_OWN.get(held.role, held.role)}), Action.START_PROPOSAL)
        for held in actor.held
    )
