"""A question on a dataset's page, its answer, why it is hidden; and a new release."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from app.catalog.answers import Release
from app.web.dates import DayField
from app.web.forms import Form


class QuestionForm(Form):
    """One question."""

    text = TextAreaField(
        _l("Your question"),
        description=_l("Everyone who sees this page reads it, with the name of your organization. Yours is not shown."),
    )


class AnswerForm(Form):
    """Its answer."""

    answer = TextAreaField(_l("Your answer"), description=_l("Everyone who sees the page reads it."))


class HidingForm(Form):
    """Why it does not stay on the page."""

    reason = TextAreaField(
        _l("Why is it hidden?"), description=_l("Whoever asked it reads this, and so does the steward.")
    )


class ReleaseForm(Form):
    """A new release of the data."""

    label = StringField(_l("What is it called?"), description=_l("Such as: 2026-10."))
    released_on = DayField(
        _l("On which day did it come?"),
        validators=[InputRequired(_l("Enter a date with day, month and year, like 14 3 2027."))],
    )
    notes = TextAreaField(
        _l("What is new?"), description=_l("A sentence or two: what was added, mended, or counted anew.")
    )
    covers_from = DayField(_l("First day that it covers"), validators=[Optional()])
    covers_to = DayField(_l("Last day that it covers"), validators=[Optional()])

    def release(self) -> Release:
        """The release, once the form is well formed."""
        days = (self.released_on, self.covers_from, self.covers_to)
        released_on, covers_from, covers_to = map(_day, days)
        return Release(self.label.data or "", released_on, self.notes.data or "", covers_from, covers_to)


def _day(field: DayField) -> date | None:
    value: object = field.data
    return value if isinstance(value, date) else None
