"""A token for a program: what it is called, what it may do, how long it lives."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

from app.rules.tokens import LIVES, SCOPE_NAMES, Scope
from app.web.answers import told
from app.web.forms import Form, options_of

_USUAL_LIFE = 90


class TokenForm(Form):
    """What a program may do in one's name."""

    name = StringField(
        _l("What is it for?"),
        validators=[
            DataRequired(_l("Say what the token is for, such as: nightly import.")),
            Length(max=80, message=_l("Shorten this to 80 characters.")),
        ],
    )
    scope = RadioField(_l("What may it do?"), default=Scope.CATALOG_IMPORT.value)
    days = RadioField(_l("How long does it live?"), default=str(_USUAL_LIFE))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.scope.choices = options_of([(scope.value, told(name)) for scope, (name, _hint) in SCOPE_NAMES.items()])
        self.days.choices = options_of([(str(days), told(words)) for days, words in LIVES.items()])
