"""Who is told that a review goes on without a dataset, or has ended, because a side of it has left the common agreement."""

from app.organizations.models import Person
from app.reactions.proposal_deciders import who_asked
from app.reactions.proposal_people import Telling
from app.reactions.proposals import dataset_of, telling
from app.reactions.work import Reaction
from app.rules.events import Event
from app.rules.workflow import ProposalState

_WAITED_FOR_CHANGES = (ProposalState.CHANGES_REQUESTED, ProposalState.PARKED)


def tell_of_closed_dataset(t: Telling) -> None:
    """To the team: a dataset is no longer offered, and why; what is left goes on."""
    partner, dataset = t.organization(t.facts["partner"]).name, dataset_of(t).title
    t.mail("proposal_not_offered", t.team(), partner=partner, dataset=dataset, goes_on=not t.turn.is_ended)


def tell_of_ending(t: Telling) -> None:
    """To the team; to those whose turn it was, whose answer to a request it was to be, and who had it to decide on: it waits for
    nobody any more.
    """
    team, keys = t.team(), t.facts.get("asked")
    asked = [t.session.get_one(Person, int(str(key))) for key in keys] if isinstance(keys, list) else []
    asked += who_asked(t) if t.facts.get("before") in _WAITED_FOR_CHANGES else []
    asked += t.stewards() if t.proposal.offered_at is not None else []
    own = {person.id for person in team}
    t.mail("proposal_ended", team, is_own=True)
    t.mail("proposal_ended", [person for person in asked if person.id not in own], is_own=False)


REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    Event.ITEM_NOT_OFFERED: (telling(tell_of_closed_dataset),),
    Event.PROPOSAL_ENDED: (telling(tell_of_ending),),
}
