"""What a steward says about a harvest source."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.foundation.outgoing import NotFetched, address_of, refuse_closed
from app.foundation.outgoing.addresses import Network
from app.rules.harvests import NEW_ONES_NAMES, SCHEDULE_NAMES, NewOnes, Schedule, as_allowed
from app.web.answers import told
from app.web.forms import Form, options_of

_ANYBODY = ""


class SourceForm(Form):
    """Where the catalog is, how often it is read, and what becomes of what is found."""

    organization = RadioField(_l("Whose datasets are these?"), validators=[Optional()])
    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(_l("Give the source a name, such as: Open data portal.")),
            Length(max=120, message=_l("Shorten the name to 120 characters.")),
        ],
    )
    address = StringField(
        _l("Address of the catalog"),
        validators=[
            DataRequired(_l("Give the web address of the catalog, such as https://data.example.org/catalog.jsonld."))
        ],
    )
    schedule = RadioField(_l("How often is it read?"), default=Schedule.WEEKLY.value)
    new_ones = RadioField(_l("What becomes of new datasets that you take?"), default=NewOnes.DRAFT.value)
    is_trusted = BooleanField(_l("Take harmless changes of my listings by themselves"))
    asked = SelectField(_l("Who looks at what was found?"), default=_ANYBODY)
    # Private networks that may be asked besides the public ones.
    networks: Sequence[Network] = ()

    def validate_address(self, field: StringField) -> None:
        """Refuse at once what the first reading would refuse: an address that leads into a private network by its spelling."""
        try:
            refuse_closed(address_of(field.data or ""), self.networks)
        except NotFetched as error:
            raise ValidationError(told(error.message)) from error

    def offer(
        self, organizations: Mapping[str, str], people: Sequence[tuple[int, str]], anybody: str, *, unchecked: bool
    ) -> None:
        """Fill in the choices: organizations by slug, who may be asked, and whether new ones may be listed without a check."""
        self.organization.choices = options_of(organizations.items())
        if len(organizations) == 1:
            self.organization.data = next(iter(organizations))
        self.schedule.choices = options_of([(one.value, told(name)) for one, name in SCHEDULE_NAMES.items()])
        offered = [one for one in NewOnes if as_allowed(one, unchecked=unchecked) is one]
        self.new_ones.choices = options_of([(one.value, told(NEW_ONES_NAMES[one])) for one in offered])
        self.asked.choices = options_of([(_ANYBODY, anybody), *((str(key), name) for key, name in people)])


class PauseForm(Form):
    """Why a source rests."""

    reason = TextAreaField(_l("Why? Your colleagues read it."), validators=[Optional(), Length(max=500)])
