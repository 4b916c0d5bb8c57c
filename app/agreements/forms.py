"""What people type when they sign, hand over, decline or countersign: shape and spelling only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.agreements.evidence import Details, Typed
from app.agreements.statements import POWERS
from app.rules.roles import CAPACITY_NAMES
from app.web.answers import told
from app.web.forms import Form, options_of

YES, NO = "yes", "no"
_SHORT = _l("Use at most 120 characters.")
_TOO_LONG = _l("Use at most 2,000 characters.")


class AuthorityForm(Form):
    """The question before the text: may you bind your organization? "No" leads to handing over."""

    may_sign = RadioField(
        _l("May you sign for your organization?"),
        choices=options_of(
            [
                (YES, _l("Yes, I may bind it by my signature")),
                (NO, _l("No, somebody else signs")),
            ]
        ),
        validators=[InputRequired(_l("Answer yes or no. With no, you hand over to another signatory."))],
    )
    title = StringField(_l("Your office or title"), validators=[Optional(), Length(max=120, message=_SHORT)])
    power = SelectField(_l("Where your power to sign comes from"), validators=[Optional()])
    power_reference = StringField(
        _l("Its date or number"), validators=[Optional(), Length(max=200, message=_l("Use at most 200 characters."))]
    )
    legal_form = StringField(_l("Legal form"), validators=[Optional(), Length(max=120, message=_SHORT)])
    register_number = StringField(
        _l("Register and number, or treaty"), validators=[Optional(), Length(max=120, message=_SHORT)]
    )
    notice_address = TextAreaField(
        _l("Postal address for notices"),
        validators=[Optional(), Length(max=500, message=_l("Use at most 500 characters."))],
    )
    affiliates = TextAreaField(
        _l("Affiliates that are covered too"), validators=[Optional(), Length(max=6000, message=_l("Name at most 50."))]
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.power.choices = options_of(
            [("", told(_CHOOSE)), *((power.value, told(words)) for power, words in POWERS.items())]
        )

    @property
    def says_no(self) -> bool:
        """Whether somebody else signs."""
        return bool(self.may_sign.data == NO)

    @property
    def details(self) -> Details:
        """What was typed, for the command."""
        return Details(
            title=self.title.data or "",
            power=self.power.data or "",
            power_reference=self.power_reference.data or "",
            legal_form=self.legal_form.data or "",
            register_number=self.register_number.data or "",
            notice_address=self.notice_address.data or "",
            affiliates=tuple((self.affiliates.data or "").splitlines()),
        )


_CHOOSE = "Choose one"


class SignForm(Form):
    """Statements, name and code. Which text was shown travels along, so that no other can be signed."""

    version = HiddenField()
    text_hash = HiddenField()
    statements = SelectMultipleField(_l("You declare"), validators=[])
    name = StringField(_l("Your full name"), validators=[Length(max=120, message=_SHORT)])
    code = StringField(_l("Code from your e-mail"), validators=[Length(max=40, message=_l("Enter the six digits."))])

    @property
    def typed(self) -> Typed:
        """What was typed and ticked, for the command."""
        return Typed((self.name.data or "")[:120], tuple(self.statements.data or ()))

    @property
    def shown(self) -> tuple[str, str]:
        """The version and text hash that the page showed."""
        return self.version.data or "", self.text_hash.data or ""


class HandOverForm(Form):
    """To whom signing goes."""

    to = RadioField(_l("Who signs?"), coerce=int, validators=[InputRequired(_l("Choose who signs instead of you."))])


class DeclineForm(Form):
    """Why an organization does not sign."""

    reason = TextAreaField(
        _l("Why do you not sign?"),
        validators=[
            DataRequired(_l("Say why, in a sentence or two, so that the secretariat can answer.")),
            Length(max=2000, message=_TOO_LONG),
        ],
    )


class OpenForm(Form):
    """For which organization, and as what."""

    organization = HiddenField(validators=[DataRequired()])
    capacity = HiddenField(validators=[DataRequired()])


class CountersignForm(Form):
    """What was made sure of, and from which evidence."""

    checks = SelectMultipleField(_l("You have checked"), validators=[])
    note = TextAreaField(
        _l("Which evidence did you look at?"),
        validators=[
            DataRequired(_l("Say which evidence you looked at, such as a register extract with its date.")),
            Length(max=2000, message=_TOO_LONG),
        ],
    )


class EndForm(Form):
    """Why an accession ends."""

    reason = TextAreaField(
        _l("Why does it end?"),
        validators=[DataRequired(_l("Say why it ends.")), Length(max=2000, message=_TOO_LONG)],
    )


class PaperForm(Form):
    """An accession signed on paper."""

    organization = SelectField(
        _l("Organization"), coerce=int, validators=[InputRequired(_l("Choose the organization that signed."))]
    )
    capacity = RadioField(_l("As"), validators=[InputRequired(_l("Choose in which capacity it signed."))])
    scan = FileField(
        _l("The scanned document"),
        validators=[InputRequired(_l("Choose the scan: a PDF, PNG or JPEG of up to 20 MB."))],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.capacity.choices = options_of(
            [(capacity.value, told(words)) for capacity, words in CAPACITY_NAMES.items()]
        )
