"""What follows where somebody in a review takes back what they did: whoever had heard of it hears that it does not hold."""

from flask_babel import gettext as _

from app.proposals.queries.undoing import act_taken_back_at, asked_together, row_of
from app.reactions.hearing import who_heard
from app.reactions.proposal_deciders import tell_other_deciders_anew
from app.reactions.proposal_people import Telling
from app.reactions.proposals import telling
from app.reactions.work import Reaction
from app.rules.actions import Action
from app.rules.events import Event


def tell_of_taking_back(t: Telling) -> None:
    """To those whose mail about it had left already. The others never hear of it: their mail waits, and is dropped."""
    act = act_taken_back_at(t.session, t.proposal, t.happening.at)
    if act is not None:
        row = row_of(act)
        # Nobody who votes, or closes a vote, is named to the team.
        by = _("The data access committee") if row.undo is Action.REOPEN_VOTE else t.happening.actor
        t.mail(
            "proposal_taken_back",
            who_heard(t.session, t.proposal.reference, act.id, t.work.now),
            sentence=row.told,
            by=by,
        )
        if act in asked_together(t.session, t.proposal, act)[:1]:
            tell_other_deciders_anew(t)


REACTIONS: dict[Event, tuple[Reaction, ...]] = dict.fromkeys(
    (Event.REQUEST_UNDONE, Event.INTAKE_REOPENED, Event.STEP_REOPENED, Event.VOTE_REOPENED),
    (telling(tell_of_taking_back),),
)
