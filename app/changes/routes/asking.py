"""Asking for a change of a grant, or for a renewal."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.agreements.library import version as agreement_version
from app.catalog.models import Dataset
from app.catalog.queries.listings import datasets_by_ids
from app.changes import commands
from app.changes.forms import ChangeForm, RenewalForm
from app.changes.handed import as_it_runs
from app.changes.models import GrantChange
from app.changes.queries.held_up import held_up
from app.changes.routes.blueprint import blueprint
from app.changes.wanted import NewPerson, Wanted
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.grants.models import Grant
from app.grants.queries.grants import grant_seen_by, people_on
from app.grants.record import Record
from app.rules.actions import Action
from app.rules.actors import Actor
from app.rules.terms.vocabularies import covers
from app.rules.workflow import OPEN_CHANGES, ListingState
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form, options_of
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once
from app.web.words import country_choices

ASKED = N_("Asked for. Its page says who has it now, and by when.")
NOTED = N_(
    "Noted: it holds from now on. Those who joined are asked to accept the terms, and everybody concerned is told."
)


@dataclass(frozen=True)
class _Start:
    """The grant that is to change, as it is."""

    grant: Grant
    record: Record


@blueprint.get("/grants/<number>/change")
@signed_in
def ask(number: str) -> Response:
    """What can be changed, filled with the grant as it is."""
    start = _start(number)
    form = _filled(start)
    return page("changes/ask.html", grant=start.grant, proposal=start.record.proposal, form=form)


@blueprint.post("/grants/<number>/change")
@signed_in
@once
def do_ask(number: str) -> Response:
    """Ask for it."""
    start = _start(number)
    form = _with_choices(ChangeForm(), start)
    return _answer("changes/ask.html", start, form, lambda: _wanted(form, start), "")


@blueprint.get("/grants/<number>/renew")
@signed_in
def renew(number: str) -> Response:
    """A new term, on a short report."""
    start = _start(number)
    return page(
        "changes/renew.html",
        grant=start.grant,
        form=RenewalForm(formdata=None),
        held_up=held_up(db.session, start.grant),
    )


@blueprint.post("/grants/<number>/renew")
@signed_in
@once
def do_renew(number: str) -> Response:
    """Ask for it."""
    start = _start(number)
    form = RenewalForm()
    return _answer(
        "changes/renew.html",
        start,
        form,
        lambda: Wanted(renews=True, ends_on=form.ends_on.data),
        form.report.data or "",
    )


def _answer(template: str, start: _Start, form: Form, wanted: Callable[[], Wanted], report: str) -> Response:
    made: list[GrantChange] = []

    def run() -> None:
        why = str(form.data.get("why") or "")
        asked = wanted()
        made.append(commands.ask(db.session, current_actor(), start.grant.number, asked, why, report, now()))

    if form.submitted(run):
        return finish(
            url_for("changes.show", reference=made[0].reference),
            told(ASKED if made[0].state in OPEN_CHANGES else NOTED),
        )
    return page(template, 422, grant=start.grant, proposal=start.record.proposal, form=form)


def _start(number: str) -> _Start:
    seen = grant_seen_by(db.session, current_actor(), number)
    if Action.ASK_FOR_CHANGE not in seen.may:
        raise NotFound(NOT_FOUND)
    return _Start(seen.grant, as_it_runs(seen.grant))


def _filled(start: _Start) -> ChangeForm:
    record = start.record
    form = ChangeForm(
        formdata=None,
        data={
            "ends_on": record.ends_on,
            "keep": [each.reference for each in record.datasets],
            "purposes": list(record.purposes),
            "purpose_words": record.purpose_words,
            "kept_where": record.kept_where,
            "kept_in": record.kept_in,
        },
    )
    return _with_choices(form, start)


def _with_choices(form: ChangeForm, start: _Start) -> ChangeForm:
    form.keep.choices = options_of(
        [(each.reference, f"{each.title}, {each.reference}") for each in start.record.datasets]
    )
    form.add.choices = options_of(_more(db.session, current_actor(), start))
    vocabulary = agreement_version(start.record.agreement_version).terms.specs["permitted_purposes"].vocabulary
    form.purposes.choices = options_of(
        [
            (code, label)
            for code, label in vocabulary.labels.items()
            if any(covers(held, code) for held in start.record.purposes)
        ]
    )
    form.kept_in.choices = options_of([("", ""), *country_choices()])
    people = people_on(db.session, start.grant.id)
    form.leave.choices = options_of([(p.email, f"{p.name}, {p.organization_name}") for p in people if not p.is_lead])
    return form


def _more(session: Session, viewer: Actor, start: _Start) -> list[tuple[str, str]]:
    """The other listings of this data partner that are open to proposals and that the viewer may know of."""
    held = {each.reference for each in start.record.datasets}
    ids = session.scalars(
        select(Dataset.id).where(
            Dataset.organization_id == start.grant.data_partner_id, Dataset.state == ListingState.LISTED
        )
    )
    known = datasets_by_ids(session, viewer, ids, offered_only=True).values()
    rows = [each for each in known if each.reference not in held]
    return [(each.reference, f"{each.title}, {each.reference}") for each in sorted(rows, key=lambda row: row.title)]


def _wanted(form: ChangeForm, start: _Start) -> Wanted:
    keep = set(form.keep.data or [])
    return Wanted(
        add=tuple(form.add.data or ()),
        drop=tuple(each.reference for each in start.record.datasets if each.reference not in keep),
        ends_on=form.ends_on.data,
        purposes=tuple(form.purposes.data or ()),
        purpose_words=form.purpose_words.data or "",
        kept_where=form.kept_where.data or "",
        kept_in=form.kept_in.data or "",
        join=_joining(form),
        leave=tuple(form.leave.data or ()),
    )


def _joining(form: ChangeForm) -> tuple[NewPerson, ...]:
    name, email = form.join_name.data or "", form.join_email.data or ""
    if not name and not email:
        return ()
    if not name or not email:
        raise Invalid(
            N_("Enter both the name and the e-mail address of whoever joins."), "join_email" if name else "join_name"
        )
    return (NewPerson(name, email, form.join_organization.data or ""),)
