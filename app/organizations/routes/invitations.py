"""Accepting an invitation: by a new person, with a name and a password, or by one who signs in."""

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_security import hash_password
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.foundation.clock import now
from app.foundation.errors import WrongState
from app.organizations import queries
from app.organizations.accounts import sign_in_as
from app.organizations.accounts.identity import PASSWORD
from app.organizations.accounts.passwords import LONGEST, faults, shortest_with
from app.organizations.commands import accept_invitation
from app.organizations.commands.invitations import open_invitation
from app.organizations.forms.accounts import AcceptForm
from app.organizations.models import Invitation, Organization, Person
from app.organizations.routes.blueprint import blueprint
from app.rules.roles import ROLE_NAMES, Role
from app.web.actor import current_actor
from app.web.answers import finish, page, told
from app.web.database import db
from app.web.forms import Form
from app.web.guards import public


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> Response:
    """The page behind the link of an invitation."""
    try:
        invitation = open_invitation(db.session, token, now())
    except WrongState as over:
        return page("organizations/invitation_over.html", 410, sentence=told(over.message))
    known = queries.person_by_email(db.session, invitation.email)
    if known is None:
        return _by_new_person(token, invitation)
    if known.id != current_actor().person_id:
        return _page(invitation, Form(), known=True, token=token)
    if request.method == "POST" and Form().validate_on_submit():
        return _accepted(db.session, token, known.name, None)
    return _page(invitation, Form(), known=True, is_me=True, token=token)


def _by_new_person(token: str, invitation: Invitation) -> Response:
    if current_actor().person_id is not None:  # signed in as somebody else
        return _page(invitation, Form(), is_other=True, token=token)
    form = AcceptForm(data={"name": invitation.name})
    shortest = shortest_with(Role(role) for role in invitation.roles)
    if form.validate_on_submit():
        typed = current_app.extensions["security"].password_util.normalize(form.password.data)
        wrong = faults(typed, shortest, (form.name.data or "", invitation.email))
        if not wrong:
            return _accepted(db.session, token, form.name.data or "", hash_password(typed))
        form.password.errors = wrong
    return _page(invitation, form, shortest=shortest, longest=LONGEST, token=token)


def _accepted(session: Session, token: str, name: str, password_hash: str | None) -> Response:
    person = accept_invitation(session, current_actor(), token, name, password_hash, now())
    if password_hash is not None:
        sign_in_as(person, PASSWORD)
    return finish("/inbox", _("Welcome, %(name)s.", name=person.name))


def _page(invitation: Invitation, form: Form, token: str, **more: object) -> Response:
    organization = db.session.get_one(Organization, invitation.organization_id)
    inviter = db.session.get(Person, invitation.invited_by_id) if invitation.invited_by_id else None
    here = url_for("organizations.accept", token=token)
    return page(
        "organizations/invitation.html",
        form.status,
        invitation=invitation,
        organization=organization,
        inviter=inviter.name if inviter else None,
        roles=[told(ROLE_NAMES[Role(role)]) for role in invitation.roles],
        form=form,
        here=here,
        **more,
    )
