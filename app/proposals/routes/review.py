"""The intake check and the data partners' decisions."""

from collections.abc import Mapping, Sequence

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.proposals.commands.deciding import decide as decide_items
from app.proposals.commands.deciding import revise, undo_decision
from app.proposals.commands.intake import Request, close_at_intake, pass_intake, request_changes
from app.proposals.commands.reading import bring_back, note_reading
from app.proposals.commands.ruling import Ruling
from app.proposals.commands.undoing import take_back as take_back_act
from app.proposals.forms.review import IntakeForm, VerdictForm, marks_from
from app.proposals.models import Proposal
from app.proposals.queries.library import typed_conditions
from app.proposals.queries.review import Review
from app.proposals.queries.workspace import SuggestionView
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.keeping import keep_as_said
from app.proposals.routes.showing_case import Shown, asks_too, shown_case
from app.proposals.routes.showing_review import (
    REPLACES,
    Given,
    asked_about,
    choices,
    intake_page,
    kept,
    review_page,
    reviewed,
)
from app.proposals.workspace_models import Desk
from app.rules.actions import Action
from app.rules.checklists import INTAKE, REVIEW
from app.rules.pipelines import Step
from app.rules.questions import BANK
from app.rules.roles import Role
from app.rules.turns import Turn
from app.rules.vocabulary import Reason
from app.rules.workflow import APPROVALS, ItemState
from app.web.actor import current_actor
from app.web.answers import answered, finish
from app.web.database import db
from app.web.forms import options_of
from app.web.guards import signed_in
from app.web.once import once

_CHANGES = "changes"
_PASS, _CLOSE = "pass", "close"
# What is written at an answer and goes out with the request for changes, instead of at once.
WITH_CHANGES = "changes"
_TOLD: dict[ItemState, str] = {
    ItemState.APPROVED: N_("Approved. You can undo this for ten minutes, unless a grant is issued before."),
    ItemState.APPROVED_WITH_CONDITIONS: N_(
        "Approved with your conditions. You can undo this for ten minutes, unless a grant is issued before."
    ),
    ItemState.NOT_APPROVED: N_(
        "Not approved, with your reason. You can undo this for ten minutes, unless a grant is issued before."
    ),
}


@blueprint.get("/<reference>/review")
@signed_in
def review(reference: str) -> Response:
    """Everything a data partner needs to decide, and the four answers it can give; `?replace=1` for a decision made."""
    shown, found = reviewed(reference)
    replaces = "replace" in request.args and bool(found.decided)
    given = kept(found)
    form = VerdictForm(formdata=None, data=shown.of.as_shown)
    form.words.data, form.reason.data = given.get("words", ""), given.get("reason")
    named = set(given.getlist("datasets"))
    items = [item.reference for item in asked_about(found, replaces=replaces)]
    form.datasets.data = [each for each in items if each in named] if named else items
    return review_page(shown, found, form, given, replaces=replaces)


@blueprint.post("/<reference>/review")
@signed_in
@once
def decide(reference: str) -> Response:
    """Decide on the ticked datasets, replace a decision on them, or ask for changes."""
    shown, found = reviewed(reference)
    replaces = bool(request.form.get(REPLACES))
    form, given = VerdictForm(), Given(request.form.items(multi=True))
    form.show_reasons()
    own = asked_about(found, replaces=replaces) or shown.own
    form.datasets.choices = options_of(choices(own))
    chosen = [item.reference for item in own] if len(own) == 1 else form.datasets.data or []
    taken = [each for each in chosen if each]

    def act() -> None:
        session, actor, moment = db.session, current_actor(), now()
        if form.verdict.data == _CHANGES:
            asked = asked_for(form.words.data or "", found.suggestions)
            request_changes(session, actor, reference, asked, moment, **form.as_shown)
        else:
            command = revise if replaces else decide_items
            command(session, actor, reference, taken, _ruling(form, found, taken), moment)
        note_reading(session, actor, reference, moment)
        keep_as_said(shown, Desk.REVIEW)

    if not form.submitted(act):
        return review_page(*reviewed(reference), form, given, 422, replaces=replaces)
    message = _(
        "Your request is with the team. Your clock stands still until they answer. You can undo this for ten minutes."
    )
    if form.verdict.data != _CHANGES:
        message = _(_TOLD[ItemState(form.verdict.data or "")])
    return finish(url_for("proposals.show", reference=reference), message)


@blueprint.post("/<reference>/undo")
@signed_in
@once
def undo(reference: str) -> Response:
    """Take a decision back within its ten minutes."""
    dataset = request.form.get("dataset", "")
    session, actor, moment = db.session, current_actor(), now()
    item = undo_decision(session, actor, reference, dataset, moment)
    bring_back(session, actor, session.get_one(Proposal, item.proposal_id), moment)
    return finish(
        url_for("proposals.review", reference=reference), _("Taken back. The dataset waits for your decision again.")
    )


@blueprint.post("/<reference>/take-back")
@signed_in
@once
def take_back(reference: str) -> Response:
    """Take back what one did last in the review, within its ten minutes: asked for changes, ended it, or closed a vote."""
    session, actor, moment = db.session, current_actor(), now()
    bring_back(session, actor, take_back_act(session, actor, reference, moment), moment)
    shown = shown_case(reference)
    onward = shown.act.address if shown.act else url_for("proposals.show", reference=reference)
    if shown.of.turn.turn is Turn.CHANGING:
        return finish(onward, _("Taken back. The team goes on answering what others asked for."))
    return finish(onward, _("Taken back. It stands as it did before, and the clock goes on as if it had not stopped."))


@blueprint.get("/<reference>/intake")
@signed_in
def intake(reference: str) -> Response:
    """The secretariat's check: is it complete enough to be decided on?"""
    shown = shown_case(reference)
    if not _checks(shown) and Role.OFFICER in shown.of.roles:
        return answered(url_for("proposals.show", reference=reference))
    shown = _for_check(reference)
    return intake_page(shown, IntakeForm(formdata=None, data=shown.of.as_shown), None)


@blueprint.post("/<reference>/intake")
@signed_in
@once
def check_intake(reference: str) -> Response:
    """Pass it on, ask for changes, or say why it is not taken up."""
    shown = _for_check(reference)
    form = IntakeForm()
    given, words, verdict = request.form.to_dict(), form.words.data or "", form.verdict.data or ""
    shown_hash = form.version_hash.data or ""

    def act() -> None:
        session, actor, moment = db.session, current_actor(), now()
        if verdict == _PASS:
            pass_intake(session, actor, reference, marks_from(given, INTAKE), moment, shown_hash=shown_hash)
        elif verdict == _CLOSE:
            close_at_intake(session, actor, reference, words, moment, shown_hash=shown_hash)
        elif verdict == _CHANGES:
            request_changes(session, actor, reference, asked_for(words, ()), moment, **form.as_shown)
        else:
            raise Invalid(N_("Choose what happens with the proposal: the three buttons stand at the end of the page."))
        note_reading(session, actor, reference, moment)
        keep_as_said(shown, Desk.INTAKE)

    if not form.submitted(act):
        return intake_page(shown_case(reference), form, Given(request.form.items(multi=True)), 422)
    messages = {
        _PASS: _("Passed on to the data partners. Their clock has started."),
        _CLOSE: _("Not taken up. The team reads your reason. You can undo this for ten minutes."),
        _CHANGES: _("Your request is with the team. You can undo this for ten minutes."),
    }
    return finish(url_for("proposals.show", reference=reference), messages[verdict])


def _checks(shown: Shown) -> bool:
    """Whether the reader has something to say at the intake check: its outcome, or what else the team is asked for; the latter
    while the data partners decide too, whose own stewards ask on the page of their review.
    """
    if shown.of.step is Step.DATA_PARTNERS:
        return not shown.own and asks_too(shown.of, shown.items)
    return shown.of.step is Step.INTAKE and Action.REQUEST_CHANGES in shown.of.acts


def _for_check(reference: str) -> Shown:
    shown = shown_case(reference)
    if not _checks(shown):
        raise NotFound(N_("There is nothing to check here now. The proposal's page shows whose turn it is."))
    return shown


def _ruling(form: VerdictForm, found: Review, datasets: Sequence[str]) -> Ruling:
    outcomes = {outcome.value: outcome for outcome in (*APPROVALS, ItemState.NOT_APPROVED)}
    outcome = outcomes.get(form.verdict.data or "")
    if outcome is None:
        raise Invalid(N_("Choose your answer: the four buttons stand at the end of the page."))
    return Ruling(
        version_hash=form.version_hash.data or "",
        outcome=outcome,
        reason=Reason(form.reason.data) if form.reason.data in set(Reason) else None,
        words=form.words.data or "",
        conditions=typed_conditions(found.library, request.form.getlist),
        checklist=marks_from(request.form.to_dict(), REVIEW),
        shown_terms={each: request.form.get(f"terms-{each}", "") for each in datasets},
    )


def asked_for(words: str, suggestions: Sequence[SuggestionView]) -> list[Request]:
    """What the request asks for: the words at the end of the page, and those kept at single answers."""
    given = {name: request.form.getlist(name) for name in request.form}
    found = [Request(words, _about()), *wishes(given)]
    mine = [each for each in suggestions if Action.WITHDRAW_SUGGESTION in each.acts]
    if mine and not any(each.words.strip() for each in found):
        found.append(Request(_("Accept the suggested edits, or say why you leave an answer as it is.")))
    return found


def wishes(given: Mapping[str, Sequence[str]]) -> list[Request]:
    """What is to go out with a request for changes, each at its answer."""
    found = []
    for step in BANK.steps:
        for part in step.parts():
            words = "".join(given.get(f"say-{part.key}", ())[:1]).strip()
            if words and "".join(given.get(f"to-{part.key}", ())[:1]) == WITH_CHANGES:
                found.append(Request(words, part.key))
    return found


def _about() -> str | None:
    """The answer that a request concerns, if it names one of the form's."""
    part = BANK.part(request.form.get("about", ""))
    return part.key if part else None
