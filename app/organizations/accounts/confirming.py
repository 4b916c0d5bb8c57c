"""That it is still the same person: by the strongest that they have, a code or else the password."""

from flask_babel import gettext as _
from flask_security.proxies import _security

from app.organizations.accounts.settings import CLOCK_OFF_BY_SECONDS
from app.organizations.forms.accounts import ConfirmByCodeForm, ConfirmByPasswordForm
from app.organizations.models import Person

ConfirmForm = ConfirmByCodeForm | ConfirmByPasswordForm


def form_for(me: Person, prefix: str = "") -> ConfirmForm:
    """The form that asks this person. `prefix` sets its fields apart from those of the form that it interrupts."""
    kind: type[ConfirmByCodeForm | ConfirmByPasswordForm] = (
        ConfirmByCodeForm if me.tf_primary_method is not None else ConfirmByPasswordForm
    )
    return kind(prefix=prefix)


def confirmed(me: Person, form: ConfirmForm) -> bool:
    """Whether the answer is right; the form says so where it is not."""
    if isinstance(form, ConfirmByCodeForm):
        fits = _security.totp_factory.verify_totp(
            token=form.code.data, totp_secret=me.tf_totp_secret or "", user=me, window=CLOCK_OFF_BY_SECONDS
        )
        if not fits:
            form.code.errors = [_("This code does not fit. Enter the one that your app shows now; each works once.")]
        return bool(fits)
    typed = _security.password_util.normalize(form.password.data)
    if not me.password or not me.verify_and_update_password(typed):
        form.password.errors = [_("This is not your password.")]
        return False
    return True
