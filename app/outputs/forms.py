"""What people type about outputs. Shape and spelling only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.foundation.uploads import ACCEPTED
from app.rules.outputs import GROUNDS, OUTPUT_KINDS, OutputKind
from app.web.answers import told
from app.web.dates import DayField
from app.web.forms import Form, options_of

LONGEST = 4000
_SHORTEN = _l("Shorten this to 4,000 characters.")
_URL = Length(max=500, message=_l("Shorten this to 500 characters."))


class VersionForm(Form):
    """A version that is submitted again."""

    file = FileField(
        _l("The output as a file"),
        description=_l(
            "PDF, picture, CSV or plain text, up to 20 MB. Exactly its bytes are cleared. Of a tool or talk, its text or slides."
        ),
    )
    link = StringField(_l("An address where it can be read too"), validators=[Optional(), _URL])
    note = TextAreaField(_l("A note to the reader"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])

    accept = ACCEPTED


class SubmitForm(VersionForm):
    """An output that is submitted for the first time."""

    title = StringField(
        _l("Title"),
        validators=[
            DataRequired(_l("Give it a title.")),
            Length(max=200, message=_l("Shorten this to 200 characters.")),
        ],
    )
    kind = SelectField(_l("What is it?"))
    planned_on = DayField(_l("When is it to be published?"), validators=[Optional()])

    def offer(self) -> "SubmitForm":
        """The kinds of output."""
        self.kind.choices = options_of([(kind.value, told(words)) for kind, words in OUTPUT_KINDS.items()])
        return self

    @property
    def chosen(self) -> OutputKind:
        """The kind chosen."""
        return OutputKind(self.kind.data or OutputKind.OTHER)


class RemarkForm(Form):
    """A remark on a line or page."""

    line = IntegerField(validators=[Optional()])
    place = StringField(
        _l("Line or page"),
        description=_l("Like “page 4” or “line 12”."),
        validators=[Optional(), Length(max=60, message=_l("Shorten this to 60 characters."))],
    )
    words = TextAreaField(_l("Your remark"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])


class NoteForm(RemarkForm):
    """A change that is to be asked for, on one of the three grounds."""

    ground = SelectField(_l("On which ground?"))
    version = IntegerField(validators=[Optional()])

    def offer(self) -> "NoteForm":
        """The three grounds."""
        self.ground.choices = options_of(
            [
                ("", told("Choose one")),
                *((ground.value, told(words)) for ground, words in GROUNDS.items()),
            ]
        )
        return self


class AnswerForm(Form):
    """An answer to a remark, or to a change asked for."""

    words = TextAreaField(_l("Your answer"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])


class VersionShownForm(Form):
    """An act on the version that was shown."""

    version = IntegerField(validators=[Optional()])


class DelayForm(Form):
    """A wish to wait with publication."""

    days = IntegerField(_l("For how many days?"), validators=[Optional()])
    words = TextAreaField(_l("Why?"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])


class PublishForm(Form):
    """Where a cleared output was published."""

    published_on = DayField(_l("When was it published?"), validators=[Optional()])
    address = StringField(_l("Address where anyone can find it"), validators=[Optional(), _URL])
    doi = StringField(
        _l("DOI"),
        description=_l("Like 10.1234/abcd."),
        validators=[Optional(), Length(max=250, message=_l("A DOI is shorter than this."))],
    )
    credit = TextAreaField(
        _l("Where does it name the data partner as the source?"),
        validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)],
    )


class WithdrawForm(Form):
    """Words to those who read it, where it is withdrawn."""

    words = TextAreaField(_l("Why?"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])
