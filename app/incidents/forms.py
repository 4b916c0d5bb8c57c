"""What people type about an incident. Shape and spelling only."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.rules.incidents import LEARNED, PERSONAL_DATA, PersonalData
from app.web.answers import told
from app.web.forms import Form, options_of

LONGEST = 6000
_SHORTEN = _l("Shorten this to 6,000 characters.")
_PATTERNS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d %m %Y %H:%M")


class ReportForm(Form):
    """The first notice. It may be incomplete."""

    what = TextAreaField(
        _l("What happened, as far as you know?"),
        description=_l("It may be incomplete. Only those concerned read it."),
        validators=[DataRequired(_l("Say what happened, as far as you know.")), Length(max=LONGEST, message=_SHORTEN)],
    )
    noticed_at = StringField(
        _l("When was it noticed?"),
        description=_l("Day and time in UTC, like 2027-03-14 09:30. The hours count from here."),
        validators=[DataRequired(_l("Enter the day and time when it was noticed, like 2027-03-14 09:30."))],
    )
    dataset = SelectField(_l("Which dataset?"), validate_choice=False, validators=[Optional()])
    personal_data = RadioField(_l("Is personal data touched?"))
    measures = TextAreaField(
        _l("What was done already?"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)]
    )
    is_near_miss = BooleanField(_l("It was a near miss: no harm was done"))

    def offer(self, datasets: list[tuple[int, str]]) -> "ReportForm":
        """The datasets of the grant."""
        self.dataset.choices = options_of(
            [("", told("All, or not known yet")), *((str(key), title) for key, title in datasets)]
        )
        self.personal_data.choices = options_of([(key.value, told(words)) for key, words in PERSONAL_DATA.items()])
        return self

    @property
    def moment(self) -> datetime | None:
        """The moment typed, in UTC; None where it cannot be read."""
        typed = " ".join((self.noticed_at.data or "").replace("UTC", "").replace("Z", "").split())
        for pattern in _PATTERNS:
            try:
                return datetime.strptime(typed, pattern).replace(tzinfo=UTC)
            except ValueError:
                continue
        return None

    @property
    def dataset_id(self) -> int | None:
        """The dataset chosen; one that the form did not offer is none."""
        offered = {option.value for option in self.dataset.choices or []}
        chosen = self.dataset.data or ""
        return int(chosen) if chosen and chosen in offered else None

    @property
    def touched(self) -> PersonalData:
        """Whether personal data is touched."""
        return PersonalData(self.personal_data.data or PersonalData.UNKNOWN)


class WordsForm(Form):
    """Words to an act; the command says when they are needed."""

    words = TextAreaField(_l("In your words"), validators=[Optional(), Length(max=LONGEST, message=_SHORTEN)])


class AddForm(WordsForm):
    """What is known now, and whether personal data turned out to be touched."""

    personal_data = RadioField(_l("Is personal data touched, after all?"), validators=[Optional()])

    def offer(self, said: PersonalData) -> "AddForm":
        """What can still be learned; nothing where it is known to be touched."""
        stays = told("As it was said: %(answer)s") % {"answer": told(PERSONAL_DATA[said])}
        learned = [(key.value, told(PERSONAL_DATA[key])) for key in LEARNED[said]]
        self.personal_data.choices = options_of([("", stays), *learned])
        if not learned:
            del self.personal_data
        return self

    @property
    def touched(self) -> PersonalData | None:
        """What was learned; None where it stays."""
        chosen = self.personal_data.data if "personal_data" in self else ""
        return PersonalData(chosen) if chosen else None


class ActForm(Form):
    """An act that needs no words."""
