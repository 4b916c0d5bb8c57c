"""Before and after writing: what is asked, starting, copying, the page after sending, withdrawing."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields import TextAreaField
from wtforms.fields.choices import SelectChoice

from app.catalog import uses
from app.catalog.queries import datasets_by_references
from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.proposals.commands.drafting import MOST_DATASETS, copy_as_new
from app.proposals.commands.drafting import start as start_proposal
from app.proposals.commands.sending import withdraw as withdraw_proposal
from app.proposals.queries.cases import case
from app.proposals.queries.drafts import Place, Readers, places_to_start, readers_of, seen
from app.proposals.queries.starting import who_starts
from app.proposals.queries.versions import datasets_in
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing import case_address
from app.proposals.routes.showing_way import next_lines
from app.rules.actions import Action
from app.rules.questions import BANK
from app.rules.turns import Turn
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import public, signed_in
from app.web.once import once

# While somebody reads it for the review.
_READ = frozenset({Turn.CHECKING, Turn.VOTING, Turn.ETHICS_READING, Turn.LEGAL_READING, Turn.DECIDING})


class StartForm(FlaskForm):
    """In whose name; asked only where there is a choice."""

    organization = RadioField(_l("In whose name do you propose?"))


class WithdrawForm(FlaskForm):
    """Why it ends."""

    reason = TextAreaField(_l("Why do you withdraw it?"))


@blueprint.get("/new")
@public
def start() -> Response:
    """What is asked and how long it takes, before anything is written."""
    return _start_page(_asked_for(request.args.getlist("dataset")), StartForm(formdata=None))


@blueprint.post("/new")
@signed_in
@once
def begin() -> Response:
    """Start a draft and go to its first step."""
    references = _asked_for(request.form.getlist("dataset"))
    chosen = request.form.get("organization", "")
    places = places_to_start(db.session, current_actor(), now())
    form = StartForm()
    place = next((each for each in places if str(each.organization.id) == chosen), None)
    if place is None:
        form.organization.errors = (_("Choose the organization in whose name you propose."),)
        return _start_page(references, form, 422)
    try:
        proposal = start_proposal(db.session, current_actor(), place.organization.id, references, now())
    except Invalid as problem:
        form.form_errors.append(told(problem.message))
        return _start_page(references, form, problem.status)
    return finish(url_for("proposals.step", reference=proposal.reference, step_key=BANK.steps[0].key))


@blueprint.post("/<reference>/copy")
@signed_in
@once
def copy(reference: str) -> Response:
    """Start a new draft with the answers of this proposal."""
    original = seen(db.session, current_actor(), reference)
    proposal = copy_as_new(db.session, current_actor(), reference, original.organization_id, now())
    message = _("Copied from %(reference)s. Check the dates: they were suggested anew.", reference=reference)
    return finish(url_for("proposals.step", reference=proposal.reference, step_key=BANK.steps[0].key), message)


@blueprint.get("/<reference>/submitted")
@signed_in
def submitted(reference: str) -> Response:
    """With whom it is, by when one hears, and what may come of it from that step on: for those who sent it. Leads others, and
    everyone once nobody reads it any more, on to the proposal.
    """
    of = case(db.session, current_actor(), reference, now())
    proposal, turn = of.proposal, of.turn
    if turn.turn not in _READ or not of.reads_everything:
        return answered(case_address(reference))
    has_it = turn.turn is Turn.DECIDING  # the page names them above
    return page(
        "proposals/submitted.html",
        proposal=proposal,
        turn=turn,
        readers=() if has_it else readers_of(db.session, datasets_in(db.session, proposal.id)),
        next_lines=next_lines(of),
        address=case_address(reference),
    )


@blueprint.get("/<reference>/withdraw")
@signed_in
def ask_to_withdraw(reference: str) -> Response:
    """What withdrawing means, before it is done."""
    return _withdraw_page(reference, WithdrawForm(formdata=None))


@blueprint.post("/<reference>/withdraw")
@signed_in
@once
def withdraw(reference: str) -> Response:
    """End the proposal."""
    form = WithdrawForm()
    try:
        withdraw_proposal(db.session, current_actor(), reference, form.reason.data or "", now())
    except Invalid as problem:
        form.reason.errors = (told(problem.message),)
        return _withdraw_page(reference, form, problem.status)
    return finish(case_address(reference), _("Withdrawn. Its answers stay, and you can copy them."))


def _withdraw_page(reference: str, form: WithdrawForm, status: int = 200) -> Response:
    proposal = seen(db.session, current_actor(), reference, Action.WITHDRAW_PROPOSAL)
    address = case_address(reference)
    return page("proposals/writing/withdraw.html", status, proposal=proposal, form=form, address=address)


def _asked_for(given: list[str]) -> list[str]:
    """The references of datasets, each once, as an address or a form brings them."""
    found = [reference.strip().upper()[:20] for text in given for reference in text.split(",")]
    return [reference for reference in dict.fromkeys(found) if reference][:MOST_DATASETS]


def _start_page(references: list[str], form: StartForm, status: int = 200) -> Response:
    actor = current_actor()
    datasets = datasets_by_references(db.session, actor, references, offered_only=True)
    places: list[Place] = places_to_start(db.session, actor, now()) if actor.person_id is not None else []
    is_signed_in = actor.person_id is not None
    waits = uses.provider().waits(db.session, [dataset.id for dataset in datasets])
    form.organization.choices = [SelectChoice(str(place.organization.id), place.organization.name) for place in places]
    found = {dataset.reference for dataset in datasets}
    readers = readers_of(db.session, datasets)  # by name for people of the consortium, not for the whole world
    return page(
        "proposals/writing/start.html",
        status,
        form=form,
        datasets=datasets,
        closed=[reference for reference in references if reference not in found],
        places=places,
        elsewhere=who_starts(db.session, actor, now()) if is_signed_in and not places else [],
        waits={dataset.reference: waits[dataset.id] for dataset in datasets if dataset.id in waits},
        steps=BANK.steps,
        minutes=-(-sum(step.minutes for step in BANK.steps) // 5) * 5,
        questions=len(BANK.questions),
        readers=[each if is_signed_in else Readers(each.organization, ()) for each in readers],
    )
