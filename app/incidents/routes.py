"""Incidents: reporting one, and its page for those concerned."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.models import Grant
from app.history.queries import happenings
from app.incidents import commands, queries
from app.incidents.commands import Notice
from app.incidents.forms import AddForm, ReportForm, WordsForm
from app.incidents.queries import SeenIncident
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.incidents import BECAUSE, PERSONAL_DATA, TOLD, PersonalData
from app.rules.workflow import INCIDENT_STATES
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once

blueprint = Blueprint("incidents", __name__)
Command = Callable[[Session, Actor, str, str, datetime], object]


@dataclass(frozen=True)
class Act:
    """One act with words: what its page asks, and what is told afterwards."""

    action: Action
    title: str
    explains: str
    button: str
    told: str
    command: Command


ACTS: dict[str, Act] = {
    "add": Act(
        Action.ADD_TO_INCIDENT,
        N_("Add to what is known"),
        N_("Everyone concerned reads it, and gets a mail."),
        N_("Add it"),
        N_("Added. Everyone concerned gets a mail now."),
        commands.add,
    ),
    "full-report": Act(
        Action.REPORT_IN_FULL,
        N_("Give the full report"),
        N_(
            "What happened, which data and how many persons or units are concerned, what was done, and what will change."
        ),
        N_("Give the report"),
        N_("Given. Everyone concerned gets a mail now."),
        commands.report_in_full,
    ),
    "close": Act(
        Action.CLOSE_INCIDENT,
        N_("Close this incident"),
        N_("The record closes with what was done, and is kept."),
        N_("Close it"),
        N_("Closed. Everyone concerned gets a mail now."),
        commands.close,
    ),
}


@blueprint.get("/grants/<number>/incidents/new")
@signed_in
def new(number: str) -> Response:
    """Where anyone concerned reports an incident."""
    grant = queries.grant_for_incident(db.session, current_actor(), number)
    noticed = now().strftime("%Y-%m-%d %H:%M")
    return _new_page(
        grant, _offered(grant, ReportForm(formdata=None, data={"noticed_at": noticed, "personal_data": "unknown"}))
    )


@blueprint.post("/grants/<number>/incidents/new")
@signed_in
@once
def report(number: str) -> Response:
    """Report it; everyone who must know is told at once."""
    grant = queries.grant_for_incident(db.session, current_actor(), number)
    form, made = _offered(grant, ReportForm()), []

    def run() -> None:
        given = Notice(
            form.what.data or "", form.moment, form.touched, form.measures.data or "", form.dataset_id,
            bool(form.is_near_miss.data),
        )  # fmt: skip
        made.append(commands.report(db.session, current_actor(), number, given, now()))

    if form.submitted(run):
        words = N_("Reported. Those who must know are told now.")
        return finish(url_for("incidents.show", reference=made[0].reference), told(words))
    return _new_page(grant, form, 422)


@blueprint.get("/incidents/<reference>")
@signed_in
def show(reference: str) -> Response:
    """One incident: who was told and by when, what is known, what comes next."""
    seen = _seen(reference)
    return page(
        "incidents/show.html",
        seen=seen,
        states=INCIDENT_STATES,
        personal={key.value: words for key, words in PERSONAL_DATA.items()},
        recipients={key.value: rule for key, rule in TOLD.items()},
        because=BECAUSE,
        history=happenings(db.session, [("incident", seen.incident.reference)]),
        acts=Action,
    )


@blueprint.post("/incidents/<reference>/noted")
@signed_in
@once
def acknowledge(reference: str) -> Response:
    """Take note of it."""
    commands.acknowledge(db.session, current_actor(), reference, now())
    return finish(url_for("incidents.show", reference=reference), told(N_("Noted.")))


@blueprint.post("/incidents/<reference>/suspend")
@signed_in
@once
def suspend(reference: str) -> Response:
    """Stop the use of the data, in one step."""
    commands.stop_use(db.session, current_actor(), reference, now())
    return finish(
        url_for("incidents.show", reference=reference),
        told(N_("The grant is suspended. Everyone concerned gets a mail now.")),
    )


@blueprint.get("/incidents/<reference>/<any('add', 'full-report', 'close'):act>")
@signed_in
def ask(reference: str, act: str) -> Response:
    """What the act means, and the form for it."""
    seen = _seen(reference)
    if ACTS[act].action not in seen.may:
        raise NotFound(NOT_FOUND)
    form = _form_of(act, seen, given=False)
    return page("incidents/act.html", seen=seen, act=ACTS[act], form=form)


@blueprint.post("/incidents/<reference>/<any('add', 'full-report', 'close'):act>")
@signed_in
@once
def do(reference: str, act: str) -> Response:
    """Do it."""
    asked, form = ACTS[act], _form_of(act, _seen(reference), given=True)

    def run() -> None:
        said = (reference, form.words.data or "", now())
        if isinstance(form, AddForm):
            commands.add(db.session, current_actor(), *said, form.touched)
        else:
            asked.command(db.session, current_actor(), *said)

    if form.submitted(run):
        return finish(url_for("incidents.show", reference=reference), told(asked.told))
    return page("incidents/act.html", 422, seen=_seen(reference), act=asked, form=form)


def _form_of(act: str, seen: SeenIncident, *, given: bool) -> WordsForm:
    """The form of an act, with what was sent or empty."""
    kind = AddForm if ACTS[act].action is Action.ADD_TO_INCIDENT else WordsForm
    form = kind() if given else kind(formdata=None)
    return form.offer(PersonalData(seen.incident.personal_data)) if isinstance(form, AddForm) else form


def _seen(reference: str) -> SeenIncident:
    return queries.incident_seen_by(db.session, current_actor(), reference, now())


def _offered(grant: Grant, form: ReportForm) -> ReportForm:
    return form.offer([(row.dataset_id, row.dataset.title) for row in grant.datasets])


def _new_page(grant: Grant, form: ReportForm, status: int = 200) -> Response:
    return page("incidents/new.html", status, grant=grant, form=form, rules=queries.rules_of(grant), recipients=TOLD)
