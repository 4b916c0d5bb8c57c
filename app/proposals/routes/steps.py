"""The page on which the committee votes, ethics and law give their review, and a crisis is looked at again."""

from collections.abc import Callable

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.foundation.words import N_
from app.proposals.commands.intake import Request, request_changes
from app.proposals.commands.stepping import decline_in_step, look_again, pass_step
from app.proposals.commands.voting import cast_vote, close_vote
from app.proposals.forms.review import marks_from
from app.proposals.forms.steps import StepForm
from app.proposals.queries.review import review as review_of
from app.proposals.queries.votes import Tally, tally_of, verdicts_of
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing_case import Shown, shown_case
from app.proposals.routes.showing_review import Given, reading
from app.rules.actions import Action
from app.rules.checklists import OF_STEP
from app.rules.pipelines import ACTS_OF_STEP, STEP_ROLES, Step, pipeline_of
from app.rules.questions import BANK
from app.rules.roles import Role
from app.rules.turns import current_step
from app.rules.verdicts import CHOICES, VoteChoice
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

_READERS = STEP_ROLES | {Role.OFFICER, Role.DIRECTOR, Role.AUDITOR}
# What a button of the page says, and the act that it needs.
_PASS, _DECLINE, _CHANGES, _FOUND, _CLOSE = "pass", "decline", "changes", "found", "close"
_TOLD: dict[str, str] = {
    _PASS: N_("Passed on. Whoever is next has been told."),
    _DECLINE: N_("Not taken up. The team reads your reason."),
    _CHANGES: N_("Your request is with the team. The clock stands still until they answer."),
    _FOUND: N_("Written down. The history keeps your findings."),
    _CLOSE: N_("The vote is closed."),
    **{choice.value: N_("Your vote is kept. You can change it until the vote closes.") for choice in VoteChoice},
}


@blueprint.get("/<reference>/verdict")
@signed_in
def verdict(reference: str) -> Response:
    """Everything that a reviewer or a member of the committee needs, and what they can say."""
    if shown_case(reference).is_in_conflict:  # from the mail that asked them; that page says who is asked instead
        return answered(url_for("proposals.show", reference=reference))
    shown, step = _for(reference)
    form = StepForm(formdata=None, data=shown.of.as_shown)
    own = _own_vote(tally_of(db.session, shown.of.proposal))
    form.words.data = own[1]
    return _step_page(shown, step, form, {})


@blueprint.post("/<reference>/verdict")
@signed_in
@once
def give_verdict(reference: str) -> Response:
    """Vote, close the vote, pass it on, ask for changes, or end it with a reason."""
    _shown, step = _for(reference)
    form, given = StepForm(), request.form.to_dict()
    said = form.verdict.data or ""
    form_acts = _acts(reference, step, form, given)

    def act() -> None:
        if said not in form_acts:
            raise Invalid(N_("Choose your answer: the buttons stand at the end of the page."))
        form_acts[said]()

    if not form.submitted(act):
        return _step_page(*_for(reference), form, given, 422)
    onward = "proposals.verdict" if said in set(VoteChoice) else "proposals.show"
    return finish(url_for(onward, reference=reference), _(_TOLD[said]))


def _acts(reference: str, step: Step, form: StepForm, given: dict[str, str]) -> dict[str, Callable[[], object]]:
    session, actor, moment = db.session, current_actor(), now()
    shown_hash, in_step, words = form.version_hash.data or "", form.step.data or "", form.words.data or ""
    marks = marks_from(given, OF_STEP[step])
    part = BANK.part(given.get("about", ""))
    asked = [Request(words, part.key if part else None)]
    found: dict[str, Callable[[], object]] = {
        _PASS: lambda: pass_step(session, actor, reference, shown_hash, marks, words, moment, shown_step=in_step),
        _DECLINE: lambda: decline_in_step(
            session, actor, reference, shown_hash, marks, words, moment, shown_step=in_step
        ),
        _FOUND: lambda: look_again(session, actor, reference, shown_hash, marks, words, moment),
        _CLOSE: lambda: close_vote(session, actor, reference, shown_hash, form.reason.data or "", moment),
        _CHANGES: lambda: request_changes(session, actor, reference, asked, moment, **form.as_shown),
    }
    for choice in VoteChoice:
        found[choice.value] = _voting(reference, shown_hash, choice, words)
    return found


def _voting(reference: str, shown_hash: str, choice: VoteChoice, words: str) -> Callable[[], object]:
    return lambda: cast_vote(db.session, current_actor(), reference, shown_hash, choice, words, now())


def _for(reference: str) -> tuple[Shown, Step]:
    """The proposal and the step that the page is about, for those who review it and for the secretariat.

    Raises:
        NotFound: the reader has no part in its steps, or the proposal is in none that has this page.
    """
    shown = shown_case(reference)
    proposal = shown.of.proposal
    step = current_step(proposal.state, proposal.step)
    own = [each.step for each in pipeline_of(proposal.pipeline).steps if each.step in _PAGES]
    is_reader = bool(shown.of.roles & _READERS) and Role.CONFLICTED not in shown.of.roles
    if not is_reader or not own:
        raise NotFound(N_("There is nothing to review here for you. The proposal's page shows whose turn it is."))
    return shown, step if step in own else own[0]


_PAGES = frozenset(ACTS_OF_STEP) - {Step.INTAKE, Step.DATA_PARTNERS}


def _own_vote(tally: Tally) -> tuple[VoteChoice | None, str]:
    person = current_actor().person_id
    return next(((each.choice, each.words) for each in tally.members if each.person_id == person), (None, ""))


def _step_page(shown: Shown, step: Step, form: StepForm, given: dict[str, str], status: int = 200) -> Response:
    found = review_of(db.session, current_actor(), shown.of, shown.items)
    proposal = shown.of.proposal
    tally = tally_of(db.session, proposal)
    own, _words = _own_vote(tally)
    is_now = current_step(proposal.state, proposal.step) is step
    row = pipeline_of(proposal.pipeline).at(step)
    return page(
        "proposals/verdict.html",
        status,
        shown=shown,
        found=found,
        form=form,
        step=step.value,
        step_name=row.name if row else "",
        is_now=is_now,
        checks=OF_STEP[step],
        marks=marks_from(given, OF_STEP[step]),
        acts=shown.of.acts if is_now else frozenset[Action](),
        tally=tally,
        own_vote=own,
        choices=[(choice.value, told(words)) for choice, words in CHOICES.items()],
        choice_words={choice.value: told(words) for choice, words in CHOICES.items()},
        verdicts=verdicts_of(db.session, proposal),
        step_names={each.step.value: told(each.name) for each in pipeline_of(proposal.pipeline).steps},
        **reading(shown, found, Given(given), "verdict"),
    )
