"""Our own pages of accounts, and those that stand instead of Flask-Security's."""

import time
from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import auth_required, login_user, logout_user
from flask_security.proxies import _security
from werkzeug.wrappers import Response

from app.foundation.errors import Invalid
from app.organizations.accounts import identity
from app.organizations.accounts.confirming import confirmed, form_for
from app.organizations.accounts.destinations import is_own_page
from app.organizations.accounts.mail import enqueue_mail
from app.organizations.accounts.settings import CLOCK_OFF_BY_SECONDS, FRESH
from app.organizations.addresses import clean_address
from app.organizations.commands import end_sessions
from app.organizations.forms.accounts import ForgottenForm, NewCodeForm
from app.organizations.models import Person
from app.web.actor import current_actor
from app.web.answers import answered, commit, finish, page
from app.web.database import db
from app.web.guards import public, signed_in

blueprint = Blueprint("accounts", __name__)
METHOD = "authenticator"
_PENDING = "new_second_factor"

fresh = auth_required("session", within=lambda: FRESH, grace=lambda: FRESH)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End every session of the person, here and everywhere."""
    if current_actor().person_id is not None:
        end_sessions(db.session, identity.me())
        logout_user()
    return finish("/", _("You are signed out, on every device."))


@blueprint.route("/password/forgot", methods=["GET", "POST"])
@public
def forgotten() -> Response:
    """Ask for a link to a new password. The answer is the same for every address, and takes the same time.

    The link is made by the worker, for the configured address of this installation, whatever the request's Host says.
    """
    form = ForgottenForm()
    if form.validate_on_submit():
        try:
            address = clean_address(form.email.data or "")
        except Invalid as error:
            form.put_errors(error)
        else:
            enqueue_mail("password_reset", address)
            commit()
            return page("accounts/link_sent.html", address=address)
    return page("accounts/forgotten.html", form.status, form=form)


@fresh
def second_factor() -> Response:
    """Set up the second step at sign-in, or replace the device."""
    me, form = identity.me(), NewCodeForm()
    if me.tf_primary_method is not None and "replace" not in request.args and request.method == "GET":
        session.pop(_PENDING, None)
        return page(
            "accounts/second_factor.html",
            codes_left=len(me.mf_recovery_codes or []),
            is_needed=identity.needs_second_factor(current_actor()),
        )
    codes = _security.totp_factory
    secret = session.setdefault(_PENDING, codes.generate_totp_secret())
    if form.validate_on_submit():
        me.tf_last_counter = None
        if codes.verify_totp(token=form.code.data, totp_secret=secret, user=me, window=CLOCK_OFF_BY_SECONDS):
            return _second_factor_is_set(me, secret)
        form.code.errors = [_("This code does not fit. Wait for the next one, and check the clock of your device.")]
    setup = codes.fetch_setup_values(secret, me)
    return page("accounts/second_factor_setup.html", form.status, form=form, picture=setup["image"], key=setup["key"])


def _second_factor_is_set(me: Person, secret: str) -> Response:
    me.tf_primary_method, me.tf_totp_secret = METHOD, secret
    recovery = _security.mf_recovery_codes_util.create_recovery_codes(me)
    _changed(me)
    identity.has_shown_second_factor()
    commit()
    return page("accounts/recovery_codes.html", recovery_codes=recovery, is_first=True)


@blueprint.post("/me/second-factor/remove")
@signed_in
@fresh
def remove_second_factor() -> Response:
    """Go back to a password alone, where no role asks for more."""
    me = identity.me()
    if identity.needs_second_factor(current_actor()):
        raise Invalid(
            _("You sign or decide for an organization, so the second step stays. You can replace the device.")
        )
    me.tf_primary_method = me.tf_totp_secret = me.mf_recovery_codes = None
    _changed(me)
    session["authentication"] = identity.PASSWORD
    return finish("/me", _("The second step is removed. Your password alone now lets you in: make it a long one."))


def _changed(me: Person) -> None:
    """End the other sessions, keep this one, and tell the person."""
    session.pop(_PENDING, None)
    end_sessions(db.session, me)
    login_user(me, authn_via=["change"])
    enqueue_mail("second_factor_changed", me.email)


def confirm() -> Response:
    """Ask once more who it is, with the strongest that the person has; then go on to where they were."""
    me = identity.me()
    form = form_for(me)
    target = request.values.get("next", "")
    target = target if is_own_page(target) else "/me"
    if current_actor().authentication == identity.DEMO_LINK or (form.validate_on_submit() and confirmed(me, form)):
        session["fs_paa"] = time.time()
        commit()
        return answered(target)
    return page("accounts/confirm.html", form.status, form=form, target=target)


def _to_forgotten() -> Response:
    return redirect(url_for("accounts.forgotten"), 303)


def _to_recovery_code() -> Response:
    return redirect(url_for("security.mf_recovery", next=request.args.get("next")), 303)


def _nowhere(**_address: str) -> Response:
    abort(404)


# Flask-Security's own views that ours stand for: one step instead of two for a device, a code rather than the password to
# confirm, no way to ask for help by mail, and a reset that tells nobody who has an account.
INSTEAD: dict[str, Callable[..., Response]] = {
    "security.two_factor_setup": second_factor,
    "security.two_factor_setup_validate": _nowhere,
    "security.two_factor_rescue": _to_recovery_code,
    "security.tf_select": _nowhere,
    "security.forgot_password": _to_forgotten,
    "security.verify": confirm,
}
