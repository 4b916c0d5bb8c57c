"""The page of a step: who opens it, what it shows of the votes and the steps before, and what its reader began there."""

from werkzeug.wrappers import Response

from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.proposals.forms.review import marks_from
from app.proposals.forms.steps import StepForm
from app.proposals.queries.review import review as review_of
from app.proposals.queries.votes import Tally, tally_of, verdicts_of
from app.proposals.routes.showing_case import Shown, shown_case
from app.proposals.routes.showing_review import Given, kept, reading
from app.proposals.workspace_models import Desk
from app.rules.actions import Action
from app.rules.checklists import OF_STEP
from app.rules.pipelines import ACTS_OF_STEP, STEP_ROLES, Step, pipeline_of
from app.rules.roles import Role
from app.rules.turns import Turn, current_step
from app.rules.verdicts import CHOICES, VoteChoice
from app.web.actor import current_actor
from app.web.answers import page, told
from app.web.database import db

_READERS = STEP_ROLES | {Role.OFFICER, Role.DIRECTOR, Role.AUDITOR}
_PAGES = frozenset(ACTS_OF_STEP) - {Step.INTAKE, Step.DATA_PARTNERS}


def in_its_step(reference: str) -> tuple[Shown, Step]:
    """The proposal and the step that the page is about, for those who review it and for the secretariat.

    Raises:
        NotFound: the reader has no part in its steps, or the proposal is in none that has this page.
    """
    shown = shown_case(reference)
    proposal, step = shown.of.proposal, shown.of.step
    own = [each.step for each in pipeline_of(proposal.pipeline).steps if each.step in _PAGES]
    is_reader = bool(shown.of.roles & _READERS) and Role.CONFLICTED not in shown.of.roles
    if not is_reader or not own:
        raise NotFound(N_("There is nothing to review here for you. The proposal's page shows whose turn it is."))
    return shown, step if step in own else own[0]


def _own_vote(tally: Tally) -> tuple[VoteChoice | None, str]:
    person = current_actor().person_id
    return next(((each.choice, each.words) for each in tally.members if each.person_id == person), (None, ""))


def step_page(shown: Shown, step: Step, form: StepForm, given: Given | None, status: int = 200) -> Response:
    """The page of a step, with what was typed: at first what the reader has begun, else the words of their own vote."""
    found = review_of(db.session, current_actor(), shown.of, shown.items, Desk.VERDICT)
    proposal = shown.of.proposal
    tally = tally_of(db.session, proposal)
    own, voted = _own_vote(tally)
    if given is None:
        given = kept(found)
        form.words.data, form.reason.data = given.get("words", voted), given.get("reason", "")
    is_now = shown.of.step is step
    row = pipeline_of(proposal.pipeline).at(step)
    return page(
        "proposals/verdict.html",
        status,
        shown=shown,
        found=found,
        form=form,
        step=step.value,
        step_name=row.name if row else "",
        is_now=is_now and current_step(proposal.state, proposal.step) is step,
        is_answering=is_now and shown.of.turn.turn is Turn.CHANGING,
        checks=OF_STEP[step],
        marks=marks_from(given.to_dict(), OF_STEP[step]),
        acts=shown.of.acts if is_now else frozenset[Action](),
        tally=tally,
        own_vote=own,
        choices=[(choice.value, told(words)) for choice, words in CHOICES.items()],
        choice_words={choice.value: told(words) for choice, words in CHOICES.items()},
        verdicts=verdicts_of(db.session, proposal),
        step_names={each.step.value: told(each.name) for each in pipeline_of(proposal.pipeline).steps},
        **reading(shown, found, given, Desk.VERDICT),
    )
