"""Forms around the team: words with an answer, and whom to ask to lead."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.foundation.words import N_
from app.web.answers import told
from app.web.forms import Form

_CHOOSE = N_("Choose somebody")
_ORGANIZATION = N_("Choose an organization")
_TOO_LONG = _l("Say it in up to 1,000 characters.")


class AnswerForm(Form):
    """An answer, with words for whoever asked."""

    words = TextAreaField(_l("Why?"), validators=[Length(max=1000, message=_TOO_LONG)])


class LeadForm(Form):
    """Who should lead from now on."""

    person = SelectField(_l("Who leads from now on?"), validators=[DataRequired(_l("Choose somebody."))])
    words = TextAreaField(_l("A message"), validators=[Length(max=1000, message=_TOO_LONG)])

    def __init__(self, people: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self.person.choices = [SelectChoice("", told(_CHOOSE)), *(SelectChoice(str(key), name) for key, name in people)]

    @property
    def chosen(self) -> int:
        """The key of the person."""
        return int(self.person.data or 0)


class CoApplicantForm(Form):
    """Which member stands behind the proposal too."""

    co_applicant = SelectField(_l("Another member"), validators=[DataRequired(_l("Choose an organization."))])

    def __init__(self, organizations: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        first = SelectChoice("", told(_ORGANIZATION))
        self.co_applicant.choices = [first, *(SelectChoice(slug, name) for slug, name in organizations)]
