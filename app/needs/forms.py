"""What people type about a data need."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from app.rules.pledges import PledgeKind
from app.web.dates import DayField
from app.web.forms import Form


class NeedForm(Form):
    """A need: the question, the data that would answer it, and the decision behind it."""

    organization = SelectField(_l("For which organization"), coerce=int)
    question = StringField(
        _l("The question, in one sentence"), [InputRequired(_l("Enter the question that the data should answer."))]
    )
    wanted = TextAreaField(
        _l("The data that would answer it"), [InputRequired(_l("Say which data you look for, in your own words."))]
    )
    country = SelectField(_l("Country"))
    decision = TextAreaField(_l("The decision that waits for it, and whose it is"), [Optional()])
    decide_by = DayField(_l("When it is decided"), [Optional()])
    matches = StringField(_l("Words by which new datasets are matched"), [Optional()])


class PledgeForm(Form):
    """What a data partner would give."""

    kind = RadioField(_l("What would you give?"), coerce=PledgeKind, validators=[InputRequired(_l("Choose one."))])
    dataset = SelectField(_l("Which of your datasets fits?"), validators=[Optional()])
    offer = TextAreaField(_l("In a sentence or two"))


class AnswerForm(Form):
    """An answer to a need, or a word at its end."""

    words = TextAreaField(_l("Your answer"))
