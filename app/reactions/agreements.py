"""What follows from events of agreements."""

from app.reactions.work import Handler, Reaction
from app.rules.events import Event

REACTIONS: dict[Event, tuple[Reaction, ...]] = {}
HANDLERS: dict[str, Handler] = {}
