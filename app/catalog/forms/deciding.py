"""Saying why: a listing that goes back, pauses or is withdrawn."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
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


class TogetherForm(Form):
    """What is decided on listings that were sent in one act. Which go back is ticked beside each."""

    reason = TextAreaField(
        _l("What should change in those that go back?"),
        description=_l("Their stewards read this. Leave it empty where none goes back."),
        validators=[Length(max=2000, message=_l("Shorten this to 2,000 characters."))],
    )
    is_read = BooleanField(_l("I have read those that are to be read."))
