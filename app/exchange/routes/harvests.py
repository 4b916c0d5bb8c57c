"""Harvest sources: the list, one of them with its readings, and what a steward does with it."""

from collections.abc import Callable

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.routes.desk import chosen_organization, writable_organizations
from app.catalog.standing import lists_unchecked, partner_standing
from app.exchange.commands import harvest_sources as commands
from app.exchange.commands.harvest_sources import Settings
from app.exchange.forms.harvests import PauseForm, SourceForm
from app.exchange.models import HarvestSource
from app.exchange.queries.harvests import runs_of, source_seen_by, sources_of
from app.exchange.routes.blueprint import blueprint
from app.exchange.routes.findings import readers
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.outgoing import allowed_networks
from app.history.queries import happenings
from app.organizations.models import Organization
from app.organizations.queries import deputies_of, stewards_of
from app.rules.actions import Action
from app.rules.harvests import (
    NEW_ONES_NAMES,
    RUN_SHAPES,
    RUN_STATES,
    SCHEDULE_NAMES,
    SOURCE_SHAPES,
    NewOnes,
    Schedule,
    as_allowed,
)
from app.rules.permissions import allowed
from app.rules.roles import Role
from app.rules.workflow import HARVEST_STATES, Machine
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, holding, signed_in
from app.web.once import once

_SHOWN_EVENTS = 12


@blueprint.get("/desk/harvests")
@holding(Role.STEWARD, Role.DEPUTY)
def harvests() -> Response:
    """The sources of one's organizations."""
    rows = sources_of(db.session, current_actor())
    return page(
        "exchange/harvests/index.html",
        rows=rows,
        states=HARVEST_STATES,
        run_states=RUN_STATES,
        several=len(writable_organizations()) > 1,
    )


@blueprint.route("/desk/harvests/new", methods=["GET", "POST"])
@holding(Role.STEWARD, Role.DEPUTY)
def new_harvest() -> Response:
    """Name a source; the worker then takes a first look at it."""
    form = _form(SourceForm())
    return _start(form) if form.is_submitted() else _write_page(form, None)


@blueprint.get("/desk/harvests/<reference>")
@signed_in
def harvest(reference: str) -> Response:
    """Where a source stands, when it is read next, and its readings."""
    source = source_seen_by(db.session, current_actor(), reference)
    runs = runs_of(db.session, source)
    return page(
        "exchange/harvests/show.html",
        source=source,
        runs=runs,
        newest=runs[0] if runs else None,
        state=HARVEST_STATES[source.state],
        shape=SOURCE_SHAPES[source.state],
        step=RUN_SHAPES[runs[0].state] if runs else "",
        run_shapes=RUN_SHAPES,
        run_states=RUN_STATES,
        schedule=told(SCHEDULE_NAMES[source.schedule]),
        new_ones=told(NEW_ONES_NAMES[_new_ones(source)]),
        is_checked_instead=_new_ones(source) is not source.new_ones,
        acts={act.name for act in _acts(source)},
        form=PauseForm(formdata=None),
        events=happenings(db.session, [("harvest", source.reference)])[:_SHOWN_EVENTS],
        **readers(source),
    )


@blueprint.route("/desk/harvests/<reference>/edit", methods=["GET", "POST"])
@holding(Role.STEWARD, Role.DEPUTY)
def edit_harvest(reference: str) -> Response:
    """Change what was said about a source."""
    source = source_seen_by(db.session, current_actor(), reference)
    if Action.EDIT_HARVEST not in _acts(source):
        raise NotFound(NOT_FOUND)
    form = _form(SourceForm(data=_said(source)), source)
    return _save(source, form) if form.is_submitted() else _write_page(form, source)


@blueprint.post("/desk/harvests/<reference>/read")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def read_harvest(reference: str) -> Response:
    """Read the source now."""
    message = _("It is being read. Look again in a minute.")
    return _done(reference, lambda: commands.ask_to_read(db.session, current_actor(), reference, now()), message)


@blueprint.post("/desk/harvests/<reference>/pause")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def pause_harvest(reference: str) -> Response:
    """Read it no more for a while."""
    reason = PauseForm().reason.data or ""
    message = _("Paused. Your listings stay as they are.")
    return _done(
        reference, lambda: commands.pause_source(db.session, current_actor(), reference, reason, now()), message
    )


@blueprint.post("/desk/harvests/<reference>/resume")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def resume_harvest(reference: str) -> Response:
    """Read it again on its schedule."""
    message = _("It is read again on its schedule.")
    return _done(reference, lambda: commands.resume_source(db.session, current_actor(), reference, now()), message)


@blueprint.post("/desk/harvests/<reference>/end")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def end_harvest(reference: str) -> Response:
    """Give the source up."""
    message = _("Given up. What came from it stays yours to edit.")
    return _done(reference, lambda: commands.end_source(db.session, current_actor(), reference, now()), message)


def _done(reference: str, act: Callable[[], object], message: str) -> Response:
    source_seen_by(db.session, current_actor(), reference)
    act()
    return finish(url_for("exchange.harvest", reference=reference), message)


@once
def _start(form: SourceForm) -> Response:
    def start() -> None:
        organization = chosen_organization(form.organization.data or "")
        source = commands.start_source(db.session, current_actor(), organization, _settings(form), now())
        commands.ask_to_read(db.session, current_actor(), source.reference, now())
        made.append(source.reference)

    made: list[str] = []
    if form.submitted(start):
        message = _("Added. A first look at it is under way; look again in a minute.")
        return finish(url_for("exchange.harvest", reference=made[0]), message)
    return _write_page(form, None)


@once
def _save(source: HarvestSource, form: SourceForm) -> Response:
    if form.submitted(
        lambda: commands.edit_source(db.session, current_actor(), source.reference, _settings(form), now())
    ):
        return finish(url_for("exchange.harvest", reference=source.reference), _("Saved."))
    return _write_page(form, source)


def _settings(form: SourceForm) -> Settings:
    return Settings(
        form.name.data or "",
        form.address.data or "",
        Schedule(form.schedule.data),
        NewOnes(form.new_ones.data),
        bool(form.is_trusted.data),
        int(form.asked.data) if form.asked.data else None,
    )


def _said(source: HarvestSource) -> dict[str, object]:
    return {
        "organization": source.organization.slug,
        "name": source.name,
        "address": source.address,
        "schedule": source.schedule.value,
        "new_ones": _new_ones(source).value,
        "is_trusted": source.trusted_by_id is not None,
        "asked": str(source.asked_id) if source.asked_id else "",
    }


def _new_ones(source: HarvestSource) -> NewOnes:
    return as_allowed(source.new_ones, unchecked=source.organization.lists_unchecked)


def _form(form: SourceForm, source: HarvestSource | None = None) -> SourceForm:
    own = [source.organization] if source else writable_organizations()
    unchecked = any(lists_unchecked(current_actor(), row) for row in own)
    anybody = _("Whoever of the stewards is there")
    form.networks = allowed_networks(str(current_app.config["HARVEST_NETWORKS"]))
    form.offer({row.slug: row.name for row in own}, _askable(own), anybody, unchecked=unchecked)
    return form


def _askable(organizations: list[Organization]) -> list[tuple[int, str]]:
    people = [
        one for row in organizations for one in (*stewards_of(db.session, row.id), *deputies_of(db.session, row.id))
    ]
    return list({one.id: (one.id, one.name) for one in people}.values())


def _acts(source: HarvestSource) -> frozenset[Action]:
    return allowed(partner_standing(current_actor(), source.organization_id), Machine.HARVEST, source.state)


def _write_page(form: SourceForm, source: HarvestSource | None) -> Response:
    return page(
        "exchange/harvests/write.html",
        form.status,
        form=form,
        source=source,
        several=len(form.organization.choices) > 1,
        lists_at_once=NewOnes.PUBLISH.value in {one.value for one in form.new_ones.choices},
    )
