"""Everything that the team is asked for before it sends again, in the form's order: changes in words, and suggested edits."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.proposals.queries.drafts import Draft
from app.proposals.queries.requests import ChangeRequest
from app.proposals.queries.workspace import SuggestionView
from app.rules.questions import BANK, Step


@dataclass(frozen=True)
class Wish:
    """One of them. `step` is where it is answered, at `anchor`; None for the proposal as a whole. `label` is the question's.

    `is_settled`: the answer is no longer what it was when this was asked, or the suggestion was answered; None where only a
    person can tell.
    """

    question: str | None
    label: str
    words: str
    by: str
    step: Step | None
    anchor: str
    is_settled: bool | None


def wishes(written: Draft) -> tuple[Wish, ...]:
    """All of them, those about the proposal as a whole first."""
    suggested = [each for found in written.suggested.values() for each in found if each.is_open]
    found = [*map(_of_request, written.requests), *map(_of_suggestion, suggested)]
    return tuple(sorted(found, key=lambda wish: _ORDER.get(wish.question, -1)))


_ORDER: dict[str | None, int] = {question.key: place for place, question in enumerate(BANK.questions)}


def next_asked(found: Sequence[Wish], after: Step | None = None) -> Wish | None:
    """The first of them, or the first in a step after this one, that is not answered yet."""
    begin = BANK.steps.index(after) if after else -1
    still = (wish for wish in found if wish.is_settled is not True)
    return next((wish for wish in still if wish.step and BANK.steps.index(wish.step) > begin), None)


def _of_request(each: ChangeRequest) -> Wish:
    step = _step(each.question)
    anchor = f"asked-{each.question}" if step else "asked"
    return Wish(
        each.question, _label(each.question), each.words, each.name, step, anchor, each.is_answered if step else None
    )


def _of_suggestion(each: SuggestionView) -> Wish:
    return Wish(
        each.question, each.label, each.new, each.by, _step(each.question), f"suggestion-{each.id}", is_settled=False
    )


def _step(question: str | None) -> Step | None:
    return next((step for step in BANK.steps if any(q.key == question for q in step.questions)), None)


def _label(question: str | None) -> str:
    return next((q.label for q in BANK.questions if q.key == question), "")
