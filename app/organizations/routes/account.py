"""One's own account: name, organizations, the ways in, and another e-mail address."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import WrongState
from app.organizations import queries
from app.organizations.commands import edit_person
from app.organizations.commands.accounts import ask_for_address, confirm_address, has_signed
from app.organizations.forms.accounts import AddressForm, ProfileForm
from app.organizations.routes.blueprint import blueprint
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import signed_in


@blueprint.route("/me", methods=["GET", "POST"])
@signed_in
def account() -> Response:
    """What others read of the person, where they belong, and how they sign in."""
    actor = current_actor()
    me = queries.person(db.session, actor.person_id or 0)
    form = ProfileForm(data={"name": me.name, "job_title": me.job_title})
    if form.submitted(lambda: edit_person(db.session, actor, form.name.data or me.name, form.job_title.data or "")):
        return finish("/me", _("Saved."))
    points = {
        point.name
        for organization_id in actor.organization_ids
        for point in queries.focal_points_of(db.session, organization_id)
        if point.id != me.id
    }
    return page(
        "accounts/me.html",
        form.status,
        form=form,
        email=me.email,
        has_signed=has_signed(db.session, me),
        points=sorted(points),
        places=[
            (row, sorted(actor.roles_at(row.id), key=queries.ROLE_ORDER.index))
            for row in queries.organizations_of(db.session, actor)
        ],
        has_second_factor=me.tf_primary_method is not None,
        codes_left=len(me.mf_recovery_codes or []),
        signed_in_at=actor.authenticated_at,
    )


@blueprint.route("/me/address", methods=["GET", "POST"])
@signed_in
def address() -> Response:
    """Ask for another e-mail address; the link that is sent there makes it count."""
    actor = current_actor()
    me = queries.person(db.session, actor.person_id or 0)
    form = AddressForm()
    if form.submitted(lambda: ask_for_address(db.session, actor, form.email.data or "", now())):
        message = _(
            "A link is on its way to %(email)s. The address counts once you have opened it.", email=form.email.data
        )
        return finish(url_for("organizations.account"), message)
    return page("accounts/address.html", form.status, form=form, email=me.email)


@blueprint.route("/me/address/<token>", methods=["GET", "POST"])
@signed_in
def take_address(token: str) -> Response:
    """The page behind the link that was sent to the new address; a button takes it, so that no reader of mail does."""
    form = Form()
    if form.is_submitted() and form.validate():
        try:
            person = confirm_address(db.session, current_actor(), token, now())
        except WrongState as over:
            db.session.rollback()
            return page("organizations/invitation_over.html", 410, sentence=told(over.message))
        return finish(url_for("organizations.account"), _("Your address is %(email)s now.", email=person.email))
    return page("accounts/take_address.html", form=form)
