"""What follows from events of proposals."""

from app.reactions.work import Job, Reaction
from app.rules.events import Event

REACTIONS: dict[Event, tuple[Reaction, ...]] = {}
SCHEDULE: tuple[Job, ...] = ()
