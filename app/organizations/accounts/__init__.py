"""Signing in: Flask-Security-Too on Flask-Login, with our pages, on our people."""

from flask import Flask, abort, request
from flask_security import FSQLALiteUserDatastore, Security, login_user
from flask_security.core import RoleMixin
from flask_security.signals import user_authenticated
from werkzeug.wrappers import Response

from app.organizations import words
from app.organizations.accounts import identity, views
from app.organizations.accounts.destinations import check_next
from app.organizations.accounts.mail import OutboxMail
from app.organizations.accounts.passwords import Passwords
from app.organizations.accounts.second_factor import HashedRecoveryCodes, SingleUseCodes
from app.organizations.accounts.settings import settings
from app.organizations.accounts.step_up import ask_again
from app.organizations.forms.accounts import (
    ChangePasswordForm,
    CodeForm,
    RecoveryCodeForm,
    ResetPasswordForm,
    SignInForm,
)
from app.organizations.models import Person
from app.web.database import db

__all__ = ["init_accounts", "sign_in_as"]


def init_accounts(app: Flask) -> None:
    """Set up signing in, and the acting person of each request."""
    app.config.update(settings(app.config))
    security = Security(
        app,
        FSQLALiteUserDatastore(db, Person, RoleMixin),
        login_form=SignInForm,
        reset_password_form=ResetPasswordForm,
        change_password_form=ChangePasswordForm,
        two_factor_verify_code_form=CodeForm,
        mf_recovery_form=RecoveryCodeForm,
        mail_util_cls=OutboxMail,
        password_util_cls=Passwords,
        totp_cls=SingleUseCodes,
        mf_recovery_codes_util_cls=HashedRecoveryCodes,
    )
    security.want_json(lambda _request: False)
    security.login_manager.request_loader(lambda _request: None)  # a session is the only way in
    _without_what_each_request_pays_for(app, security)
    app.view_functions.update(views.INSTEAD)
    words.register(app)
    app.register_blueprint(views.blueprint)
    user_authenticated.connect(identity.remember_how, app)
    app.before_request(_refuse_json)
    app.before_request(check_next)
    app.before_request(identity.load_actor)
    app.before_request(ask_again)


def _without_what_each_request_pays_for(app: Flask, security: Security) -> None:
    """Take away what the library does before each request and for each template, and that nothing here asks for.

    Its needs and permissions (Flask-Principal) know nothing of our roles, and no template asks who the library's
    `current_user` is: finding out takes a statement.
    """
    before = app.before_request_funcs[None]
    before[:] = [function for function in before if getattr(function, "__self__", None) is not security.principal]
    context = app.template_context_processors[None]
    context[:] = [
        function for function in context if not function.__module__.startswith(("flask_login", "flask_security"))
    ]


def sign_in_as(person: Person, authentication: str) -> None:
    """Sign a person in by other means than a password; `authentication` names them in the history."""
    login_user(person, authn_via=[authentication])


def _refuse_json() -> Response | None:
    """Forms only: the library would also read JSON, with text that no form can carry."""
    if request.blueprint == "security" and request.method == "POST" and request.is_json:
        abort(415)
    return None
