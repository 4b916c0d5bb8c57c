"""What people type when they vote, review, declare a conflict of interest, or declare a crisis."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField

from app.proposals.forms.review import CheckedForm
from app.web.dates import DayField
from app.web.forms import Form, options_of
from app.web.words import country_choices


class StepForm(CheckedForm):
    """A vote or a review, on the version that was shown. `reason` is the chair's, where a vote is not carried."""

    verdict = HiddenField()
    words = TextAreaField(_l("Your words"))
    reason = TextAreaField(_l("If it is not carried: why, and what would change it"))


class ConflictForm(Form):
    """What ties a person to the proposing side."""

    words = TextAreaField(_l("What ties you to it"))


class LiftForm(Form):
    """Why a conflict of interest no longer holds."""

    person = HiddenField()
    reason = TextAreaField(_l("Why it no longer holds"))


class CrisisForm(Form):
    """A crisis: what it is, where, from when until when."""

    title = StringField(_l("What it is called"))
    countries = SelectMultipleField(_l("Countries"))
    starts_on = DayField(_l("First day"))
    ends_on = DayField(_l("Last day"))

    def show_countries(self) -> None:
        """Put the countries into the reader's language."""
        self.countries.choices = options_of(country_choices())
