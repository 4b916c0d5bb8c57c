"""By date: whoever is to sign or to countersign is reminded."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.agreements.clocks import timed, waits_since
from app.agreements.commands.acting import locked_accession, tell
from app.agreements.models import Accession
from app.foundation.base import JSONObject
from app.foundation.errors import WrongState
from app.organizations.commands.reminding import remind_each
from app.organizations.reminders import Timed
from app.rules.actions import Action
from app.rules.actors import SYSTEM
from app.rules.workflow import AccessionState


def remind_of_accessions(session: Session, now: datetime) -> int:
    """Remind of every accession that waits for a signature. Returns of how many."""
    open_ones = Accession.state.in_((AccessionState.OPEN, AccessionState.SIGNED))
    wanted = select(Accession).where(open_ones).options(joinedload(Accession.organization)).order_by(Accession.id)

    def lock(wait: Timed) -> Accession | None:
        try:
            row, _after = locked_accession(session, SYSTEM, wait.awaited.ref, Action.REMIND_OF_ACCESSION)
        except WrongState:  # it was declined meanwhile
            return None
        return row if waits_since(row) == wait.since else None

    def note(row: Accession, facts: JSONObject) -> None:
        tell(session, Action.REMIND_OF_ACCESSION, SYSTEM, row, now, facts)

    return remind_each(session, timed(session, session.scalars(wanted).all(), now), lock, note)
