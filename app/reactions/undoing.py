"""What follows where somebody in a review takes back what they did: whoever had heard of it hears that it does not hold."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.organizations.models import Person
from app.organizations.queries import person_by_email
from app.outbox.models import MessageState, OutboxMessage
from app.proposals.queries.undoing import act_taken_back_at, asked_together, row_of
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
        t.mail("proposal_taken_back", _who_heard(t, act.id), sentence=row.told, by=by)
        if act in asked_together(t.session, t.proposal, act)[:1]:
            tell_other_deciders_anew(t)


def _who_heard(t: Telling, act_id: int) -> list[Person]:
    """Those to whom a mail that tells of the act has gone, or is just going."""
    about_it = select(OutboxMessage).where(
        OutboxMessage.about == t.proposal.reference, OutboxMessage.kind == "mail.send"
    )
    found = t.session.scalars(about_it.order_by(OutboxMessage.id)).all()
    told = [message.recipient for message in found if _tells_of(message, act_id) and _has_left(t, message)]
    people = [person_by_email(t.session, address) for address in dict.fromkeys(told) if address]
    return [person for person in people if person is not None]


def _tells_of(message: OutboxMessage, act_id: int) -> bool:
    """Whether a mail tells of the act: itself, or by one that it has taken along."""
    joined, gone = message.payload.get("joined"), message.payload.get("undoables")
    parts = [message.payload, *(joined if isinstance(joined, list) else ())]
    keys = [part.get("undoable") for part in parts if isinstance(part, dict)]
    return act_id in (*keys, *(gone if isinstance(gone, list) else ()))


def _has_left(t: Telling, message: OutboxMessage) -> bool:
    carrier = t.session.get_one(OutboxMessage, message.joined_id) if message.joined_id else message
    if carrier.state is MessageState.DONE:
        return not carrier.payload.get("dropped")
    return carrier.leased_until is not None and carrier.leased_until > t.work.now


REACTIONS: dict[Event, tuple[Reaction, ...]] = dict.fromkeys(
    (Event.REQUEST_UNDONE, Event.INTAKE_REOPENED, Event.STEP_REOPENED, Event.VOTE_REOPENED),
    (telling(tell_of_taking_back),),
)
