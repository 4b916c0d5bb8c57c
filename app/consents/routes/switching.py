"""Trying a rule on the past, and its switch."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.consents import commands
from app.consents.forms import SwitchOffForm, SwitchOnForm
from app.consents.queries.consents import SeenConsent, seen_consent
from app.consents.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.errors import Invalid, NotFound
from app.rules.actions import Action
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import NOT_FOUND, holding, signed_in
from app.web.once import once


@blueprint.post("/<reference>/simulate")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def simulate(reference: str) -> Response:
    """Replay the rule over every past proposal, and keep the figures."""
    try:
        found = commands.simulate(db.session, current_actor(), reference, now())
    except Invalid as error:
        db.session.rollback()
        return answered(url_for("consents.edit", reference=reference), told(error.message))
    said = ngettext(
        "Tried on %(num)s past item: it would have approved %(approved)s.",
        "Tried on %(num)s past items: it would have approved %(approved)s.",
        len(found.items),
        approved=len(found.approved),
    )
    return finish(url_for("consents.show", reference=reference, _anchor="trial"), said)


@blueprint.post("/<reference>/on")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def switch_on(reference: str) -> Response:
    """Let it act from now on."""
    form = SwitchOnForm()
    if not form.validate_on_submit():
        return answered(url_for("consents.show", reference=reference))
    commands.switch_on(db.session, current_actor(), reference, form.criteria_hash.data or "", now())
    return finish(
        url_for("consents.show", reference=reference),
        _("On. Each approval names this rule, and you can undo it until the grant is issued."),
    )


@blueprint.get("/<reference>/off")
@signed_in
def ask_off(reference: str) -> Response:
    """What stopping means, and why it stops."""
    return _asked(_seen(reference, Action.SWITCH_OFF_CONSENT), SwitchOffForm(formdata=None))


@blueprint.post("/<reference>/off")
@signed_in
@once
def switch_off(reference: str) -> Response:
    """Stop it."""
    form = SwitchOffForm()
    if form.submitted(
        lambda: commands.switch_off(db.session, current_actor(), reference, form.reason.data or "", now())
    ):
        return finish(url_for("consents.show", reference=reference), _("Off. What it approved stays as it is."))
    return _asked(_seen(reference, Action.SWITCH_OFF_CONSENT), form, 422)


@blueprint.post("/<reference>/give-up")
@holding(Role.STEWARD, Role.DEPUTY)
@once
def give_up(reference: str) -> Response:
    """Put it away for good."""
    commands.give_up(db.session, current_actor(), reference, now())
    return finish(url_for("consents.index"), _("Given up. What it has decided stays readable."))


def _seen(reference: str, action: Action) -> SeenConsent:
    seen = seen_consent(db.session, current_actor(), reference)
    if action not in seen.may:
        raise NotFound(NOT_FOUND)
    return seen


def _asked(seen: SeenConsent, form: SwitchOffForm, status: int = 200) -> Response:
    return page("consents/off.html", status, seen=seen, consent=seen.consent, form=form)
