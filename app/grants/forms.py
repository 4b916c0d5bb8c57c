"""What people type about grants: reasons, and what they verify. Shape and spelling only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.rules.stopping import GROUNDS, REVOKES, SUSPENDS, Ground
from app.web.forms import Form, options_of

LONGEST_REASON = 1000


class ReasonForm(Form):
    """Why a grant is suspended or revoked."""

    reason = TextAreaField(
        _l("Why?"),
        description=_l("The other party reads this, and so does whoever verifies the letter."),
        validators=[
            DataRequired(_l("Say why, in a sentence or two.")),
            Length(max=LONGEST_REASON, message=_l("Shorten this to 1,000 characters.")),
        ],
    )


def _grounds(*found: Ground) -> RadioField:
    return RadioField(
        _l("Reason"),
        choices=options_of([(ground.value, _l(GROUNDS[ground].words)) for ground in found]),
        validators=[DataRequired(_l("Choose the reason."))],
    )


class SuspendForm(ReasonForm):
    """Why a grant is suspended: a ground of clause 19.4, and words."""

    ground = _grounds(*SUSPENDS)


class RevokeForm(ReasonForm):
    """Why a grant is revoked: a ground, and words."""

    ground = _grounds(*REVOKES)


class ConfirmForm(Form):
    """An act that needs no words."""


class VerifyForm(Form):
    """A file, or a number with the code under the QR code. It changes nothing, so that it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    file = FileField(_l("Grant letter (PDF, up to 20 MB)"))
    number = StringField(
        _l("Or its number"), validators=[Optional(), Length(max=40, message=_l("A number is like GR-2026-0031."))]
    )
    code = StringField(
        _l("and the code under its QR code"),
        validators=[Optional(), Length(max=60, message=_l("A code has 16 characters."))],
    )
