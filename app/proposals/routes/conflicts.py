"""Declaring a conflict of interest on a proposal, and a director lifting one."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.text import whole_number
from app.foundation.words import N_
from app.proposals.commands.recusing import declare_conflict, lift_conflict
from app.proposals.forms.steps import ConflictForm, LiftForm
from app.proposals.queries.declared import declared
from app.proposals.queries.whose_turn import whose_turn
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.showing_case import shown_case
from app.rules.actions import Action
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.get("/<reference>/conflict")
@signed_in
def conflict(reference: str) -> Response:
    """Say that one is too close to it; for a director, also the conflicts that others declared."""
    return _conflict_page(reference, ConflictForm(formdata=None), LiftForm(formdata=None))


@blueprint.post("/<reference>/conflict")
@signed_in
@once
def declare(reference: str) -> Response:
    """Declare one's own conflict of interest. The answer names who takes over."""
    form = ConflictForm()
    if not form.submitted(
        lambda: declare_conflict(db.session, current_actor(), reference, form.words.data or "", now())
    ):
        return _conflict_page(reference, form, LiftForm(formdata=None), 422)
    shown = shown_case(reference)
    turn = whose_turn(db.session, shown.of.proposal, now())
    names = ", ".join(dict.fromkeys(holder.next.name for holder in turn.holders if holder.next))
    message = _("Kept. %(names)s takes over.", names=names) if names else _("Kept. You are not asked here any more.")
    return finish(url_for("proposals.show", reference=reference), message)


@blueprint.post("/<reference>/conflict/lift")
@signed_in
@once
def lift(reference: str) -> Response:
    """Lift a conflict of interest that somebody declared."""
    form = LiftForm()
    person = whole_number(form.person.data)

    def act() -> None:
        lift_conflict(db.session, current_actor(), reference, person, form.reason.data or "", now())

    if not form.submitted(act):
        return _conflict_page(reference, ConflictForm(formdata=None), form, 422)
    return finish(url_for("proposals.show", reference=reference), _("Lifted. They are asked again where it is theirs."))


def _conflict_page(reference: str, form: ConflictForm, lifting: LiftForm, status: int = 200) -> Response:
    shown = shown_case(reference)
    if not shown.of.acts & {Action.DECLARE_CONFLICT, Action.LIFT_CONFLICT}:
        raise NotFound(N_("There is nothing to declare here for you. The proposal's page shows whose turn it is."))
    found = declared(db.session, shown.of.proposal)
    mine = next((each for each in found if each.person_id == current_actor().person_id), None)
    return page(
        "proposals/conflict.html",
        status,
        shown=shown,
        of=shown.of,
        Action=Action,
        form=form,
        lifting=lifting,
        mine=mine,
        others=[each for each in found if each != mine] if Action.LIFT_CONFLICT in shown.of.acts else [],
    )
