"""Everything that reads incidents."""

from app.incidents.queries.incidents import (
    SeenIncident,
    grant_for_incident,
    incident_seen_by,
    incidents_of,
)
from app.incidents.queries.terms import Rules, due_on, rules_of
from app.incidents.queries.waits import share_used, wait_of, waited_for

__all__ = [
    "Rules",
    "SeenIncident",
    "due_on",
    "grant_for_incident",
    "incident_seen_by",
    "incidents_of",
    "rules_of",
    "share_used",
    "wait_of",
    "waited_for",
]
