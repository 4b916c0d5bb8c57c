"""What people type to keep a search."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from app.rules.mail import CADENCES, Cadence
from app.web.forms import Form, options_of


class SavedSearchForm(Form):
    """A name, and how often to hear of new datasets."""

    name = StringField(_l("Name of this search"))
    cadence = RadioField(
        _l("Tell me of new datasets"),
        choices=options_of([(cadence.value, _l(words)) for cadence, words in CADENCES.items()]),
        default=Cadence.WEEKLY.value,
    )
