"""Forms of signing in and of one's own account; those of Flask-Security in our words."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_security import forms as library
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from app.organizations.addresses import LONGEST as LONGEST_ADDRESS
from app.web.forms import Form

LONGEST_PASSWORD = 256
LONGEST_CODE = 40
LONGEST_NAME = 120

_ENTER_ADDRESS = _l("Enter an e-mail address, like name@example.org.")
_TOO_LONG = _l("Use at most %(num)d characters.", num=LONGEST_PASSWORD)


def _without_spaces(text: str | None) -> str | None:
    return "".join(text.split()) if isinstance(text, str) else text


class SignInForm(library.LoginForm):
    """Address and password. What is wrong is said of both together, so that nobody learns who has an account."""

    email = EmailField(_l("E-mail address"), filters=[_without_spaces])
    password = PasswordField(_l("Password"))
    remember = None
    submit = None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""
        self.next.data = self.next.data or current_app.config["SECURITY_POST_LOGIN_VIEW"]

    def validate(self, **kwargs: object) -> bool:
        """Flask-Security's checks, unless something is missing or far too long."""
        address, password = self.email.data or "", self.password.data or ""
        if not address.strip() or not password:
            return self._refuse(_l("Enter your e-mail address and your password."))
        if len(address) > LONGEST_ADDRESS or len(password) > LONGEST_PASSWORD:
            return self._refuse(self._generic())
        if super().validate(**kwargs):
            return True
        if not self.form_errors and not self.next.errors:
            self._refuse(self._generic())
        return False

    def _generic(self) -> str:
        return str(get_message("GENERIC_AUTHN_FAILED")[0])

    def _refuse(self, message: str) -> bool:
        self.email.errors, self.password.errors = [], []
        self.form_errors.append(message)
        return False


class CodeForm(library.TwoFactorVerifyCodeForm):
    """The code that an authenticator app shows."""

    code = StringField(
        _l("Code from your app"),
        filters=[_without_spaces],
        validators=[
            DataRequired(_l("Enter the six digits that your app shows.")),
            Length(max=LONGEST_CODE, message=_l("Enter the six digits that your app shows.")),
        ],
    )
    submit = None


class RecoveryCodeForm(MfRecoveryForm):
    """A code kept for the day the device is lost."""

    code = StringField(
        _l("Recovery code"),
        filters=[_without_spaces],
        validators=[
            DataRequired(_l("Enter one of the codes that you kept, like 3f9a-04bc-77d1.")),
            Length(max=LONGEST_CODE, message=_l("Enter one of the codes that you kept, like 3f9a-04bc-77d1.")),
        ],
    )
    submit = None


class ResetPasswordForm(library.ResetPasswordForm):
    """A new password, by a link from a mail. Typed once: it can be shown, and a wrong one can be reset again."""

    password = PasswordField(
        _l("New password"),
        validators=[DataRequired(_l("Choose a new password.")), Length(max=LONGEST_PASSWORD, message=_TOO_LONG)],
    )
    password_confirm = None
    submit = None


class ChangePasswordForm(library.ChangePasswordForm):
    """A new password in place of the one that is known."""

    password = PasswordField(_l("Your present password"), validators=[Length(max=LONGEST_PASSWORD, message=_TOO_LONG)])
    new_password = PasswordField(
        _l("New password"),
        validators=[DataRequired(_l("Choose a new password.")), Length(max=LONGEST_PASSWORD, message=_TOO_LONG)],
    )
    new_password_confirm = None
    submit = None


class ForgottenForm(Form):
    """Where to send the link."""

    email = EmailField(
        _l("E-mail address"),
        validators=[DataRequired(_ENTER_ADDRESS), Length(max=LONGEST_ADDRESS, message=_ENTER_ADDRESS)],
    )


class NewCodeForm(Form):
    """The first code of a new device."""

    code = StringField(
        _l("Code from your app"),
        filters=[_without_spaces],
        validators=[
            DataRequired(_l("Enter the six digits that your app shows.")),
            Length(max=LONGEST_CODE, message=_l("Enter the six digits that your app shows.")),
        ],
    )


class ConfirmByCodeForm(NewCodeForm):
    """That it is still the same person, by code."""

    next = HiddenField()


class ConfirmByPasswordForm(Form):
    """That it is still the same person, by password."""

    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Enter your password.")), Length(max=LONGEST_PASSWORD, message=_TOO_LONG)],
    )
    next = HiddenField()


class ProfileForm(Form):
    """What others read of a person."""

    name = StringField(
        _l("Full name"),
        validators=[
            DataRequired(_l("Give your full name.")),
            Length(max=LONGEST_NAME, message=_l("Give your full name in up to 120 characters.")),
        ],
    )
    job_title = StringField(
        _l("Job title"),
        validators=[Length(max=LONGEST_NAME, message=_l("Give your job title in up to 120 characters."))],
    )


class AddressForm(Form):
    """Another e-mail address."""

    email = EmailField(
        _l("New e-mail address"), validators=[DataRequired(_l("Enter an e-mail address, like name@example.org."))]
    )


class AcceptForm(ProfileForm):
    """A new person: name and password."""

    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Choose a password.")), Length(max=LONGEST_PASSWORD, message=_TOO_LONG)],
    )
    job_title = None
