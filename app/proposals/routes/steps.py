"""The page on which the committee votes, ethics and law give their review, and a crisis is looked at again."""

from collections.abc import Callable

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.proposals.commands.intake import request_changes
from app.proposals.commands.reading import note_reading
from app.proposals.commands.stepping import decline_in_step, look_again, pass_step
from app.proposals.commands.voting import Closed, cast_vote, close_vote
from app.proposals.forms.review import marks_from
from app.proposals.forms.steps import StepForm
from app.proposals.queries.workspace import SuggestionView, suggestions
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.keeping import keep_as_said, keep_fields
from app.proposals.routes.review import asked_for
from app.proposals.routes.showing_case import Shown, shown_case
from app.proposals.routes.showing_review import Given
from app.proposals.routes.showing_step import in_its_step, step_page
from app.proposals.workspace_models import Desk
from app.rules.checklists import OF_STEP
from app.rules.pipelines import Step
from app.rules.verdicts import StepOutcome, VoteChoice
from app.web.actor import current_actor
from app.web.answers import answered, finish
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

# What a button of the page says, and the act that it needs.
_PASS, _DECLINE, _CHANGES, _FOUND, _CLOSE = "pass", "decline", "changes", "found", "close"
# What a vote has said; the rest of what was begun stays.
_VOTED = frozenset({"words", "about", "reason"})
_CARRIED = N_(
    "The vote is carried: %(yes)s for, %(no)s against. It goes on to whoever is next. You can undo this for ten minutes."
)
_NOT_CARRIED = N_(
    "The vote is not carried: %(yes)s for, %(no)s against. The team reads your reason. You can undo this for ten minutes."
)
_TOLD: dict[str, str] = {
    _PASS: N_("Passed on. Whoever is next has been told."),
    _DECLINE: N_("Not taken up. The team reads your reason. You can undo this for ten minutes."),
    _CHANGES: N_(
        "Your request is with the team. The clock stands still until they answer. You can undo this for ten minutes."
    ),
    _FOUND: N_("Written down. The history keeps your findings."),
    **{choice.value: N_("Your vote is kept. You can change it until the vote closes.") for choice in VoteChoice},
}


@blueprint.get("/<reference>/verdict")
@signed_in
def verdict(reference: str) -> Response:
    """Everything that a reviewer or a member of the committee needs, and what they can say."""
    if shown_case(reference).is_in_conflict:  # from the mail that asked them; that page says who is asked instead
        return answered(url_for("proposals.show", reference=reference))
    shown, step = in_its_step(reference)
    return step_page(shown, step, StepForm(formdata=None, data=shown.of.as_shown), None)


@blueprint.post("/<reference>/verdict")
@signed_in
@once
def give_verdict(reference: str) -> Response:
    """Vote, close the vote, pass it on, ask for changes, or end it with a reason."""
    shown, step = in_its_step(reference)
    form, given = StepForm(), Given(request.form.items(multi=True))
    said = form.verdict.data or ""
    form_acts = _acts(shown, step, form, given)
    is_vote = said in set(VoteChoice)
    done: list[object] = []

    def act() -> None:
        if said not in form_acts:
            raise Invalid(N_("Choose your answer: the buttons stand at the end of the page."))
        done.append(form_acts[said]())
        note_reading(db.session, current_actor(), reference, now())
        if is_vote:  # it can be changed until the vote closes: only the words that went out are no longer begun
            keep_fields(shown, Desk.VERDICT, {name: values for name, values in given.lists() if name not in _VOTED})
        else:
            keep_as_said(shown, Desk.VERDICT)

    if not form.submitted(act):
        return step_page(*in_its_step(reference), form, given, 422)
    onward = "proposals.verdict" if is_vote else "proposals.show"
    return finish(url_for(onward, reference=reference), _message(said, done[0]))


def _message(said: str, done: object) -> str:
    """What was done; of a closed vote how it went."""
    if not isinstance(done, Closed):
        return str(_(_TOLD[said]))
    outcome = _CARRIED if done.verdict.outcome is StepOutcome.PASSED else _NOT_CARRIED
    return str(_(outcome, yes=done.count.in_favor, no=done.count.against))


def _acts(shown: Shown, step: Step, form: StepForm, given: Given) -> dict[str, Callable[[], object]]:
    session, actor, moment, reference = db.session, current_actor(), now(), shown.of.proposal.reference
    shown_hash, in_step, words = form.version_hash.data or "", form.step.data or "", form.words.data or ""
    marks = marks_from(given.to_dict(), OF_STEP[step])
    found: dict[str, Callable[[], object]] = {
        _PASS: lambda: pass_step(session, actor, reference, shown_hash, marks, words, moment, shown_step=in_step),
        _DECLINE: lambda: decline_in_step(
            session, actor, reference, shown_hash, marks, words, moment, shown_step=in_step
        ),
        _FOUND: lambda: look_again(session, actor, reference, shown_hash, marks, words, moment),
        _CLOSE: lambda: close_vote(session, actor, reference, shown_hash, form.reason.data or "", moment),
        _CHANGES: lambda: request_changes(
            session, actor, reference, asked_for(words, _suggested(shown)), moment, **form.as_shown
        ),
    }
    for choice in VoteChoice:
        found[choice.value] = _voting(reference, shown_hash, choice, words)
    return found


def _suggested(shown: Shown) -> list[SuggestionView]:
    return suggestions(db.session, current_actor(), shown.of.proposal, shown.of.roles)


def _voting(reference: str, shown_hash: str, choice: VoteChoice, words: str) -> Callable[[], object]:
    return lambda: cast_vote(db.session, current_actor(), reference, shown_hash, choice, words, now())
