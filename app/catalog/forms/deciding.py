"""Saying why: a listing that goes back, pauses or is withdrawn."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.web.forms import Form


class ReasonForm(Form):
    """One text that the people concerned read."""

    reason = TextAreaField(
        _l("Why"),
        validators=[
            InputRequired(_l("Say why in a sentence or two. The people concerned read it.")),
            Length(max=2000, message=_l("Shorten this to 2,000 characters.")),
        ],
    )
