"""What a reader of a review began is kept; the page from which something was sent is shown again where it did not go through."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.proposals.commands.reading import keep_draft, set_aside
from app.proposals.forms.review import CheckedForm, IntakeForm, VerdictForm
from app.proposals.forms.steps import StepForm
from app.proposals.queries.versions import answers_of
from app.proposals.queries.workspace import begun
from app.proposals.routes.showing_case import Shown, shown_case
from app.proposals.routes.showing_review import REPLACES, Given, intake_page, review_page, reviewed
from app.proposals.routes.showing_step import in_its_step, step_page
from app.proposals.workspace_models import Desk
from app.web.actor import current_actor
from app.web.database import db

# What stays of a reader's notes once the answer is given.
_KEPT_AFTER = ("check-", "note-")
_NOT_KEPT = frozenset({"csrf_token", "idempotency_key", "version_hash", "step", "verdict", "act", "page"})


@dataclass(frozen=True)
class Again:
    """The page from which something was sent, to be shown once more where that did not go through."""

    desk: Desk
    form: CheckedForm
    show: Callable[[str, Given, int], Response]

    @property
    def endpoint(self) -> str:
        """The page's own."""
        return f"proposals.{self.desk}"

    @property
    def in_step(self) -> bool:
        """Whether it is the page of a step of the pipeline."""
        return self.desk is Desk.VERDICT

    def shown(self, reference: str, status: int) -> Response:
        """The page with what was typed, and what to mend."""
        return self.show(reference, Given(request.form.items(multi=True)), status)


def sent_from(name: str) -> Again:
    """The intake check or the page of a step where a form names it, the review otherwise."""
    if name == Desk.INTAKE:
        check = IntakeForm()
        return Again(Desk.INTAKE, check, lambda ref, given, status: intake_page(shown_case(ref), check, given, status))
    if name == Desk.VERDICT:
        said = StepForm()
        return Again(
            Desk.VERDICT,
            said,
            lambda ref, given, status: step_page(*in_its_step(ref), said, given, status),
        )
    form = VerdictForm()
    form.show_reasons()
    form.datasets.validate_choice = False
    return Again(
        Desk.REVIEW,
        form,
        lambda ref, given, status: review_page(*reviewed(ref), form, given, status, replaces=bool(given.get(REPLACES))),
    )


def keep_fields(shown: Shown, desk: Desk, given: Mapping[str, Sequence[str]]) -> None:
    """Texts offered for rewriting that nobody has touched are not kept: they would hide a later version's."""
    answers = answers_of(shown.of.content)
    kept = {
        name: values
        for name, values in given.items()
        if name not in _NOT_KEPT
        and not name.startswith("terms-")
        and not (name.startswith("edit-") and _same(values, answers.get(name.removeprefix("edit-"))))
        and not (name.startswith("to-") and not any(given.get(f"say-{name.removeprefix('to-')}", ())))
    }
    keep_draft(db.session, current_actor(), shown.of.proposal.reference, desk, kept, now())


def keep_as_said(shown: Shown, desk: Desk) -> None:
    """The answer has gone out: its words leave the page, and are there again where it is taken back. Marks and notes stay."""
    actor = current_actor()
    keep_fields(shown, desk, {**begun(db.session, actor, shown.of, desk), **dict(request.form.lists())})
    set_aside(db.session, actor, shown.of.proposal, desk, _KEPT_AFTER)


def _same(values: Sequence[str], answer: object) -> bool:
    return " ".join("".join(values[:1]).split()) == " ".join(str(answer or "").split())
