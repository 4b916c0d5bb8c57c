"""Noting a new release from the desk."""

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.catalog.commands.releases import add_release
from app.catalog.forms import ReleaseForm
from app.catalog.models import Dataset
from app.catalog.queries import releases_of
from app.catalog.routes.blueprint import blueprint
from app.catalog.routes.desk import require, seen_from_desk
from app.foundation.clock import now
from app.rules.actions import Action
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in
from app.web.once import once


@blueprint.route("/desk/listings/<reference>/release", methods=["GET", "POST"])
@signed_in
def release(reference: str) -> Response:
    """Note a new release; those who may use the data are told."""
    row = seen_from_desk(reference)
    require(Action.ADD_RELEASE, row)
    return (
        _add(row)
        if request.method == "POST"
        else _release_page(row, ReleaseForm(formdata=None, data={"released_on": now().date()}))
    )


@once
def _add(row: Dataset) -> Response:
    form = ReleaseForm()
    if form.submitted(lambda: add_release(db.session, current_actor(), row.reference, form.release(), now())):
        said = _("The release is on the page. Whoever may use the data gets one mail.")
        return finish(url_for("catalog.listing", reference=row.reference), said)
    return _release_page(seen_from_desk(row.reference), form)


def _release_page(row: Dataset, form: ReleaseForm) -> Response:
    return page("catalog/release.html", form.status, dataset=row, form=form, releases=releases_of(db.session, row))
