"""What is kept of earlier catalogs for the next one of a data partner, and how it is forgotten."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.routes.desk import chosen_organization, writable_organizations
from app.exchange.commands.choices import forget
from app.exchange.forms.importing import ChoicesForm
from app.exchange.queries.choices import choices_of
from app.exchange.routes.blueprint import blueprint
from app.readers.columns import TERMS
from app.readers.entries import terms_in
from app.rules.publishers import ANSWERS
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import answered, finish, page, told
from app.web.database import db
from app.web.guards import holding


@blueprint.get("/catalog/import/kept")
@holding(Role.STEWARD, Role.DEPUTY)
def kept_choices() -> Response:
    """Columns and publishers that were corrected once, and hold for each catalog that comes."""
    own = writable_organizations()
    kept = [(one, choices_of(db.session, one.id)) for one in own]
    return page(
        "exchange/kept.html",
        kept=[(one, said) for one, said in kept if said.kept or said.publishers],
        several=len(own) > 1,
        words=lambda said: " + ".join(told(TERMS[term][0]) for term in terms_in(said) if term in TERMS),
        answers={answer: told(words) for answer, words in ANSWERS.items()},
        form=ChoicesForm(formdata=None),
    )


@blueprint.post("/catalog/import/kept")
@holding(Role.STEWARD, Role.DEPUTY)
def forget_choices() -> Response:
    """Forget what is ticked."""
    here = url_for("exchange.kept_choices")
    if not ChoicesForm().validate_on_submit():
        return answered(here, _("This page was open for too long. Try again."))
    organization = chosen_organization(request.form.get("organization", ""))
    columns, publishers = request.form.getlist("column"), request.form.getlist("publisher")
    if not columns and not publishers:
        return answered(here, _("Tick what is to be forgotten."))
    forget(db.session, current_actor(), organization, columns, publishers)
    return finish(here, _("Forgotten. The next catalog is read without it."))
