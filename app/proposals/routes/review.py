"""The intake check and the data partners' decisions."""

from collections.abc import Mapping

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotAllowed, NotFound
from app.foundation.words import N_
from app.proposals.commands.deciding import decide as decide_items
from app.proposals.commands.deciding import undo_decision
from app.proposals.commands.intake import Request, close_at_intake, pass_intake, request_changes
from app.proposals.commands.ruling import Ruling
from app.proposals.forms.review import IntakeForm, VerdictForm, marks_from
from app.proposals.queries.flags import Flag
from app.proposals.queries.items import content_for
from app.proposals.queries.library import OPEN_AT_FIRST, typed_conditions
from app.proposals.queries.review import Review
from app.proposals.queries.review import review as review_of
from app.proposals.queries.talk import conversation
from app.proposals.queries.versions import answers_of, changes, sheets
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing_case import Shown, shown_case, track_words
from app.rules.actions import Action
from app.rules.checklists import INTAKE, REVIEW
from app.rules.questions import BANK, chosen_words
from app.rules.vocabulary import Reason
from app.rules.workflow import APPROVALS, ItemState
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once
from app.web.words import country_name

# What a request for changes can be about: each of the form's answers, by its first field.
_ANSWERS = [(question.parts[0].key, question.label) for question in BANK.questions]
# The kinds of benefit say why in two words.
_KINDS = BANK.part("benefit_kinds")
READING_MINUTES = 10
_CHANGES = "changes"
_PASS, _CLOSE = "pass", "close"
_TOLD: dict[ItemState, str] = {
    ItemState.APPROVED: N_("Approved. You can undo this for ten minutes."),
    ItemState.APPROVED_WITH_CONDITIONS: N_("Approved with your conditions. You can undo this for ten minutes."),
    ItemState.NOT_APPROVED: N_("Not approved, with your reason. You can undo this for ten minutes."),
}


@blueprint.get("/<reference>/review")
@signed_in
def review(reference: str) -> Response:
    """Everything a data partner needs to decide, and the four answers it can give."""
    shown, found = _reviewed(reference)
    form = VerdictForm(formdata=None, version_hash=found.version_hash)
    form.datasets.data = [item.reference for item in found.own]
    return _review_page(shown, found, form, {})


@blueprint.post("/<reference>/review")
@signed_in
@once
def decide(reference: str) -> Response:
    """Decide on the ticked datasets, or ask for changes."""
    shown, found = _reviewed(reference)
    form = VerdictForm()
    form.show_reasons()
    form.datasets.choices = _choices(found)
    own = found.own or shown.own
    taken = [item.reference for item in own] if len(own) == 1 else form.datasets.data or []

    def act() -> None:
        if form.verdict.data == _CHANGES:
            asked = [Request(form.words.data or "", _about())]
            request_changes(db.session, current_actor(), reference, asked, now())
        else:
            decide_items(
                db.session, current_actor(), reference, [each for each in taken if each], _ruling(form, found), now()
            )

    if not form.submitted(act):
        return _review_page(*_reviewed(reference), form, request.form.to_dict(), 422)
    message = _("Your request is with the team. Your clock stands still until they answer.")
    if form.verdict.data != _CHANGES:
        message = _(_TOLD[ItemState(form.verdict.data or "")])
    return finish(url_for("proposals.show", reference=reference), message)


@blueprint.post("/<reference>/undo")
@signed_in
@once
def undo(reference: str) -> Response:
    """Take a decision back within its ten minutes."""
    dataset = request.form.get("dataset", "")
    undo_decision(db.session, current_actor(), reference, dataset, now())
    return finish(
        url_for("proposals.review", reference=reference), _("Taken back. The dataset waits for your decision again.")
    )


@blueprint.get("/<reference>/intake")
@signed_in
def intake(reference: str) -> Response:
    """The secretariat's check: is it complete enough to be decided on?"""
    shown = _for(reference, Action.PASS_INTAKE)
    return _intake_page(shown, IntakeForm(formdata=None), {})


@blueprint.post("/<reference>/intake")
@signed_in
@once
def check_intake(reference: str) -> Response:
    """Pass it on, ask for changes, or say why it is not taken up."""
    _for(reference, Action.PASS_INTAKE)
    form = IntakeForm()
    given, words, verdict = request.form.to_dict(), form.words.data or "", form.verdict.data or ""

    def act() -> None:
        session, actor, moment = db.session, current_actor(), now()
        if verdict == _PASS:
            pass_intake(session, actor, reference, marks_from(given, INTAKE), moment)
        elif verdict == _CLOSE:
            close_at_intake(session, actor, reference, words, moment)
        elif verdict == _CHANGES:
            request_changes(session, actor, reference, [Request(words, _about())], moment)
        else:
            raise Invalid(N_("Choose what happens with the proposal: the three buttons stand at the end of the page."))

    if not form.submitted(act):
        return _intake_page(shown_case(reference), form, given, 422)
    messages = {
        _PASS: _("Passed on to the data partners. Their clock has started."),
        _CLOSE: _("Not taken up. The team reads your reason."),
        _CHANGES: _("Your request is with the team."),
    }
    return finish(url_for("proposals.show", reference=reference), messages[verdict])


def _reviewed(reference: str) -> tuple[Shown, Review]:
    """The review, for a steward of a data partner whose dataset is asked for; anyone else reads the proposal's page instead."""
    shown = shown_case(reference)
    if not shown.own:
        raise NotAllowed(
            N_("This is for the stewards whose dataset is asked for. The proposal's page shows how it stands.")
        )
    return shown, review_of(db.session, current_actor(), shown.of, now())


def _for(reference: str, action: Action) -> Shown:
    shown = shown_case(reference)
    if action not in shown.of.acts:
        raise NotFound(N_("There is nothing to check here now. The proposal's page shows whose turn it is."))
    return shown


def _ruling(form: VerdictForm, found: Review) -> Ruling:
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
    )


def _about() -> str | None:
    """The answer that a request concerns, if it names one of the form's."""
    part = BANK.part(request.form.get("about", ""))
    return part.key if part else None


def _choices(found: Review) -> list[tuple[str, str]]:
    return [(item.reference or "", item.title) for item in found.own]


def _flag_words(flag: Flag) -> str:
    facts = {name: country_name(value) if name == "country" else value for name, value in flag.facts}
    return str(_(flag.sentence, **facts)) if flag.sentence else ""


def _stands_in(shown: Shown) -> str:
    """The other person of the reader's own data partner who is asked when the reader is away."""
    actor = current_actor()
    own = [holder for holder in shown.of.turn.holders if holder.organization_id in actor.organization_ids]
    others = [name.name for holder in own for name in holder.deputies if name.person_id != actor.person_id]
    return next(iter(others), "")


def _review_page(
    shown: Shown, found: Review, form: VerdictForm, given: Mapping[str, str], status: int = 200
) -> Response:
    form.show_reasons()
    form.datasets.choices = _choices(found)
    return page(
        "proposals/review.html",
        status,
        shown=shown,
        of=shown.of,
        found=found,
        form=form,
        marks=marks_from(dict(given), REVIEW),
        given=given,
        ticked=request.form.getlist,
        checks=REVIEW,
        open_at_first=OPEN_AT_FIRST,
        may_ask=Action.REQUEST_CHANGES in shown.of.acts and bool(found.own),
        flag_words=_flag_words,
        taken_conditions=[key.removeprefix("take-") for key in given if key.startswith("take-")],
        stands_in=_stands_in(shown),
        **_reading(shown),
    )


def _intake_page(shown: Shown, form: IntakeForm, given: Mapping[str, str], status: int = 200) -> Response:
    found = review_of(db.session, current_actor(), shown.of, now())
    return page(
        "proposals/intake.html",
        status,
        shown=shown,
        of=shown.of,
        found=found,
        form=form,
        marks=marks_from(dict(given), INTAKE),
        given=given,
        checks=INTAKE,
        **_reading(shown),
    )


def _reading(shown: Shown) -> dict[str, object]:
    """What both pages show of the answers: the steps, what changed since the version before, what was said about each."""
    content = content_for(shown.of.content, shown.of, shown.items)
    previous = shown.of.previous
    before = content_for(previous.content, shown.of, shown.items) if previous else None
    messages = conversation(db.session, current_actor(), shown.of)
    return {
        "sheets": sheets(content),
        "changed": {change.row.key: change.before for change in changes(before, content)} if before else {},
        "messages": messages,
        "answer_choices": _ANSWERS,
        "track_words": track_words,
        "minutes": READING_MINUTES,
        "why": ", ".join(told(words) for words in chosen_words(_KINDS, answers_of(content).get(_KINDS.key)))
        if _KINDS
        else "",
    }
