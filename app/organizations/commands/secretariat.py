"""The one organization that every installation starts with."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.history.commands import Subject, record
from app.organizations.models import Organization
from app.rules.actors import OPERATOR
from app.rules.events import Event
from app.rules.roles import Kind


def add_secretariat(session: Session, consortium: str, now: datetime) -> Organization:
    """Add the secretariat of the consortium; the database refuses a second one."""
    name = f"Secretariat of the {consortium}"
    row = Organization(slug="secretariat", name=name, kind=Kind.SECRETARIAT, created_at=now, defaults={})
    session.add(row)
    session.flush()
    record(session, Event.ORGANIZATION_ADDED, OPERATOR, Subject("organization", row.slug), now, {"name": row.name})
    return row
