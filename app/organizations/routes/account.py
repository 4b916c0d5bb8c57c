"""One's own account: name, organizations, and the ways in."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.organizations import queries
from app.organizations.commands import edit_person
from app.organizations.forms.accounts import ProfileForm
from app.organizations.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import finish, page
from app.web.database import db
from app.web.guards import signed_in


@blueprint.route("/me", methods=["GET", "POST"])
@signed_in
def account() -> Response:
    """What others read of the person, where they belong, and how they sign in."""
    actor = current_actor()
    me = queries.person(db.session, actor.person_id or 0)
    form = ProfileForm(data={"name": me.name, "job_title": me.job_title})
    if form.submitted(lambda: edit_person(db.session, actor, form.name.data or "", form.job_title.data or "")):
        return finish("/me", _("Saved."))
    return page(
        "accounts/me.html",
        form.status,
        form=form,
        email=me.email,
        places=[
            (row, sorted(actor.roles_at(row.id), key=queries.ROLE_ORDER.index))
            for row in queries.organizations_of(db.session, actor)
        ],
        has_second_factor=me.tf_primary_method is not None,
        codes_left=len(me.mf_recovery_codes or []),
        signed_in_at=actor.authenticated_at,
    )
