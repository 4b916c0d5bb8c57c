"""The one blueprint of this part, and what its pages share."""

from datetime import date

from flask import Blueprint, request
from markupsafe import Markup

from app.agreements import evidence
from app.agreements.evidence import Trace
from app.agreements.models import Accession
from app.agreements.queries import clock_of
from app.agreements.status import Status, status_of
from app.foundation.clock import now
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.permissions import allowed
from app.rules.workflow import Machine
from app.web.actor import current_actor
from app.web.answers import told
from app.web.words import day

blueprint = Blueprint("agreements", __name__)
_LONGEST_AGENT = 300


def trace() -> Trace:
    """From where this request comes, for the evidence of signing."""
    return Trace(request.remote_addr or "", request.user_agent.string[:_LONGEST_AGENT])


def acts_on(row: Accession) -> frozenset[Action]:
    """What the person of this request may do to an accession now."""
    return allowed(standing(current_actor(), row.organization), Machine.ACCESSION, row.state)


def status_shown(row: Accession) -> dict[str, object]:
    """The arguments of the status macro for an accession."""
    status = status_of(row, clock_of(row, now()), current_actor().person_id)
    return {
        "say": sentence(status),
        "sub": told(status.sub) if status.sub else None,
        "kind": status.kind,
        "number": abs(status.clock.left) if status.clock else None,
        "number_words": told(status.number_words),
        "day": status.clock.day if status.clock else None,
        "total": status.clock.total if status.clock else None,
        "over": status.clock.over if status.clock else 0,
    }


def sentence(status: Status) -> Markup:
    """The status sentence with its dates written out and its names safe."""
    facts = {name: day(value) if isinstance(value, date) else told(value or "") for name, value in status.facts.items()}
    return Markup(told(status.say)) % facts  # noqa: S704 - our own sentence; what fills it is escaped by %


def evidence_steps(row: Accession) -> tuple[evidence.Step, ...]:
    """What happened on the way, for the timeline."""
    return evidence.steps_of(row)
