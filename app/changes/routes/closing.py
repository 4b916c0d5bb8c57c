"""The end of a grant: what is still open, ending the use, and confirming that all is done."""

from flask import url_for
from werkzeug.wrappers import Response

from app.changes.commands import close
from app.changes.forms import ClosingForm
from app.changes.queries.closing import checklist
from app.changes.queries.waits import close_out_turns
from app.changes.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.errors import NotFound
from app.foundation.words import N_
from app.grants.around import around
from app.grants.commands import ask_to_close
from app.grants.queries.grants import SeenGrant, grant_seen_by
from app.grants.routes.words import STATES
from app.rules.actions import Action
from app.rules.workflow import is_possible
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import NOT_FOUND, signed_in
from app.web.once import once

ENDED = N_("The use has ended, and access is off. Delete the data and certify it; then the grant is closed.")
CLOSED = N_("Closed. Everyone concerned gets a mail now.")


@blueprint.get("/grants/<number>/close")
@signed_in
def closing(number: str) -> Response:
    """What is open at the end, and the act that is the viewer's."""
    return _page(_seen(number), ClosingForm(formdata=None))


@blueprint.post("/grants/<number>/close")
@signed_in
@once
def do_close(number: str) -> Response:
    """End the use, or confirm the close-out, whichever is the viewer's to do."""
    seen, form = _seen(number), ClosingForm()
    ends = Action.ASK_TO_CLOSE in seen.may
    if not ends and Action.CLOSE_GRANT not in seen.may:
        raise NotFound(NOT_FOUND)
    act = ask_to_close if ends else close
    if form.submitted(lambda: act(db.session, current_actor(), number, form.words.data or "", now())):
        # What is left to do stands on the grant's page, each with its link.
        return finish(url_for("grants.show", number=number), told(ENDED if ends else CLOSED))
    return _page(seen, form)


def _seen(number: str) -> SeenGrant:
    """The grant, for everyone who may know of it, while it can be closed or after it was."""
    seen = grant_seen_by(db.session, current_actor(), number)
    ways = (Action.ASK_TO_CLOSE, Action.CLOSE_GRANT)
    is_over = not is_possible(Action.REVOKE_GRANT, seen.grant.state)
    if not any(action in seen.may for action in ways) and not is_over:
        raise NotFound(NOT_FOUND)
    return seen


def _page(seen: SeenGrant, form: Form) -> Response:
    items = checklist(db.session, seen.grant, now())
    return page(
        "changes/closing.html",
        form.status,
        grant=seen.grant,
        may=seen.may,
        acts=Action,
        form=form,
        state=STATES[seen.grant.state],
        items=items,
        outputs=around().unpublished(db.session, [seen.grant.number]).get(seen.grant.number, ()),
        turn=close_out_turns(db.session, [seen.grant], now()).get(seen.grant.number),
        held_up=[item for item in items if item.holds_up],
    )
