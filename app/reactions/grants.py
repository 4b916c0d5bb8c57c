"""What follows from events of grants."""

from app.reactions.work import Handler, Job, Reaction
from app.rules.events import Event

REACTIONS: dict[Event, tuple[Reaction, ...]] = {}
HANDLERS: dict[str, Handler] = {}
SCHEDULE: tuple[Job, ...] = ()
