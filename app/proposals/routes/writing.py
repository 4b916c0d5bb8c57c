"""Writing a proposal: one page per step. Saving takes whatever is typed; buttons on the page save first, then act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import Form as PlainForm

from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound, WrongState
from app.proposals.commands.drafting import Clash, Saved, Writing, save_answers
from app.proposals.commands.gathering import add_team_member, remove_dataset, remove_team_member
from app.proposals.commands.suggesting import accept, decline
from app.proposals.forms.answers import (
    PersonForm,
    field_of,
    fields_of,
    read_marks,
    sentence_of,
    shown_marks,
    step_form,
    typed_answers,
)
from app.proposals.queries.drafts import NOT_THERE, Draft, draft
from app.proposals.queries.wishes import next_asked, wishes
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing import case_address
from app.rules.actions import Action
from app.rules.questions import BANK, Gap, Shape, Step
from app.rules.workflow import MEMBER_NOTES
from app.web.actor import current_actor
from app.web.answers import answered, commit, finish, page, told
from app.web.database import db
from app.web.guards import signed_in

_TOO_LONG = "This is far longer than fits, so not all of it was saved. Shorten it, then save again."


@dataclass
class Typed:
    """What somebody typed that could not simply be kept, shown again with what to do about it."""

    answers: Mapping[str, object] = field(default_factory=dict)
    clashes: Mapping[str, Clash] = field(default_factory=dict)
    cut: Sequence[str] = ()
    person: PersonForm | None = None
    message: str = ""


@blueprint.get("/<reference>/edit")
@signed_in
def edit(reference: str) -> Response:
    """Go on where something is left to write."""
    try:
        written = draft(db.session, current_actor(), reference, now())
    except WrongState:
        return answered(case_address(reference))
    asked = next_asked(wishes(written))
    if asked is not None and asked.step is not None:
        here = url_for("proposals.step", reference=reference, step_key=asked.step.key, _anchor=asked.anchor)
        return answered(here)
    if written.next_step is None:
        return answered(url_for("proposals.check", reference=reference))
    return answered(url_for("proposals.step", reference=reference, step_key=written.next_step.key))


@blueprint.get("/<reference>/edit/<step_key>")
@signed_in
def step(reference: str, step_key: str) -> Response:
    """One step, with the answers so far; `?mend=1` shows beside each field what is left to mend."""
    chosen = _step(step_key)
    try:
        written = draft(db.session, current_actor(), reference, now())
    except WrongState:
        return answered(case_address(reference))
    return _step_page(written, chosen, Typed(), show_gaps="mend" in request.args)


@blueprint.post("/<reference>/edit/<step_key>")
@signed_in
def save(reference: str, step_key: str) -> Response:
    """Keep the answers, then do what the button says."""
    chosen = _step(step_key)
    typed = typed_answers(fields_of(chosen, ()), request.form)
    try:
        written = draft(db.session, current_actor(), reference, now())
        typed = typed_answers(fields_of(chosen, written.extra), request.form)
        saved = _save(reference, typed, is_automatic=False)
    except WrongState:
        return _too_late(reference, chosen, typed)
    if saved.clashes or saved.cut:
        commit()
        again = Typed(typed, {clash.key: clash for clash in saved.clashes}, saved.cut)
        return _again(reference, chosen, again, 409 if saved.clashes else 422)
    act, _colon, what = request.form.get("act", "continue").partition(":")
    return _ACTS.get(act, _go_on)(written, chosen, what)


@blueprint.post("/<reference>/edit/<step_key>/autosave")
@signed_in
def autosave(reference: str, step_key: str) -> Response:
    """The same form, sent by a script: 204 when kept, 409 or 422 when pressing Save is needed to see why not."""
    written = draft(db.session, current_actor(), reference, now())
    saved = _save(reference, typed_answers(fields_of(_step(step_key), written.extra), request.form), is_automatic=True)
    commit()
    return Response(status=409 if saved.clashes else 422 if saved.cut else 204)


def _step(key: str) -> Step:
    found = BANK.step(key)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _save(reference: str, typed: Mapping[str, object], *, is_automatic: bool) -> Saved:
    opened = Writing(request.form.get("page", "")[:40], read_marks(request.form.get("shown", "")), is_automatic)
    return save_answers(db.session, current_actor(), reference, typed, now(), opened)


def _go_on(written: Draft, chosen: Step, _what: str) -> Response:
    """The next step, or the check after the last; somebody typed into the team's fields is added first."""
    person = PersonForm(request.form)
    if person.is_begun:
        return _add_person(written, chosen, "continue")
    return finish(_next(written, chosen))


def _next(written: Draft, chosen: Step) -> str:
    """The next step; while changes are answered, the next in which one is asked for, then the check."""
    reference, place = written.proposal.reference, BANK.steps.index(chosen) + 1
    asked = wishes(written)
    if asked:
        onward = next_asked(asked, chosen)
        place = BANK.steps.index(onward.step) if onward and onward.step else len(BANK.steps)
    if place == len(BANK.steps):
        return url_for("proposals.check", reference=reference)
    return url_for("proposals.step", reference=reference, step_key=BANK.steps[place].key)


def _leave(written: Draft, _chosen: Step, _what: str) -> Response:
    message = _("%(reference)s is saved. You can go on with it at any time.", reference=written.proposal.reference)
    return finish(url_for("inbox.index"), message)


def _find_dataset(written: Draft, _chosen: Step, _what: str) -> Response:
    return finish(url_for("proposals.datasets", reference=written.proposal.reference))


def _remove_dataset(written: Draft, chosen: Step, what: str) -> Response:
    reference = written.proposal.reference
    try:
        removed = remove_dataset(db.session, current_actor(), reference, what, now())
    except Invalid as problem:
        commit()
        return _again(reference, chosen, Typed(message=told(problem.message)), problem.status)
    return finish(_here(reference, chosen), _("%(title)s is no longer asked for.", title=removed.title))


def _add_person(written: Draft, chosen: Step, what: str) -> Response:
    reference, person = written.proposal.reference, PersonForm(request.form)
    name, email, organization = (each.data or "" for each in person)
    try:
        member = add_team_member(db.session, current_actor(), reference, name, email, organization, now())
    except Invalid as problem:
        commit()
        name_of = f"person_{problem.field}"
        at = person[name_of if name_of in person else "person_email"]
        at.errors = (told(problem.message),)
        return _again(reference, chosen, Typed(person=person), problem.status)
    onward = _next(written, chosen) if what == "continue" else _here(reference, chosen)
    return finish(onward, _("%(name)s is on the team.", name=member.name))


def _remove_person(written: Draft, chosen: Step, what: str) -> Response:
    reference = written.proposal.reference
    member_id = int(what) if what.isdecimal() and len(what) < 18 else 0
    try:
        member = remove_team_member(db.session, current_actor(), reference, member_id, now())
    except Invalid as problem:
        commit()
        return _again(reference, chosen, Typed(message=told(problem.message)), problem.status)
    return finish(_here(reference, chosen), _("%(name)s is no longer on the team.", name=member.name))


def _accept_suggestion(written: Draft, chosen: Step, what: str) -> Response:
    reference = written.proposal.reference
    accept(db.session, current_actor(), reference, _number(what), now())
    return finish(_here(reference, chosen), _("Accepted: the answer says it now."))


def _decline_suggestion(written: Draft, chosen: Step, what: str) -> Response:
    reference, words = written.proposal.reference, request.form.get(f"decline-{what}", "")
    try:
        decline(db.session, current_actor(), reference, _number(what), words, now())
    except Invalid as problem:
        commit()
        return _again(reference, chosen, Typed(message=told(problem.message)), problem.status)
    return finish(_here(reference, chosen), _("Left as it is. Who suggested it reads why."))


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 18 else 0


_ACTS: dict[str, Callable[[Draft, Step, str], Response]] = {
    "accept-suggestion": _accept_suggestion,
    "decline-suggestion": _decline_suggestion,
    "continue": _go_on,
    "leave": _leave,
    "find-dataset": _find_dataset,
    "remove-dataset": _remove_dataset,
    "add-person": _add_person,
    "remove-person": _remove_person,
}


def _here(reference: str, chosen: Step) -> str:
    return url_for("proposals.step", reference=reference, step_key=chosen.key)


def _again(reference: str, chosen: Step, typed: Typed, status: int) -> Response:
    return _step_page(draft(db.session, current_actor(), reference, now()), chosen, typed, status)


def _step_page(written: Draft, chosen: Step, typed: Typed, status: int = 200, *, show_gaps: bool = False) -> Response:
    parts = fields_of(chosen, written.extra)
    stored = written.proposal.answers
    found: Sequence[Gap] = written.gaps_in(chosen.key) if show_gaps else ()
    form = step_form(parts, {**stored, **typed.answers}, found)
    for key, clash in typed.clashes.items():
        form[_field(key, form)].errors = (_who_else(clash),)
    for key in typed.cut:
        form[_field(key, form)].errors = (_(_TOO_LONG),)
    form.form_errors += [sentence_of(gap) for gap in found if field_of(gap, form) not in form]
    form.form_errors += [typed.message] if typed.message else []
    return page(
        "proposals/writing/step.html",
        status,
        draft=written,
        step=chosen,
        number=BANK.steps.index(chosen) + 1,
        total=len(BANK.steps),
        form=form,
        person=typed.person or PersonForm(),
        clashes=typed.clashes,
        parts={part.key: part for part in parts},
        marks=shown_marks(parts, stored),
        page_mark=token_urlsafe(8),
        member_notes=MEMBER_NOTES,
        may_change_team=Action.CHANGE_TEAM in written.acts,
        shapes=Shape,
        Action=Action,
    )


def _field(key: str, form: PlainForm) -> str:
    return field_of(Gap(key, BANK.steps[0].key, ""), form)


def _who_else(clash: Clash) -> str:
    if clash.by == current_actor().name:
        return _("You saved another answer in another window while you were writing here.")
    return _("%(name)s saved another answer while you were writing.", name=clash.by)


def _too_late(reference: str, chosen: Step, typed: Mapping[str, object]) -> Response:
    """Somebody sent or withdrew it meanwhile: what was typed is shown once more, so that it can be copied."""
    db.session.rollback()
    form = step_form(fields_of(chosen, ()), typed)
    return page("proposals/writing/late.html", 409, form=form, step=chosen, address=case_address(reference))
