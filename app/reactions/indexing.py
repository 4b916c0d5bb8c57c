"""The search index follows by itself: what a search does not catch up at once, the worker does within a minute."""

from app.reactions.work import Chore, Work, Writing
from app.search.engine.following import follow
from app.search.engine.shelf import shelf_of

# Somebody else who writes the index does the same work, so nobody needs to wait for long.
_PATIENCE = 1.0


def follow_listings(work: Work, _writing: Writing) -> None:
    """Bring this machine's index to the newest change, or build it where there is none."""
    with work.reading() as session:
        follow(session, shelf_of(session), _PATIENCE, is_fresh=True)


CHORES: tuple[Chore, ...] = (follow_listings,)
