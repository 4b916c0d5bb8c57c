"""What follows from events of catalog."""

from app.reactions.work import Reaction
from app.rules.events import Event

REACTIONS: dict[Event, tuple[Reaction, ...]] = {}
