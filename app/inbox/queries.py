"""What waits for a person: overdue, due, waiting on others, done."""

from sqlalchemy.orm import Session

from app.rules.actors import Actor


def waiting_for(session: Session, actor: Actor) -> int:
    """How many things wait for this person."""
    return 0
