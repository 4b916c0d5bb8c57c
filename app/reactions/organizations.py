"""What follows from events of organizations."""

from app.reactions.work import Reaction
from app.rules.events import Event

REACTIONS: dict[Event, tuple[Reaction, ...]] = {}
