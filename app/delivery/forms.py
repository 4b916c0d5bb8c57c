"""What people type about a delivery. Shape and spelling only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.foundation.uploads import ACCEPTED
from app.web.answers import told
from app.web.forms import Form, options_of

LONGEST = 4000


class ProvideForm(Form):
    """How the team gets there. The secret is a password field: what was typed is never sent back to a page."""

    instructions = TextAreaField(
        _l("How does the team get there?"),
        validators=[
            DataRequired(_l("Say how the team gets there, step by step.")),
            Length(max=LONGEST, message=_l("Shorten this to 4,000 characters.")),
        ],
    )
    link = StringField(
        _l("Address"),
        description=_l("Like https://data.example.org/v2. Never with a key or password in it."),
        validators=[Optional(), Length(max=500, message=_l("Shorten this to 500 characters."))],
    )
    result = FileField(_l("The result as a file"), description=_l("PDF, picture, CSV or plain text, up to 20 MB."))
    secret = PasswordField(
        _l("Secret"),
        description=_l(
            "A key or password. Kept encrypted, shown once to one person, then erased. Leave empty where none is needed."
        ),
        validators=[Optional(), Length(max=2000, message=_l("A secret has at most 2,000 characters."))],
    )
    secret_for = SelectField(_l("Who gets the secret?"), validators=[Optional()], validate_choice=False)

    accept = ACCEPTED

    def offer(self, people: list[tuple[int, str]]) -> "ProvideForm":
        """The people of the team who accepted the terms."""
        self.secret_for.choices = options_of(
            [("", told("Choose one person")), *((str(key), name) for key, name in people)]
        )
        return self

    @property
    def named(self) -> int | None:
        """The person chosen."""
        chosen = self.secret_for.data or ""
        return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 12 else None


class MissingForm(Form):
    """What did not arrive."""

    words = TextAreaField(
        _l("What is missing, or does not work?"),
        description=_l("The data partner reads this. Write no secret here."),
        validators=[
            DataRequired(_l("Say what is missing or does not work, so that it can be mended.")),
            Length(max=LONGEST, message=_l("Shorten this to 4,000 characters.")),
        ],
    )


class ActForm(Form):
    """An act that needs no words."""
