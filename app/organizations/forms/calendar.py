"""Forms of an organization's calendar."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from app.web.dates import DayField
from app.web.forms import Form, options_of


class ClosedDayForm(Form):
    """A day on which the organization does not work."""

    day = DayField(_l("Day"), validators=[DataRequired(_l("Enter the day, like 24 12 2026."))])
    reason = StringField(
        _l("Why"),
        validators=[
            DataRequired(_l("Say why, such as: office move.")),
            Length(max=200, message=_l("Say why in up to 200 characters.")),
        ],
    )


class ZoneForm(Form):
    """The time zone in which its days begin."""

    time_zone = SelectField(_l("Time zone"))

    def __init__(self, zones: list[str], **values: object) -> None:
        super().__init__(data=values)
        self.time_zone.choices = options_of([(zone, zone.replace("_", " ")) for zone in zones])
