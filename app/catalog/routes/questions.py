"""Asking, answering and hiding questions on a dataset's page."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.commands import questions as commands
from app.catalog.forms import AnswerForm, HidingForm, QuestionForm
from app.catalog.models import Dataset
from app.catalog.queries import SeenQuestion, question_by_reference, questions_on
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.showing import PagePart, part_page, seen
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.rules.actions import Action
from app.web.actor import current_actor
from app.web.answers import answered, finish, page
from app.web.database import db
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once


@blueprint.post("/datasets/<reference>/questions")
@signed_in
@once
def ask(reference: str) -> Response:
    """Ask a question. What was typed stays where it cannot be taken."""
    row, form = seen(reference), QuestionForm()
    if form.submitted(lambda: commands.ask(db.session, current_actor(), row.reference, form.text.data or "", now())):
        said = _("Your question is on the page. You get a mail when it is answered.")
        return finish(_address(row), said)
    return part_page(seen(reference), PagePart.QUESTIONS, form)


@blueprint.get("/questions/<question>")
@signed_in
def to_question(question: str) -> Response:
    """From the reference of a question to the page that it stands on."""
    row = question_by_reference(db.session, current_actor(), question)
    return answered(_address(row.dataset) + f"#{row.reference}")


@blueprint.get("/datasets/<reference>/questions/<question>")
@signed_in
def question(reference: str, question: str) -> Response:
    """One question, for those who answer or hide it; where somebody else has by now, the mail leads on to what came of it."""
    row, found = _seen(reference, question)
    if not found.acts:
        return answered(f"{_address(row)}#{found.row.reference}")
    return _question_page(
        row, found, AnswerForm(formdata=None, data={"answer": found.row.answer}), HidingForm(formdata=None)
    )


@blueprint.post("/datasets/<reference>/questions/<question>/answer")
@signed_in
@once
def answer(reference: str, question: str) -> Response:
    """Answer it."""
    row, found = _found(reference, question)
    form = AnswerForm()
    if form.submitted(
        lambda: commands.answer(db.session, current_actor(), found.row.reference, form.answer.data or "", now())
    ):
        return finish(_address(row), _("The answer is on the page. Whoever asked gets a mail."))
    return _question_page(*_found(reference, question), form, HidingForm(formdata=None))


@blueprint.post("/datasets/<reference>/questions/<question>/hide")
@signed_in
@once
def hide(reference: str, question: str) -> Response:
    """Take it off the page."""
    row, found = _found(reference, question)
    form = HidingForm()
    if form.submitted(
        lambda: commands.hide(db.session, current_actor(), found.row.reference, form.reason.data or "", now())
    ):
        return finish(_address(row), _("The question is hidden. Whoever asked it is told why."))
    return _question_page(*_found(reference, question), AnswerForm(formdata=None), form)


@blueprint.post("/datasets/<reference>/questions/<question>/show")
@signed_in
@once
def show(reference: str, question: str) -> Response:
    """Put it back on the page."""
    row, found = _found(reference, question)
    commands.show(db.session, current_actor(), found.row.reference, now())
    return finish(_address(row), _("The question is on the page again. Whoever asked it gets a mail."))


def _seen(reference: str, question: str) -> tuple[Dataset, SeenQuestion]:
    """The question among those that the reader finds on the page."""
    row = seen(reference)
    found = [one for one in questions_on(db.session, current_actor(), row) if one.row.reference == question.upper()]
    if not found:
        raise NotFound(NOT_FOUND)
    return row, found[0]


def _found(reference: str, question: str) -> tuple[Dataset, SeenQuestion]:
    """The same for those who may act on it; for those who can do nothing about it there is no such address."""
    row, found = _seen(reference, question)
    if not found.acts:
        raise NotFound(NOT_FOUND)
    return row, found


def _question_page(row: Dataset, found: SeenQuestion, answering: AnswerForm, hiding: HidingForm) -> Response:
    return page(
        "catalog/question.html",
        422 if answering.errors or hiding.errors else 200,
        dataset=row,
        question=found.row,
        acts={act.name for act in found.acts},
        can_answer=Action.ANSWER_QUESTION in found.acts,
        answering=answering,
        hiding=hiding,
    )


def _address(row: Dataset) -> str:
    return url_for("catalog.dataset_part", reference=row.reference, part=PagePart.QUESTIONS.value)
