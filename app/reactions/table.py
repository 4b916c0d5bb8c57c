"""The tables: event to reactions, kind of message to handler, and what runs by date."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.base import JSONObject
from app.history.models import HistoryDetail, HistoryEvent
from app.history.queries import happening
from app.reactions import (
    agreements,
    cards,
    catalog,
    certificates,
    changes,
    consents,
    endings,
    grants,
    handovers,
    harvests,
    imports,
    indexing,
    leaving,
    listings,
    needs,
    notices,
    organizations,
    promises,
    proposals,
    remarks,
    replies,
    review,
    searches,
    steps,
    team_reminders,
    teams,
    undoing,
    wait_reminders,
)
from app.reactions.mail import send_mail
from app.reactions.work import Apply, Chore, Handler, Job, Reaction, Work
from app.rules.events import Event

__all__ = ["CHORES", "HANDLERS", "REACTIONS", "SCHEDULE", "Work"]

_PARTS = (
    organizations.REACTIONS,
    agreements.REACTIONS,
    catalog.REACTIONS,
    listings.REACTIONS,
    harvests.REACTIONS,
    needs.REACTIONS,
    consents.REACTIONS,
    proposals.REACTIONS,
    review.REACTIONS,
    steps.REACTIONS,
    undoing.REACTIONS,
    endings.REACTIONS,
    grants.REACTIONS,
    leaving.REACTIONS,
    notices.REACTIONS,
    promises.REACTIONS,
    certificates.REACTIONS,
    changes.REACTIONS,
    handovers.REACTIONS,
    teams.REACTIONS,
    team_reminders.REACTIONS,
    wait_reminders.REACTIONS,
    cards.REACTIONS,
    indexing.REACTIONS,
)
# Several parts may react to one event: each in the order of the parts.
REACTIONS: dict[Event, tuple[Reaction, ...]] = {
    event: tuple(reaction for part in _PARTS for reaction in part.get(event, ())) for event in Event
}
_WITH_REACTIONS = [event.value for event, reactions in REACTIONS.items() if reactions]


def react(work: Work, payload: JSONObject) -> Apply | None:
    """Run every reaction to one event, or to some that came together; what they add is written in one transaction."""
    first = int(str(payload["seq"]))
    last = int(str(payload.get("last", first)))

    def apply(session: Session) -> None:
        wanted = (HistoryEvent.seq.between(first, last), HistoryEvent.type.in_(_WITH_REACTIONS))
        found = select(HistoryEvent, HistoryDetail.payload).outerjoin(
            HistoryDetail, HistoryDetail.seq == HistoryEvent.seq
        )
        for row, facts in session.execute(found.where(*wanted).order_by(HistoryEvent.seq)).all():
            told = happening(row, facts)
            for reaction in REACTIONS[Event(row.type)]:
                reaction(session, told, work)

    return apply


HANDLERS: dict[str, Handler] = {
    "event.react": react,
    "mail.send": send_mail,
    **replies.HANDLERS,
    **organizations.HANDLERS,
    **agreements.HANDLERS,
    **consents.HANDLERS,
    **harvests.HANDLERS,
    **imports.HANDLERS,
    **remarks.HANDLERS,
    **grants.HANDLERS,
    **leaving.HANDLERS,
    **notices.HANDLERS,
    **promises.HANDLERS,
    **certificates.HANDLERS,
    **changes.HANDLERS,
    **handovers.HANDLERS,
    **teams.HANDLERS,
    **cards.HANDLERS,
    **searches.HANDLERS,
}

SCHEDULE: tuple[Job, ...] = (
    *listings.SCHEDULE,
    *proposals.SCHEDULE,
    *cards.SCHEDULE,
    *team_reminders.SCHEDULE,
    *wait_reminders.SCHEDULE,
    *notices.SCHEDULE,
    *leaving.SCHEDULE,
    *grants.SCHEDULE,
    *promises.SCHEDULE,
    *changes.SCHEDULE,
    *replies.SCHEDULE,
    *searches.SCHEDULE,
    *harvests.SCHEDULE,
)
CHORES: tuple[Chore, ...] = (*replies.CHORES, *indexing.CHORES)
