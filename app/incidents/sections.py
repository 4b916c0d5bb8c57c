"""What a grant's page says of incidents: to those concerned alone."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.grants.around import Place, Section
from app.grants.queries.grants import SeenGrant, in_force_after
from app.grants.sides import sides
from app.incidents.queries import incidents_of
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.permissions import may
from app.rules.workflow import INCIDENT_STATES


def _incidents(session: Session, viewer: Actor, seen: SeenGrant, _now: datetime) -> Mapping[str, object] | None:
    rows = incidents_of(session, viewer, seen.grant)
    return {"incidents": rows, "states": INCIDENT_STATES} if rows else None


def links(session: Session, viewer: Actor, seen: SeenGrant, _now: datetime) -> list[tuple[str, str]]:
    """Reporting one, for anyone concerned: on the grant that took the place of this one, where they are concerned by that."""
    if seen.grant.sealed_at is None or not may(sides(session, viewer, seen.grant), Action.REPORT_INCIDENT):
        return []
    running = in_force_after(session, seen.grant)
    on = running if may(sides(session, viewer, running), Action.REPORT_INCIDENT) else seen.grant
    return [(_("Report an incident"), url_for("incidents.new", number=on.number))]


SECTIONS = (Section(Place.MAIN, "incidents/on_grant.html", _incidents),)
