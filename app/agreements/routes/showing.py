"""What the pages of an accession show besides its row: the sentence on top, the way, the instrument, what happened."""

from datetime import date

from markupsafe import Markup

from app.agreements import evidence
from app.agreements.clocks import clock_of
from app.agreements.evidence import Details
from app.agreements.models import Accession
from app.agreements.routes.blueprint import blueprint
from app.agreements.statements import POWERS, Power
from app.agreements.status import STATE_NAMES, STATE_TONES, STEP_NAMES, status_of, way_of
from app.foundation.clock import now
from app.foundation.words import N_
from app.organizations.standing import standing
from app.rules.actions import Action
from app.rules.permissions import allowed
from app.rules.roles import CAPACITY_NAMES
from app.rules.terms import Mode
from app.rules.workflow import Machine
from app.web.actor import current_actor
from app.web.answers import told
from app.web.database import db
from app.web.words import country_name, day, moment

MODE_NAMES = {Mode.LOCKED: N_("Fixed"), Mode.MANDATORY: N_("Floor"), Mode.DEFAULT: N_("Standard")}
Rows = list[tuple[str, str]]


@blueprint.app_template_filter("capacity")
def capacity_word(capacity: object) -> str:
    """ "as data partner": the capacity inside a sentence."""
    return told({str(key): words for key, words in CAPACITY_NAMES.items()}[str(capacity)]).lower()


@blueprint.context_processor
def words() -> dict[str, object]:
    """The tables of words that the templates look into."""
    return {
        "capacity_names": CAPACITY_NAMES,
        "state_names": STATE_NAMES,
        "state_tones": STATE_TONES,
        "mode_names": MODE_NAMES,
    }


def acts_on(row: Accession) -> frozenset[Action]:
    """What the person of this request may do to an accession now."""
    return allowed(standing(current_actor(), row.organization), Machine.ACCESSION, row.state)


def accession_shown(row: Accession) -> dict[str, object]:
    """What every page of one accession shows."""
    return {
        "accession": row,
        "acts": acts_on(row),
        "status_shown": _status(row),
        "way": [(told(title), day(when), state) for title, when, state in way_of(row)],
        "instrument": _instrument(row, evidence.details_of(row)),
        "happened": _happened(row),
    }


def _status(row: Accession) -> dict[str, object]:
    """The arguments of the status macro."""
    status = status_of(row, clock_of(db.session, row, now()), current_actor().person_id)
    facts = {name: day(value) if isinstance(value, date) else told(value or "") for name, value in status.facts.items()}
    clock = status.clock
    return {
        "say": Markup(told(status.say)) % facts,  # noqa: S704 - our own sentence; what fills it is escaped by %
        "sub": told(status.sub),
        "kind": status.kind,
        "number": abs(clock.left) if clock else None,
        "number_words": told(status.number_words),
        "day": clock.day if clock else None,
        "total": clock.total if clock else None,
        "over": clock.over if clock else 0,
    }


def _instrument(row: Accession, details: Details | None) -> Rows:
    if details is None:
        return []
    power = told(POWERS[Power(details.power)]) if details.power in set(Power) else ""
    rows = [
        (N_("Organization"), row.organization.name),
        (N_("Country"), country_name(row.organization.country) if row.organization.country else ""),
        (N_("Legal form"), details.legal_form),
        (N_("Register or treaty"), details.register_number),
        (N_("Notices go to"), details.notice_address),
        (N_("Affiliates covered"), ", ".join(details.affiliates)),
        (N_("Signatory"), row.signatory.name if row.signatory else ""),
        (N_("Office or title"), details.title),
        (N_("Power to sign"), ", ".join(word for word in (power, details.power_reference) if word)),
    ]
    return [(told(label), value) for label, value in rows if value]


def _happened(row: Accession) -> list[tuple[str, str, str, None]]:
    """The steps of the accession, newest first."""
    steps = reversed(evidence.steps_of(row))
    return [
        (moment(step.at), f"{told(STEP_NAMES.get(step.what, step.what.capitalize()))}: {step.who}", "done", None)
        for step in steps
    ]
