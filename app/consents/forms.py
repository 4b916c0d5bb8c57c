"""What a steward types about a standing consent, and the reason with which it is stopped."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.rules.consents import Criteria
from app.rules.questions import BANK
from app.rules.vocabulary import ACCESS_MODES, SENSITIVITIES
from app.web.answers import told
from app.web.forms import Form, options_of

Choices = Iterable[tuple[str, str]]


class ConsentForm(Form):
    """A rule: what it lets pass. It can be saved as far as it goes."""

    name = StringField(_l("Name of the rule"), description=_l("Such as: reports for public health, no personal data"))
    purposes = SelectMultipleField(_l("Purposes that you let pass"), validators=[Optional()])
    access_modes = SelectMultipleField(_l("Access modes that you let pass"), validators=[Optional()])
    most_sensitive = RadioField(_l("The most sensitive class that you let pass"), validators=[Optional()])
    personal_data = SelectMultipleField(_l("Answers on personal data that you let pass"), validators=[Optional()])
    longest_months = IntegerField(_l("Longest term in months"), validators=[Optional()])
    datasets = SelectMultipleField(_l("Only these datasets"), validators=[Optional()])
    members = SelectMultipleField(_l("Only these members"), validators=[Optional()])

    def offer(self, datasets: Choices, members: Choices) -> None:
        """Put the choices into the reader's language."""
        self.purposes.choices = options_of(_choices("purposes"))
        self.personal_data.choices = options_of(_choices("personal_data"))
        self.access_modes.choices = options_of([(mode.value, told(words)) for mode, words in ACCESS_MODES.items()])
        self.most_sensitive.choices = options_of([(one.value, told(words)) for one, words in SENSITIVITIES.items()])
        self.datasets.choices, self.members.choices = list(datasets), list(members)

    def show(self, name: str, rule: Criteria) -> None:
        """Fill it with a rule as it is stored."""
        self.name.data = name
        self.most_sensitive.data = rule.most_sensitive or None
        self.longest_months.data = rule.longest_months or None
        for field in ("purposes", "access_modes", "personal_data", "datasets", "members"):
            self[field].data = sorted(getattr(rule, field))

    @property
    def criteria(self) -> Criteria:
        """The rule as it was typed."""
        return Criteria(
            purposes=frozenset(self.purposes.data or ()),
            access_modes=frozenset(self.access_modes.data or ()),
            most_sensitive=self.most_sensitive.data or "",
            personal_data=frozenset(self.personal_data.data or ()),
            longest_months=self.longest_months.data or 0,
            datasets=frozenset(self.datasets.data or ()),
            members=frozenset(self.members.data or ()),
        )


class SwitchOnForm(Form):
    """Switching on the rule that was read."""

    criteria_hash = HiddenField()


class SwitchOffForm(Form):
    """Why the rule stops."""

    reason = TextAreaField(
        _l("Why"),
        validators=[
            InputRequired(_l("Say why in a sentence: your colleagues read this.")),
            Length(max=2000, message=_l("Shorten the reason to 2,000 characters.")),
        ],
    )


def _choices(part: str) -> list[tuple[str, str]]:
    found = BANK.part(part)
    return [(code, told(words)) for code, words in found.choices.items()] if found else []
