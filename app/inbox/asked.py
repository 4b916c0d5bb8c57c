"""What waits for one person about one thing: mails that leave later than they were written ask it once more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.inbox.queries import around
from app.proposals.models import Proposal
from app.proposals.queries.whose_turn import WhoseTurn, whose_turn
from app.rules.actors import Actor
from app.rules.turns import Turn


def asked_about(session: Session, viewer: Actor, reference: str, now: datetime) -> frozenset[str]:
    """The sentences of what waits for the viewer about the thing of this reference, as the inbox says them; none where nothing
    does.
    """
    rows = [row for row in around(session, viewer, now) if row.is_yours and reference in dict(row.values).values()]
    proposal = session.scalar(select(Proposal).where(Proposal.reference == reference))
    turn = whose_turn(session, proposal, now) if proposal is not None else None
    own = {turn.act} if turn is not None and _is_asked(turn, viewer) else set()
    return frozenset({row.sentence for row in rows} | own)


def _is_asked(turn: WhoseTurn, viewer: Actor) -> bool:
    """A colleague of the one who is named is asked as well; of a vote the rows tell who has cast theirs."""
    could = any(viewer.person_id in holder.could_act for holder in turn.holders)
    return turn.waits_for(viewer.person_id) or (could and turn.turn is not Turn.VOTING)
