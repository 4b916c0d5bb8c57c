"""Everything that reads incidents."""

from app.incidents.queries.incidents import (
    SeenIncident,
    grant_for_incident,
    incident_seen_by,
    incidents_of,
    next_for,
)
from app.incidents.queries.terms import Rules, due_on, rules_of

__all__ = [
    "Rules",
    "SeenIncident",
    "due_on",
    "grant_for_incident",
    "incident_seen_by",
    "incidents_of",
    "next_for",
    "rules_of",
]
