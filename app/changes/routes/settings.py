"""A data partner's page on changes: what it wants to decide, and what it is only told."""

from flask import request, url_for
from werkzeug.wrappers import Response

from app.changes.commands import set_wishes
from app.changes.forms import ConfirmForm
from app.changes.queries.changes import partner_by_slug
from app.changes.queries.wishes import wishes_of
from app.changes.routes.blueprint import blueprint
from app.foundation.clock import now
from app.foundation.words import N_
from app.rules.changes import CHANGES, ChangeKind, decides
from app.rules.roles import Role
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import holding
from app.web.once import once

SAVED = N_("Saved. It holds for every change from now on.")
_STEWARDS = (Role.STEWARD, Role.DEPUTY)


@blueprint.get("/organizations/<slug>/changes")
@holding(*_STEWARDS)
def settings(slug: str) -> Response:
    """One line for each kind of change."""
    return _page(slug, ConfirmForm(formdata=None))


@blueprint.post("/organizations/<slug>/changes")
@holding(*_STEWARDS)
@once
def do_settings(slug: str) -> Response:
    """Keep them."""
    form, ticked = ConfirmForm(), set(request.form.getlist("decides"))
    wishes = {kind.value: kind.value in ticked for kind in ChangeKind}
    if form.submitted(lambda: set_wishes(db.session, current_actor(), slug, wishes, now())):
        return finish(url_for("changes.settings", slug=slug), told(SAVED))
    return _page(slug, form)


def _page(slug: str, form: Form) -> Response:
    row = partner_by_slug(db.session, current_actor().organizations_with(*_STEWARDS), slug)
    wishes = wishes_of(db.session, row.id)
    kinds = [(kind.value, CHANGES[kind], decides(kind, wishes)) for kind in ChangeKind]
    return page("changes/settings.html", form.status, organization=row, kinds=kinds, form=form)
