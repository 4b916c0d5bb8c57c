"""Suggested edits on the proposal's page: the team accepts or declines, who made one takes it back."""

from flask import request, url_for
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import Invalid
from app.foundation.words import N_
from app.proposals.commands.suggesting import accept, decline, take_back
from app.proposals.forms.review import CommentForm, DeclineForm
from app.proposals.routes.blueprint import blueprint
from app.proposals.routes.case import conversation_page
from app.web.actor import current_actor
from app.web.answers import finish, told
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once

_ACCEPT, _DECLINE, _TAKE_BACK = "accept", "decline", "take-back"
_TOLD = {
    _ACCEPT: N_("Accepted: the answer says it now. Send the proposal again when you are done."),
    _DECLINE: N_("Declined. Who suggested it reads why."),
    _TAKE_BACK: N_("Taken back."),
}


@blueprint.post("/<reference>/suggestions/<int:number>")
@signed_in
@once
def settle(reference: str, number: int) -> Response:
    """Accept, decline or take back one suggested edit."""
    form, act = DeclineForm(), request.form.get("act", "")

    def run() -> None:
        session, actor, moment = db.session, current_actor(), now()
        if act == _ACCEPT:
            accept(session, actor, reference, number, moment)
        elif act == _DECLINE:
            decline(session, actor, reference, number, form.words.data or "", moment)
        elif act == _TAKE_BACK:
            take_back(session, actor, reference, number, moment)
        else:
            raise Invalid(N_("Choose what happens with the suggestion: each has its buttons."))

    if not form.submitted(run):
        return conversation_page(reference, CommentForm(formdata=None), 422, declining=form, declined=number)
    where = url_for("proposals.show", reference=reference, _anchor=f"suggestion-{number}")
    return finish(where, told(_TOLD[act]))
