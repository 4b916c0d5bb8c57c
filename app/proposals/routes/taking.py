"""Taking a proposal that colleagues could act on as well, and handing it to one of them."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.text import whole_number
from app.proposals.commands.taking import hand_on as hand_to
from app.proposals.commands.taking import take as take_it
from app.proposals.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import finish
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.post("/<reference>/take")
@signed_in
@once
def take(reference: str) -> Response:
    """Put one's own name on it."""
    take_it(db.session, current_actor(), reference, now())
    return finish(
        url_for("proposals.show", reference=reference), _("It is yours now. Your colleagues see your name on it.")
    )


@blueprint.post("/<reference>/hand-on")
@signed_in
@once
def hand_on(reference: str) -> Response:
    """Hand it to a colleague who could act on it."""
    hand_to(db.session, current_actor(), reference, whole_number(request.form.get("person")), now())
    return finish(
        url_for("proposals.people", reference=reference), _("Handed on. Your colleague sees it in the inbox.")
    )
