"""What people type about changes, the end of a grant, and hand-overs. Shape and spelling only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.web.dates import DayField
from app.web.forms import Form

LONGEST = Length(max=2000, message=_l("Shorten this to 2,000 characters."))
_NAME = Length(max=120, message=_l("Shorten this to 120 characters."))


def _address() -> Email:
    return Email(_l("Enter an e-mail address, like ana@example.org."))


class ChangeForm(Form):
    """What is to be different; what is left as it is stays as it is."""

    ends_on = DayField(_l("Last day"), validators=[Optional()])
    keep = SelectMultipleField(_l("Datasets"), description=_l("Take out what you no longer need; you delete it."))
    add = SelectMultipleField(_l("More datasets of this data partner"), validators=[Optional()])
    purposes = SelectMultipleField(
        _l("Purpose"), description=_l("Only narrower than now. A wider purpose takes a new proposal.")
    )
    purpose_words = TextAreaField(_l("Purpose in words"), validators=[LONGEST])
    kept_where = StringField(_l("Where the data is kept"), validators=[Length(max=300)])
    kept_in = SelectField(_l("In which country"), validators=[Optional()])
    leave = SelectMultipleField(_l("Who leaves"), validators=[Optional()])
    join_name = StringField(_l("Name"), validators=[Optional(), _NAME])
    join_email = StringField(_l("E-mail address"), validators=[Optional(), _address()])
    join_organization = StringField(_l("Organization"), validators=[Optional(), Length(max=160)])
    why = TextAreaField(_l("Why?"), description=_l("Whoever decides reads this first."), validators=[LONGEST])


class RenewalForm(Form):
    """A new term, on a short report."""

    ends_on = DayField(
        _l("Last day of the new term"), validators=[InputRequired(_l("Enter the last day of the new term."))]
    )
    report = TextAreaField(
        _l("What was done so far?"),
        description=_l("A few sentences: what the data showed, who used it, which decision it informed."),
        validators=[LONGEST],
    )
    why = TextAreaField(_l("Why is more time needed?"), validators=[LONGEST])


class DecisionForm(Form):
    """Words beside a decision, bound to what was shown."""

    words = TextAreaField(
        _l("Your words"),
        description=_l("They stand on the newer letter. Not approving needs them: what would change it?"),
        validators=[LONGEST],
    )
    shown = HiddenField()
    terms = HiddenField()


class WordsForm(Form):
    """A message."""

    words = TextAreaField(_l("Message"), validators=[LONGEST])


class ClosingForm(Form):
    """What came of the use, when it ends."""

    words = TextAreaField(
        _l("What came of it?"),
        description=_l("In a sentence or two. Leave it empty where the last report says it."),
        validators=[Length(max=1000, message=_l("Shorten this to 1,000 characters."))],
    )


class ConfirmForm(Form):
    """An act that needs no words."""


class HandOverForm(Form):
    """To whom data is handed over, and within which limits."""

    kind = RadioField(_l("To whom?"), validators=[InputRequired(_l("Choose who receives the data."))])
    organization = StringField(
        _l("Organization"), validators=[DataRequired(_l("Enter the organization.")), Length(max=160)]
    )
    country = SelectField(_l("Country of the organization"), validators=[Optional()])
    person = StringField(
        _l("Who accepts for it"),
        description=_l("Somebody who may bind the organization."),
        validators=[DataRequired(_l("Enter a full name.")), _NAME],
    )
    email = StringField(
        _l("Their e-mail address"), validators=[DataRequired(_l("Enter an e-mail address.")), _address()]
    )
    datasets = SelectMultipleField(_l("Datasets"), validators=[DataRequired(_l("Choose at least one dataset."))])
    ends_on = DayField(_l("Last day"), validators=[InputRequired(_l("Enter the last day."))])
    kept_where = StringField(
        _l("Where they keep the data"), validators=[DataRequired(_l("Say where the data is kept.")), Length(max=300)]
    )
    kept_in = SelectField(_l("In which country"), validators=[InputRequired(_l("Choose the country."))])
    task = TextAreaField(
        _l("What they do with it"),
        description=_l("A part of the grant's own purpose."),
        validators=[DataRequired(_l("Say what they do with the data.")), LONGEST],
    )


class SignForm(Form):
    """Signing a hand-over for the member."""

    name = StringField(_l("Your full name"), validators=[DataRequired(_l("Type your full name.")), _NAME])
    authority = BooleanField(
        _l("I may bind my organization, and it answers for the recipient as for itself (clause 11.3)."),
        validators=[DataRequired(_l("Tick this, or let somebody sign who can."))],
    )
    # The hash of what is signed, as it was shown.
    shown = HiddenField()


class AcceptForm(Form):
    """Accepting a hand-over by its link."""

    name = StringField(_l("Your full name"), validators=[DataRequired(_l("Type your full name.")), _NAME])
    authority = BooleanField(
        _l("I may bind the organization that is named above."),
        validators=[DataRequired(_l("Tick this, or pass the link on to somebody who may."))],
    )
    terms = BooleanField(
        _l("We keep to the grant's terms, delete the data when it ends, and say so in writing."),
        validators=[DataRequired(_l("Tick this to accept, or decline below."))],
    )
    code = StringField(
        _l("Code from your mail"),
        description=_l("Six digits, valid for ten minutes."),
        validators=[Optional(), Length(max=20)],
    )


class EndForm(Form):
    """Why a hand-over ends."""

    words = TextAreaField(_l("Why?"), validators=[DataRequired(_l("Say why; the recipient reads it.")), LONGEST])


class NoticeForm(Form):
    """Notice of leaving, by a signatory. The agreement asks for no reason."""

    leaves_on = DayField(
        _l("On which day do you leave?"), validators=[InputRequired(_l("Enter the day on which you leave."))]
    )
    reason = TextAreaField(_l("Why?"), validators=[LONGEST])
    may_bind = BooleanField(
        _l("I may bind the organization, and give notice for it"),
        validators=[InputRequired(_l("Tick this if you may give notice for the organization."))],
    )


class LetterForm(Form):
    """Notice of leaving that came to the secretariat in writing."""

    received_on = DayField(
        _l("On which day did it come?"), validators=[InputRequired(_l("Enter the day on which it came."))]
    )
    leaves_on = DayField(
        _l("On which day does it leave?"), validators=[InputRequired(_l("Enter the day on which it leaves."))]
    )
    reason = TextAreaField(_l("Why, if the notice says so?"), validators=[LONGEST])
    scan = FileField(
        _l("The scanned notice"), validators=[InputRequired(_l("Choose the scan: a PDF, PNG or JPEG of up to 20 MB."))]
    )
