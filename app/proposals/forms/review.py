"""What people type on a proposal's page, at the intake check and in a review. Conditions are read by queries/library."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from app.foundation.errors import Invalid
from app.rules.checklists import OF_STEP, Check
from app.rules.vocabulary import REASONS
from app.web.answers import told
from app.web.forms import Form, options_of

# How the fields begin that stand at single answers.
_AT_AN_ANSWER = ("edit-", "say-")


class CommentForm(Form):
    """One message."""

    body = TextAreaField(_l("Write to everyone on this proposal"))
    is_internal = BooleanField(_l("Internal: only my organization and the secretariat read this"))


class DeclineForm(Form):
    """Why a suggested edit is left; the buttons of a suggestion say what happens with it."""

    words = TextAreaField(_l("Why you leave the answer as it is"))


class CheckedForm(Form):
    """A form with a checklist or conditions beside its fields, on the version and the step that were shown: `wrong` names the
    one that an error is about.
    """

    wrong = ""
    version_hash = HiddenField()
    step = HiddenField()

    @property
    def as_shown(self) -> dict[str, str]:
        """What the answer binds to, as the commands take it."""
        return {"shown_hash": self.version_hash.data or "", "shown_step": self.step.data or ""}

    @property
    def where(self) -> str:
        """The place of what an error is about, where it is no field of the form: a question of the checklist, or an answer."""
        if any(check.key == self.wrong for checks in OF_STEP.values() for check in checks):
            return f"#check-{self.wrong}"
        return f"#{self.wrong}" if self.wrong.startswith(_AT_AN_ANSWER) else ""

    def put_errors(self, error: Invalid) -> None:
        """Keep what the error is about, besides saying it."""
        super().put_errors(error)
        self.wrong = error.field or ""


class IntakeForm(CheckedForm):
    """The intake check, on the version that was shown: its marks come as fields of their own."""

    verdict = HiddenField()
    about = StringField()
    words = TextAreaField(_l("What should change, or why it is not taken up"))


class VerdictForm(CheckedForm):
    """A data partner's answer on its datasets, on the version that it was shown."""

    verdict = HiddenField()
    datasets = SelectMultipleField(_l("Your answer is about"), validators=[Optional()])
    reason = RadioField(_l("If you do not approve: the reason that fits best"), validators=[Optional()])
    words = TextAreaField(_l("In your words"))

    def show_reasons(self) -> None:
        """Put the reasons into the reader's language."""
        self.reason.choices = options_of([(reason.value, told(words)) for reason, words in REASONS.items()])


def marks_from(given: dict[str, str], checks: tuple[Check, ...]) -> dict[str, str]:
    """The marks of a checklist as its radios bring them."""
    return {check.key: given[f"check-{check.key}"] for check in checks if given.get(f"check-{check.key}")}
